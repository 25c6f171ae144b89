"""Dates, times and durations in words, as ISO 8601 and as expressions of the run's start."""

from __future__ import annotations

import re
from datetime import date, datetime

from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["date_in", "duration_in", "moment_in", "moment_words", "relative_in"]

_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
]  # fmt: skip
_MONTH = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r")\.?"
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:(?:[T,]|\s+at)?\s*(?P<time>\d\d?:\d\d(?::\d\d)?)"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s*(?P<half>[ap])\.?m\b\.?|\b(?P<h2>\d{1,2}):(?P<m2>\d\d)\b",
    re.I,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})\b", re.I
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.I
)
_COUNT = r"(?P<count>\d+(?:\.\d+)?|half\s+an?|an?|one\s+and\s+a\s+half|" + "|".join(NUMBERS) + ")"
_UNIT = r"(?P<unit>second|sec|minute|min|hour|day|week)s?"
_SPAN = re.compile(
    rf"(?<![\w.]){_COUNT}(?:\s+|-)?(?:(?P<more>and\s+a\s+half)\s+)?{_UNIT}\b"
    rf"(?P<half>\s+and\s+a\s+half)?",
    re.I,
)
_SHORT = re.compile(r"(?<![\w.])(?:\d+(?:\.\d+)?(?:h|m|s|d)){1,3}\b")
_HOURS = {"second": 1 / 3600, "sec": 1 / 3600, "minute": 1 / 60, "min": 1 / 60, "hour": 1.0,
          "day": 24.0, "week": 168.0}  # fmt: skip
_QUARTERS = {"quarter of an hour": "15m", "three quarters of an hour": "45m",
             "half a minute": "30s", "half an hour": "30m", "half a day": "12h"}  # fmt: skip


def date_in(text: str) -> str | None:
    """Return the first date that a text names with its year, as ISO 8601; with a time if said."""
    if match := _ISO.search(text):
        return _joined(match.group("day"), match.group("time"), match.group("zone"))
    match = _DAY_MONTH.search(text) or _MONTH_DAY.search(text)
    if match is None:
        return None
    month = next(
        at for at, name in enumerate(_MONTHS, 1) if name[:3] == match.group("month")[:3].lower()
    )
    try:
        day = date(int(match.group("year")), month, int(match.group("d"))).isoformat()
    except ValueError:
        return None
    rest = text[match.end() :]
    clock = _CLOCK.search(rest[:20])
    zone = re.search(r"\b(UTC|GMT)\b", rest[:30])
    return _joined(day, _time(clock) if clock else None, zone.group(1) if zone else None)


def _joined(day: str, time: str | None, zone: str | None) -> str | None:
    text = day
    if time:
        hour, _, rest = time.partition(":")
        rest = rest if rest.count(":") else f"{rest}:00"
        named = "Z" if zone in (None, "Z", "UTC", "GMT") else str(zone)
        text = f"{day}T{int(hour):02d}:{rest}{named}"
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def _time(match: re.Match[str]) -> str:
    hour = int(match.group("h") or match.group("h2"))
    if half := match.group("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return f"{hour:02d}:{match.group('m') or match.group('m2') or '00'}"


def duration_in(text: str) -> str | None:
    """Return the first duration that a text names, such as ``90m`` for "an hour and a half"."""
    for words, length in _QUARTERS.items():
        if re.search(rf"\b{words}\b", text, re.I):
            return length
    total = 0.0
    spans = list(_SPAN.finditer(text))
    for at, match in enumerate(spans):
        joined = at == 0 or re.fullmatch(
            r",?\s*(?:and\s+)?", text[spans[at - 1].end() : match.start()]
        )
        if not joined:
            break
        total += _hours(match)
    if total:
        return _written(total)
    short = _SHORT.search(text)
    return short.group(0) if short else None


def _hours(match: re.Match[str]) -> float:
    word = re.sub(r"\s+", " ", match.group("count").lower())
    named = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "one and a half": 1.5}
    count = named[word] if word in named else float(NUMBERS.get(word, word))
    count += 0.5 if match.group("half") or match.group("more") else 0
    return count * _HOURS[match.group("unit").lower()]


def _written(hours: float) -> str:
    seconds = round(hours * 3600)
    parts: list[str] = []
    for length, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts)


_BACK = re.compile(rf"\b(?:last|past|previous)\s+(?:{_COUNT}\s+)?{_UNIT}\b", re.I)
_AGO = re.compile(rf"{_COUNT}\s+{_UNIT}\s+ago\b", re.I)


def relative_in(text: str) -> str | None:
    """Return a moment in the past as an expression of the run's start: "the last 7 days".

    Only spans of time are read; "since Monday" is not.
    """
    if re.search(r"\b(?:since|from)\s+yesterday\b", text, re.I):
        return _before_start(24.0)
    match = _AGO.search(text) or _BACK.search(text)
    if match is None:
        return None
    word = re.sub(r"\s+", " ", (match.group("count") or "1").lower())
    named = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "one and a half": 1.5}
    count = named[word] if word in named else float(NUMBERS.get(word, word))
    return _before_start(count * _HOURS[match.group("unit").lower()])


def _before_start(hours: float) -> str:
    length = _written(hours)
    if length.endswith("d"):
        length = f"{round(hours)}h"
    return f'string(timestamp(run.started_at) - duration("{length}"))'


_WHEN = re.compile(
    r"\b(?:(?:on|this|next|every)\s+)?(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day|"
    r"next\s+week)\b(?:\s+(?:at|from|morning|afternoon|evening|night|to|until|noon"
    r"|\d[\d:.]*|[ap]m))*",
    re.I,
)


def moment_words(text: str) -> str:
    """Return the words for a day and time as they "
    "stand: "tomorrow at 9"; empty if there are none."""
    match = _WHEN.search(text)
    return match.group(0).strip() if match else ""


def moment_in(text: str) -> str | None:
    """Return a date or moment as a literal, or as a template of the run's start; None if none."""
    literal = date_in(text)
    if literal:
        return literal
    relative = relative_in(text)
    return "${{ " + relative + " }}" if relative else None
