"""Conditions of sentences become branches: ``if``, ``elif``, ``else`` and ``while``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.comparing.comparison import Condition, negated
from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.conjunctions import parse_joined
from flowloom.offline.planning.actions import parse_action
from flowloom.offline.planning.calls import nouns_in
from flowloom.offline.planning.flows import Flows
from flowloom.offline.planning.loops import block_of
from flowloom.offline.planning.plan import (
    Branch,
    Compound,
    If,
    Node,
    Reference,
    Test,
    While,
    blocks_in,
)
from flowloom.offline.planning.shapes import noun_of, shape_of
from flowloom.offline.planning.tested import said_without_subject
from flowloom.offline.reading.flow_words import goes_on
from flowloom.offline.reading.lexicon import word_set
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.reading.trigger_clauses import WHEN
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["Branching"]


@dataclass
class Branching(Flows):
    """Adds branches to blocks.

    Attributes:
        place_tested: the mask of the path whose existence was tested last: "that path".
    """

    place_tested: str = ""

    def else_block(self, sentence: Sentence, block: list[Node]) -> list[Node] | None:
        last, holder = _last_if(block) or _last_if(self.steps) or (None, [])
        if last is None or last.branches[-1].condition is None:
            return self._else_of_answer(sentence, block)
        self._merge_before(last, holder)
        if sentence.condition:
            return self._append_branch(last, sentence, block)
        if all(goes_on(text) for text in sentence.actions):
            return None
        steps: list[Node] = []
        last.branches.append(Branch(None, None, steps))
        return steps

    def _else_of_answer(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        """ "If not" after a question or a check, where no "if so" stands before it."""
        found = self.yes_or_no(yes=False)
        is_not = re.match(r"if not\b", sentence.text, re.I)
        if found is not None and is_not and not sentence.condition:
            return self.add_branch(*found, block)
        self.unsupported.append(
            f"{self.masked.unmask(sentence.text)!r} has no condition before it."
        )
        return block

    def _append_branch(self, target: If, sentence: Sentence, block: list[Node]) -> list[Node]:
        steps: list[Node] = []
        before = target.branches[-1]
        condition = self._like_before(sentence, before) or self._same_subject(sentence, before)
        about = before.about
        if condition is None:
            condition, about = self.test_of(sentence, block)
        if condition is not None:
            target.branches.append(Branch(condition, about, steps))
        return steps

    def _like_before(self, sentence: Sentence, before: Branch) -> Test | None:
        """Give "more than 50" what the condition before it is about."""
        first = before.condition
        if isinstance(first, Compound):
            first, before.about = first.parts[0]
        if not isinstance(first, Condition) or not first.attribute + "".join(first.subject):
            return None
        if (rest := _beyond(sentence.condition, before.condition)) is not None:
            return rest
        short = said_without_subject(sentence.condition)
        words = f"it is {sentence.condition}" if short else sentence.condition
        if short and (joined := parse_joined(words, self.masked.values)) is not None:
            parts = tuple((replace(first, operator=part.operator, value=part.value), before.about)
                          for part in joined.parts)  # fmt: skip
            return Compound(sentence.condition, joined.joint, parts)
        found = parse_condition(words, self.masked.values)
        if found is None or found.subject or found.attribute or found.unit or first.answer:
            return None
        if not short and not re.match(r"(?:it|this|that)\b", words, re.I):
            return None
        if type(found.value) is not type(first.value) and not isinstance(found.value, int | float):
            return None
        found = negated(found) if sentence.negated else found
        text = f"{sentence.condition} ({first.text})"
        return replace(first, operator=found.operator, value=found.value, text=text)

    def _same_subject(self, sentence: Sentence, before: Branch) -> Condition | None:
        """ "If its mode is ⟦0⟧, … If its mode is ⟦1⟧, …": both are about the same thing."""
        first = before.condition
        if not isinstance(first, Condition) or first.answer or first.count:
            return None
        found = parse_condition(sentence.condition, self.masked.values)
        said = parse_condition(first.text, self.masked.values)
        if found is None or said is None or found.count or not (found.subject or found.attribute):
            return None
        if (found.subject, found.attribute) != (said.subject, said.attribute):
            return None
        if found.value == first.value or type(found.value) is not type(first.value):
            return None
        found = negated(found) if sentence.negated else found
        return replace(first, operator=found.operator, value=found.value, text=sentence.condition)

    def _merge_before(self, last: If, holder: list[Node]) -> None:
        """Tests of one value for other values, each in its sentence, are branches of one choice."""
        at = next((index for index, node in enumerate(holder) if node is last), 0)
        while at and _is_alternative(holder[at - 1], last):
            before = holder[at - 1]
            last.branches[:0] = before.branches if isinstance(before, If) else []
            last.id = before.id
            del holder[at - 1]
            at -= 1

    def while_block(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        condition, about = self.test_of(replace(sentence, condition=sentence.repeat), block)
        if condition is None:
            return block
        loop = While(self.names.unique("repeat"), condition, about, [])
        block.append(loop)
        self._holder = loop
        return loop.steps

    def branch_block(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        last = block[-1] if block else None
        chained = isinstance(last, If) and said_without_subject(sentence.condition)
        if isinstance(last, If) and chained:
            return self._append_branch(last, sentence, block)
        if isinstance(last, If) and last.branches[-1].condition is not None:
            like = self._like_before(sentence, last.branches[-1])
            if like is not None:
                return self._next_branch(last, like)
            same = self._same_subject(sentence, last.branches[-1])
            if same is not None and same.operator == "==":
                return self._add_test(same, last.branches[-1].about, block)
        if (found := self._existence(sentence, block)) is not None:
            return self._add_test(*found, block)
        condition, about = self.test_of(sentence, block)
        if condition is None:
            return block
        if about is None:
            self._tell_no_trigger(sentence, condition)
        inner = block_of(about, block)
        if inner is not None and inner is not block:
            block, last = inner, inner[-1]
        if isinstance(last, If) and _is_other_answer(last, condition, about):
            return self._next_answer(last, condition)
        if isinstance(last, If) and _is_the_opposite(last, condition, about):
            steps: list[Node] = []
            last.branches.append(Branch(None, about, steps))
            return steps
        about, block = self._in_loop(condition, about, block)
        return self._add_test(condition, about, block)

    def _tell_no_trigger(self, sentence: Sentence, condition: Test) -> None:
        """An event that is no trigger, and speaks of nothing that there is."""
        clear = isinstance(condition, Compound) or condition.unit == "weekday"
        if WHEN.match(sentence.text) and not clear:
            said = self.masked.unmask(sentence.condition)
            self.unsupported.append(f"No trigger of the catalog starts on {said!r}.")

    def _in_loop(
        self, condition: Test, about: Reference | None, block: list[Node]
    ) -> tuple[Reference | None, list[Node]]:
        """What is said of each thing of a list is tested in a loop over it."""
        if not isinstance(condition, Condition) or not about:
            return about, block
        if not self.needs_loop(condition, about):
            return about, block
        block = self.loop_over(about, block)
        return Reference(item=self.item_of(about), source=about.step), block

    def _next_branch(self, target: If, condition: Test) -> list[Node]:
        """Add a branch for another value of what the branch before tests."""
        steps: list[Node] = []
        before = target.branches[-1]
        opposite = (
            isinstance(before.condition, Condition)
            and isinstance(condition, Condition)
            and (
                negated(before.condition).operator == condition.operator
                and before.condition.value == condition.value
            )
        )
        target.branches.append(Branch(None if opposite else condition, before.about, steps))
        return steps

    def _next_answer(self, target: If, condition: Test) -> list[Node]:
        """Add a branch for another answer; after "yes", "no" is all that is left."""
        steps: list[Node] = []
        before = target.branches[-1]
        said = {item.value for item in (before.condition, condition) if isinstance(item, Condition)}
        rest = said == {"yes", "no"} and len(target.branches) == 1
        target.branches.append(Branch(None if rest else condition, before.about, steps))
        return steps

    def _existence(
        self, sentence: Sentence, block: list[Node]
    ) -> tuple[Condition, Reference] | None:
        """ "if ⟦0⟧ exists": a component looks whether it does."""
        match = _EXISTS.match(sentence.condition)
        if match is None:
            return None
        what = match.group("what") or match.group("there")
        masks = re.findall(r"⟦\d+⟧", what)
        if not masks and re.match(r"(?:it|this|that|the file)$", what, re.I):
            masks = re.findall(r"⟦\d+⟧", " ".join(sentence.actions))
        paths = [mask for mask in masks if shape_of(self._value(mask)) == "path"]
        if not paths:
            return None
        text = f"check whether {paths[0]} exists"
        [action, *_] = parse_action(text, self.plain(text))
        choice = self.choose(action, self.plain(text), None)
        output = self.output_of(choice.ids[0] if choice.ids else "")
        if kind_of_schema(output.schema) != "boolean":
            return None
        self.add_call(action, self.plain(text), Sentence(text=text), block)
        self.place_tested = paths[0]
        nouns = nouns_in(noun_of(self._value(paths[0]))) or ("file",)
        named = replace(action, nouns=nouns, head=nouns[-1])
        self.known[-1] = replace(self.known[-1], nouns=nouns, action=named)
        missing = bool(match.group("not") or match.group("none")) != sentence.negated
        answer = "no" if missing else "yes"
        return Condition(sentence.condition, value=answer, answer=True), self.known[-1].reference

    def _value(self, mask: str) -> str:
        return self.masked.values[int(mask.strip("⟦⟧"))]

    def _add_test(self, test: Test, about: Reference | None, block: list[Node]) -> list[Node]:
        steps: list[Node] = []
        block.append(If(self.names.unique("check"), [Branch(test, about, steps)]))
        return steps


_PRESENT = r"(?:there|present|available|in place|around|on (?:the )?disk|found)"
_EXISTS = re.compile(
    r"^(?:there(?:\s+is|['’]s|(?=\s+isn))\s+(?P<none>no\s+|not\s+an?\s+|isn['’]t\s+(?:an?\s+|any\s+)?)?(?:an?\s+|already\s+an?\s+)?"
    r"(?P<there>(?:[a-z]+\s+)?⟦\d+⟧)(?:\s+(?:yet|already))?"
    r"|(?P<what>.+?)\s*(?:already\s+)?(?:"
    r"(?P<not>does(?: not|n't|n’t) (?:yet |already )?exist|is (?:still )?(?:missing|absent|gone)"
    r"|(?:is|was|has)(?: not|n't|n’t) (?:yet |already |been )*"
    + _PRESENT
    + r"|(?:can(?: ?not|'t|’t)|could(?: not|n't|n’t)) be found)"
    r"|exists?|(?:is|was|has|can) (?:already |still |be |been )*" + _PRESENT + r")"
    r"(?: (?:already|yet))?)$",
    re.I,
)


def _beyond(words: str, before: Test | None) -> Test | None:
    """ "If there are more", "if it is less": than the number that stands before."""
    match = _BARE_COMPARATIVE.match(words.strip())
    parts = [part for part, _ in before.parts] if isinstance(before, Compound) else [before]
    numbers = [
        part for part in parts
        if isinstance(part, Condition) and isinstance(part.value, int | float)
    ]  # fmt: skip
    if match is None or not numbers:
        return None
    more = match.group("how").lower() in _MORE
    bound = max(numbers, key=_value_of) if more else min(numbers, key=_value_of)
    return replace(bound, operator=">" if more else "<", text=words)


def _value_of(condition: Condition) -> float:
    return float(condition.value) if isinstance(condition.value, int | float) else 0.0


_MORE = word_set("more higher greater larger bigger above over older longer")
_BARE_COMPARATIVE = re.compile(
    r"(?i)^(?:(?:there\s+(?:are|is)|it(?:['’]s|\s+is)|they\s+are|it\s+has"
    r"|we\s+have)\s+)?(?:even\s+)?"
    r"(?P<how>more|less|fewer|higher|lower|greater|larger|bigger|smaller|above|below|over|under"
    r"|older|newer|longer"
    r"|shorter)(?:\s+than\s+that|\s+of\s+them)?$"
)


def _last_if(block: list[Node]) -> tuple[If, list[Node]] | None:
    """Return the last ``if`` of a block, the innermost one, and the block that it stands in."""
    for node in reversed(block):
        if isinstance(node, If):
            return _last_if(node.branches[-1].steps) or (node, block)
        for inner in reversed(blocks_in(node)):
            found = _last_if(inner)
            if found is not None:
                return found
    return None


def _is_alternative(before: Node, after: If) -> bool:
    """Return whether two tests compare the same with values of which only one can hold."""
    if not isinstance(before, If) or len(before.branches) != 1:
        return False
    one, other = before.branches[0], after.branches[0]
    if not isinstance(one.condition, Condition) or not isinstance(other.condition, Condition):
        return False
    same = one.about == other.about and one.condition.attribute == other.condition.attribute
    signs = {one.condition.operator, other.condition.operator}
    return same and signs == {"=="} and one.condition.value != other.condition.value


def _is_the_opposite(last: If, condition: Test, about: Reference | None) -> bool:
    """Return whether a test holds exactly where the one before it does not."""
    before = last.branches[0]
    if len(last.branches) > 1 or not isinstance(before.condition, Condition):
        return False
    if not isinstance(condition, Condition) or before.about != about:
        return False
    other = negated(before.condition)
    same = (other.subject, other.attribute, other.unit) == (
        condition.subject, condition.attribute, condition.unit
    )  # fmt: skip
    return same and (other.operator, other.value) == (condition.operator, condition.value)


def _is_other_answer(last: If, condition: Test, about: Reference | None) -> bool:
    before = last.branches[-1]
    if not isinstance(before.condition, Condition) or not isinstance(condition, Condition):
        return False
    same = before.about == about and before.condition.answer and condition.answer
    return same and before.condition.value != condition.value
