"""Cron expressions in words: ``0 9 * * 1`` is "every Monday at 9:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["cron_in_words", "joined"]

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_EVERY = re.compile(r"(?:\*|0)/(\d+)$")
_RANGE = re.compile(r"(\w+)-(\w+)$")


def cron_in_words(cron: str) -> str:
    """Return when a five-field cron expression fires; the expression itself for rare forms."""
    fields = cron.split()
    if len(fields) != 5:
        return f"on the schedule {cron!r}"
    minute, hour, day, month, weekday = fields
    clock, whole = _clock(minute, hour)
    days = _days(day, weekday)
    months = _months(month)
    if clock is None or days is None or months is None:
        return f"on the cron schedule {cron!r}"
    if whole and days == "every day":
        days = ""
    order = (clock, days, months) if whole else (days, months, clock)
    return " ".join(part for part in order if part)


def _clock(minute: str, hour: str) -> tuple[str | None, bool]:
    """Return the times of a day in words, and whether they say how often by themselves."""
    if hour == "*" or _EVERY.match(hour):
        return _through_the_day(minute, hour), True
    if span := _RANGE.match(hour):
        often = "every hour" if minute == "0" else _through_the_day(minute, "*")
        ends = "00" if minute == "0" else "59"
        return often and f"{often} from {span[1]}:00 to {span[2]}:{ends}", True
    hours, minutes = _numbers(hour), _numbers(minute)
    if hours is None or minutes is None:
        return None, False
    times = [f"{int(h)}:{int(m):02d}" for h in hours for m in minutes]
    return f"at {joined(times)}", False


def _through_the_day(minute: str, hour: str) -> str | None:
    every_minutes, every_hours = _EVERY.match(minute), _EVERY.match(hour)
    if hour == "*" and (minute == "*" or every_minutes):
        return _often(every_minutes[1] if every_minutes else "1", "minute")
    numbers = _numbers(minute)
    if numbers is None:
        return None
    often = _often(every_hours[1] if every_hours else "1", "hour")
    at = f" at minute {joined(numbers)}" if numbers != ["0"] else ""
    return often + at


def _often(count: str, unit: str) -> str:
    return f"every {unit}" if count == "1" else f"every {count} {unit}s"


def _numbers(field: str) -> list[str] | None:
    parts = field.split(",")
    return parts if all(part.isdigit() for part in parts) else None


def _days(day: str, weekday: str) -> str | None:
    named = _weekdays(weekday) if weekday not in ("*", "?") else ""
    dated = _dates(day) if day not in ("*", "?") else ""
    if named is None or dated is None:
        return None
    # Cron runs where either of two restricted fields fits.
    return " and ".join(part for part in (dated, named) if part) or "every day"


def _weekdays(field: str) -> str | None:
    if field.upper() in ("1-5", "MON-FRI"):
        return "every weekday"
    if field.upper() in ("0,6", "6,0", "6,7", "SAT,SUN", "6-7"):
        return "every Saturday and Sunday"
    if match := re.match(r"(\w+)#(\d)$", field):
        name = _weekday(match[1])
        return name and f"on the {_ORDINALS.get(match[2], match[2])} {name} of the month"
    if match := re.match(r"(\w+)L$", field):
        name = _weekday(match[1])
        return name and f"on the last {name} of the month"
    names: list[str] = []
    for part in field.split(","):
        span = _RANGE.match(part)
        ends = [_weekday(item) for item in (span.groups() if span else (part,))]
        if None in ends:
            return None
        names.append(" to ".join(str(end) for end in ends))
    return (
        f"from {names[0]}" if len(names) == 1 and " to " in names[0] else f"every {joined(names)}"
    )


def _weekday(text: str) -> str | None:
    if text.isdigit():
        return _DAYS[int(text)] if int(text) < len(_DAYS) else None
    return next((name for name in _DAYS if name[:3].upper() == text.upper()[:3]), None)


def _dates(field: str) -> str | None:
    if match := _EVERY.match(field):
        return _often(match[1], "day")
    if field.upper() in ("L", "LW"):
        return f"on the last {'week' if field.upper() == 'LW' else ''}day of the month"
    numbers = _numbers(field)
    if numbers is None:
        return None
    return f"on the {joined([_nth(int(item)) for item in numbers])} of the month"


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 <= number % 100 <= 20 else ending}"


def _months(field: str) -> str | None:
    if field == "*":
        return ""
    if match := _EVERY.match(field):
        return f"of every {_nth(int(match[1]))} month"
    numbers = _numbers(field)
    if numbers is None or any(not 1 <= int(item) <= 12 for item in numbers):
        return None
    return f"in {joined([_MONTHS[int(item)] for item in numbers])}"


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Return "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last
