"""What a loop goes over, and what is inside it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.planning.actions import parse_action
from flowloom.offline.planning.calls import Calls, nouns_in, plural_of
from flowloom.offline.planning.plan import (
    Branch,
    Call,
    If,
    Loop,
    Node,
    Reference,
    While,
    walk_nodes,
)
from flowloom.offline.planning.references import Known
from flowloom.offline.reading.each import POSTMODIFIER, each_in, of_one, split_clause
from flowloom.offline.reading.idioms import plain_actions
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.reading.sentence import Sentence

__all__ = ["Loops", "of_item"]


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
        each, clause = split_clause(each)
        block = self._loop_block(each, block)
        if clause:
            found = self.relative_condition(clause)
            if found is None:
                said = self.masked.unmask(clause)
                self.unsupported.append(f"The condition {said!r} is not understood.")
            else:
                block = self.add_branch(of_item(found), self.item_known(), block)
        return block

    def _loop_block(self, each: str, block: list[Node]) -> list[Node]:
        plain = self.plain(each)
        head = POSTMODIFIER.sub("", " " + plain).strip() or plain
        head = re.sub(r"^(?:of\s+)?(?:the|my|our|these|those|their|its)\s+", "", head, flags=re.I)
        wanted = nouns_in(head)
        known = self.known_list(wanted) if wanted else self._latest_list()
        if known is None or known.reference.item:
            known = self.retrieve(plain, block, each)
        else:
            self._narrow(known, _POSTMODIFIED.search(" " + each))
        return self.loop_over(known.reference, block, wanted[-1:])

    def _narrow(self, known: Known, said: re.Match[str] | None) -> None:
        """ "each one with the label ⟦0⟧" of a list at hand: the step that lists takes that."""
        if said is None:
            return
        words = said.group(0).strip()
        calls = (node for node in walk_nodes(self.steps) if isinstance(node, Call))
        call = next((node for node in calls if node.id == known.reference.step), None)
        component = self.chooser.catalog.get(call.component) if call and call.component else None
        names = {singular(name.lower()) for name in component.inputs} if component else set[str]()
        if call is None or not names & set(nouns_in(words)):
            self.unsupported.append(f"{self.masked.unmask(words)!r} is not understood.")
            return
        call.action = replace(call.action, text=f"{call.action.text} {words}")

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
        wanted = nouns_in(noun)
        holder = self._holder
        if holder is not None and self._is_item(wanted, holder):
            here = any(node is holder for node in block)
            return of_one(text, match), holder.steps if here else block
        known = self.known_list(wanted[-1:]) if wanted else self._latest_list()
        if known is None and match.group("the"):
            known = self._latest_list()
        if known is None or known.reference.item or not known.plural:
            return None
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
    def relative_condition(self, words: str) -> Condition | None:
        """Return the condition that a relative clause says."""

    def add_branch(
        self, condition: Condition, about: Reference | None, block: list[Node]
    ) -> list[Node]:
        """Add an ``If`` with one empty branch to a block; return the branch."""
        steps: list[Node] = []
        block.append(If(self.names.unique("check"), [Branch(condition, about, steps)]))
        return steps


def of_item(condition: Condition) -> Condition:
    """Return a condition said of the item of a loop: its noun is the field."""
    if condition.subject and not condition.attribute:
        return replace(condition, attribute="_".join(condition.subject), subject=())
    return condition


_POSTMODIFIED = re.compile(
    r"\s(?:with|without|labell?ed|tagged|assigned|called|named|marked|owned|opened by|closed "
    r"by)\b.*$",
    re.I,
)
