"""What a loop goes over, and what is inside it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace

from flowloom.offline.choosing.weights import SURE
from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.comparing.picking import split_pick
from flowloom.offline.planning.actions import parse_action
from flowloom.offline.planning.calls import Calls, nouns_in, plural_of
from flowloom.offline.planning.plan import (
    Branch,
    Call,
    If,
    Loop,
    Node,
    Reference,
    Test,
    While,
    walk_nodes,
)
from flowloom.offline.planning.references import Known
from flowloom.offline.reading.each import POSTMODIFIER, each_in, of_one
from flowloom.offline.reading.idioms import plain_actions
from flowloom.offline.reading.lexicon import base_verb, singular, word_set
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.rendering.schemas import items_in

__all__ = ["Loops", "block_of", "of_item"]

_NAMED = re.compile(r"(?i)(?:with|without|labell?ed|tagged|assigned|called|named|owned)\b")
_ANY_ITEM = word_set("item entry element record row line object one result thing")


@dataclass
class Loops(Calls, ABC):
    """Adds loops to blocks.

    Attributes:
        steps: the blocks of the whole plan.
    """

    steps: list[Node] = field(default_factory=list[Node])
    _holder: Loop | While | None = None
    _reading: Loop | None = None

    def retrieved_first(self, sentence: Sentence, block: list[Node]) -> list[str]:
        """Put "retrieve all tasks" of "retrieve all tasks and … for each task" before the loop."""
        if not sentence.each:
            return []
        wanted = nouns_in(self.plain(sentence.each))
        leads = re.match(
            r"(?:for|in|within|per|with|on|to|from)\s+(?:each|every|all)\b", sentence.text, re.I
        )
        if leads and not wanted:
            return []
        before: list[str] = []
        for text in sentence.actions[:-1]:
            action = self.parsed(text)[0]
            if not (action.plural and (not wanted or set(action.nouns) & set(wanted))):
                break
            before.append(text)
        if before:
            bare = replace(sentence, actions=tuple(before), condition="", each="")
            self.add_actions(bare, block)
        return before

    @abstractmethod
    def add_actions(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        """Add the actions of a sentence to a block; return the new nodes."""

    def loop_block(self, each: str, block: list[Node]) -> list[Node]:
        """Add a loop over what words name, retrieved first if nothing has; return its block."""
        each, said, clause = split_pick(each, self.masked.values)
        block = self._loop_block(each, block)
        if not clause or self._narrowed(said):
            return block
        found, about = self.clause_test(clause, block)
        if found is None:
            words = self.masked.unmask(clause)
            self.unsupported.append(f"The condition {words!r} is not understood.")
            return block
        return self.add_branch(found, about, block)

    def may_hold_items(self, known: Known) -> bool:
        """Return whether nothing says what is in the thing: it may be a list."""
        output = self.output_of(known.component)
        return bool(output.schema) and not known.reference.item and items_in(output) is not None

    def _unknown_list(self, wanted: tuple[str, ...], plain: str) -> Known | None:
        """ "For each job" after a page was fetched: what it gave, if nothing retrieves jobs."""
        latest = next((k for k in reversed(self.known) if not k.reference.item), None)
        if latest is None or not latest.reference.step or not self.may_hold_items(latest):
            return None
        if wanted and wanted[-1] not in _ANY_ITEM:
            words = f"retrieve {plain}"
            choice = self.choose(parse_action(words, words)[0], words, None)
            same = bool(choice.fits) and choice.fits[0].id == latest.component
            sure = bool(choice.fits) and choice.fits[0].score >= SURE
            if sure and not same and "retrieve" in self.kinds(choice):
                return None
        return latest

    def _narrowed(self, said: str) -> bool:
        """ "with the label ⟦0⟧": whether the step that lists takes that itself."""
        if not _NAMED.match(said):
            return False
        over = self._holder.over if isinstance(self._holder, Loop) else None
        calls = (node for node in walk_nodes(self.steps) if isinstance(node, Call))
        call = next((node for node in calls if over and node.id == over.step), None)
        component = self.chooser.catalog.get(call.component) if call and call.component else None
        names = {singular(name.lower()) for name in component.inputs} if component else set[str]()
        nouns = set(nouns_in(said)) | ({"label"} if re.match(r"(?i)label|tag", said) else set())
        if call is None or not names & nouns:
            return False
        call.action = replace(call.action, text=f"{call.action.text} {said}")
        return True

    def _loop_block(self, each: str, block: list[Node]) -> list[Node]:
        plain = self.plain(each)
        head = POSTMODIFIER.sub("", " " + plain).strip() or plain
        head = re.sub(r"^(?:of\s+)?(?:the|my|our|these|those|their|its)\s+", "", head, flags=re.I)
        wanted = nouns_in(head)
        holder = self._holder
        begun = isinstance(holder, Loop) and not holder.steps and block[-1:] == [holder]
        if begun and holder is not None and self._is_item(wanted, holder):
            return holder.steps  # "loop through the x; every x …"
        known = self.known_list(wanted) if wanted else self._latest_list()
        if known is None or known.reference.item:
            known = self._unknown_list(wanted, plain) or self.retrieve(plain, block, each)
        # A list that was made inside a loop is gone through inside it.
        block = block_of(known.reference, block) or block
        return self.loop_over(known.reference, block, wanted[-1:])

    def item_known(self) -> Reference | None:
        """Return the item of the latest loop."""
        return next((k.reference for k in reversed(self.known) if k.reference.item), None)

    def known_list(self, wanted: tuple[str, ...]) -> Known | None:
        """Return the latest list that is called by nouns."""
        return self._find(wanted, plural=True)

    def retrieve(self, plain: str, block: list[Node], text: str = "") -> Known:
        """Retrieve what a loop needs and no step has produced yet."""
        head = POSTMODIFIER.sub("", " " + plain).strip()
        words = head.split() or plain.split()
        words[-1] = plural_of(words[-1])
        whole = " ".join(["retrieve", *words]) + plain[len(head) :]
        lines = plain_actions(f"retrieve {self._with_plural(text, head).removeprefix('retrieve ')}")
        if len(lines) > 1:
            self.add_actions(Sentence(text=text, actions=tuple(lines)), block)
            return self.known[-1]
        [action, *_] = parse_action(text or whole, whole)
        masked = self._with_plural(text, head) if text else whole
        action = replace(action, text=masked, plural=True)
        self.add_call(action, whole, Sentence(text=text), block)
        return self.known[-1]

    def _with_plural(self, text: str, head: str) -> str:
        last = head.split()[-1] if head.split() else ""
        found = re.sub(rf"\b{re.escape(last)}\b", plural_of(last), text, count=1) if last else text
        return f"retrieve {found}"

    def loop_over(
        self, over: Reference, block: list[Node], said: tuple[str, ...] = ()
    ) -> list[Node]:
        """Return the block of the loop over a list: the one at the end of a block, or a new one."""
        last = block[-1] if block else None
        if isinstance(last, Loop) and last.over == over:
            self._holder = last
            return last.steps
        source = next(item for item in self.known if item.reference == over)
        nouns = (*source.nouns, *said) if said and said[-1] not in source.nouns else source.nouns
        item = self.names.variable((said or nouns or ("entry",))[-1])
        loop = Loop(self.names.unique(f"each_{item}"), over, item, [], nouns)
        block.append(loop)
        self.known.append(
            Known(Reference(item=item, source=over.step), nouns, False, source.provider,
                  id(loop.steps), source.action, component=source.component)
        )  # fmt: skip
        self._holder = loop
        return loop.steps

    def item_of(self, about: Reference) -> str:
        """Return the variable of the latest loop over a list."""
        return next(
            node.item
            for node in reversed(list(walk_nodes(self.steps)))
            if isinstance(node, Loop) and node.over == about
        )

    # -- "each" inside an action -------------------------------------------------------------

    def loop_of_each(self, text: str, block: list[Node]) -> tuple[str, list[Node]] | None:
        """Return an action that says "each", said of one item, and the block of its loop."""
        match = each_in(text)
        if match is None:
            return None
        noun = match.group("noun") or ""
        # "The name of each one deleted": the word behind says what was done to it.
        wanted = () if _done_to(noun) else nouns_in(noun)
        holder = self._holder
        if holder is not None and self._is_item(wanted, holder):
            here = any(node is holder for node in block)
            return of_one(text, match), holder.steps if here else block
        known = self.known_list(wanted[-1:]) if wanted else self._latest_list()
        if known is None and match.group("the"):
            known = self._latest_list()
        if known is None or known.reference.item or not known.plural:
            known = self._unknown_list(wanted, self.plain(noun))
        if known is None:
            return None
        if isinstance(holder, Loop) and known.reference == holder.over:
            here = any(node is holder for node in block)
            return of_one(text, match), holder.steps if here else block
        inner = self.loop_over(known.reference, block, wanted[-1:])
        return of_one(text, match), inner

    def inside_reading(self, text: str, block: list[Node]) -> list[Node]:
        """ "Read all files in ⟦0⟧ and append their text …": inside the loop that reads them."""
        reading, last = self._reading, block[-1] if block else None
        if reading is None or last is not reading:
            return block
        return reading.steps if re.search(r"\b(?:their|its|it)\b", text) else block

    def _is_item(self, wanted: tuple[str, ...], holder: Loop | While) -> bool:
        if not isinstance(holder, Loop):
            return False
        if not wanted:
            return True
        if wanted[-1] in (*holder.nouns[-1:], singular(holder.item)):
            inner = next((k for k in reversed(self.known) if wanted[-1] in k.nouns[-1:]), None)
            return inner is None or not inner.plural or inner.reference == holder.over
        return False

    @abstractmethod
    def clause_test(self, clause: str, block: list[Node]) -> tuple[Test | None, Reference | None]:
        """Return the test that a clause about "it", an item, says, and what it is about."""

    @abstractmethod
    def relative_condition(self, words: str) -> Condition | None:
        """Return the condition that a relative clause says."""

    def add_branch(self, condition: Test, about: Reference | None, block: list[Node]) -> list[Node]:
        """Add an ``If`` with one empty branch to a block; return the branch."""
        steps: list[Node] = []
        block.append(If(self.names.unique("check"), [Branch(condition, about, steps)]))
        return steps


def block_of(about: Reference | None, block: list[Node]) -> list[Node] | None:
    """Return the block at the end of a block which holds the step that words are about."""
    last = block[-1] if block else None
    if about is None or not about.step or last is None:
        return None
    inside: list[Node] = []
    if isinstance(last, If):
        inside = last.branches[-1].steps
    elif isinstance(last, Loop):
        inside = last.steps
    if any(isinstance(node, Call) and node.id == about.step for node in inside):
        return inside
    return block_of(about, inside) if inside else None


def _done_to(noun: str) -> bool:
    last = noun.lower().split()[-1:]
    return bool(last) and last[0].endswith("ed") and bool(base_verb(last[0]))


def of_item(condition: Condition) -> Condition:
    """Return a condition said of the item of a loop: its noun is the field."""
    if condition.subject and not condition.attribute:
        empty = condition.count and condition.operator in ("empty", "not empty")
        field = "_".join(condition.subject)
        return replace(condition, attribute=field, subject=(), count=condition.count and not empty)
    return condition
