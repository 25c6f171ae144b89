"""Conditions on times: before a date, older than a number of days."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.comparing.comparison import (
    Condition,
    Operator,
    negated,
    number_of,
    subject_in,
)
from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["parse_time"]

_DATE_FORM = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?\Z"
)
_DATE = r"(?P<date>⟦\d+⟧|\d{4}-\d{2}-\d{2}(?:T\S+)?)"
_BE = r"(?:is|are|was|were|has been|have been|had been|got|'s|’s)"
_VERB = (
    r"(?P<verb>\w+ed|sent|written|made|due|published|received|built|begun|put|set|taken|seen|held)"
)
_RELATION = (
    r"(?P<relation>on or before|on or after|before|after|since|until|earlier than|later than"
    r"|older than"
    r"|newer than|prior to|no later than|by)"
)
_SIGNS: dict[str, Operator] = {
    "before": "<", "earlier than": "<", "older than": "<", "prior to": "<", "until": "<=",
    "by": "<=", "no later than": "<=", "on or before": "<=", "after": ">", "later than": ">",
    "newer than": ">", "since": ">=", "on or after": ">=",
}  # fmt: skip
_AGE = (
    r"(?P<number>\d+(?:\.\d+)?|an?|" + "|".join(NUMBERS) + r")\s+"
    r"(?P<unit>minute|hour|day|week|month|year)s?"
)
_S = rf"^(?:(?P<subject>.+?)(?:\s+|(?=['’]s)){_BE}\s+)?(?P<not>not\s+)?"
_FORMS = (
    re.compile(rf"{_S}(?:{_VERB}\s+)?{_RELATION}\s+{_DATE}$", re.I),
    re.compile(rf"{_S}(?P<more>older|newer|younger|more recent) than {_AGE}$", re.I),
    re.compile(
        rf"{_S}(?P<more>more than|less than|over|under|at least|at most) {_AGE}\s+old$",
        re.I,
    ),
    re.compile(
        rf"{_S}{_VERB}\s+(?P<more>more than|less than|over|at least|at most|within|in) (?:the "
        rf"(?:last|past) )?"
        rf"{_AGE}(?:\s+ago)?$",
        re.I,
    ),
    re.compile(rf"^(?P<subject>.+?)\s+(?P<since>has not|hasn't|hasn’t|have not|haven't) been"
               rf" {_VERB}"
               rf"\s+(?:for|in|since)\s+(?:the last |more than |over |at least )?{_AGE}$", re.I),
)  # fmt: skip
_TODAY = re.compile(
    r"^(?:today|it|the day|this day)(?:\s+is|['’]s)\s+(?P<not>not\s+)?(?:an?\s+)?"
    r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekday|weekend|working "
    r"day)$",
    re.I,
)
_AGES: dict[str, Operator] = {
    "older": ">", "more than": ">", "over": ">", "at least": ">=", "newer": "<", "younger": "<",
    "more recent": "<", "less than": "<", "under": "<", "at most": "<=", "within": "<", "in": "<",
}  # fmt: skip


def parse_time(text: str, values: tuple[str, ...]) -> Condition | None:
    """Return the condition on a time that words say, or None."""
    if match := _TODAY.match(text):
        sign = "!=" if match.group("not") else "=="
        return Condition(text, operator=sign, value=match.group("day").lower(), unit="weekday")
    for form in _FORMS:
        if match := form.search(text):
            found = _read(text, match, values)
            if found is not None:
                return negated(found) if match.groupdict().get("not") else found
    return None


def _read(text: str, match: re.Match[str], values: tuple[str, ...]) -> Condition | None:
    said = match.groupdict()
    subject, attribute, plural = subject_in(said.get("subject") or "")
    attribute = attribute or (said.get("verb") or "").lower()
    base = Condition(text, subject, attribute, plural=plural)
    if said.get("date"):
        date = _date_of(str(said["date"]), values)
        sign = _SIGNS[str(said["relation"]).lower()]
        return replace(base, operator=sign, value=date) if date else None
    number = str(said["number"]).lower()
    value = 1 if number in ("a", "an") else number_of(number)
    sign = _AGES[str(said["more"]).lower()] if said.get("more") else ">"
    return replace(base, operator=sign, value=value, unit=str(said["unit"]).lower())


def _date_of(text: str, values: tuple[str, ...]) -> str:
    if match := re.fullmatch(r"⟦(\d+)⟧", text):
        text = values[int(match.group(1))]
    return text.replace(" ", "T") if _DATE_FORM.match(text) else ""
