"""A schedule changed by what it is: "an hour later", "not on Sundays", "also on Saturdays"."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.timing.day_words import days_in

__all__ = ["shifted"]

_MINUTES = {"minute": 1, "min": 1, "hour": 60}
_BY = re.compile(
    r"\b(?P<half>half\s+an?\s+)?(?P<count>an?|\d+|" + "|".join(NUMBERS) + r")?\s*"
    r"(?P<unit>minute|min|hour)s?\s+(?P<way>later|earlier|sooner|before that|after that)\b",
    re.I,
)
_DAYS = r"(?P<days>[a-z]+days?(?:(?:,\s*|\s+(?:and|or|nor)\s+)[a-z]+days?)*)"
_NOT_ON = re.compile(
    r"\b(?:not|never|except|without|skip|excluding|leave out|but no|no)\s+(?:it\s+)?(?:on\s+"
    r"|at\s+)?"
    r"(?:the\s+)?" + _DAYS,
    re.I,
)
_ALSO_ON = re.compile(r"\b(?:also|too|as well|additionally)\s+(?:on\s+)?" + _DAYS, re.I)


def shifted(words: str, cron: str) -> str:
    """Return a cron expression changed as words say; the same where they say nothing of it."""
    fields = cron.split()
    if len(fields) != 5:
        return cron
    if match := _BY.search(words):
        fields = _moved(fields, _minutes(match))
    if match := _NOT_ON.search(words):
        fields[4] = _days(_of_week(fields[4]) - _named(match.group("days")))
    elif match := _ALSO_ON.search(words):
        fields[4] = _days(_of_week(fields[4]) | _named(match.group("days")))
    return " ".join(fields)


def _minutes(match: re.Match[str]) -> int:
    unit = _MINUTES[match.group("unit").lower()]
    if match.group("half"):
        count = 0.5
    else:
        word = (match.group("count") or "a").lower()
        count = 1 if word in ("a", "an") else NUMBERS.get(word) or int(word)
    later = match.group("way").lower() in ("later", "after that")
    return int(count * unit) * (1 if later else -1)


def _moved(fields: list[str], by: int) -> list[str]:
    """Move a time of day; what passes midnight or is no single time stays."""
    if not (fields[0].isdigit() and re.fullmatch(r"\d+(?:,\d+)*", fields[1])):
        return fields
    times = [int(hour) * 60 + int(fields[0]) + by for hour in fields[1].split(",")]
    if not all(0 <= time < 24 * 60 for time in times):
        return fields
    return [str(times[0] % 60), ",".join(str(time // 60) for time in times), *fields[2:]]


def _named(words: str) -> set[int]:
    if re.match(r"weekends?$", words, re.I):
        return {0, 6}
    named = re.findall(r"[a-z]+day", words, re.I)
    return {day % 7 for word in named for day in days_in(word.capitalize())}


def _of_week(field: str) -> set[int]:
    if field == "*":
        return set(range(7))
    found: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last.isdigit() or not last):
            found |= {day % 7 for day in range(int(first), int(last or first) + 1)}
    return found


def _days(days: set[int]) -> str:
    ordered = sorted(days)
    if len(ordered) == 7 or not ordered:
        return "*"
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]}-{ordered[-1]}"
    return ",".join(map(str, ordered))
