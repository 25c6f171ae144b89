"""Schedules in words: to a cron expression and a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from flowloom.offline.lexicon import NUMBERS

__all__ = ["Schedule", "find_schedule"]

_DAYS = {"sunday": "0", "monday": "1", "tuesday": "2", "wednesday": "3", "thursday": "4",
         "friday": "5", "saturday": "6", "weekday": "1-5", "working day": "1-5",
         "workday": "1-5", "business day": "1-5", "weekend": "0,6"}  # fmt: skip
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10,
             "fifteenth": 15, "twentieth": 20}  # fmt: skip
_DAY = "(?:sunday|monday|tuesday|wednesday|thursday|friday|saturday)s?"
_NUMBER = r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TIME = (
    r"(?:(?:at|by)\s+)?(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>a\.?m\.?|p\.?m\.?)?"
    r"|(?P<word>noon|midnight)"
    r"|(?P<named>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:\s*(?P<half2>a\.?m\.?|p\.?m\.?)|\s+o'?clock)?)"
)
_AT = re.compile(
    rf"^[,\s]*(?:at|by)\s+{_TIME.replace('(?:(?:at|by)' + chr(92) + 's+)?', '')}", re.I
)
_PART = re.compile(r"^[,\s]*(?:in the\s+)?(morning|evening|afternoon|night)\b", re.I)
_ZONE = re.compile(
    r"^[,\s]*(?:in\s+|,\s*)?(?P<zone>UTC|GMT|CET|[A-Z][a-z]+(?:[ _/][A-Z][a-z]+)*)(?:\s+time)?\b"
)
_EVERY_N = re.compile(
    rf"\bevery\s+{_NUMBER}?\s*(minute|hour|day|week|month)s?\b|\b(hourly|daily|weekly|monthly)\b"
    r"|\b(?:once|twice)\s+(?:a|per|each)\s+(hour|day|week|month)\b|\beach\s+(hour|day|week|month)\b",
    re.I,
)
_EVERY_PART = re.compile(r"\b(?:every|each)\s+(morning|evening|afternoon|night)\b", re.I)
_EVERY_DAY = re.compile(
    rf"\b(?:every|each|on|all)\s+((?:{_DAY}|weekdays?|working days?|workdays?|business days?|"
    rf"weekends?)(?:(?:,\s*|\s+and\s+|,\s+and\s+)(?:{_DAY}))*)\b",
    re.I,
)
_MONTH_DAY = re.compile(
    r"\b(?:on|every|each)\s+(?:the\s+)?(\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|tenth"
    r"|fifteenth|twentieth)(?:\s+day)?\s+of\s+(?:each|every|the|a)\s+month\b",
    re.I,
)
_LEADING_AT = re.compile(r"^(?:at|by)\s+\S+(?:\s*[ap]\.?m\.?)?(?:\s+in\s+[A-Z]\w+)?\s+$", re.I)
_PARTS = {"morning": 8, "afternoon": 14, "evening": 18, "night": 22}
_COMMON_ZONES = {"new york": "America/New_York", "los angeles": "America/Los_Angeles",
                 "utc": "UTC", "gmt": "UTC", "cet": "Europe/Paris", "eastern": "America/New_York",
                 "pacific": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
                 "beijing": "Asia/Shanghai", "washington": "America/New_York",
                 "munich": "Europe/Berlin", "mumbai": "Asia/Kolkata"}  # fmt: skip


@dataclass(frozen=True)
class Schedule:
    """A schedule found in a text.

    Attributes:
        start, end: where it stands.
        cron: five fields; ``timezone`` an IANA name, empty if none is said.
        assumed: what had to be assumed, empty if all was said.
    """

    words: str
    start: int
    end: int
    cron: str
    timezone: str = ""
    assumed: str = ""


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    day: str  # day of month, month, day of week
    hour: int | None = None
    cron: str = ""


def find_schedule(text: str) -> Schedule | None:
    """Return the first schedule that a text says, or None."""
    found = _rhythm(text)
    if found is None:
        return None
    start, end = found.start, found.end
    before = re.search(
        r"(?:^|\s)(?:at|by)\s+(?P<t>(?:\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?|noon|midnight))\s*,?\s*$",
        text[:start],
        re.I,
    )
    at = _AT.match(text[end:])
    hour, minute = _clock(at) if at else (found.hour, 0)
    if at:
        end += at.end()
    elif before:
        at = _AT.match(" at " + before.group("t"))
        hour, minute = _clock(at) if at else (None, 0)
        start = before.start()
    if part := _PART.match(text[end:]):
        end += part.end()
        hour = _in_part(hour, part.group(1))
    zone, length = _zone(text[end:])
    cron, assumed = _cron(found, hour, minute)
    end += length
    return Schedule(text[start:end].strip(" ,"), start, end, cron, zone, assumed)


def _rhythm(text: str) -> _Found | None:
    if match := _MONTH_DAY.search(text):
        word = match.group(1).lower()
        day = _ORDINALS.get(word) or int(re.sub(r"\D", "", word))
        return _Found(match.start(), match.end(), f"{day} * *")
    if match := _EVERY_DAY.search(text):
        if match.group(0).lower().startswith(("on ", "all ")) and not _is_repeated(match.group(1)):
            return None
        return _Found(match.start(), match.end(), f"* * {_days(match.group(1))}")
    if match := _EVERY_PART.search(text):
        return _Found(match.start(), match.end(), "* * *", hour=_PARTS[match.group(1).lower()])
    return _interval(_EVERY_N.search(text))


def _is_repeated(days: str) -> bool:
    return days.lower().rstrip().endswith("s")


def _days(words: str) -> str:
    names = re.findall(r"[a-z]+(?: day)?", words.lower())
    found = [_DAYS[name.rstrip("s")] for name in names if name.rstrip("s") in _DAYS]
    return ",".join(dict.fromkeys(found))


def _interval(match: re.Match[str] | None) -> _Found | None:
    if match is None:
        return None
    number, unit, adverb, once, each = match.groups()
    count = (NUMBERS.get(number.lower()) or int(number)) if number else 1
    named = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
    unit = (unit or once or each or named[adverb.lower()]).lower()
    start, end = match.start(), match.end()
    if unit == "minute":
        return _Found(start, end, "", cron=f"*/{count} * * * *" if count > 1 else "* * * * *")
    if unit == "hour":
        return _Found(start, end, "", cron=f"0 */{count} * * *" if count > 1 else "0 * * * *")
    step = f"*/{count}" if count > 1 else "*"
    days = {"day": f"{step} * *", "week": "* * 1", "month": f"1 {step} *"}
    return _Found(start, end, days[unit])


def _clock(match: re.Match[str]) -> tuple[int, int]:
    if word := match.group("word"):
        return (12, 0) if word.lower() == "noon" else (0, 0)
    named = match.group("named")
    hour = NUMBERS[named.lower()] if named else int(match.group("hour"))
    half = (match.group("half") or match.group("half2") or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour % 24, int(match.group("minute") or 0)


def _in_part(hour: int | None, part: str) -> int:
    if hour is None:
        return _PARTS[part.lower()]
    return hour + 12 if part.lower() != "morning" and hour < 12 else hour


def _zone(text: str) -> tuple[str, int]:
    match = _ZONE.match(text)
    if match is None:
        return "", 0
    words = match.group("zone")
    for count in range(len(words.split()), 0, -1):
        name = " ".join(words.split()[:count])
        zone = _zones().get(name.lower())
        if zone:
            end = match.start("zone") + len(name)
            extra = re.match(r"\s+time\b", text[end:])
            return zone, end + (extra.end() if extra else 0)
    return "", 0


@cache
def _zones() -> dict[str, str]:
    """Time zones by city, and by their own names."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            found.setdefault(name.rpartition("/")[2].replace("_", " ").lower(), name)
            found[name.lower()] = name
    return {**found, **_COMMON_ZONES}


def _cron(found: _Found, hour: int | None, minute: int) -> tuple[str, str]:
    if found.cron:
        return found.cron, ""
    if hour is None:
        return f"0 9 {found.day}", "The request names no time of day: 9:00 is assumed."
    return f"{minute} {hour} {found.day}", ""
