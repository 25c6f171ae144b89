"""Fifth stage: actions put in order and into loops and branches, with what they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from flowloom.offline.actions import Action, parse_action
from flowloom.offline.choose import Choice
from flowloom.offline.classify import Sentence
from flowloom.offline.conditions import Condition, negated, parse_condition
from flowloom.offline.lexicon import (
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    base_verb,
    is_plural,
    singular,
    verb_class,
    words_of,
)
from flowloom.offline.names import Names
from flowloom.offline.plan import Branch, Call, If, Loop, Node, Reference, While, walk_nodes
from flowloom.offline.references import Known, References
from flowloom.offline.schemas import Typed, kind_of_schema, list_in
from flowloom.offline.shapes import noun_of, shape_of, shapes_of

__all__ = ["Nester"]


@dataclass
class Nester(References):
    """Builds the steps of a plan, sentence by sentence."""

    names: Names = field(default_factory=Names)
    steps: list[Node] = field(default_factory=list[Node])
    unsupported: list[str] = field(default_factory=list[str])
    _block: list[Node] | None = None
    _holder: Loop | While | None = None

    def add(self, sentence: Sentence) -> None:
        """Add what a sentence asks for to the steps."""
        if not sentence.actions:
            return
        block = self._block_for(sentence)
        if sentence.otherwise:
            block = self._else_block(sentence, block)
        elif sentence.repeat:
            block = self._while_block(sentence, block)
        else:
            before = self._retrieved_first(sentence, block)
            sentence = replace(sentence, actions=sentence.actions[len(before) :])
            if sentence.each:
                block = self._loop_block(sentence.each, block)
            if sentence.condition:
                block = self._branch_block(sentence, block)
        self.add_actions(sentence, block)

    def add_actions(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        """Add the actions of a sentence to a block; return the new nodes."""
        start = 0 if sentence.place in ("before", "start") else len(block)
        new: list[Node] = []
        for text in sentence.actions:
            self._add_action(text, sentence, new)
        at = self._position(sentence, block, start)
        block[at:at] = new
        return new

    def _position(self, sentence: Sentence, block: list[Node], default: int) -> int:
        if sentence.place == "before" and block:
            return len(block) - 1
        return 0 if sentence.place == "start" else max(default, len(block))

    # -- blocks ------------------------------------------------------------------------------

    def _block_for(self, sentence: Sentence) -> list[Node]:
        """Stay inside a loop while sentences speak of what is in it."""
        if self._holder is None or sentence.resumes:
            self._holder = None
            return self.steps
        if sentence.otherwise or self._speaks_of_loop(sentence, self._holder):
            return self._holder.steps
        self._holder = None
        return self.steps

    def _speaks_of_loop(self, sentence: Sentence, holder: Loop | While) -> bool:
        words = words_of(" ".join((sentence.condition, *sentence.actions)))
        if sentence.each:
            return False
        if {"it", "its"} & set(words):
            return True
        inside = {noun for known in self.known if known.block == id(holder.steps)
                  for noun in known.nouns[-1:]}  # fmt: skip
        definite = {singular(b) for a, b in pairwise(words) if a == "the"}
        return bool(definite & inside) or bool(sentence.condition and set(words) & inside)

    def _else_block(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        last = _last_if(block) or _last_if(self.steps)
        if last is None:
            self.unsupported.append(
                f"{self.masked.unmask(sentence.text)!r} has no condition before it."
            )
            return block
        if sentence.condition:
            return self._append_branch(last, sentence)
        steps: list[Node] = []
        last.branches.append(Branch(None, None, steps))
        return steps

    def _append_branch(self, target: If, sentence: Sentence) -> list[Node]:
        condition = self.condition_of(sentence)
        steps: list[Node] = []
        if condition is not None:
            about, condition = self.subject_of(condition)
            target.branches.append(Branch(condition, about, steps))
        return steps

    def _while_block(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        condition = self.condition_of(replace(sentence, condition=sentence.repeat))
        if condition is None:
            return block
        about, condition = self._subject_or_retrieved(condition, block)
        loop = While(self.names.unique("repeat"), condition, about, [])
        block.append(loop)
        self._holder = loop
        return loop.steps

    def _branch_block(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        condition = self.condition_of(sentence)
        if condition is None:
            return block
        about, condition = self._subject_or_retrieved(condition, block)
        if about is not None and self._needs_loop(condition, about):
            block = self._loop_over(about, block)
            about = Reference(item=self._item_of(about), source=about.step)
        return self.add_branch(condition, about, block)

    def add_branch(
        self, condition: Condition, about: Reference | None, block: list[Node]
    ) -> list[Node]:
        """Add an ``If`` with one empty branch to a block; return the branch."""
        steps: list[Node] = []
        block.append(If(self.names.unique("check"), [Branch(condition, about, steps)]))
        return steps

    def condition_of(self, sentence: Sentence) -> Condition | None:
        """Return the condition of a sentence; what is not understood is reported."""
        found = parse_condition(sentence.condition, self.masked.values)
        if found is None:
            words = self.masked.unmask(sentence.condition)
            self.unsupported.append(f"The condition {words!r} is not understood.")
            return None
        return negated(found) if sentence.negated else found

    def _needs_loop(self, condition: Condition, about: Reference) -> bool:
        if condition.count or about.item or condition.plural:
            return False
        known = next((item for item in self.known if item.reference == about), None)
        empty = condition.operator in ("empty", "not empty") and not condition.attribute
        return known is not None and known.plural and not empty

    # -- loops -------------------------------------------------------------------------------

    def _retrieved_first(self, sentence: Sentence, block: list[Node]) -> list[str]:
        """Put "retrieve all tasks" of "retrieve all tasks and … for each task" before the loop."""
        if not sentence.each:
            return []
        wanted = _nouns(self.plain(sentence.each))
        before: list[str] = []
        for text in sentence.actions[:-1]:
            action = self._parse(text)[0]
            if not (action.plural and (not wanted or set(action.nouns) & set(wanted))):
                break
            before.append(text)
        if before:
            self.add_actions(replace(sentence, actions=tuple(before), condition=""), block)
        return before

    def _loop_block(self, each: str, block: list[Node]) -> list[Node]:
        plain = self.plain(each)
        plain = re.split(r"\b(?:that|which|who|with)\b", plain)[0]
        wanted = _nouns(plain.split(" in ")[0].split(" from ")[0])
        known = self._find(wanted, plural=True) if wanted else self._latest_list()
        if known is None or known.reference.item:
            known = self._retrieve(plain, block, each)
        return self._loop_over(known.reference, block, _nouns(plain.split(" in ")[0])[-1:])

    def _retrieve(self, plain: str, block: list[Node], text: str = "") -> Known:
        """Retrieve what a loop needs and no step has produced yet."""
        words = plain.split()
        for index, word in enumerate(words):
            if word.lower() in {"in", "on", "from", "of", "at"} or index == len(words) - 1:
                at = index if word.lower() in {"in", "on", "from", "of", "at"} else index + 1
                words[at - 1] = _plural_of(words[at - 1])
                break
        words = ["retrieve", *words]
        [action, *_] = parse_action(text or " ".join(words), " ".join(words))
        self.add_call(action, " ".join(words), Sentence(text=text), block)
        return self.known[-1]

    def _loop_over(
        self, over: Reference, block: list[Node], said: tuple[str, ...] = ()
    ) -> list[Node]:
        for node in reversed(block):
            if isinstance(node, Loop) and node.over == over and node is block[-1]:
                self._holder = node
                return node.steps
        source = next(item for item in self.known if item.reference == over)
        nouns = (*source.nouns, *said) if said and said[-1] not in source.nouns else source.nouns
        item = self.names.variable((said or nouns or ("entry",))[-1])
        loop = Loop(self.names.unique(f"each_{item}"), over, item, [], nouns)
        block.append(loop)
        self.known.append(
            Known(Reference(item=item, source=over.step), nouns, False, source.provider,
                  id(loop.steps), source.action)
        )  # fmt: skip
        self._holder = loop
        return loop.steps

    def _item_of(self, about: Reference) -> str:
        return next(
            node.item
            for node in reversed(list(walk_nodes(self.steps)))
            if isinstance(node, Loop) and node.over == about
        )

    # -- actions -----------------------------------------------------------------------------

    def _parse(self, text: str) -> list[Action]:
        return parse_action(text, self.plain(text))

    def plain(self, text: str) -> str:
        """Put names back and leave quoted texts out."""

        def name(match: re.Match[str]) -> str:
            number = int(match.group(1))
            value = self.masked.values[number]
            if number in self.masked.quoted:
                return " "
            if not shape_of(value):
                return value
            before = text[: match.start()].split()
            last = before[-1].lower() if before else ""
            # A value stands for its noun only where no noun is said: not in "the feed ⟦0⟧".
            alone = last in PREPOSITIONS or (len(before) <= 2 and base_verb(last) == last)
            return noun_of(value) if alone else " "

        return re.sub(r"\s+", " ", re.sub(r"⟦(\d+)⟧", name, text)).strip()

    def _add_action(self, text: str, sentence: Sentence, block: list[Node]) -> None:
        plain = self.plain(text)
        actions = parse_action(text, plain)
        named = self.chooser.mentions(actions[-1], plain)
        for action in actions:
            about = self._antecedent(action)
            action = self._with_antecedent(action, about)
            whole = plain if len(actions) == 1 else _words_of_action(action)
            if self._goes_over_all(action):
                self._add_for_all(action, whole, sentence, block)
                continue
            for _ in range(min(action.number, 12)):
                self.add_call(action, whole, sentence, block, named, about)
            self._add_companion(action, sentence, block, named)

    def add_call(
        self,
        action: Action,
        plain: str,
        sentence: Sentence,
        block: list[Node],
        named: dict[str, float] | None = None,
        about: Known | None = None,
    ) -> Call:
        """Add the step of one action to a block: what does it best, or a person."""
        choice = self._choose(action, plain, named)
        call = Call(
            id=self.names.of_action(action),
            action=action,
            plain=plain,
            said=self.masked.unmask(action.text),
            component=choice.ids[0] if choice.ids else "",
            others=choice.ids[1:6],
            sentence=sentence.text,
            service=choice.service,
            why=choice.why,
            margin=choice.margin,
            about=about.reference if about else None,
        )
        block.append(call)
        self.remember(call, block)
        return call

    def _choose(self, action: Action, plain: str, named: dict[str, float] | None) -> Choice:
        around = frozenset(noun for known in self.known[-1:] for noun in known.nouns)
        first = words_of(action.phrase)[:1]
        strict = not (set(first) & DETERMINERS)
        shapes = shapes_of(value for value, _ in self.masked.values_in(action.text))
        return self.chooser.choose(
            action,
            plain,
            providers=self.providers,
            named=named,
            shapes=shapes,
            around=around,
            strict=strict,
        )

    def remember(self, call: Call, block: list[Node]) -> None:
        """Let later words refer to what a call produces."""
        profile = self.chooser.profiles.get(call.component)
        provider = profile.provider if profile else ""
        if provider:
            self.providers.append(provider)
        nouns = call.action.nouns or ((call.action.head,) if call.action.head else ())
        gives_list = self._gives_list(call.component)
        plural = call.action.plural or call.action.whole or gives_list
        also = profile.words if profile and gives_list else frozenset[str]()
        self.known.append(
            Known(Reference(step=call.id), nouns, plural, provider, id(block), call.action, also)
        )

    def _gives_list(self, component: str) -> bool:
        found = self.chooser.catalog.get(component) if component else None
        values = list_in(Typed("", found.output)) if found and found.output else None
        return values is not None and kind_of_schema(values.schema) == "array"

    def _add_companion(
        self,
        action: Action,
        sentence: Sentence,
        block: list[Node],
        named: dict[str, float],
    ) -> None:
        """ "Create an X with a Y": the Y is another thing to create, where a component does it."""
        match = re.match(r"with (?:a|an|the)\s+((?:\w+\s*){1,3})$", action.tail)
        if match is None or "create" not in verb_class(action.verb) or not self.providers:
            return
        nouns = _nouns(match.group(1))
        other = replace(action, head=nouns[-1] if nouns else "", nouns=nouns, tail="", number=1)
        plain = f"{action.verb} {match.group(1)}"
        choice = self._choose(other, plain, named)
        profile = self.chooser.profiles.get(choice.ids[0]) if choice.ids else None
        if profile and profile.provider == self.providers[-1] and set(nouns) <= profile.objects:
            self.add_call(other, plain, sentence, block, named)

    def _goes_over_all(self, action: Action) -> bool:
        """Changing or deleting several things is a loop; one call does one thing."""
        classes = set(verb_class(action.verb))
        if action.whole and re.search(r"\beach\b|\bevery\b", action.text, re.I):
            return not classes & {"retrieve"}
        if not action.plural or not classes & {"delete", "update"} or classes & {"retrieve"}:
            return False
        return bool(action.nouns)

    def _add_for_all(
        self, action: Action, plain: str, sentence: Sentence, block: list[Node]
    ) -> None:
        known = self._find(action.nouns, plural=True)
        if known is None or known.reference.item:
            phrase = " ".join((*action.nouns[:-1], _plural_of(action.nouns[-1]), action.tail))
            known = self._retrieve(phrase.strip(), block, action.text)
            action = replace(action, text=re.sub(r"⟦\d+⟧", "", action.text))
            sentence = Sentence(text="")
        inner = self._loop_over(known.reference, block, action.nouns[-1:])
        item = self.known[-1]
        if action.relative:
            found = parse_condition(action.relative, self.masked.values)
            if found is not None:
                inner = self.add_branch(replace(found, subject=()), item.reference, inner)
        self._holder = None
        single = replace(action, plural=False, whole=False, relative="")
        self.add_call(single, plain, sentence, inner, None, item)

    # -- references --------------------------------------------------------------------------

    def _subject_or_retrieved(
        self, condition: Condition, block: list[Node]
    ) -> tuple[Reference | None, Condition]:
        """What a condition is about must be there: it is retrieved where a component does that."""
        about, found = self.subject_of(condition)
        if about is not None or not condition.subject:
            return about, found
        for subject in (condition.subject, condition.subject[:-1]):
            words = " ".join(("retrieve", *subject))
            [action, *_] = parse_action(words, words)
            if subject and "retrieve" in self._kinds(self._choose(action, words, None)):
                self.add_call(action, words, Sentence(text=""), block)
                return self.subject_of(condition)
        return about, found

    def _kinds(self, choice: Choice) -> frozenset[str]:
        profile = self.chooser.profiles.get(choice.ids[0]) if choice.ids else None
        return profile.verbs if profile else frozenset()


def _last_if(block: list[Node]) -> If | None:
    for node in reversed(block):
        match node:
            case If():
                return _last_if(node.branches[-1].steps) or node
            case Loop() | While():
                found = _last_if(node.steps)
                if found is not None:
                    return found
            case Call():
                continue
    return None


def _nouns(text: str) -> tuple[str, ...]:
    kept = (word for word in words_of(text) if word not in FUNCTION_WORDS | PRONOUNS)
    return tuple(singular(word) for word in kept)


def _plural_of(noun: str) -> str:
    if is_plural(noun):
        return noun
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun[:-1] + "ies" if re.search(r"[^aeiou]y$", noun) else noun + "s"


def _words_of_action(action: Action) -> str:
    return " ".join(part for part in (action.verb, action.phrase, action.tail) if part)
