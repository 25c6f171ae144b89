"""The forms of texts that JSON Schema calls ``format``, each checked as a run would read it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flowloom.catalog.component import JsonSchema
from flowloom.verification.sql_texts import sql_problem

__all__ = ["FORMATS", "FORMAT_HINTS", "compiled_pattern", "format_problem", "near_time_zones"]

_LOCAL = r"[^\s@,;:<>()\[\]\\\".]+(?:\.[^\s@,;:<>()\[\]\\\".]+)*"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"(?:{_LABEL}\.)+{_LABEL}"
_EMAIL = re.compile(rf"(?:{_LOCAL}|\"[^\"\s]+\")@(?:{_HOST}|localhost)\Z")
_MAILBOX = re.compile(r"[^<>@]*<([^<>]*)>\Z")
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_UNIT = r"(?:ms|w|weeks?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)"
_SPOKEN = re.compile(
    rf"\d+(?:\.\d+)?\s*{_UNIT}(?:(?:\s*,\s*|\s+and\s+|\s*)\d+(?:\.\d+)?\s*{_UNIT})*\Z",
    re.IGNORECASE,
)
_ISO_DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z", re.IGNORECASE
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*\Z")
_WITH_HOST = frozenset(["http", "https", "ws", "wss", "ftp", "ftps", "sftp"])


def format_problem(value: str, schema: JsonSchema) -> str | None:
    """Return what is wrong with the form of a text; None if nothing is, or nothing is known.

    Args:
        schema: has ``format`` and, where they matter, ``x-separator`` (the text may be a list of
            several, such as ``a@x.org, b@x.org``) and ``x-dialect`` (of SQL, as sqlglot calls it).
    """
    form = schema.get("format")
    if not isinstance(form, str) or (form not in FORMATS and form != "sql"):
        return None
    if form == "sql":
        dialect = schema.get("x-dialect")
        said = sql_problem(value, dialect if isinstance(dialect, str) else "")
        return said and f"{value!r:.60} is no SQL that parses: {said}."
    separator = schema.get("x-separator")
    if not isinstance(separator, str) or not separator:
        return None if FORMATS[form](value) else f"{value!r:.60} is no {form}."
    parts = [part.strip() for part in value.split(separator) if part.strip()] or [value]
    test = _is_mailbox if form == "email" else FORMATS[form]
    wrong = next((part for part in parts if not test(part)), None)
    return None if wrong is None else f"{wrong!r:.60} is no {form}."


def _is_email(value: str) -> bool:
    return _EMAIL.match(value) is not None and ".@" not in value


def _is_mailbox(value: str) -> bool:
    named = _MAILBOX.match(value)
    return _is_email(named.group(1) if named else value)


def _is_uri(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    if not _SCHEME.match(scheme) or any(char.isspace() for char in value):
        return False
    if scheme in _WITH_HOST:
        return bool(parts.hostname)
    if "." in scheme or scheme == "localhost":
        return False  # example.com:8080/a: a host, and no scheme.
    misspelt = "://" in value and get_close_matches(scheme, ("http", "https"), n=1, cutoff=0.75)
    return not misspelt and bool(parts.netloc or parts.path)


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        try:
            parse(value)
        except (ValueError, OverflowError):
            return False
        return True

    return test


def _is_date(value: str) -> bool:
    return _DATE.match(value) is not None and _parses(date.fromisoformat)(value)


def _is_moment(value: str) -> bool:
    """ISO 8601, a day alone too, or the form of e-mail: what the components read."""
    return _parses(datetime.fromisoformat)(value) or (
        "," in value and _parses(parsedate_to_datetime)(value)
    )


def _is_duration(value: str) -> bool:
    return bool(_SPOKEN.match(value) or _ISO_DURATION.match(value))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_zone(value: str) -> bool:
    return value in _zones() or value.upper() in ("UTC", "Z")


def near_time_zones(value: str) -> tuple[str, ...]:
    """Return names of time zones near to a wrong one: those of the same place come first."""
    place = value.rpartition("/")[2].strip().replace(" ", "_").lower()
    same = sorted(name for name in _zones() if name.rpartition("/")[2].lower() == place)
    close = get_close_matches(value, _zones(), n=3, cutoff=0.75)
    return tuple(dict.fromkeys([*same, *close]))[:3]


@lru_cache(maxsize=512)
def _is_cron(value: str) -> bool:
    """Five fields, as ``core.schedule`` reads them."""
    from cronsim import CronSim, CronSimError

    if len(value.split()) != 5:
        return False
    try:
        next(CronSim(value, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, ValueError, KeyError, IndexError):
        return False
    return True


@lru_cache(maxsize=512)
def compiled_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return a regular expression ready to use; None if Python cannot read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of what may mean another thing in later versions.
            return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def _is_address(kind: type[IPv4Address] | type[IPv6Address]) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        try:
            kind(value)
        except AddressValueError:
            return False
        return True

    return test


FORMATS: dict[str, Callable[[str], bool]] = {
    "email": _is_email,
    "uri": _is_uri,
    "date": _is_date,
    "date-time": _is_moment,
    "time": _parses(time.fromisoformat),
    "duration": _is_duration,
    "timezone": _is_zone,
    "cron": _is_cron,
    "regex": lambda value: compiled_pattern(value) is not None,
    "hostname": lambda value: len(value) <= 253 and _HOSTNAME.match(value) is not None,
    "ipv4": _is_address(IPv4Address),
    "ipv6": _is_address(IPv6Address),
    "uuid": lambda value: _UUID.match(value) is not None,
}
"""The formats that are checked, besides ``sql``; others say only what a text is for."""

FORMAT_HINTS: dict[str, str] = {
    "email": "Write it as name@example.org.",
    "uri": "Write it with its scheme, such as https://example.org/path.",
    "date": "Write it as 2026-03-01.",
    "date-time": "Write it as 2026-03-01T09:00:00Z.",
    "time": "Write it as 09:00:00.",
    "duration": "Write it as PT5M, 5m or 2 hours.",
    "timezone": "Use an IANA name such as Europe/Berlin.",
    "cron": "Write minute, hour, day of month, month, day of week, such as 0 9 * * 1-5.",
    "sql": "Mend the statement; values may stand in it as :name.",
    "uuid": "Write it as 123e4567-e89b-12d3-a456-426614174000.",
}
"""How each format is written."""
