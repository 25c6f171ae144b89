"""The values that stand in words: quoted texts, addresses, files, numbers, dates and ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.reading.masking import Masked
from flowloom.offline.timing.moments import date_in

__all__ = ["Form", "Value", "values_of"]

Form: TypeAlias = Literal[
    "quoted", "url", "email", "channel", "path", "repository", "date", "number", "id", "json",
    "name",
]  # fmt: skip

_MASK = re.compile(r"⟦(\d+)⟧")
_SHAPES: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("url", re.compile(r"https?://\S+\Z")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")),
    ("channel", re.compile(r"#[\w-]+\Z")),
    ("json", re.compile(r"[\[{].*[\]}]\Z", re.S)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?\Z")),
    (
        "path",
        re.compile(r"(?:~|\.{0,2})/\S*\Z|(?:\S*/)?[\w*-][\w.*-]*\.[A-Za-z][A-Za-z0-9]{0,4}\Z"),
    ),
    ("repository", re.compile(r"[\w.-]+/[\w.-]+\Z")),
)
_NUMBER = re.compile(r"(?<![\w.,:/#-])-?[$€£¥]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w:]|[.,]\d)(?:\s?%)?")
_WORD_NUMBER = re.compile(r"\b(?:" + "|".join(NUMBERS) + r")\b", re.I)
# Letters and digits or an underscore inside one word: "ch_3XY", "A1:C50", "APP-12".
_ID = re.compile(
    r"(?<![\w/#@.-])(?=[\w:!-]*\d)(?=[\w:!-]*[A-Za-z])(?![\d:]+(?:st|nd|rd|th|[ap]m|[smhd]|px)\b)"
    r"[A-Za-z0-9][\w:!-]*[A-Za-z0-9](?![\w@])"
)
_RANGE = re.compile(r"(?<![\w/])(?:[A-Za-z]\w*!)?[A-Z]{1,2}\d*:[A-Z]{1,2}\d*(?!\w)")
_PHONE = re.compile(r"(?<!\w)\+\d[\d ()-]{4,}\d")
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){2,3}\b|(?<![\w.])v\d+(?:\.\d+)?\b")
_PATTERNS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("id", _RANGE),
    ("id", _PHONE),
    ("id", _VERSION),
    ("id", _ID),
    ("number", _NUMBER),
    ("number", _WORD_NUMBER),
)


@dataclass(frozen=True)
class Value:
    """A value in a text.

    Attributes:
        text: the value itself, without quotes.
        start, end: where it stands in the masked text.
        quoted: whether it stood in quotes.
        spelled: whether it is a number in letters.
    """

    text: str
    form: Form
    start: int
    end: int
    quoted: bool = False
    spelled: bool = False


def values_of(text: str, masked: Masked) -> list[Value]:
    """Return the values in a masked text, in order; none overlaps another."""
    found = [_of_mask(match, masked) for match in _MASK.finditer(text)]
    blank = _MASK.sub(lambda match: " " * len(match.group(0)), text)
    for form, pattern in _PATTERNS:
        for match in pattern.finditer(blank):
            if not any(item.start < match.end() and match.start() < item.end for item in found):
                found.append(_plain(match, form))
    return sorted(found, key=lambda item: item.start)


def _of_mask(match: re.Match[str], masked: Masked) -> Value:
    number = int(match.group(1))
    text = masked.values[number]
    quoted = number in masked.quoted
    named: list[Form] = [name for name, shape in _SHAPES if shape.match(text)]
    form: Form = named[0] if named else "quoted"
    if form == "date":
        text = date_in(text) or text
    if not quoted and re.fullmatch(r"#\d+", text):
        return Value(text[1:], "number", match.start(), match.end())
    if quoted and form in ("repository", "channel", "path") and " " in text:
        form = "quoted"
    return Value(text, form, match.start(), match.end(), quoted)


def _plain(match: re.Match[str], form: Form) -> Value:
    text = match.group(0).strip()
    if form == "number":
        spelled = text.isalpha()
        text = str(NUMBERS.get(text.lower(), re.sub(r"[$€£¥,%\s]", "", text)))
        return Value(text, form, match.start(), match.end(), spelled=spelled)
    return Value(text, form, match.start(), match.end())
