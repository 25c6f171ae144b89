"""JSON Schemas seen as types: what shape a value has, and the schema at a path inside it.

An object that lists ``properties`` counts as closed unless ``additionalProperties`` says
otherwise: otherwise no misspelt field could ever be found. ``$ref`` is resolved by whoever
reads the schema; one that is left over stands for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

__all__ = [
    "JsonSchema",
    "Shape",
    "ShapeKind",
    "alternatives_of",
    "coerce_numbers",
    "schema_at",
    "schema_in_words",
    "shape_of",
]

JsonSchema: TypeAlias = dict[str, Any]
ShapeKind: TypeAlias = Literal[
    "any", "string", "integer", "number", "boolean", "null", "array", "object", "map"
]

_MAX_DEPTH = 8
_SCALARS: dict[str, ShapeKind] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_UNIONS = ("anyOf", "oneOf")
_COMPOSED = frozenset({"anyOf", "oneOf", "allOf"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One JSON Schema, one level deep.

    Attributes:
        kind: ``object`` has known properties and no others, ``map`` has free keys, ``any`` is
            unknown or a union that has no common kind.
        nullable: null is allowed too.
        properties: schemas by name, for ``object``.
        required: names that are always there, for ``object``.
        items: schema of the items of an ``array``, or of the values of a ``map``.
    """

    kind: ShapeKind = "any"
    nullable: bool = False
    properties: Mapping[str, JsonSchema] = field(default_factory=dict[str, JsonSchema])
    required: frozenset[str] = frozenset()
    items: JsonSchema = field(default_factory=dict[str, Any])


_MODIFIERS = frozenset({"anyOf", "oneOf", "allOf", "nullable"})
_SCALAR_SHAPES = {name: Shape(kind) for name, kind in _SCALARS.items()}


def shape_of(schema: object) -> Shape:
    """Return the shape of the values that a JSON Schema describes; never raises."""
    if type(schema) is dict:
        simple = cast(JsonSchema, schema)
        kind = simple.get("type")  # the most frequent case, for speed
        if type(kind) is str and kind in _SCALAR_SHAPES and _MODIFIERS.isdisjoint(simple):
            return _SCALAR_SHAPES[kind]
    return _shape(schema, 0)


def _shape(schema: object, depth: int) -> Shape:
    if depth > _MAX_DEPTH:
        return Shape()
    if isinstance(schema, dict) and _COMPOSED.isdisjoint(cast(JsonSchema, schema)):
        return _plain_shape(cast(JsonSchema, schema))
    alternatives = _alternatives(schema, depth)
    shapes = [_plain_shape(item) for item in alternatives]
    rest = [shape for shape in shapes if shape.kind != "null"]
    nullable = len(rest) < len(shapes) or any(shape.nullable for shape in rest)
    if not rest:
        return Shape("null") if shapes else Shape()
    merged = rest[0] if len(rest) == 1 else _common(rest)
    return Shape(merged.kind, nullable, merged.properties, merged.required, merged.items)


def alternatives_of(schema: JsonSchema) -> list[JsonSchema]:
    """Return the plain schemas of a union, each with what stands beside it and ``allOf`` folded in.

    A schema without union gives one; a list of several types counts as a union too.
    """
    found: list[JsonSchema] = []
    for option in [schema] if _COMPOSED.isdisjoint(schema) else _alternatives(schema):
        kinds = option.get("type")
        if isinstance(kinds, list) and len(cast(list[object], kinds)) > 1:
            found += [{**option, "type": kind} for kind in _names(cast(object, kinds))]
        else:
            found.append(option)
    return found


def _alternatives(schema: object, depth: int = 0) -> list[JsonSchema]:
    """Return the schemas of a union (one when there is none), ``allOf`` folded in."""
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return [{}]
    folded = _fold_all_of(cast(JsonSchema, schema), depth)
    key = next((key for key in _UNIONS if isinstance(folded.get(key), list)), None)
    if key is None:
        return [folded]
    base = {name: value for name, value in folded.items() if name != key}
    found: list[JsonSchema] = []
    for option in cast(list[object], folded[key]):
        merged = _merge(base, cast(JsonSchema, option) if isinstance(option, dict) else {})
        found += _alternatives(merged, depth + 1)
    return found or [base]


