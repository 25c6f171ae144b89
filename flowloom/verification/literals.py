"""Values written in a document against JSON Schemas; texts with expressions are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import schema_in_words, shape_of

__all__ = ["FORMATS", "LiteralProblem", "literal_problems"]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z|[^@\s]+@localhost\Z")
_DURATION = re.compile(
    r"(\d+(\.\d+)?\s*(ms|s|m|h|d|w))+\Z|P(?=.)(\d+[YMWD])*(T(\d+(\.\d+)?[HMS])+)?\Z"
)
_CRON_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CRON_NAMES = frozenset((*_MONTHS, "sun", "mon", "tue", "wed", "thu", "fri", "sat"))


@dataclass(frozen=True)
class LiteralProblem:
    """What is wrong with one value, at a path inside what was given."""

    path: Path
    message: str
    format: bool = False
    candidates: tuple[str, ...] = ()


def literal_problems(value: Any, schema: JsonSchema, path: Path = ()) -> Iterator[LiteralProblem]:
    """Yield what a schema refuses in a value that may hold expressions."""
    if isinstance(value, str) and "${{" in value:
        return
    shape = shape_of(schema)
    if shape.kind == "any" or (value is None and shape.nullable):
        yield from _enum(value, schema, path)
        return
    if not _is_of(value, shape.kind):
        message = f"{value!r:.60} is no {schema_in_words(schema)}."
        yield LiteralProblem(path, message)
        return
    yield from _enum(value, schema, path)
    yield from _range(value, schema, path)
    yield from _format(value, schema, path)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from literal_problems(item, shape.items, (*path, index))
    elif isinstance(value, dict):
        yield from _members(value, shape.kind, schema, path)


def _members(
    value: dict[str, Any], kind: str, schema: JsonSchema, path: Path
) -> Iterator[LiteralProblem]:
    shape = shape_of(schema)
    if kind == "map":
        for name, item in value.items():
            yield from literal_problems(item, shape.items, (*path, name))
        return
    for name in sorted(shape.required - set(value)):
        yield LiteralProblem(path, f"The key {name!r} is missing.")
    for name, item in value.items():
        if name in shape.properties:
            yield from literal_problems(item, shape.properties[name], (*path, name))
        elif schema.get("additionalProperties") is False:
            close = tuple(get_close_matches(name, shape.properties, n=3, cutoff=0.55))
            yield LiteralProblem((*path, name), f"There is no key {name!r} in it.", False, close)


def _is_of(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _enum(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        names = [str(item) for item in allowed]
        close = tuple(get_close_matches(str(value), names, n=3, cutoff=0.5))
        listed = ", ".join(map(repr, allowed[:12]))
        yield LiteralProblem(path, f"{value!r:.60} is none of {listed}.", False, close)


def _range(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    size = len(value) if isinstance(value, str | list) else value
    low_key, high_key = {str: ("minLength", "maxLength"), list: ("minItems", "maxItems")}.get(
        type(value), ("minimum", "maximum")
    )
    low, high = schema.get(low_key), schema.get(high_key)
    if isinstance(size, bool) or not isinstance(size, int | float):
        return
    if isinstance(low, int | float) and size < low:
        yield LiteralProblem(path, f"{value!r:.60} is below the least, {low}.")
    if isinstance(high, int | float) and size > high:
        yield LiteralProblem(path, f"{value!r:.60} is above the most, {high}.")


def _format(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    form = schema.get("format")
    test = FORMATS.get(form) if isinstance(form, str) else None
    if isinstance(value, str) and test is not None and not test(value):
        yield LiteralProblem(path, f"{value!r:.60} is no {form}.", True)
    pattern = schema.get("pattern")
    if isinstance(value, str) and isinstance(pattern, str) and _refuses(pattern, value):
        yield LiteralProblem(path, f"{value!r:.60} does not have the form {pattern}.", True)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None  # JSON Schema's regular expressions know things that Python's do not.


def _refuses(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is not None and compiled.search(value[:2_000]) is None


def _is_uri(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme) and bool(parts.netloc or parts.path) and " " not in value


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return test


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_cron(value: str) -> bool:
    fields = value.split()
    return len(fields) == 5 and all(
        _is_cron_field(field, low, high)
        for field, (low, high) in zip(fields, _CRON_FIELDS, strict=True)
    )


def _is_cron_field(field: str, low: int, high: int) -> bool:
    return all(_is_cron_part(part, low, high) for part in field.split(","))


def _is_cron_part(part: str, low: int, high: int) -> bool:
    span, _, step = part.partition("/")
    if step and not (step.isdigit() and int(step) > 0):
        return False
    ends = span.split("-")
    if span == "*" or (len(ends) <= 2 and all(end.lower()[:3] in _CRON_NAMES for end in ends)):
        return True
    return len(ends) <= 2 and all(end.isdigit() and low <= int(end) <= high for end in ends)


def _is_regex(value: str) -> bool:
    try:
        re.compile(value)
    except re.error:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {
    "email": lambda value: bool(_EMAIL.match(value)),
    "uri": _is_uri,
    "date": _parses(date.fromisoformat),
    "date-time": _parses(datetime.fromisoformat),
    "duration": lambda value: bool(_DURATION.match(value)),
    "timezone": lambda value: value in _zones(),
    "cron": _is_cron,
    "regex": _is_regex,
}
"""The formats that are checked; others say only what a text is for."""
