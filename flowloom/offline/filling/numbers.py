"""Numbers for inputs that no word names: how many, between which, which page."""

from __future__ import annotations

import re
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.input_names import spaced
from flowloom.offline.filling.literals import Value
from flowloom.offline.planning.shapes import EXTENSIONS
from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["LIMITS", "formula_in", "limit_in", "money_in", "number_for", "pattern_in"]

LIMITS = ("limit", "count", "n", "per_page", "page_size", "max_results", "maxResults")
_FIRST = (
    r"first|top|last|latest|newest|oldest|recent|most\s+recent|next|largest|biggest|highest|lowest"
    r"|smallest|cheapest|best|upcoming"
)
_AMOUNT = r"(?P<n>\d+|" + "|".join(NUMBERS) + ")"
_LIMIT = re.compile(
    rf"\b(?:{_FIRST}|up\s+to|at\s+most|no\s+more\s+than|maximum\s+of|limit(?:ed)?\s+(?:to|of))\s+{_AMOUNT}\b"
    rf"|\b{_AMOUNT.replace('<n>', '<m>')}\s+(?:{_FIRST})\b",
    re.I,
)
_ONE = re.compile(
    r"\b(?:the|my|our|its|their)\s+(?:newest|latest|most\s+recent|last|oldest)\s+(?:\w+\s+)?(?P<noun>[a-z-]+)\b",
    re.I,
)
_NOT_LIMITS = re.compile(r"\s*(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b", re.I)


def number_for(
    name: str, schema: dict[str, Any], text: str, values: list[Value], component: Component
) -> Any:
    """Return the number that an input takes from the words, or None."""
    kind = kind_of_schema(schema)
    if kind not in ("integer", "number"):
        return None
    skips = re.match(r"\s*(?:skip|drop|leave out|without|ignore|omit)\b", text, re.I)
    if name in LIMITS:
        return None if skips else limit_in(text)
    if name in ("start", "offset") and "count" in component.inputs and skips:
        return limit_in(text)
    if name not in component.required:
        return None
    numeric = [item for item in component.required
               if kind_of_schema(component.inputs[item]) in ("integer", "number")]  # fmt: skip
    if len(numeric) != len(values) or name not in numeric or spaced(name).endswith(" number"):
        return None
    number = values[numeric.index(name)].text
    return float(number) if kind == "number" or "." in number else int(number)


def limit_in(text: str) -> int | None:
    """Return how many are wanted: "the first five", "10 newest", "the newest mail" is one."""
    match = _LIMIT.search(text)
    if match is not None and not _NOT_LIMITS.match(text[match.end() :]):
        word = (match.group("n") or match.group("m")).lower()
        return NUMBERS.get(word) or int(word)
    one = _ONE.search(text)
    if one is None or one.group("noun").lower().endswith("s"):
        return None
    return 1


_MONEY = re.compile(
    r"(?P<sign>[$€£¥])\s?(?P<a>\d+(?:\.\d+)?)"
    r"|(?P<b>\d+(?:\.\d+)?)\s*(?P<word>dollars?|euros?|pounds?|yen|won|USD|EUR|GBP|JPY|CHF|KRW|[$€£¥])",
    re.I,
)
_CURRENCIES = {
    "$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "dollar": "usd", "euro": "eur",
    "pound": "gbp", "yen": "jpy", "won": "krw",
}  # fmt: skip
_WITHOUT_CENTS = frozenset({"jpy", "krw"})


def money_in(name: str, schema: dict[str, Any], text: str) -> Any:
    """Return the amount, in the unit that its description names, or the currency."""
    match = _MONEY.search(text)
    if match is None:
        return None
    word = (match.group("sign") or match.group("word")).lower()
    currency = _CURRENCIES.get(word) or _CURRENCIES.get(word.rstrip("s")) or word
    if name == "currency":
        return currency
    number = float(match.group("a") or match.group("b"))
    small = "smallest unit" in str(schema.get("description") or "")
    number = number * 100 if small and currency not in _WITHOUT_CENTS else number
    whole = (
        round(number) if kind_of_schema(schema) == "integer" or number == int(number) else number
    )
    return str(whole) if kind_of_schema(schema) == "string" else whole


def formula_in(text: str) -> str | None:
    """Return the arithmetic that words write: "12 * 7"."""
    percent = re.search(
        r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)\s+of\s+(\d+(?:\.\d+)?)", text, re.I
    )
    if percent:
        return f"{percent.group(2)} * {percent.group(1)} / 100"
    match = re.search(r"[\d(][\d\s.()]*(?:[-+*/%]+[\s\d.()]+)+", text)
    return match.group(0).strip() if match else None


def pattern_in(text: str) -> str | None:
    """Return the pattern of file names that words mean: "all .txt files", "the CSV files"."""
    match = re.search(r"(?<!\w)\.(\w{1,5})(?:[- ]files?)?\b|\b([A-Za-z]{2,4})[- ]files?\b", text)
    if match is None:
        return None
    ending = (match.group(1) or match.group(2)).lower()
    known = match.group(1) or ending in EXTENSIONS
    return f"*.{ending}" if known else None