def _fold_all_of(schema: JsonSchema, depth: int) -> JsonSchema:
    parts = schema.get("allOf")
    if not isinstance(parts, list) or depth > _MAX_DEPTH:
        return schema
    merged: JsonSchema = {name: value for name, value in schema.items() if name != "allOf"}
    for part in cast(list[object], parts):
        if isinstance(part, dict):
            merged = _merge(merged, _fold_all_of(cast(JsonSchema, part), depth + 1))
    return merged


def _merge(base: JsonSchema, other: JsonSchema) -> JsonSchema:
    """Return both schemas as one that asks for both; on a clash the second is kept."""
    merged = {**base, **other}
    for key in ("properties", "patternProperties"):
        merged |= {key: {**_mapping(base, key), **_mapping(other, key)}} if key in merged else {}
    if "required" in merged:
        names = [*_names(base.get("required")), *_names(other.get("required"))]
        merged["required"] = list(dict.fromkeys(names))
    return merged


def _mapping(schema: JsonSchema, key: str) -> dict[str, Any]:
    value = schema.get(key)
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _names(value: object) -> list[str]:
    items = cast(list[object], value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def _plain_shape(schema: JsonSchema) -> Shape:
    """Return the shape of a schema without unions."""
    kinds = _kinds(schema)
    nullable = "null" in kinds and len(kinds) > 1
    rest = [kind for kind in kinds if kind != "null"]
    if not rest:
        return Shape("null" if kinds else "any")
    if set(rest) == {"integer", "number"}:
        rest = ["number"]
    if len(rest) > 1:
        return Shape(nullable=nullable)
    kind = rest[0]
    if kind == "object":
        return _object_shape(schema, nullable)
    if kind == "array":
        return Shape("array", nullable, items=_item_schema(schema))
    return Shape(_SCALARS.get(kind, "any"), nullable)


def _kinds(schema: JsonSchema) -> list[str]:
    declared = schema.get("type")
    if isinstance(declared, str):
        kinds = [declared]
    elif isinstance(declared, list):
        kinds = _names(cast(object, declared))
    else:
        kinds = _implied_kinds(schema)
    if schema.get("nullable") is True and kinds:
        kinds = [*kinds, "null"]
    return list(dict.fromkeys(kinds))


def _implied_kinds(schema: JsonSchema) -> list[str]:
    if "const" in schema:
        return [_kind_of_value(schema["const"])]
    options = schema.get("enum")
    if isinstance(options, list) and options:
        return list(dict.fromkeys(_kind_of_value(item) for item in cast(list[object], options)))
    if _mapping(schema, "properties") or isinstance(schema.get("additionalProperties"), dict):
        return ["object"]
    return ["array"] if isinstance(schema.get("items"), dict) else []


def _kind_of_value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _object_shape(schema: JsonSchema, nullable: bool) -> Shape:
    properties = {
        name: cast(JsonSchema, value) if isinstance(value, dict) else {}
        for name, value in _mapping(schema, "properties").items()
    }
    more = schema.get("additionalProperties")
    open_ended = more is True or isinstance(more, dict) or "patternProperties" in schema
    if not open_ended and (properties or more is False):
        return Shape("object", nullable, properties, frozenset(_names(schema.get("required"))))
    values = cast(JsonSchema, more) if isinstance(more, dict) and not properties else {}
    return Shape("map", nullable, items={} if "patternProperties" in schema else values)


def _item_schema(schema: JsonSchema) -> JsonSchema:
    if "prefixItems" in schema:
        return {}
    items = schema.get("items")
    return cast(JsonSchema, items) if isinstance(items, dict) else {}


def _common(shapes: Sequence[Shape]) -> Shape:
    """Return what the alternatives of a union have in common."""
    kinds = {shape.kind for shape in shapes}
    if kinds == {"integer", "number"}:
        return Shape("number")
    if len(kinds) > 1:
        return Shape()
    kind = shapes[0].kind
    if kind == "object":
        return _common_object(shapes)
    if kind in ("array", "map"):
        return Shape(kind, items=_union([shape.items for shape in shapes]))
    return Shape(kind)


def _common_object(shapes: Sequence[Shape]) -> Shape:
    names = dict.fromkeys(name for shape in shapes for name in shape.properties)
    properties = {
        name: _union([shape.properties[name] for shape in shapes if name in shape.properties])
        for name in names
    }
    required = frozenset[str].intersection(*(shape.required for shape in shapes))
    return Shape("object", properties=properties, required=required)


def _union(schemas: Iterable[JsonSchema]) -> JsonSchema:
    different: list[JsonSchema] = []
    for schema in schemas:
        if not any(schema is other or schema == other for other in different):
            different.append(schema)
    if any(not schema for schema in different):
        return {}
    return different[0] if len(different) == 1 else {"anyOf": different}


def schema_at(schema: JsonSchema, path: Sequence[str | int | None]) -> JsonSchema | None:
    """Return the schema of the value at a path; None if no such value can exist.

    Args:
        schema: where the path starts.
        path: property names and list indices; None is an index that is not known.
    """
    current: JsonSchema | None = schema
    for part in path:
        if current is None:
            return None
        current = _step(current, part)
    return current


def _step(schema: JsonSchema, part: str | int | None) -> JsonSchema | None:
    if _COMPOSED.isdisjoint(schema):
        return _select(schema, part)
    found = [_select(option, part) for option in _alternatives(schema)]
    known = [item for item in found if item is not None]
    return _union(known) if known else None


def _select(schema: JsonSchema, part: str | int | None) -> JsonSchema | None:
    kinds = _kinds(schema)
    if not kinds:
        return {}
    if "object" in kinds and not isinstance(part, int):
        return _property(schema, part)
    if "array" in kinds and not isinstance(part, str):
        return _item_at(schema, part)
    return None


def _property(schema: JsonSchema, name: str | None) -> JsonSchema | None:
    if name is None:
        return {}
    properties = _mapping(schema, "properties")
    if name in properties:
        value = properties[name]
        return cast(JsonSchema, value) if isinstance(value, dict) else {}
    for pattern, value in _mapping(schema, "patternProperties").items():
        if _matches(pattern, name) and isinstance(value, dict):
            return cast(JsonSchema, value)
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        return cast(JsonSchema, more)
    return None if _object_shape(schema, nullable=False).kind == "object" else {}


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _item_at(schema: JsonSchema, index: int | None) -> JsonSchema:
    prefix = schema.get("prefixItems")
    if isinstance(prefix, list) and index is not None:
        items = cast(list[object], prefix)
        if 0 <= index < len(items):
            item = items[index]
            return cast(JsonSchema, item) if isinstance(item, dict) else {}
    return _item_schema(schema)


def coerce_numbers(value: Any, schema: JsonSchema) -> Any:
    """Return a JSON value with whole numbers as floats wherever the schema says ``number``.

    CEL has no arithmetic between int and double: a component that declares ``number`` may
    still answer ``12``, which an expression checked as double could not use.
    """
    shape = shape_of(schema)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value) if shape.kind == "number" else value
    if isinstance(value, list) and shape.kind == "array":
        return [coerce_numbers(item, shape.items) for item in cast(list[Any], value)]
    if isinstance(value, dict) and shape.kind in ("object", "map"):
        return {
            name: coerce_numbers(item, shape.properties.get(name, shape.items))
            for name, item in cast(dict[str, Any], value).items()
        }
    return value


def schema_in_words(schema: JsonSchema, depth: int = 0) -> str:
    """Return a schema's type in words, such as ``list of string``."""
    shape = shape_of(schema)
    words: str = {"any": "anything", "array": "list", "null": "null"}.get(shape.kind, shape.kind)
    if shape.kind in ("array", "map") and shape.items and depth < 4:
        words = f"{words} of {schema_in_words(shape.items, depth + 1)}"
    return f"{words} or null" if shape.nullable and shape.kind != "any" else words
