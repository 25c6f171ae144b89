"""The inputs of an OpenAPI operation: parameters and body as one flat object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from flowloom.catalog.component import JsonSchema, Parameter
from flowloom.catalog.entries import WrongEntry
from flowloom.catalog.openapi_schema import Resolver

__all__ = ["Inputs", "is_json", "read_inputs"]

Place = Literal["path", "query", "header", "cookie", "body", "whole_body"]

_PLACES = ("path", "query", "header", "cookie")
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_SET_ELSEWHERE = frozenset({"accept", "content-type", "authorization"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Inputs:
    """How an operation is fed.

    Attributes:
        schema: JSON Schema of type ``object``.
        parameters: where each of its properties goes.
        content_type: media type of the body, empty if there is none.
        headers: headers that always have the same value.
    """

    schema: JsonSchema
    parameters: tuple[Parameter, ...]
    content_type: str
    headers: dict[str, str]


@dataclass(frozen=True)
class _Input:
    parameter: Parameter
    schema: JsonSchema
    required: bool


def is_json(content_type: str) -> bool:
    """Tell whether a media type is JSON."""
    plain = content_type.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json") or plain == "text/json"


def read_inputs(
    resolver: Resolver, path_item: Mapping[str, Any], operation: Mapping[str, Any], base: str = ""
) -> Inputs:
    """Return the inputs of ``operation``, which stands in the file ``base`` (empty: the document).

    A name that two places use is kept by the first of path, query, header, cookie, body; the
    other gets its place added: ``id`` and ``body_id``. A required parameter with a default may be
    left out; its schema says ``x-send-default`` then, and the default is sent.

    Raises:
        WrongEntry: a parameter or the body is not well-formed.
    """
    found, headers = _parameters(resolver, path_item, operation, base)
    content_type, body = _body(resolver, operation, base)
    named = _without_clashes([*found, *body])
    schema: JsonSchema = {
        "type": "object",
        "properties": {item.parameter.input: _property(item) for item in named},
        "additionalProperties": False,
    }
    required = [item.parameter.input for item in named if not _has_default(item) and item.required]
    if required:
        schema["required"] = required
    return Inputs(schema, tuple(item.parameter for item in named), content_type, headers)


def _has_default(item: _Input) -> bool:
    return item.required and item.schema.get("default") is not None


def _property(item: _Input) -> JsonSchema:
    return {**item.schema, "x-send-default": True} if _has_default(item) else item.schema


def _parameters(
    resolver: Resolver, path_item: Mapping[str, Any], operation: Mapping[str, Any], file: str
) -> tuple[list[_Input], dict[str, str]]:
    given: dict[tuple[str, str], tuple[Mapping[str, Any], str]] = {}
    for holder in (path_item, operation):
        listed = holder.get("parameters") or []
        if not isinstance(listed, list):
            raise WrongEntry(f"'parameters' must be a list, not {listed!r}")
        for value in cast(list[object], listed):
            node, base = resolver.node(value, file)
            name, place = node.get("name"), node.get("in")
            if not isinstance(name, str) or not name or place not in _PLACES:
                raise WrongEntry(f"a parameter must have 'name' and 'in': {dict(node)!r:.120}")
            given[str(place), name] = (node, base)
    inputs: list[_Input] = []
    headers: dict[str, str] = {}
    for (place, name), (node, base) in given.items():
        if place == "header" and name.lower() in _SET_ELSEWHERE:
            continue
        item = _parameter(resolver, node, base)
        if place == "header" and item.required and isinstance(item.schema.get("const"), str):
            headers[name] = item.schema["const"]
        else:
            inputs.append(item)
    return sorted(inputs, key=lambda item: _PLACES.index(item.parameter.place)), headers


def _parameter(resolver: Resolver, node: Mapping[str, Any], base: str) -> _Input:
    place = cast(Place, node["in"])
    style = str(node.get("style") or _STYLES[place])
    value = node.get("schema", {})
    content = node.get("content")
    if isinstance(content, Mapping) and content:
        media = cast(Mapping[str, Any], next(iter(cast(Mapping[str, Any], content).values())))
        style, value = "json", media.get("schema", {})
    schema = resolver.schema(value, "request", base)
    if node.get("description") and "description" not in schema:
        schema["description"] = node["description"]
    if place == "path" and node.get("allowReserved") is True:
        style = "reserved"
    parameter = Parameter(
        input=str(node["name"]),
        name=str(node["name"]),
        place=place,
        style=style,
        explode=bool(node.get("explode", style in ("form", "deepObject"))),
    )
    return _Input(parameter, schema, place == "path" or node.get("required") is True)


def _body(resolver: Resolver, operation: Mapping[str, Any], base: str) -> tuple[str, list[_Input]]:
    if "requestBody" not in operation:
        return "", []
    node, base = resolver.node(operation["requestBody"], base)
    content = node.get("content")
    if not isinstance(content, Mapping) or not content:
        raise WrongEntry("'requestBody' has no 'content'")
    media_types = cast(Mapping[str, Any], content)
    content_type = _preferred(media_types)
    media, base = resolver.node(media_types[content_type], base)
    schema = resolver.schema(media.get("schema", {}), "request", base)
    required = node.get("required") is True
    structured = is_json(content_type) or content_type in _FORMS
    if not structured or not _can_be_flat(schema):
        whole = Parameter(input="body", name="", place="whole_body")
        return content_type, [_Input(whole, schema, required)]
    return content_type, list(_properties(schema, media.get("encoding") or {}, required))


def _preferred(media_types: Mapping[str, Any]) -> str:
    json_types = [name for name in media_types if is_json(name)]
    forms = [name for name in _FORMS if name in media_types]
    return str([*json_types, *forms, *media_types][0])


def _can_be_flat(schema: JsonSchema) -> bool:
    """Tell whether the body is an object whose properties are all that it can have."""
    if not schema.get("properties") or schema.get("type") not in ("object", None):
        return False
    return not any(key in schema for key in ("anyOf", "oneOf", "allOf", "additionalProperties"))


def _properties(
    schema: JsonSchema, encoding: Mapping[str, Any], body_required: bool
) -> Iterator[_Input]:
    needed = schema.get("required", ()) if body_required else ()
    for name, inner in schema["properties"].items():
        how = encoding.get(name) or {}
        style = str(how.get("style") or "")
        parameter = Parameter(
            input=name,
            name=name,
            place="body",
            style=style,
            explode=bool(how.get("explode", style in ("", "form", "deepObject"))),
        )
        yield _Input(parameter, inner, name in needed)


def _without_clashes(inputs: list[_Input]) -> list[_Input]:
    used: set[str] = set()
    named: list[_Input] = []
    for item in inputs:
        place = "body" if item.parameter.place == "whole_body" else item.parameter.place
        name = item.parameter.input
        while name in used:
            name = f"{place}_{name}"
        used.add(name)
        parameter = item.parameter.model_copy(update={"input": name})
        named.append(_Input(parameter, item.schema, item.required))
    return named
