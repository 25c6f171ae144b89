"""What words for days, dates and counts look like, and what they mean to a cron expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.reading.lexicon import NUMBERS

__all__ = [
    "COUNT",
    "DATE",
    "DATES",
    "DAY",
    "DAY_LIST",
    "DAY_NAMES",
    "EXCEPT",
    "FULL_DAY",
    "MONTH",
    "MONTHS",
    "NTH",
    "NTHS",
    "OF_MONTH",
    "ORDINALS",
    "SPAN",
    "Rhythm",
    "count_of",
    "day_number",
    "days_in",
    "week_field",
]

DAY_NAMES = {"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5,
             "saturday": 6}  # fmt: skip
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december"]  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
             "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "fifteenth": 15, "twentieth": 20,
             "last": -1}  # fmt: skip
DAY = r"(?:(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?s?)"
FULL_DAY = r"(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day)"
KIND = r"(?:week-?days?|work(?:ing|\s)?\s?days?|business days?|week-?ends?)"
DAYS = rf"(?:{DAY}|{KIND})"
SPAN = rf"{DAY}\s*(?:to|through|thru|until|till|-|–)\s*{DAY}"
DAY_LIST = (
    rf"(?:{SPAN}|{DAYS}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+or\s+)(?:"
    rf"(?:on|every|each)\s+)?{DAYS})*)"
)
EXCEPT = rf"(?:,?\s+(?:except|but not|excluding|other than)\s+(?:on\s+)?(?P<not>{DAY_LIST}))?"
COUNT = r"(?:\d+|other|second|third|fourth|" + "|".join(NUMBERS) + ")"
NTH = r"(?:\d{1,2}(?:st|nd|rd|th)|" + "|".join(ORDINALS) + ")"
NTHS = rf"{NTH}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?{NTH})*"
OF_MONTH = r"\s+(?:of|in)\s+(?:each|every|the|a|any|all)\s+months?"
MONTH = "(?:" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + r")\.?"
DATE = (
    rf"(?:(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)"
)
DATES = rf"{DATE}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:on\s+)?{DATE})*"


@dataclass(frozen=True)
class Rhythm:
    """How often something happens, and where the words for it stand.

    Attributes:
        days: day of month, month and day of week of a cron expression.
        hour: the hour that the words imply ("every morning"), else None.
        hours: every how many minutes or hours, as the minute and hour fields.
        assumed: what cron cannot say and is done instead.
        unable: whether no cron expression comes near.
    """

    start: int
    end: int
    days: str = "* * *"
    hour: int | None = None
    hours: tuple[str, str] | None = None
    assumed: str = ""
    unable: str = ""


def days_in(words: str) -> set[int]:
    """Return the days of the week that words name: "Monday to Friday", "weekends", "Mon, Wed"."""
    lower = words.lower()
    found: set[int] = set()
    for first, last in re.findall(
        rf"({DAY})\s*(?:to|through|thru|until|till|-|–)\s*({DAY})", lower
    ):
        low, high = day_number(first), day_number(last)
        found |= {day % 7 for day in range(low, (high if high >= low else high + 7) + 1)}
    found |= {day_number(word) for word in re.findall(rf"\b{DAY}\b", lower)}
    if re.search(r"week-?days?|work(?:ing|\s)?\s?days?|business days?", lower):
        found |= {1, 2, 3, 4, 5}
    return found | ({0, 6} if re.search(r"week-?ends?", lower) else set())


def day_number(word: str) -> int:
    return next(number for name, number in DAY_NAMES.items() if name[:3] == word[:3].lower())


def week_field(days: set[int]) -> str:
    if days == {1, 2, 3, 4, 5}:
        return "1-5"
    return "*" if len(days) == 7 else ",".join(str(day) for day in sorted(days))


def count_of(word: str) -> int:
    lower = word.lower()
    named = {"other": 2, "second": 2, "third": 3, "fourth": 4, "half": 0}
    return named.get(lower) or NUMBERS.get(lower) or int(lower)
