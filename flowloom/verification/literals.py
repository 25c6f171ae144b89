"""Values written in a document against JSON Schemas; texts with expressions are passed over."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias, cast

from flowloom.catalog.component import JsonSchema
from flowloom.verification.formats import (
    FORMAT_HINTS,
    FORMATS,
    compiled_pattern,
    format_problem,
    near_time_zones,
)
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import alternatives_of, schema_in_words, shape_of

__all__ = ["FORMATS", "LiteralProblem", "ProblemKind", "literal_problems", "shown"]

ProblemKind: TypeAlias = Literal["value", "form", "key"]
_CHOICES_SHOWN = 12
_LONGEST_MATCHED = 2_000


@dataclass(frozen=True)
class LiteralProblem:
    """What is wrong with one value, at a path inside what was given.

    Attributes:
        kind: a ``value`` that is not allowed, a text without the right ``form``, or a ``key`` that
            an object does not have.
    """

    path: Path
    message: str
    kind: ProblemKind = "value"
    candidates: tuple[str, ...] = ()
    hint: str = ""


def literal_problems(value: Any, schema: JsonSchema, path: Path = ()) -> Iterator[LiteralProblem]:
    """Yield what a schema refuses in a value that may hold expressions."""
    if isinstance(value, str) and "${{" in value:
        return
    if "default" in schema and _same(value, schema["default"]):
        return
    options = alternatives_of(schema)
    if len(options) == 1:
        yield from _of_one(value, options[0], path)
        return
    found = [list(_of_one(value, option, path)) for option in options]
    if all(found):
        yield from _of_none(value, options, found, path)


def _of_none(
    value: Any, options: Sequence[JsonSchema], found: list[list[LiteralProblem]], path: Path
) -> Iterator[LiteralProblem]:
    """Yield the problems of the alternative that is meant; else say that none fits."""
    of_its_kind = [
        problems
        for option, problems in zip(options, found, strict=True)
        if _is_of(value, shape_of(option).kind)
    ]
    if len(of_its_kind) == 1:
        yield from of_its_kind[0]
        return
    choices = _choices(options)
    if choices:
        yield _no_choice(value, choices, path)
        return
    words = list(dict.fromkeys(map(schema_in_words, options)))
    message = f"{shown(value)} fits none of: {', '.join(words)}."
    nearest = min(of_its_kind, key=len, default=[])
    if nearest:
        message = f"{shown(value)} fits none of the {len(options)} forms. {nearest[0].message}"
    yield LiteralProblem(path, message)


def _choices(options: Sequence[JsonSchema]) -> list[Any]:
    """Return the values of a union that only lists values, else nothing."""
    choices: list[Any] = []
    for option in options:
        if "const" in option:
            choices.append(option["const"])
        elif isinstance(option.get("enum"), list):
            choices += option["enum"]
        elif option.get("type") != "null":
            return []
    return choices


def _of_one(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    """Yield what a schema without unions refuses."""
    shape = shape_of(schema)
    if value is None and shape.nullable:
        return
    if shape.kind != "any" and not _is_of(value, shape.kind):
        yield LiteralProblem(path, f"{shown(value)} is no {schema_in_words(schema)}.")
        return
    for test in (_enum, _range, _text, _excluded):
        yield from test(value, schema, path)
    if isinstance(value, list):
        yield from _items(cast(list[Any], value), schema, path)
    elif isinstance(value, dict):
        yield from _members(cast(dict[str, Any], value), schema, path)


def _items(value: list[Any], schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    if schema.get("uniqueItems") is True:
        seen: set[str] = set()
        for index, item in enumerate(value):
            key = json.dumps(item, sort_keys=True, default=repr)
            if key in seen:
                message = f"{shown(item)} stands twice in the list."
                yield LiteralProblem((*path, index), message)
            seen.add(key)
    prefix = schema.get("prefixItems")
    known = cast(list[Any], prefix) if isinstance(prefix, list) else []
    rest = schema.get("items")
    for index, item in enumerate(value):
        inner = known[index] if index < len(known) else rest
        if isinstance(inner, dict):
            yield from literal_problems(item, cast(JsonSchema, inner), (*path, index))


def _members(value: dict[str, Any], schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    known = _mapping(schema, "properties")
    patterns = _mapping(schema, "patternProperties")
    required = schema.get("required")
    listed = ", ".join(map(repr, list(known)[:_CHOICES_SHOWN]))
    for name in required if isinstance(required, list) else ():
        if name not in value:
            yield LiteralProblem(path, f"The key {name!r} is missing.")
    for name, needs in _mapping(schema, "dependentRequired").items():
        missing = [item for item in needs if item not in value] if name in value else []
        if missing:
            yield LiteralProblem(path, f"With the key {name!r}, {missing[0]!r} is needed too.")
    more = schema.get("additionalProperties")
    for name, item in value.items():
        inner = [known[name]] if name in known else []
        inner += [other for key, other in patterns.items() if _matches(key, name)]
        if not inner and more is False:
            close = tuple(get_close_matches(name, known, n=3, cutoff=0.55))
            message = f"There is no key {name!r} in it. It has: {listed or 'none'}."
            yield LiteralProblem((*path, name), message, "key", close)
        for found in inner or [more]:
            if isinstance(found, dict):
                yield from literal_problems(item, cast(JsonSchema, found), (*path, name))


def _mapping(schema: JsonSchema, key: str) -> dict[str, Any]:
    value = schema.get(key)
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _is_of(value: Any, kind: str) -> bool:
    match kind:
        case "any":
            return True
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
    allowed: Any = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(allowed, list) and not _holds_expression(value):
        choices = cast(list[Any], allowed)
        if not any(_same(value, item) for item in choices):
            yield _no_choice(value, choices, path)


def _no_choice(value: Any, choices: list[Any], path: Path) -> LiteralProblem:
    names = [str(item) for item in choices]
    folded = [name for name in names if name.lower() == str(value).lower()]
    close = tuple(dict.fromkeys([*folded, *get_close_matches(str(value), names, 3, 0.5)]))
    if len(choices) == 1:
        message = f"{shown(value)} is not {choices[0]!r}, the only value that it may have."
        return LiteralProblem(path, message, "value", tuple(names))
    more = f" and {len(choices) - _CHOICES_SHOWN} more" if len(choices) > _CHOICES_SHOWN else ""
    listed = ", ".join(map(repr, choices[:_CHOICES_SHOWN]))
    return LiteralProblem(path, f"{shown(value)} is none of {listed}{more}.", "value", close)


_SIZES: dict[type, tuple[str, str, str]] = {
    str: ("minLength", "maxLength", "characters"),
    list: ("minItems", "maxItems", "entries"),
    dict: ("minProperties", "maxProperties", "keys"),
}
_Compare: TypeAlias = Callable[[float, float], bool]
_LIMITS: tuple[tuple[str, _Compare, str], ...] = (
    ("minimum", lambda value, limit: value < limit, "below the least, {}"),
    ("maximum", lambda value, limit: value > limit, "above the most, {}"),
    ("exclusiveMinimum", lambda value, limit: value <= limit, "not above {}"),
    ("exclusiveMaximum", lambda value, limit: value >= limit, "not below {}"),
    ("multipleOf", lambda value, limit: not _is_multiple(value, limit), "no multiple of {}"),
)


def _range(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    if isinstance(value, str | list | dict):
        low, high, words = _SIZES[type(value)]
        least: Any = schema.get(low)
        most: Any = schema.get(high)
        count = len(value)
        if _is_of(least, "number") and count < least:
            yield LiteralProblem(path, f"{shown(value)} has {count} {words}; the least is {least}.")
        if _is_of(most, "number") and count > most:
            yield LiteralProblem(path, f"{shown(value)} has {count} {words}; the most is {most}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    for key, refuses, words in _LIMITS:
        limit: Any = schema.get(key)
        # In older drafts exclusiveMinimum is a boolean beside minimum.
        exclusive = key in ("minimum", "maximum") and schema.get(f"exclusiveM{key[1:]}") is True
        if _is_of(limit, "number") and (refuses(value, limit) or (exclusive and value == limit)):
            yield LiteralProblem(path, f"{shown(value)} is {words.format(limit)}.")


def _is_multiple(value: float, of: float) -> bool:
    if of == 0 or not math.isfinite(value / of):
        return True
    return abs(value / of - round(value / of)) < 1e-9


def _text(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    if not isinstance(value, str):
        return
    said = format_problem(value, schema)
    if said is not None:
        near = near_time_zones(value) if schema.get("format") == "timezone" else ()
        nearest = f" Nearest: {', '.join(map(repr, near))}." if near else ""
        hint = FORMAT_HINTS.get(str(schema.get("format")), "")
        yield LiteralProblem(path, said + nearest, "form", near, hint)
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not _matches(pattern, value):
        yield LiteralProblem(path, f"{shown(value)} does not have the form {pattern}.", "form")


def _matches(pattern: str, value: str) -> bool:
    # JSON Schema's regular expressions know things that Python's do not.
    compiled = compiled_pattern(pattern)
    return compiled is None or compiled.search(value[:_LONGEST_MATCHED]) is not None


def _excluded(value: Any, schema: JsonSchema, path: Path) -> Iterator[LiteralProblem]:
    other = schema.get("not")
    if isinstance(other, dict) and _surely_fits(value, cast(JsonSchema, other)):
        said = f"{schema_in_words(other)}" if set(other) == {"type"} else json.dumps(other)
        yield LiteralProblem(path, f"{shown(value)} is what it must not be: {said:.80}.")


_WORDS = """
    type enum const pattern required title description minimum maximum exclusiveMinimum
    exclusiveMaximum minLength maxLength
"""
_UNDERSTOOD = frozenset(_WORDS.split())


def _surely_fits(value: Any, schema: JsonSchema) -> bool:
    """Return whether a value fits a schema of which every word is understood."""
    if not schema or not _UNDERSTOOD.issuperset(schema) or _holds_expression(value):
        return False
    if isinstance(schema.get("required"), list) and not isinstance(value, dict):
        return False
    return not any(True for _ in literal_problems(value, schema))


def _holds_expression(value: Any) -> bool:
    if isinstance(value, str):
        return "${{" in value
    if isinstance(value, dict):
        return any(map(_holds_expression, cast(dict[str, Any], value).values()))
    return isinstance(value, list) and any(map(_holds_expression, cast(list[Any], value)))


def _same(value: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; true is not 1."""
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def shown(value: Any) -> str:
    """Return a value for a message, shortened; the order of keys does not change it."""
    return f"{_ordered(value)!r:.60}"


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast(dict[Any, Any], value)
        return {key: _ordered(found[key]) for key in sorted(found, key=str)}
    return [_ordered(item) for item in cast(list[Any], value)] if isinstance(value, list) else value
