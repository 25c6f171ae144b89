"""JSON Schema from a type hint.

Plain hints (scalars, lists, mappings, literals, unions, typed dictionaries, ``Annotated`` with
``Field``) are read directly, which is some thirty times faster than building a validator for
each; every other hint goes through pydantic, whose ``$ref``s are put in place. Both ways give
the same schema, but for ``title`` and for descriptions, which the direct way also reads from
the docstring of a typed dictionary.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import annotated_types
from pydantic import PydanticUserError, TypeAdapter, WithJsonSchema
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

from flowloom.catalog.component import JsonSchema
from flowloom.catalog.docstrings import read_docstring
from flowloom.errors import CatalogError

__all__ = ["inline_references", "pydantic_schema_of", "schema_of"]

_SCALARS: dict[Any, JsonSchema] = {
    Any: {},
    object: {},
    None: {"type": "null"},
    type(None): {"type": "null"},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    list: {"type": "array", "items": {}},
    dict: {"type": "object", "additionalProperties": True},
}
_LENGTHS = {"string": "Length", "array": "Items", "object": "Properties"}


class _NotPlainError(Exception):
    """The hint needs pydantic."""


def schema_of(hint: Any) -> JsonSchema:
    """Return the JSON Schema of a type hint, without ``$ref`` and without titles.

    Raises:
        CatalogError: the hint has no JSON Schema (a function, an arbitrary class, recursion).
    """
    try:
        return _plain(hint)
    except _NotPlainError:
        return pydantic_schema_of(hint)


def pydantic_schema_of(hint: Any) -> JsonSchema:
    """Return the JSON Schema that pydantic gives for a hint, ``$ref``s put in place.

    Raises:
        CatalogError: pydantic has no schema for it, or it contains itself.
    """
    try:
        schema: JsonSchema = TypeAdapter(hint).json_schema()
    except (PydanticUserError, PydanticInvalidForJsonSchema) as error:
        raise CatalogError(
            f"The type {_name(hint)} has no JSON Schema.",
            hint="Use str, int, float, bool, list, dict, Literal, TypedDict, a dataclass or a"
            " pydantic model.",
        ) from error
    return inline_references(schema)


def inline_references(schema: JsonSchema) -> JsonSchema:
    """Return a pydantic schema with each ``#/$defs/…`` put in place and titles left out.

    Raises:
        CatalogError: a type contains itself.
    """
    definitions: dict[str, JsonSchema] = schema.get("$defs", {})
    return _inline({k: v for k, v in schema.items() if k != "$defs"}, definitions, ())


def _inline(
    schema: JsonSchema, definitions: Mapping[str, JsonSchema], seen: tuple[str, ...]
) -> JsonSchema:
    reference = str(schema.get("$ref", ""))
    if reference:
        name = reference.rpartition("/")[2]
        if name in seen:
            raise CatalogError(
                f"The type {name!r} contains itself, which a component's schema cannot say.",
                hint="Limit the depth or use dict[str, Any] for the inner part.",
            )
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _inline({**definitions[name], **rest}, definitions, (*seen, name))

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return _inline(cast("JsonSchema", value), definitions, seen)
        return [walk(item) for item in value] if isinstance(value, list) else value

    # The keys of "properties" are names, not keywords: one may well be "title".
    return {
        key: {name: walk(item) for name, item in value.items()}
        if key == "properties"
        else (value if key in ("default", "enum", "const", "examples") else walk(value))
        for key, value in schema.items()
        if key != "title" or not isinstance(value, str)
    }


def _plain(hint: Any) -> JsonSchema:
    origin = get_origin(hint)
    if origin is None:
        if is_typeddict(hint):
            return _typed_dict(hint)
        if hint not in _SCALARS:
            raise _NotPlainError
        return dict(_SCALARS[hint])
    read = _READERS.get(origin)
    if read is None:
        raise _NotPlainError
    return read(get_args(hint))


def _array(arguments: tuple[Any, ...]) -> JsonSchema:
    return {"type": "array", "items": _plain(arguments[0])}


def _object(arguments: tuple[Any, ...]) -> JsonSchema:
    if arguments[0] is not str:
        raise _NotPlainError
    return {"type": "object", "additionalProperties": _plain(arguments[1]) or True}


def _literal(arguments: tuple[Any, ...]) -> JsonSchema:
    kinds = {type(value) for value in arguments}
    named = {str: "string", int: "integer", bool: "boolean"}
    if len(kinds) != 1 or not kinds <= named.keys():
        raise _NotPlainError
    kind = named[kinds.pop()]
    if len(arguments) == 1:
        return {"const": arguments[0], "type": kind}
    return {"enum": list(arguments), "type": kind}


def _union(arguments: tuple[Any, ...]) -> JsonSchema:
    return {"anyOf": [_plain(argument) for argument in arguments]}


def _annotated(arguments: tuple[Any, ...]) -> JsonSchema:
    schema = _plain(arguments[0])
    for extra in arguments[1:]:
        if isinstance(extra, WithJsonSchema):
            schema = dict(extra.json_schema or {})
        elif isinstance(extra, FieldInfo):
            schema |= _field(extra, schema)
        else:
            schema |= _constraint(extra, schema)
    return schema


def _field(field: FieldInfo, schema: JsonSchema) -> JsonSchema:
    found: JsonSchema = {}
    if field.description:
        found["description"] = field.description
    for extra in field.metadata:
        found |= _constraint(extra, schema)
    if callable(field.json_schema_extra) or field.alias or field.examples:
        raise _NotPlainError
    return {**found, **(field.json_schema_extra or {})}


def _constraint(extra: Any, schema: JsonSchema) -> JsonSchema:
    match extra:
        case annotated_types.Ge(ge=value):
            return {"minimum": value}
        case annotated_types.Gt(gt=value):
            return {"exclusiveMinimum": value}
        case annotated_types.Le(le=value):
            return {"maximum": value}
        case annotated_types.Lt(lt=value):
            return {"exclusiveMaximum": value}
        case annotated_types.MinLen(min_length=value):
            return {f"min{_LENGTHS[schema['type']]}": value}
        case annotated_types.MaxLen(max_length=value):
            return {f"max{_LENGTHS[schema['type']]}": value}
        case _:
            raise _NotPlainError


def _typed_dict(hint: Any) -> JsonSchema:
    texts = read_docstring(hint.__doc__).entries
    properties: dict[str, JsonSchema] = {}
    required: list[str] = []
    for name, field in get_type_hints(hint, include_extras=True).items():
        wrapper = get_origin(field)
        wrapped = wrapper in (Required, NotRequired)
        described = {"description": texts[name]} if name in texts else {}
        properties[name] = {**_plain(get_args(field)[0] if wrapped else field), **described}
        # Hints that are still text hide NotRequired from __required_keys__.
        if wrapper is Required or (not wrapped and name in hint.__required_keys__):
            required.append(name)
    schema: JsonSchema = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _name(hint: Any) -> str:
    return getattr(hint, "__name__", None) or repr(hint)


_READERS: dict[Any, Callable[[tuple[Any, ...]], JsonSchema]] = {
    list: _array,
    Sequence: _array,
    dict: _object,
    Mapping: _object,
    Literal: _literal,
    Union: _union,
    types.UnionType: _union,
    Annotated: _annotated,
}
