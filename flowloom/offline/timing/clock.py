"""Times of day and time zones in words."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["PARTS", "TIME", "Clock", "clock_of", "zone_at", "zone_in"]

Clock = tuple[int, int]
"""Hour and minute."""

PARTS = {"morning": 8, "afternoon": 14, "evening": 18, "night": 22, "midday": 12, "lunchtime": 12}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "fifteen": 15, "quarter": 15,
         "half": 30, "twenty-five": 25, "forty-five": 45}  # fmt: skip
_HOUR_WORD = "(?:" + "|".join(word for word in NUMBERS if word != "zero") + ")"
_MINUTE_WORD = "(?:" + "|".join([*sorted(_TENS, key=len, reverse=True), "five", "ten"]) + ")"
_HALF = r"(?:\s*(?:a\.m\.|p\.m\.|[ap]\.?m\b\.?))"
TIME = (
    rf"(?:noon|midday|midnight"
    rf"|(?:a\s+)?{_MINUTE_WORD}(?:\s+minutes?)?\s+(?:past|after|to|before)\s+(?:\d{{1,2}}"
    rf"|{_HOUR_WORD}){_HALF}?"
    rf"|\d{{1,2}}[:.]\d{{2}}{_HALF}?(?:\s*h\b)?|\d{{1,2}}{_HALF}|\d{{1,2}}\s*h(?:ours)?\b"
    rf"|\d{{4}}\s*(?:h|hours|hrs)\b"
    rf"|\d{{1,2}}\s+o['’]?clock{_HALF}?|{_HOUR_WORD}\s+o['’]?clock{_HALF}?"
    rf"|{_HOUR_WORD}\s+{_MINUTE_WORD}{_HALF}?|{_HOUR_WORD}{_HALF}"
    r"|(?<=around )\d{1,2}\b(?![:.]\d)"
    rf"|(?<=at )(?:\d{{1,2}}\b(?![:.]\d)(?!\s*(?:minutes?|%))|{_HOUR_WORD}\b)"
    rf"|(?<=by )\d{{1,2}}\b(?![:.]\d)|(?<=and )\d{{1,2}}\b(?!\s*[a-z/:.\d])|(?<=, "
    rf")\d{{1,2}}\b(?=\s*(?:,|and|o))"
    r")"
)
"""The words for a time of day; a bare number only behind "at" or in a list of times."""

_COMMON_ZONES = {
    "new york": "America/New_York", "los angeles": "America/Los_Angeles", "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC", "cet": "Europe/Paris", "cest": "Europe/Paris", "eastern": "America/New_York",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "central": "America/Chicago", "ct": "America/Chicago", "cst": "America/Chicago",
    "mountain": "America/Denver", "mst": "America/Denver", "pacific": "America/Los_Angeles",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "bst": "Europe/London", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "san francisco": "America/Los_Angeles", "beijing": "Asia/Shanghai",
    "washington": "America/New_York",
    "boston": "America/New_York", "miami": "America/New_York", "seattle": "America/Los_Angeles",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "cologne": "Europe/Berlin", "geneva": "Europe/Zurich", "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "osaka": "Asia/Tokyo",
    "busan": "Asia/Seoul", "rio de janeiro": "America/Sao_Paulo",
    "san diego": "America/Los_Angeles",
    "austin": "America/Chicago", "dallas": "America/Chicago", "houston": "America/Chicago",
    "edinburgh": "Europe/London", "manchester": "Europe/London", "lyon": "Europe/Paris",
    "germany": "Europe/Berlin", "japan": "Asia/Tokyo", "korea": "Asia/Seoul", "uk": "Europe/London",
    "korean": "Asia/Seoul", "japanese": "Asia/Tokyo", "german": "Europe/Berlin",
    "french": "Europe/Paris", "british": "Europe/London", "italian": "Europe/Rome",
    "spanish": "Europe/Madrid", "indian": "Asia/Kolkata", "chinese": "Asia/Shanghai",
    "central european": "Europe/Paris", "france": "Europe/Paris",
    "spain": "Europe/Madrid", "italy": "Europe/Rome",
}  # fmt: skip
_NEED_TIME = frozenset(
    ["korean", "japanese", "german", "french", "british", "italian", "spanish", "indian", "chinese",
     "central", "mountain", "eastern", "pacific", "central european"]
)  # fmt: skip
_ZONE = re.compile(
    r"^[,\s(]*(?:in\s+(?:the\s+)?|at\s+)?(?P<zone>[A-Z][A-Za-z]+(?:[/_ -][A-Z][A-Za-z]+)*"
    r"(?:\sde\s[A-Z][a-z]+)?|UTC|GMT)"
    r"(?P<behind>(?:\s+(?:standard\s+|local\s+)?(?:time\s*zone|timezone|time))?\)?)"
)


def clock_of(text: str) -> Clock | None:
    """Return hour and minute of a time of day: "half past eight", "7:15 pm", "noon"."""
    words = text.strip().lower().replace("’", "'")
    if words in ("noon", "midday", "midnight"):
        return (0, 0) if words == "midnight" else (12, 0)
    half = re.search(r"([ap])\.?m\b\.?|([ap])\.m\.", words)
    found = _relative(words) or _digits(words) or _spoken(words)
    if found is None or found[0] > 24 or found[1] > 59:
        return None
    hour, minute = found
    if half:
        letter = half.group(1) or half.group(2)
        hour = hour % 12 + (12 if letter == "p" else 0)
    return hour % 24, minute


def _relative(words: str) -> Clock | None:
    match = re.match(
        rf"(?:a\s+)?({_MINUTE_WORD})(?:\s+minutes?)?\s+(past|after|to|before)\s+(\d{{1,2}}"
        rf"|{_HOUR_WORD})",
        words,
    )
    if match is None:
        return None
    minute = _TENS.get(match.group(1)) or NUMBERS[match.group(1)]
    hour = int(match.group(3)) if match.group(3).isdigit() else NUMBERS[match.group(3)]
    if match.group(2) in ("past", "after"):
        return hour, minute
    return (hour - 1) % 24, 60 - minute


def _digits(words: str) -> Clock | None:
    if match := re.match(r"(\d{2})(\d{2})\s*h", words):
        return int(match.group(1)), int(match.group(2))
    match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?", words)
    return (int(match.group(1)), int(match.group(2) or 0)) if match else None


def _spoken(words: str) -> Clock | None:
    match = re.match(rf"({_HOUR_WORD})(?:\s+({_MINUTE_WORD}))?", words)
    if match is None:
        return None
    minute = match.group(2)
    return NUMBERS[match.group(1)], (_TENS.get(minute) or NUMBERS[minute]) if minute else 0


def zone_at(text: str) -> tuple[str, int]:
    """Return the time zone that a text begins with, and how long its words are."""
    match = _ZONE.match(text)
    if match is None:
        return "", 0
    words = re.split(r"(?<=\w)[ _-](?=\w)", match.group("zone"))
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        zone = _zones().get(name.lower()) or _zones().get(match.group("zone").lower())
        if zone:
            end = match.start("zone") + len(name)
            if name.lower() in _NEED_TIME and not re.match(r"\s+(?:\w+\s+)?time\b", text[end:]):
                continue  # "at 9 German news" names no zone.
            extra = re.match(r"\s+(?:standard\s+|local\s+)?time(?:\s*zone)?\b\)?|\)", text[end:])
            return zone, end + (extra.end() if extra else 0)
    return "", 0


def zone_in(text: str) -> str | None:
    """Return the time zone that a text names by itself or by a city: "in Berlin time"."""
    for match in re.finditer(r"\b(?:in|at|to|into|from|using)\s+(?:the\s+)?(?=[A-Z])", text):
        zone, _ = zone_at(text[match.end() :])
        if zone:
            return zone
    return None


@cache
def _zones() -> dict[str, str]:
    """Time zones by city, and by their own names."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            found.setdefault(name.rpartition("/")[2].replace("_", " ").lower(), name)
            found[name.lower()] = name
    return {**found, **_COMMON_ZONES}
