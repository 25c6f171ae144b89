"""Dates and times, as ISO 8601 text with an offset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime, TimeZone
from flowloom.catalog.builtin.moments import add_months, parse_duration, read_moment, read_zone
from flowloom.catalog.python_functions import Injected, component
from flowloom.errors import ComponentError

__all__: list[str] = []

Unit: TypeAlias = Literal["seconds", "minutes", "hours", "days", "weeks"]
Period: TypeAlias = Literal["hour", "day", "week", "month", "quarter", "year"]
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DateParts(TypedDict):
    """The parts of a date and time.

    Attributes:
        year: the year.
        month: the month, 1 to 12.
        day: the day of the month, 1 to 31.
        hour: the hour, 0 to 23.
        minute: the minute, 0 to 59.
        second: the second, 0 to 59.
        weekday: the English name of the day, such as Monday.
        iso_week: the week of the year by ISO 8601, 1 to 53.
        quarter: the quarter of the year, 1 to 4.
        is_weekend: whether it is a Saturday or Sunday.
    """

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: str
    iso_week: int
    quarter: int
    is_weekend: bool


def _now() -> datetime:
    return datetime.now(UTC)


@component(
    id="date.now",
    title="Get the current time",
    keywords=["today", "current date", "timestamp", "clock"],
)
def now(timezone: TimeZone = "UTC", *, clock: Injected[Callable[[], datetime]] = _now) -> DateTime:
    """Return the current date and time.

    Args:
        timezone: the time zone of the result.
    """
    return clock().astimezone(read_zone(timezone)).isoformat(timespec="seconds")


@component(
    id="date.add",
    title="Add to a date",
    keywords=["subtract", "days ago", "in two weeks", "deadline", "due date", "tomorrow"],
    kind="transform",
)
def add(
    date: DateTime, years: int = 0, months: int = 0, days: int = 0, duration: str = ""
) -> DateTime:
    """Add years, months, days or a duration to a date; negative numbers go back in time.

    Args:
        date: the date, or date and time.
        years: calendar years to add.
        months: calendar months to add; the 31st becomes the last day of a shorter month.
        days: days to add.
        duration: a duration to add, such as PT90M, 2 hours or 1w.
    """
    moment = add_months(read_moment(date), years * 12 + months) + timedelta(days=days)
    return (moment + (parse_duration(duration) if duration else timedelta())).isoformat()


@component(
    id="date.difference",
    title="Difference between dates",
    keywords=["days between", "age", "elapsed", "how long", "time since", "overdue"],
    kind="transform",
)
def difference(start: DateTime, end: DateTime, unit: Unit = "days") -> float:
    """Return how much time lies between two dates; negative when the end is before the start.

    Args:
        start: the first date.
        end: the second date.
        unit: the unit of the result.
    """
    return (read_moment(end) - read_moment(start)).total_seconds() / _SECONDS[unit]


@component(
    id="date.format",
    title="Format a date",
    keywords=["display date", "date to text", "strftime", "pretty date"],
    kind="transform",
)
def format_date(date: DateTime, format: str = "%Y-%m-%d", timezone: TimeZone = "") -> str:
    """Write a date as text in a given form.

    Args:
        date: the date.
        format: the form in the codes of strftime, such as %d.%m.%Y or %A, %H:%M.
        timezone: the time zone to show it in; that of the date if left out.
    """
    moment = read_moment(date)
    return (moment.astimezone(read_zone(timezone)) if timezone else moment).strftime(format)


@component(
    id="date.parse",
    title="Parse a date",
    keywords=["text to date", "read date", "strptime", "convert date"],
    kind="transform",
)
def parse(text: str, format: str = "", timezone: TimeZone = "UTC") -> DateTime:
    """Turn a date written as text into ISO 8601.

    Args:
        text: the date.
        format: its form in the codes of strptime, such as %d.%m.%Y; if left out, ISO 8601 and the
            form of e-mail and RSS are understood.
        timezone: the time zone of a date that names none.
    """
    zone = read_zone(timezone)
    if not format:
        return read_moment(text, zone).isoformat()
    try:
        moment = datetime.strptime(text.strip(), format)
    except ValueError as error:
        raise ComponentError(f"{text!r} does not have the form {format!r}: {error}.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _period_start(moment: datetime, period: str) -> datetime:
    if period == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case "year":
            return day.replace(day=1, month=1)
        case _:
            return day


@component(
    id="date.start_of",
    title="Start of a period",
    keywords=["beginning of month", "start of week", "midnight", "first day", "round date"],
    kind="transform",
)
def start_of(date: DateTime, period: Period, timezone: TimeZone = "") -> DateTime:
    """Return when the hour, day, week, month, quarter or year of a date begins.

    Args:
        date: the date.
        period: the period; a week begins on Monday.
        timezone: the time zone in which days begin; that of the date if left out.
    """
    moment = read_moment(date)
    local = moment.astimezone(read_zone(timezone)) if timezone else moment
    return _period_start(local, period).isoformat()


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@component(
    id="date.end_of",
    title="End of a period",
    keywords=["end of month", "last day", "end of week", "deadline"],
    kind="transform",
)
def end_of(date: DateTime, period: Period, timezone: TimeZone = "") -> DateTime:
    """Return the last second of the hour, day, week, month, quarter or year of a date.

    Args:
        date: the date.
        period: the period; a week ends on Sunday.
        timezone: the time zone in which days end; that of the date if left out.
    """
    moment = read_moment(date)
    local = moment.astimezone(read_zone(timezone)) if timezone else moment
    start = _period_start(local, period)
    if period in _MONTHS:
        following = add_months(start, _MONTHS[period])
    else:
        following = (
            start
            + {
                "hour": timedelta(hours=1),
                "day": timedelta(days=1),
                "week": timedelta(weeks=1),
            }[period]
        )
    return (following - timedelta(seconds=1)).isoformat()


@component(
    id="date.convert_timezone",
    title="Convert time zone",
    keywords=["local time", "utc", "timezone", "offset"],
    kind="transform",
)
def convert_timezone(
    date: DateTime, timezone: TimeZone, from_timezone: TimeZone = "UTC"
) -> DateTime:
    """Return the same moment in another time zone.

    Args:
        date: the date and time.
        timezone: the time zone of the result.
        from_timezone: the time zone of a date that names no offset.
    """
    return read_moment(date, read_zone(from_timezone)).astimezone(read_zone(timezone)).isoformat()


@component(
    id="date.parts",
    title="Get parts of a date",
    keywords=["weekday", "day of week", "month", "year", "weekend", "calendar week"],
    kind="transform",
)
def parts(date: DateTime) -> DateParts:
    """Return the year, month, day, time, weekday, week and quarter of a date.

    Args:
        date: the date.
    """
    moment = read_moment(date)
    return {
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "weekday": _WEEKDAYS[moment.weekday()],
        "iso_week": moment.isocalendar().week,
        "quarter": (moment.month - 1) // 3 + 1,
        "is_weekend": moment.weekday() >= 5,
    }


@component(
    id="date.is_before",
    title="Compare two dates",
    keywords=["before", "after", "earlier", "later", "expired", "past"],
    kind="transform",
)
def is_before(date: DateTime, other: DateTime) -> bool:
    """Return whether a date is earlier than another.

    Args:
        date: the date.
        other: the date to compare with.
    """
    return read_moment(date) < read_moment(other)
