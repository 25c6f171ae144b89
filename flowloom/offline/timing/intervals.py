"""Intervals in words: "every 15 minutes", "hourly", "twice a day"."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.timing.day_words import COUNT, DAY_LIST, Rhythm, count_of, days_in, week_field

__all__ = ["adverbs", "intervals"]


def intervals(text: str) -> list[Rhythm]:
    pattern = (
        rf"\b(?:every|each)\s+(?P<n>{COUNT}\s+|half(?:\s+an?)?[\s-]+|"
        rf"(?:three\s+)?quarters?\s+of\s+an\s+)?"
        r"(?P<unit>minute|min|hour|day|week|month|quarter|year|night|morning|afternoon"
        r"|evening|lunchtime)s?\b"
        rf"(?P<not>(?:,?\s+(?:except|but not(?:\s+on)?|excluding)\s+(?:on\s+)?{DAY_LIST})?)"
    )
    found: list[Rhythm] = []
    for match in re.finditer(pattern, text, re.I):
        item = _every(match, (match.group("n") or "").strip().lower(), match.group("unit").lower())
        if match.group("not"):
            days = set(range(7)) - days_in(match.group("not"))
            item = replace(item, days=f"* * {week_field(days)}")
        found.append(item)
    return found


def _every(match: re.Match[str], count: str, unit: str) -> Rhythm:
    start, end = match.start(), match.end()
    if "quarter" in count:
        minutes = 45 if count.startswith("three") else 15
        return _minutes(start, end, minutes)
    if count.startswith("half"):
        return _minutes(start, end, 30 if unit == "hour" else 0)
    number = count_of(count) if count else 1
    if unit in ("minute", "min"):
        return _minutes(start, end, number)
    if unit == "hour":
        return _hours(start, end, number)
    days = {
        "day": "*",
        "week": "* * 1",
        "month": "1 * *",
        "quarter": "1 1,4,7,10 *",
        "year": "1 1 *",
    }
    if unit == "day":
        text = "* * *" if number == 1 else f"*/{number} * *"
        return Rhythm(start, end, text)
    if unit == "month" and number > 1:
        return Rhythm(start, end, f"1 */{number} *", unable="" if 12 % number == 0 else "months")
    if unit == "week" and number > 1:
        return Rhythm(start, end, "* * 1", assumed=(
            f"A cron schedule cannot count {number} weeks: it fires every week."))  # fmt: skip
    if unit in days:
        return Rhythm(start, end, days[unit])
    hour = {"night": 22, "morning": 8, "afternoon": 14, "evening": 18, "lunchtime": 12}[unit]
    return Rhythm(start, end, hour=hour)


def _minutes(start: int, end: int, number: int) -> Rhythm:
    if number and number % 60 == 0:
        return _hours(start, end, number // 60)
    if number < 1 or number > 60 or 60 % number:
        said = f"A cron schedule cannot fire every {number} minutes."
        return Rhythm(start, end, hours=(f"*/{max(number, 1)}", "*"), unable=said)
    return Rhythm(start, end, hours=(f"*/{number}" if number > 1 else "*", "*"))


def _hours(start: int, end: int, number: int) -> Rhythm:
    unable = "" if 24 % number == 0 else f"A cron schedule cannot fire every {number} hours."
    return Rhythm(start, end, hours=("0", f"*/{number}" if number > 1 else "*"), unable=unable)


_ADVERBS: dict[str, tuple[str, tuple[str, str] | None, int | None]] = {
    "hourly": ("* * *", ("0", "*"), None), "daily": ("* * *", None, None),
    "nightly": ("* * *", None, 0), "weekly": ("* * 1", None, None),
    "monthly": ("1 * *", None, None), "quarterly": ("1 1,4,7,10 *", None, None),
    "yearly": ("1 1 *", None, None), "annually": ("1 1 *", None, None),
}  # fmt: skip
_TIMES = {"once": 1, "one time": 1, "twice": 2, "two times": 2, "three times": 3, "four times": 4}


def adverbs(text: str) -> list[Rhythm]:
    found: list[Rhythm] = []
    for match in re.finditer(r"\b(" + "|".join(_ADVERBS) + r")\b(?!\s+[a-z]+ly\b)", text, re.I):
        noun = re.match(r"\s+[a-z]+", text[match.end() :])
        if noun and re.search(
            r"\b(?:the|an?|our|my|its|their|this)\s*$", text[: match.start()], re.I
        ):
            continue  # "the daily report" says what it is called.
        days, hours, hour = _ADVERBS[match.group(1).lower()]
        on = re.match(rf"\s+on\s+({DAY_LIST})\b", text[match.end() :], re.I)
        if on and match.group(1).lower() == "weekly":
            days, end = f"* * {week_field(days_in(on.group(1)))}", match.end() + on.end()
        else:
            end = match.end()
        found.append(Rhythm(match.start(), end, days, hours=hours, hour=hour))
    pattern = (
        r"\b(once|twice|(?:one|two|three|four) times?)\s+(?:a|an|per|each|every)\s+"
        r"(hour|day|week|month|year)\b"
    )
    for match in re.finditer(pattern, text, re.I):
        found.append(
            _so_often(match, _TIMES[match.group(1).lower().rstrip()], match.group(2).lower())
        )
    return found


def _so_often(match: re.Match[str], number: int, unit: str) -> Rhythm:
    start, end = match.start(), match.end()
    if unit == "hour":
        return _minutes(start, end, 60 // number)
    if number > 1 and unit == "day":
        step = 24 // number
        return Rhythm(start, end, hours=("0", f"*/{step}"),
                      assumed=f"{match.group(0)!r} is taken to be every {step} hours.")  # fmt: skip
    days = {"day": "* * *", "week": "* * 1", "month": "1 * *", "year": "1 1 *"}[unit]
    on = re.match(rf"\s+on\s+({DAY_LIST})\b", match.string[end:], re.I)
    if on and unit == "week" and len(days_in(on.group(1))) == number:
        return Rhythm(start, end + on.end(), f"* * {week_field(days_in(on.group(1)))}")
    unable = "" if number == 1 else f"It is not said when {match.group(0)!r} is."
    return Rhythm(start, end, days, unable=unable)
