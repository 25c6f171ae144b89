"""Values drawn from JSON Schemas for the fuzz run; nothing is shared with the dry run's samples.

A value of which a schema says nothing is the text ``FREE``, and an object with free keys has the
key ``FREE``: a failure that meets one of them says nothing about the workflow. An object schema
that requires no property at all does not tell which may be absent (many catalogs leave it out), so
all are there.
"""

from __future__ import annotations

from random import Random
from typing import Any, cast

from flowloom.catalog.component import JsonSchema

__all__ = ["FREE", "draw_value", "is_free"]

FREE = "\u2042free\u2042"
_MAX_DEPTH = 7
_TEXTS = ("", "a", "text", "0", "-3", "Grüße, 你好", "two words", "x,y;z", "true", "A" * 40)
_FORMATS: dict[str, tuple[str, ...]] = {
    "date-time": ("2024-02-29T23:59:59Z", "2026-06-01T08:00:00+02:00", "1999-12-31T00:00:00Z"),
    "date": ("2024-02-29", "1999-12-31"),
    "time": ("23:59:59Z", "00:00:00Z"),
    "email": ("bo@example.com", "cy.li+x@example.net"),
    "uri": ("https://example.com/a?b=c", "http://example.net"),
    "uuid": ("7d444840-9dc0-11d1-b245-5ffdce74fad2",),
    "timezone": ("Europe/Berlin", "UTC"),
    "duration": ("PT5M", "P1D"),
}
_KINDS = ("string", "integer", "number", "boolean", "object", "array", "null")


def is_free(value: Any) -> bool:
    """Return whether something in a value is of no schema, or has keys of no schema."""
    if isinstance(value, str):
        return FREE in value
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return any(FREE in key or is_free(item) for key, item in items)
    return isinstance(value, list) and any(map(is_free, cast(list[Any], value)))


def draw_value(schema: Any, chance: Random, edges: float = 0.3, depth: int = 0) -> Any:
    """Return a value that a JSON Schema allows.

    Args:
        edges: how often what is optional is absent, what is nullable null, and a list empty;
            with 0 everything is there, and every list has four items.
    """
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return FREE
    found = cast(JsonSchema, schema)
    if "const" in found:
        return found["const"]
    for key in ("oneOf", "anyOf", "allOf"):
        if isinstance(found.get(key), list):
            return draw_value(_one_of(found, key, chance, edges), chance, edges, depth)
    options = found.get("enum")
    if isinstance(options, list) and options:
        return _choice(cast(list[Any], options), chance, edges)
    kind = _kind(found, chance, edges)
    if kind == "object":
        return _object(found, chance, edges, depth)
    if kind == "array":
        return _array(found, chance, edges, depth)
    return _scalar(kind, found, chance)


def _scalar(kind: str, schema: JsonSchema, chance: Random) -> Any:
    match kind:
        case "string":
            return _text(schema, chance)
        case "integer":
            return int(_number(schema, chance, whole=True))
        case "number":
            return float(_number(schema, chance, whole=False))
        case "boolean":
            return chance.random() < 0.5
        case "null":
            return None
        case _:
            return FREE


def _choice(options: list[Any], chance: Random, edges: float) -> Any:
    filled = [item for item in options if item is not None]
    if None in options and (not filled or chance.random() < edges):
        return None
    return chance.choice(filled)


def _one_of(schema: JsonSchema, key: str, chance: Random, edges: float) -> JsonSchema:
    """Return the schema with one of its alternatives, or all of ``allOf``, folded in."""
    parts = [item for item in cast(list[Any], schema[key]) if isinstance(item, dict)]
    rest = {name: value for name, value in schema.items() if name != key}
    if key == "allOf":
        chosen = cast(list[JsonSchema], parts)
    else:
        filled = [item for item in parts if item.get("type") != "null"]
        take_null = len(filled) < len(parts) and chance.random() < edges
        if take_null or not filled:
            return {"type": "null"}
        chosen = [cast(JsonSchema, chance.choice(filled))]
    for part in chosen:
        properties = {**rest.get("properties", {}), **part.get("properties", {})}
        required = [*rest.get("required", []), *part.get("required", [])]
        rest = {**rest, **part}
        if properties:
            rest["properties"] = properties
        if required:
            rest["required"] = required
    return rest


def _kind(schema: JsonSchema, chance: Random, edges: float) -> str:
    declared: Any = schema.get("type")
    if isinstance(declared, list):
        kinds = [item for item in cast(list[Any], declared) if item in _KINDS]
        filled = [item for item in kinds if item != "null"]
        if "null" in kinds and (not filled or chance.random() < edges):
            return "null"
        return chance.choice(filled) if filled else ""
    if isinstance(declared, str):
        if schema.get("nullable") is True and chance.random() < edges:
            return "null"
        return declared
    if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
        return "object"
    return "array" if "items" in schema else ""


def _object(schema: JsonSchema, chance: Random, edges: float, depth: int) -> dict[str, Any]:
    properties: dict[str, Any] = schema.get("properties") or {}
    required: list[Any] = schema.get("required") or []
    found = {
        name: draw_value(inner, chance, edges, depth + 1)
        for name, inner in properties.items()
        if not required or name in required or chance.random() >= edges
    }
    more = schema.get("additionalProperties")
    if more is True or isinstance(more, dict) or (not properties and more is not False):
        found[FREE] = draw_value(more, chance, edges, depth + 1)
    return found


def _array(schema: JsonSchema, chance: Random, edges: float, depth: int) -> list[Any]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", 4)
    full = max(least, min(most, 4))
    count = least if chance.random() < edges else chance.randint(least, full) if edges else full
    items = schema.get("items", {})
    return [draw_value(items, chance, edges, depth + 1) for _ in range(count)]


def _text(schema: JsonSchema, chance: Random) -> str:
    if isinstance(schema.get("format"), str) and schema["format"] in _FORMATS:
        return chance.choice(_FORMATS[schema["format"]])
    text = chance.choice(_TEXTS)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    text = text.ljust(least, "y")
    return text[:most] if isinstance(most, int) else text


def _number(schema: JsonSchema, chance: Random, *, whole: bool) -> float:
    schema = {key: value for key, value in schema.items() if isinstance(value, int | float)}
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        low = schema.get("exclusiveMinimum", -2 if high is None else high - 5)
        low += 1 if "exclusiveMinimum" in schema else 0
    if high is None:
        high = low + 12
    if chance.random() < 0.3:
        return low if chance.random() < 0.5 else high
    return chance.randint(int(low), int(high)) if whole else chance.uniform(low, high)
