"""Conditions of sentences: read, and joined with what they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flowloom.offline.comparing.comparison import Condition, negated
from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.conjunctions import Joined, negated_all, parse_joined
from flowloom.offline.comparing.decided import decision_in
from flowloom.offline.planning.actions import parse_action
from flowloom.offline.planning.calls import plural_of
from flowloom.offline.planning.loops import of_item as of_the_item
from flowloom.offline.planning.plan import Compound, Node, Reference, Test
from flowloom.offline.planning.references import Known, is_sent
from flowloom.offline.planning.several import Several
from flowloom.offline.planning.shapes import shape_of
from flowloom.offline.reading.decisions import answer_in
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.rendering.schemas import item_of, kind_of_schema, list_in

__all__ = ["Tested", "said_without_subject"]

_RETRIEVED = re.compile(
    r"^(?:there\s+(?:is|are)|(?:we|they|you|i)\s+(?:have|find|found|got))\s+"
    r"(?:not any|no|any|some|new|an?|(?:more|less|fewer) than \S+|at least \S+|at most \S+|over \S+"
    r"|under \S+|exactly \S+|\S+ or (?:more|less|fewer))\s+(?P<what>.+)$",
    re.I,
)


_INDEFINITE = re.compile(
    r"(?i)^(?:(?:the\s+)?[a-z]+\s+of\s+)?(?:an?|any|some|every|each|one\s+of\s+(?:the|our|my))\s+(?!one\b)"
)
_OF_ONE = re.compile(r"(?i)^(?:an?|any|one|each|every|some)\b(?!\s+of\s+the\b)")
_SUBJECT = re.compile(
    r"^(?:the\s+)?(?:[\w ]+?\s+of\s+)?(?P<what>.+?)\s+(?:is|are|was|were|has|have|contains?"
    r"|includes?|mentions?"
    r"|equals?|starts?|ends?|exceeds?|does|do|exists?)\b",
    re.I,
)
_SHORT = re.compile(
    r"^(?:more|less|fewer|greater|larger|smaller|higher|lower|over|under|above|below|at least"
    r"|at most|exactly|between|[<>=]+)\b[\w <>=]*?[\d.,]+(?: or \w+)?$|^[<>=]+\s*[\d.,]+$"
    r"|^\d+ or (?:more|less|higher|lower)$",
    re.I,
)
_CHECKS = re.compile(r"^(?:check|verify|see|test|find out|determine|look)\s+(?:whether|if)\b", re.I)


def said_without_subject(text: str) -> bool:
    """Return whether a condition leaves out what it is about: "more than 50"."""
    return bool(_SHORT.match(text))


@dataclass
class Tested(Several):
    """Reads conditions and finds what they are about.

    Attributes:
        checked: what "if so" means after a step that checked a state.
    """

    checked: dict[str, Condition] = field(default_factory=dict[str, Condition])

    def condition_of(self, sentence: Sentence) -> Condition | None:
        """Return the one condition of a sentence; what is not understood is reported."""
        found = parse_condition(sentence.condition, self.masked.values)
        if found is None:
            words = self.masked.unmask(sentence.condition)
            self.unsupported.append(f"The condition {words!r} is not understood.")
            return None
        return negated(found) if sentence.negated else found

    def test_of(
        self, sentence: Sentence, block: list[Node]
    ) -> tuple[Test | None, Reference | None]:
        """Return the condition of a sentence, several if joined, and what it is about."""
        found = self._answer(sentence)
        if found is not None:
            return found
        joined = parse_joined(sentence.condition, self.masked.values)
        if joined is not None:
            return self._joined(sentence, joined, block), None
        condition = self.condition_of(sentence)
        if condition is None:
            return None, None
        about, condition = self.subject_or_retrieved(condition, block)
        return condition, about

    def _answer(self, sentence: Sentence) -> tuple[Condition, Reference] | None:
        about = self._asked_last()
        if about is None:
            return None
        choices = next((call.choices for call in self.asked if call.id == about.step), ())
        found = answer_in(sentence.condition, choices, self.masked.values)
        if found is None and any(call.id == about.step for call in self.asked):
            found = decision_in(sentence.condition, choices)
        if found is None:
            return None
        if (state := self.checked.get(about.step)) is not None:
            found = state if found.value == "yes" else negated(state)
        return (negated(found) if sentence.negated else found), about

    def _asked_last(self) -> Reference | None:
        """Return the last question to a person, or the last check that says yes or no."""
        asked = {call.id for call in self.asked}
        for known in reversed(self.known):
            if known.reference.step in asked:
                return known.reference
            output = self.output_of(known.component)
            if known.reference.step in self.checked:
                return known.reference
            checks = known.action is not None and _CHECKS.match(known.action.text)
            if kind_of_schema(output.schema) == "boolean" or (checks and known.reference.step):
                return known.reference
        return None

    def yes_or_no(self, *, yes: bool) -> tuple[Condition, Reference] | None:
        """Return the condition "if so" or "if not", if something has been asked or checked."""
        about = self._asked_last()
        if about is None:
            return None
        return Condition("so" if yes else "not", value="yes" if yes else "no", answer=True), about

    def _joined(self, sentence: Sentence, joined: Joined, block: list[Node]) -> Compound:
        joined = negated_all(joined) if sentence.negated else joined
        parts: list[tuple[Condition, Reference | None]] = []
        for part in joined.parts:
            about, condition = self.subject_or_retrieved(part, block)
            parts.append((condition, about if about or not parts else parts[-1][1]))
        return Compound(sentence.condition, joined.joint, tuple(parts))

    def subject_or_retrieved(
        self, condition: Condition, block: list[Node]
    ) -> tuple[Reference | None, Condition]:
        """What a condition is about must be there: it is retrieved where a component does that."""
        if condition.pair:
            return self._pair_of(condition)
        if (own := self._lack_of_item(condition)) is not None:
            return own
        if (own := self._field_of_latest(condition)) is not None:
            return own
        if (named := self._named_place(condition, block)) is not None:
            return named, replace(condition, subject=())
        if condition.unit == "weekday":
            return None, condition
        about, found = self.subject_of(condition)
        if about is not None or not condition.subject:
            return about, found
        for subject in (condition.subject, condition.subject[:-1]):
            if not subject:
                continue
            if self._retrieve_subject(condition, subject, block):
                return self.subject_of(condition)
        return about, found

    def _pair_of(self, condition: Condition) -> tuple[Reference | None, Condition]:
        """The latest two things that the same component gave."""
        steps = [known for known in self.known if known.reference.step]
        for at in range(len(steps) - 1, 0, -1):
            one, other = steps[at - 1], steps[at]
            if one.component == other.component:
                return one.reference, replace(condition, other=other.reference.step)
        return None, condition

    def _lack_of_item(self, condition: Condition) -> tuple[Reference, Condition] | None:
        """ "it has no owner" of the item of a loop: its field is empty."""
        item = self.known[-1].reference if self.known else None
        said = re.match(
            r"(?i)(?:it|they|this)\s+(?:ha(?:s|ve)|counts?|numbers?|holds?|contains?)\b",
            condition.text,
        )
        if item is None or not item.item or said is None:
            return None
        if condition.count and condition.attribute:
            return item, replace(condition, subject=())
        if not condition.count or condition.operator not in ("empty", "not empty"):
            return None
        return item, of_the_item(condition)

    def _field_of_latest(self, condition: Condition) -> tuple[Reference, Condition] | None:
        """ "more than 100 open issues", "the status code is 200": a field of the latest thing."""
        if not condition.subject or condition.attribute or condition.verbal or condition.answer:
            return None
        # What has just been sent or logged is no thing to ask about.
        things = (k for k in reversed(self.known) if k.action is None or not is_sent(k.action))
        latest = next(things, None)
        if latest is None or latest.plural or set(condition.subject) & set(latest.nouns):
            return None
        if condition.count and self._find(condition.subject, plural=True):
            return None
        output = self.output_of(latest.component)
        if latest.reference.item:
            output = item_of(list_in(output) or output, latest.reference.item)
        names: Mapping[str, object] = output.schema.get("properties") or {}
        if "x-items-of" in output.schema and not condition.count:
            return latest.reference, _about_field(condition)
        if not any(_is_named(name, condition.subject) for name in names):
            return None
        return latest.reference, condition if condition.count else _about_field(condition)

    def _named_place(self, condition: Condition, block: list[Node]) -> Reference | None:
        """ "if ⟦0⟧ contains ⟦1⟧": a page or a file that no step has read yet is read first."""
        said = _SUBJECT.match(condition.text)
        masks = re.findall(r"⟦\d+⟧", said.group("what")) if said else []
        if len(masks) != 1 or condition.subject or condition.attribute:
            return None
        value = self.masked.values[int(masks[0].strip("⟦⟧"))]
        used = any(k.action is not None and masks[0] in k.action.text for k in self.known)
        if used or shape_of(value) not in ("url", "path"):
            return None
        text = f"read {masks[0]}"
        [action, *_] = parse_action(text, self.plain(text))
        if "retrieve" not in self.kinds(self.choose(action, self.plain(text), None)):
            return None
        self.add_call(action, self.plain(text), Sentence(text=text), block)
        return self.known[-1].reference

    def _retrieve_subject(
        self, condition: Condition, subject: tuple[str, ...], block: list[Node]
    ) -> bool:
        words = " ".join(("retrieve", *subject))
        text = words
        said = _RETRIEVED.match(condition.text) if condition.count else None
        said = said or _SUBJECT.match(condition.text)
        if said is not None and (condition.count or "⟦" in said.group("what")):
            text = f"retrieve {said.group('what')}"
            words = self.plain(text)
        if _INDEFINITE.match(condition.text) and not condition.count:
            words, text = _in_the_plural(words, subject[-1]), _in_the_plural(text, subject[-1])
        [action, *_] = parse_action(text, words)
        choice = self.choose(action, words, None)
        if "retrieve" not in self.kinds(choice):
            return False
        self.add_call(action, words, Sentence(text=condition.text), block)
        return True

    def clause_test(self, clause: str, block: list[Node]) -> tuple[Test | None, Reference | None]:
        """Return the test that a clause about "it", the item of the latest loop, says."""
        item = self.item_known()
        joined = parse_joined(clause, self.masked.values)
        if joined is not None:
            parts = tuple((of_the_item(part), item) for part in joined.parts)
            return Compound(clause, joined.joint, parts), None
        found = self.relative_condition(clause)
        return (of_the_item(found), item) if found is not None else (None, None)

    def relative_condition(self, words: str) -> Condition | None:
        """Return the condition that a relative clause says."""
        return parse_condition(words, self.masked.values)

    def needs_loop(self, condition: Condition, about: Reference) -> bool:
        """Return whether a condition is about each thing of a list."""
        of_one = condition.attribute and _OF_ONE.match(condition.text)
        if (condition.count and not of_one) or condition.plural:
            return False
        if about.item or condition.answer:
            return False
        known = self.known_of(about)
        if known is not None and _INDEFINITE.match(condition.text) and self.may_hold_items(known):
            return True
        empty = condition.operator in ("empty", "not empty") and not condition.attribute
        return known is not None and known.plural and not empty

    def known_of(self, about: Reference) -> Known | None:
        """Return what is known of a reference."""
        return next((item for item in self.known if item.reference == about), None)


def _in_the_plural(text: str, noun: str) -> str:
    """ "a lead is late" speaks of all leads that there are."""
    text = re.sub(
        r"^(retrieve\s+)(?:an?|any|some|every|each|one\s+of\s+the)\s+", r"\1", text, flags=re.I
    )
    return re.sub(rf"\b{re.escape(noun)}\b", plural_of(noun), text, count=1)


def _about_field(condition: Condition) -> Condition:
    return replace(condition, attribute="_".join(condition.subject), guessed=False)


def _is_named(name: str, words: tuple[str, ...]) -> bool:
    """Return whether a field is called what is said, in whole or but for one word."""
    parts = [singular(part) for part in re.findall(r"[a-z]+|[A-Z][a-z]*", name)]
    parts = [part.lower() for part in parts]
    if set(parts) <= set(words):
        return True
    return all(any(part.startswith(word[:5]) for part in parts) for word in words)
