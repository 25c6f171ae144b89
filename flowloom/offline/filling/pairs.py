"""Two values that words name together: "replace x with y", "from x to y", "between 1 and 6"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flowloom.offline.filling.choices import SIGNS
from flowloom.offline.filling.literals import Value
from flowloom.offline.filling.typed_values import typed_value
from flowloom.offline.reading.lexicon import word_set
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.offline.timing.clock import TIME, clock_of
from flowloom.offline.timing.moments import date_in, duration_in

__all__ = ["paired"]

_FIRST = word_set("start from timemin minimum head find old since after oldest source base_old")
_SECOND = word_set("end to timemax maximum base replacement new until before latest target")
_V = r"(⟦\d+⟧|[\w.:/-]+)"
_REPLACE = re.compile(
    rf"\b(?:replac\w*|swap\w*|substitut\w*|chang\w*|turn\w*)\s+(?:(?:every|each|all|the|any)\s+)*"
    rf"(?:(?:occurrences? of|words?|texts?|characters?|spaces?)\s+)?{_V}\s+(?:with|by|for"
    rf"|to|into)\s+(?:an?\s+|the\s+)?{_V}",
    re.I,
)
_FROM_TO = re.compile(
    rf"\bfrom\s+(?:the\s+)?(?:\w+\s)??{_V}\s+(?:to|into|until|till|onto)\s+(?:the\s+)?"
    rf"(?:\w+\s)??{_V}",
    re.I,
)
_NUMBERS = re.compile(r"(?<![\w.:-])(\d+)\s+(?:to|through)\s+(\d+)(?![\w.:])")
_BETWEEN = re.compile(rf"\bbetween\s+{_V}\s+and\s+{_V}", re.I)


def paired(
    text: str, masked: Masked, inputs: Mapping[str, dict[str, Any]], taken: set[str]
) -> dict[str, Any]:
    """Return the values of the two inputs that a pair of the words fills; empty if none does.

    Args:
        taken: names that have a value; masks that are used are added.
    """
    first = next((name for name in inputs if name.lower() in _FIRST and name not in taken), None)
    second = next((name for name in inputs if name.lower() in _SECOND and name not in taken), None)
    if first is None or second is None:
        return {}
    spans = _span(text, masked)
    if spans is not None:
        wanted = zip(spans, (first, second), strict=True)
        values = [_value(word, masked, inputs[name]) for word, name in wanted]
        if all(value is not None for value in values):
            return {first: values[0], second: values[1]}
    patterns = (_REPLACE,) if first.lower() in ("find", "old") else (_BETWEEN, _FROM_TO, _NUMBERS)
    for pattern in patterns:
        for match in pattern.finditer(text):
            wanted = zip(match.groups(), (first, second), strict=True)
            values = [_value(word, masked, inputs[name]) for word, name in wanted]
            if all(value is not None for value in values):
                taken.update(re.findall(r"⟦\d+⟧", match.group(0)))
                return {first: values[0], second: values[1]}
    return {}


def _span(text: str, masked: Masked) -> tuple[str, str] | None:
    """ "on 2026-05-04 from 10:00 to 11:00", "on 2026-05-04 at 10 for an hour"."""
    days = [found for value in re.findall(r"⟦(\d+)⟧", text)
            if (found := date_in(masked.values[int(value)])) and "T" not in found]  # fmt: skip
    day = days[0] if len(days) == 1 else date_in(re.sub(r"⟦\d+⟧", " ", text))
    if day is None or len(days) > 1:
        return None
    match = re.search(
        rf"\b(?:from|between|at)\s+({TIME}|\d{{1,2}})(?:\s*(?:to|until|till|and|-|–)\s*"
        rf"({TIME}|\d{{1,2}}\b))?",
        text,
        re.I,
    )
    start = clock_of(match.group(1)) if match else None
    if match is None or start is None:
        return None
    end = clock_of(match.group(2)) if match.group(2) else None
    length = duration_in(text)
    begins = datetime.fromisoformat(f"{day[:10]}T{start[0]:02d}:{start[1]:02d}:00")
    if end is None and length is None:
        return None
    ends = begins.replace(hour=end[0], minute=end[1]) if end else begins + _length(length or "0m")
    return f"{begins.isoformat()}Z", f"{ends.isoformat()}Z"


def _length(text: str) -> timedelta:
    units = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    parts = re.findall(r"(\d+(?:\.\d+)?)([dhms])", text)
    return sum((timedelta(**{units[unit]: float(n)}) for n, unit in parts), timedelta())


def _value(word: str, masked: Masked, schema: dict[str, Any]) -> Any:
    mask = re.fullmatch(r"⟦(\d+)⟧", word)
    text = masked.values[int(mask.group(1))] if mask else SIGNS.get(word.lower().rstrip("s"), word)
    names: Mapping[str, Any] = schema.get("properties") or {}
    if str(schema.get("format", "")).startswith("date") or "dateTime" in names:
        moment = date_in(text)
        if moment is None or not names:
            short = moment is not None and "T" not in moment and schema.get("format") == "date-time"
            return f"{moment}T00:00:00Z" if short else moment
        return {"dateTime" if "T" in moment else "date": moment}
    if kind_of_schema(schema) not in ("string", "integer", "number") or schema.get("format"):
        return None
    if "@" in text:
        return None
    return typed_value(Value(text, "name", 0, 0, quoted=True), schema)
