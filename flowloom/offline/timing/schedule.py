"""Schedules in words: to a cron expression and a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.timing.clock import PARTS, TIME, Clock, clock_of, zone_at, zone_in
from flowloom.offline.timing.rhythm import Rhythm, days_in, rhythms

__all__ = ["Schedule", "changed_schedule", "daily", "find_schedule", "zone_in"]

_TIMES = (
    rf"{TIME}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+(?:at\s+)?)(?:{TIME}|\d{{1,2}}(?![\w:]"
    rf"|\s*[a-z]*\s*(?:minutes|times))))*"
)
_AT = re.compile(rf"(?:at|by|around|about|from)\s+(?:about\s+|around\s+)?(?P<times>{_TIMES})", re.I)
_BARE = re.compile(rf"(?P<times>{_TIMES})", re.I)
_PART = re.compile(
    r"(?:in\s+the\s+|at\s+)?(?P<part>morning|afternoon|evening|night|midday|lunchtime)s?\b", re.I
)
_BETWEEN = re.compile(
    rf"(?:between|from)\s+(?P<low>{TIME}|\d{{1,2}})\s+(?:and|to|until|till|-)\s+"
    rf"(?P<high>{TIME}|\d{{1,2}})"
    r"|(?:during|in|within)\s+(?:the\s+)?(?P<office>(?:office|business|working|work)\s+hours)",
    re.I,
)
_MINUTE = re.compile(
    r"(?:at\s+)?(?::(?P<a>\d\d)|(?P<b>\d{1,2})\s+minutes\s+past(?:\s+(?:the|every|each)\s+hour)?"
    r"|(?P<c>half|quarter)\s+past(?:\s+(?:the|every|each)\s+hour)?)(?!\s*\d)",
    re.I,
)
_PART_OF: dict[int | None, str] = {14: "afternoon", 18: "evening", 22: "night"}
_GAP = re.compile(r"[\s,;(]*(?:(?:and|on|of|then|exactly|sharp|precisely)\s+)*", re.I)


@dataclass(frozen=True)
class Schedule:
    """A schedule found in a text.

    Attributes:
        start, end: where it stands.
        cron: five fields, empty where no cron expression says it; ``timezone`` an IANA name,
            empty if none is said.
        assumed: what had to be assumed, or why there is no expression.
    """

    words: str
    start: int
    end: int
    cron: str
    timezone: str = ""
    assumed: str = ""


@dataclass(frozen=True)
class _Said:
    """What stands around a rhythm: times of day, hours between which, a part of the day, a zone."""

    start: int
    end: int
    times: tuple[Clock, ...] = ()
    part: str = ""
    between: tuple[int, int] | None = None
    minute: int | None = None
    zone: str = ""
    more: tuple[Rhythm, ...] = ()


def find_schedule(text: str) -> Schedule | None:
    """Return the first schedule that a text says, or None."""
    found = rhythms(text)
    if not found:
        return None
    first = found[0]
    said = _around(text, _Said(first.start, first.end), found[1:], first)
    rhythm = _joined(first, said.more)
    cron, assumed = _cron(rhythm, said)
    notes = " ".join(note for note in (rhythm.assumed, assumed) if note)
    return Schedule(
        text[said.start : said.end].strip(" ,;("), said.start, said.end, cron, said.zone,
        rhythm.unable or notes,
    )  # fmt: skip


def _around(text: str, said: _Said, others: list[Rhythm], first: Rhythm) -> _Said:
    """Take in what stands right behind and right before the rhythm, step by step."""
    before: _Said | None = None
    while before != said:
        before = said
        said = _behind(text, said, others, first)
        said = _in_front(text, said)
    return said


def _behind(text: str, said: _Said, others: list[Rhythm], first: Rhythm) -> _Said:
    gap = _GAP.match(text[said.end :])
    at = said.end + (gap.end() if gap else 0)
    rest = text[at:]
    for other in others:
        if other not in said.more and at - 4 <= other.start <= at and not other.hours:
            return replace(said, end=other.end, more=(*said.more, other))
    if said.between is None and (match := _BETWEEN.match(rest)) and (span := _span(match)):
        return replace(said, end=at + match.end(), between=span)
    if first.hours and said.minute is None and (match := _MINUTE.match(rest)):
        return replace(said, end=at + match.end(), minute=_minute_of(match))
    if not said.times and not first.hours:
        match = _AT.match(rest) or _BARE.match(rest)
        if match and (times := _clocks(match.group("times"), said.part)):
            return replace(said, end=at + match.end(), times=times)
    if not said.part and (match := _PART.match(rest)) and not first.hours:
        part = match.group("part").lower()
        return replace(said, end=at + match.end(), part=part, times=_in_part(said.times, part))
    if not said.zone:
        zone, length = zone_at(text[said.end :])
        if zone:
            return replace(said, end=said.end + length, zone=zone)
    return said


def _in_front(text: str, said: _Said) -> _Said:
    before = text[: said.start]
    if not said.times and not said.part:
        match = re.search(
            rf"(?:^|(?<=[\s,;(]))(?:at|by)?\s*(?P<times>{_TIMES})(?P<zone>\s+[A-Z]\w+"
            rf"(?:\stime)?)?[\s,]*(?:on\s+|of\s+)?$",
            before,
            re.I,
        )
        if match and re.match(
            r"\s*(?:at|by)\b|.*(?:[ap]\.?m|:\d\d|noon|midnight|o'clock)", match.group(0), re.I
        ):
            times = _clocks(match.group("times"), "")
            zone = zone_at(match.group("zone") or "")[0]
            if times:
                return replace(said, start=match.start(), times=times, zone=said.zone or zone)
    return said


def _span(match: re.Match[str]) -> tuple[int, int] | None:
    if match.group("office"):
        return 9, 17
    low, high = clock_of(match.group("low")), clock_of(match.group("high"))
    if low is None or high is None:
        return None
    late = high[0] + 12 if high[0] <= low[0] and high[0] < 12 else high[0]
    return low[0], late


def _minute_of(match: re.Match[str]) -> int:
    word = (match.group("c") or "").lower()
    return {"half": 30, "quarter": 15}.get(word) or int(match.group("a") or match.group("b"))


def _clocks(words: str, part: str) -> tuple[Clock, ...]:
    found = [clock_of(item) for item in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+(?:at\s+)?", words)]
    times = tuple(item for item in found if item is not None)
    return _in_part(times, part) if len(times) == len(found) else ()


def _in_part(times: tuple[Clock, ...], part: str) -> tuple[Clock, ...]:
    if part not in ("afternoon", "evening", "night"):
        return times
    first = 6 if part == "night" else 1
    return tuple((hour + 12 if first <= hour < 12 else hour, minute) for hour, minute in times)


def _joined(first: Rhythm, others: tuple[Rhythm, ...]) -> Rhythm:
    """ "every 15 minutes on weekdays", "daily, Monday to Friday": two rhythms say one."""
    for other in others:
        fields = [b if a == "*" or (a == "1" and b != "*") else a
                  for a, b in zip(first.days.split(), other.days.split(), strict=True)]  # fmt: skip
        first = replace(first, days=" ".join(fields), hour=first.hour or other.hour,
                        assumed=first.assumed or other.assumed,
                        unable=first.unable or other.unable)  # fmt: skip
    return first


def _cron(rhythm: Rhythm, said: _Said) -> tuple[str, str]:
    if rhythm.unable:
        return "", ""
    if rhythm.hours:
        minute, hour = rhythm.hours
        minute = str(said.minute) if said.minute is not None and minute == "0" else minute
        if said.between:
            low, high = said.between
            high = high - 1 if minute.startswith("*/") else high
            step = hour.partition("/")[2]
            hour = f"{low}-{high}" + (f"/{step}" if step else "")
        return f"{minute} {hour} {rhythm.days}", ""
    if said.times:
        times = _in_part(said.times, _PART_OF.get(rhythm.hour, ""))
        minutes = sorted({minute for _, minute in times})
        hours = sorted({hour for hour, _ in times})
        if len(minutes) * len(hours) != len(set(times)):
            return "", "One schedule cannot name these times of day."
        named = [",".join(map(str, numbers)) for numbers in (minutes, hours)]
        return f"{named[0]} {named[1]} {rhythm.days}", ""
    hour = PARTS.get(said.part, rhythm.hour)
    if hour is not None:
        return f"0 {hour} {rhythm.days}", f"No hour is said: {hour}:00 is assumed."
    return f"0 9 {rhythm.days}", "The request names no time of day: 9:00 is assumed."


def daily(words: str) -> Schedule | None:
    """Return the schedule of a bare time of day, "at midnight", which is taken to be every day."""
    match = re.fullmatch(rf"at\s+{TIME}", words.strip(), re.I)
    found = find_schedule(f"every day {words.strip()}") if match else None
    said = f"{words.strip()!r} is taken to be every day."
    return replace(found, words=words, assumed=said) if found else None


def changed_schedule(words: str, cron: str) -> str | None:
    """Return a cron expression changed as words say: another time of day, other days, or both.

    "at 7:30, weekends included" changes the time and drops the restriction to weekdays. None where
    the words say neither.
    """
    week = _changed_days(words)
    whole = find_schedule(words) if week != "*" else None
    if whole is not None and whole.cron and (whole.assumed == "" or _BARE.search(words)):
        return whole.cron
    fields = cron.split()
    if len(fields) != 5:
        return None
    match = _AT.search(words) or re.search(
        r"\b(?P<times>\d{1,2}:\d\d(?:\s*[ap]m)?|noon|midnight|\d{1,2}\s*[ap]\.?m)", words, re.I
    )
    times = _clocks(match.group("times"), "") if match else ()
    if times:
        fields[0], fields[1] = str(times[0][1]), str(times[0][0])
    if week is not None:
        fields[4] = week
    if whole is not None and whole.cron:
        fields[2:] = whole.cron.split()[2:]
    return " ".join(fields) if times or week is not None or whole is not None else None


def _changed_days(words: str) -> str | None:
    if re.search(
        r"\bweek-?ends?,?\s+(?:included|too|as well|also)|including\s+"
        r"(?:the\s+)?week-?ends?|\bevery day\b",
        words,
        re.I,
    ):
        return "*"
    if re.search(
        r"\b(?:not|except|without|skip)\b.{0,12}\bweek-?ends?\b|\bonly on week-?days\b", words, re.I
    ):
        return "1-5"
    match = re.search(
        r"\b(?:only\s+)?on\s+([A-Z]\w+days?(?:(?:,\s*|\s+and\s+)[A-Z]\w+days?)*)", words
    )
    days = days_in(match.group(1)) if match else set[int]()
    return ",".join(str(day) for day in sorted(days)) or None
