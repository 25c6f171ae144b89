"""A comparison that words say, and the words that its parts are read from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from flowloom.offline.reading.lexicon import FUNCTION_WORDS, NUMBERS, singular, words_of

__all__ = [
    "Condition",
    "Operator",
    "Scalar",
    "last_noun",
    "negated",
    "number_of",
    "opposite",
    "scalar_of",
    "subject_in",
]

Operator: TypeAlias = Literal[
    "==", "!=", ">", "<", ">=", "<=", "contains", "not contains", "empty", "not empty",
    "true", "false", "starts with", "not starts with", "ends with", "not ends with",
]  # fmt: skip
Scalar: TypeAlias = str | int | float | bool | None

_OPPOSITE: dict[Operator, Operator] = {
    "==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<", "contains": "not contains",
    "not contains": "contains", "empty": "not empty", "not empty": "empty", "true": "false",
    "false": "true", "starts with": "not starts with", "not starts with": "starts with",
    "ends with": "not ends with", "not ends with": "ends with",
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """A comparison.

    Attributes:
        subject: nouns of what is compared, in the singular; empty for a pronoun.
        attribute: the field, in words; empty if none is said.
        operator: how; ``value`` with what. ``name`` stands for a value that only the run knows.
        count: whether the number of items is compared.
        measure: the field that a comparative implies ("larger": size).
        verbal: whether the subject's last word is a verb ("does not approve").
        guessed: whether the field's name is not said and had to be assumed.
        unit: of an age ("older than 30 days"): ``day``.
        answer: whether it is about what a person answered ("if she says yes"); ``quoted`` whether
            the words of the answer are given.
        pair: whether two things are compared with each other; ``other`` the step of the other one.
    """

    text: str
    subject: tuple[str, ...] = ()
    attribute: str = ""
    operator: Operator = "=="
    value: Scalar = None
    name: str = ""
    count: bool = False
    plural: bool = False
    guessed: bool = False
    verbal: bool = False
    measure: str = ""
    unit: str = ""
    answer: bool = False
    quoted: bool = False
    pair: bool = False
    other: str = ""


def opposite(operator: Operator) -> Operator:
    """Return the operator that holds exactly where the given one does not."""
    return _OPPOSITE[operator]


def negated(condition: Condition) -> Condition:
    """Return the condition that holds exactly where the given one does not."""
    return replace(condition, operator=_OPPOSITE[condition.operator])


def scalar_of(text: str, values: tuple[str, ...]) -> Scalar:
    """Return the value that words or a mask stand for."""
    if match := re.fullmatch(r"⟦(\d+)⟧", text.strip()):
        return values[int(match.group(1))]
    return number_of(text) if _is_number(text) else text.strip()


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[$€£]?\d+(?:[.,]\d+)?", text.strip())) or text.lower() in NUMBERS


def number_of(text: str) -> int | float:
    """Return the number that digits or a word say."""
    text = text.strip().lstrip("$€£").lower()
    if text in NUMBERS:
        return NUMBERS[text]
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", text):
        return int(text.replace(",", ""))
    return float(text.replace(",", ".")) if re.search(r"[.,]", text) else int(text)


def subject_in(text: str) -> tuple[tuple[str, ...], str, bool]:
    """Return nouns, attribute and whether the noun is plural: "the team's name", "name of …"."""
    text = re.sub(r"⟦\d+⟧", " ", text)
    if match := re.fullmatch(
        r"(?:the\s+|its\s+)?([\w ]+?)\s+(?:of|in"
        r"|inside)\s+(?:the\s+)?(.+)",
        text.strip(),
        re.I,
    ):
        nouns = [word for word in words_of(match.group(2)) if word not in FUNCTION_WORDS]
        kept = [word for word in words_of(match.group(1)) if word not in FUNCTION_WORDS]
        return tuple(map(singular, nouns)), "_".join(kept), False
    if match := re.fullmatch(r"(.+?)['’]s?\s+([\w ]+)", text.strip()):
        nouns = [word for word in words_of(match.group(1)) if word not in FUNCTION_WORDS]
        return tuple(map(singular, nouns)), "_".join(words_of(match.group(2))), False
    words = words_of(text)
    nouns = [word for word in words if word not in FUNCTION_WORDS]
    if words and words[0] in {"its", "their"}:
        return (), "_".join(nouns), False
    return tuple(map(singular, nouns)), "", bool(nouns) and singular(nouns[-1]) != nouns[-1]


def last_noun(text: str) -> str:
    """Return the last noun as a name."""
    nouns = [word for word in words_of(text) if word not in FUNCTION_WORDS]
    return re.sub(r"\W", "_", nouns[-1]) if nouns else "value"
