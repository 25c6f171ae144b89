"""How often, in words: days, dates and intervals as the parts of a cron expression."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.timing.day_words import (
    DATE,
    DATES,
    DAY,
    DAY_LIST,
    EXCEPT,
    FULL_DAY,
    MONTH,
    MONTHS,
    NTH,
    NTHS,
    OF_MONTH,
    ORDINALS,
    SPAN,
    Rhythm,
    day_number,
    days_in,
    week_field,
)
from flowloom.offline.timing.intervals import adverbs, intervals

__all__ = ["Rhythm", "days_in", "rhythms"]

_NO_TIME = re.compile(r"\b(?:due|dated|repeating|scheduled\s+for)\s*$", re.I)


def rhythms(text: str) -> list[Rhythm]:
    """Return what a text says on how often, in the order in which it stands there.

    "due on the 1st of every month" says when something is due, not when it happens.
    """
    found: list[Rhythm] = []
    for read in (_dates, _of_month, _nth_day, _every_nth_day, _days, intervals, adverbs):
        for item in read(text):
            if not any(item.start < other.end and other.start < item.end for other in found):
                found.append(item)
    kept = (item for item in found if not _NO_TIME.search(text[: item.start]))
    return sorted(kept, key=lambda item: item.start)


def _nths(words: str) -> list[int]:
    found = re.findall(NTH, words, re.I)
    return [ORDINALS.get(word.lower()) or int(re.sub(r"\D", "", word)) for word in found]


def _dates(text: str) -> list[Rhythm]:
    """ "on 1 January and 1 July", "every year on 24 December": days of the year."""
    pattern = (
        rf"(?:\b(?:every|each)\s+year\s+)?\b(?:on|every|each)\s+(?P<dates>{DATES})"
        rf"(?!\s*,?\s*\d{{4}})(?:\s+(?:every|each)\s+year)?"
    )
    found: list[Rhythm] = []
    for match in re.finditer(pattern, text, re.I):
        yearly = re.search(r"\b(?:every|each)\b", match.group(0), re.I)
        dates = re.findall(DATE, match.group("dates"), re.I)
        if not yearly and len(dates) < 2:
            continue
        days = {int(re.sub(r"\D", "", date)) for date in dates}
        months = {_month(date) for date in dates}
        whole = len(days) * len(months) == len(dates)
        found.append(Rhythm(match.start(), match.end(),
                            f"{_listed(days)} {_listed(months)} *",
                            unable="" if whole else "One schedule cannot name "
                                "these dates."))  # fmt: skip
    return found


def _month(date: str) -> int:
    word = re.search(MONTH, date, re.I)
    short = word.group(0)[:3].lower() if word else "jan"
    return next(at for at, name in enumerate(MONTHS, 1) if name[:3] == short)


def _listed(numbers: set[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))


def _of_month(text: str) -> list[Rhythm]:
    """ "on the 1st and 15th of every month", "every month on the 3rd", "the last day of …"."""
    monthly = r"(?:(?:every|each|once a)\s+month|monthly)"
    lead = r"(?:(?:on|every|each)\s+(?:the\s+)?|the\s+)"
    patterns = (
        rf"\b{lead}(?P<nth>{NTHS})(?:\s+days?)?{OF_MONTH}\b",
        rf"\b{monthly},?\s+on\s+(?:the\s+)?(?P<nth>{NTHS})(?:\s+day)?\b(?!\s+{DAY})",
        rf"\b(?:on|every|each)\s+(?:the\s+)?(?P<nth>{NTHS})(?:\s+days?)?,?\s+(?:every"
        rf"|each)\s+month\b",
        r"\bon\s+the\s+(?P<nth>\d{1,2}(?:st|nd|rd|th)(?:(?:\s*,\s*|\s+and\s+)"
        r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th))+)\b",
        r"\b(?:every|each)\s+(?:the\s+)?(?P<nth>\d{1,2}(?:st|nd|rd|th)"
        r"(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?\d{1,2}(?:st|nd|rd|th))*)"
        r"(?=\s*(?:,|$|\bat\b|\bin\b))",
        rf"\b(?:at|on)\s+the\s+(?P<edge>start|beginning|end){OF_MONTH}\b",
    )
    found: list[Rhythm] = []
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.I):
            if "edge" in match.groupdict() and match.group("edge"):
                day = "L" if match.group("edge").lower() == "end" else "1"
            else:
                day = ",".join("L" if nth < 0 else str(nth) for nth in _nths(match.group("nth")))
            found.append(Rhythm(match.start(), match.end(), f"{day} * *"))
    return found


def _nth_day(text: str) -> list[Rhythm]:
    """ "the first Monday of every month"."""
    pattern = (
        rf"\b(?:on\s+|every\s+|each\s+)?(?:the\s+)?(?P<nth>{NTHS})\s+"
        rf"(?P<day>{FULL_DAY})(?:{OF_MONTH}|,?\s+(?:every|each)\s+month|\s+monthly)\b"
    )
    monthly = (
        rf"\b(?:every\s+month|monthly|each\s+month),?\s+on\s+the\s+"
        rf"(?P<nth>{NTHS})\s+(?P<day>{FULL_DAY})\b"
    )
    found: list[Rhythm] = []
    for match in [*re.finditer(pattern, text, re.I), *re.finditer(monthly, text, re.I)]:
        day = day_number(match.group("day"))
        parts = [f"{day}L" if nth < 0 else f"{day}#{nth}" for nth in _nths(match.group("nth"))]
        found.append(Rhythm(match.start(), match.end(), f"* * {','.join(parts)}"))
    return found


def _every_nth_day(text: str) -> list[Rhythm]:
    """ "every other Monday": cron has no two weeks."""
    pattern = (
        rf"\b(?:every|each)\s+(?:other|second|2nd|alternate)\s+"
        rf"(?P<days>{DAY_LIST})\b|\b(?P<adverb>bi-?weekly|fortnightly|(?:every|each)\s+"
        rf"(?:other|second|two|2)\s+weeks?|(?:every|each)\s+fortnight)\b(?:,?\s+on\s+"
        rf"(?P<on>{DAY_LIST})\b)?"
    )
    found: list[Rhythm] = []
    for match in re.finditer(pattern, text, re.I):
        days = days_in(match.group("days") or match.group("on") or "")
        week = week_field(days) if days else "1"
        found.append(
            Rhythm(match.start(), match.end(), f"* * {week}", assumed=(
                "A cron schedule cannot skip every other week: it fires every week."))
        )  # fmt: skip
    return found


def _days(text: str) -> list[Rhythm]:
    pattern = (
        rf"\b(?P<lead>every|each|on|all|from)?\s*\b(?P<days>{DAY_LIST})\b{EXCEPT}"
        rf"(?P<part>\s+(?:morning|afternoon|evening|night)s?)?"
    )
    found: list[Rhythm] = []
    for match in re.finditer(pattern, text, re.I):
        days = days_in(match.group("days"))
        lead, words = (match.group("lead") or "").lower(), match.group("days").lower()
        part = (match.group("part") or "").strip().lower()
        repeated = bool(re.search(r"days\b|ends\b", words)) or part.endswith("s")
        spans = bool(re.fullmatch(SPAN, words, re.I)) and lead != "on"
        if not days or (lead not in ("every", "each") and not repeated and not spans):
            continue
        if match.group("not"):
            days -= days_in(match.group("not"))
        found.append(
            Rhythm(
                match.start(),
                match.end() - len(match.group("part") or ""),
                f"* * {week_field(days)}",
            )
        )
    return [_without_lead(text, item) for item in found]


def _without_lead(text: str, item: Rhythm) -> Rhythm:
    return replace(
        item, start=item.start + len(text[item.start :]) - len(text[item.start :].lstrip())
    )
