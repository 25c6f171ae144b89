"""Reading dates, times and durations; the arithmetic that the calendar needs."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from flowloom.errors import ComponentError

__all__ = ["add_months", "parse_duration", "read_moment", "read_zone"]

_ISO_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPOKEN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(w|weeks?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)(?![a-z])",
    re.IGNORECASE,
)


def read_zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name, such as ``Asia/Seoul``.

    Raises:
        ComponentError: there is no such time zone.
    """
    if name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ComponentError(
            f"There is no time zone {name!r}.", hint="Use an IANA name such as 'Europe/Berlin'."
        ) from error


def read_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Read a date or a date and time in ISO 8601 or in the form of e-mail and RSS.

    Args:
        text: such as ``2026-03-01``, ``2026-03-01T09:00:00Z`` or ``Sun, 1 Mar 2026 09:00 GMT``.
        zone: the time zone of a text that names no offset.

    Returns:
        A moment with its time zone.

    Raises:
        ComponentError: it is neither.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError as error:
            raise ComponentError(
                f"{text!r} is no date.", hint="Write it as 2026-03-01 or 2026-03-01T09:00:00Z."
            ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_duration(text: str) -> timedelta:
    """Read a duration: ISO 8601 without years and months (``PT5M``), or ``5m``, ``2 hours``.

    Raises:
        ComponentError: it is none.
    """
    plain = text.strip()
    iso = _ISO_DURATION.fullmatch(plain.upper())
    if iso and any(iso.groupdict().values()):
        return timedelta(**{unit: float(value or 0) for unit, value in iso.groupdict().items()})
    parts = _SPOKEN.findall(plain)
    rest = _SPOKEN.sub("", plain).replace(",", " ").replace(" and ", " ").strip()
    if not parts or rest:
        raise ComponentError(
            f"{text!r} is no duration.", hint="Write it as PT5M, 5m, 2 hours or 1h 30m."
        )
    seconds = (timedelta(**{_UNITS[unit[0].lower()]: float(number)}) for number, unit in parts)
    return sum(seconds, timedelta())


def add_months(moment: datetime, months: int) -> datetime:
    """Add calendar months; a day that the month lacks becomes the month's last day."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
