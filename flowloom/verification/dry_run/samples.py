"""Values made from JSON Schemas: the same for the same schema and seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.schema_types import shape_of

__all__ = ["UNKNOWN", "has_unknown", "sample"]

_MAX_DEPTH = 8
_TEXTS = ("text", "7", "2026-01-05T09:30:00Z", "a,b;c d", "10s")
_FORMATS: Mapping[str, str] = {
    "date": "2026-01-05",
    "date-time": "2026-01-05T09:30:00Z",
    "time": "09:30:00",
    "duration": "10s",
    "email": "ann@example.org",
    "uri": "https://example.org/page",
    "uuid": "0b0e7b2e-4a52-4d3e-9f43-0a6a3a3d5c11",
    "cron": "0 9 * * 1",
    "timezone": "UTC",
    "ipv4": "192.0.2.1",
    "hostname": "example.org",
}


UNKNOWN: str = b"a value that no schema describes".decode()
"""Stands for a value of which the schema says nothing; what is made of it is unknown too.

Told by identity (decoding makes an object of its own). It is a text, so that CEL can copy a value
in which it stands; no expression that reaches it is evaluated.
"""


def sample(schema: JsonSchema, seed: int = 0, length: int = 2, depth: int = 0) -> Any:
    """Return a value that the schema allows, everything optional there and every list filled.

    Free maps and what has no schema are ``UNKNOWN``: any key may be in them.

    Args:
        length: items of a list whose schema leaves it open.
    """
    if depth > _MAX_DEPTH:
        return UNKNOWN
    told = _told(schema, seed)
    if told is not UNKNOWN:
        return told
    shape = shape_of(schema)
    match shape.kind:
        case "string":
            return _text(schema, seed)
        case "integer":
            return int(_number(schema, seed))
        case "number":
            return float(_number(schema, seed))
        case "boolean":
            return seed % 2 == 0
        case "array":
            count = _count(schema, length)
            return [sample(shape.items, seed + i, length, depth + 1) for i in range(count)]
        case "object":
            return {
                name: sample(inner, seed, length, depth + 1)
                for name, inner in shape.properties.items()
            }
        case "null":
            return None
        case _:
            return UNKNOWN


def _count(schema: JsonSchema, length: int) -> int:
    least, most = schema.get("minItems"), schema.get("maxItems")
    count = max(length, least) if isinstance(least, int) else length
    return min(count, most) if isinstance(most, int) else count


def _told(schema: JsonSchema, seed: int) -> Any:
    if "const" in schema:
        return schema["const"]
    options = schema.get("enum")
    if isinstance(options, list):
        known = [item for item in cast(list[Any], options) if item is not None]
        if known:
            return known[seed % len(known)]
    return UNKNOWN


def _text(schema: JsonSchema, seed: int) -> str:
    form = schema.get("format")
    if isinstance(form, str) and form in _FORMATS:
        return _FORMATS[form]
    text = _TEXTS[seed % len(_TEXTS)]
    least, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(least, int):
        text = text.ljust(least, "x")
    return text[:most] if isinstance(most, int) else text


def _number(schema: JsonSchema, seed: int) -> float:
    low, high = schema.get("minimum"), schema.get("maximum")
    value = 3 + 2 * seed
    if isinstance(low, int | float):
        value = max(value, low + 1)
    if isinstance(high, int | float):
        value = min(value, high)
    return value


def has_unknown(value: Any) -> bool:
    """Return whether something in nested data is unknown."""
    if isinstance(value, dict):
        return any(map(has_unknown, cast(dict[str, Any], value).values()))
    if isinstance(value, list):
        return any(map(has_unknown, cast(list[Any], value)))
    return value is UNKNOWN
