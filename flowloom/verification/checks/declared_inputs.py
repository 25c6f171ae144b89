"""FL113: what a workflow declares of its own inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, cast

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.literals import shown
from flowloom.verification.registry import check, rule
from flowloom.workflow.path import Path

__all__: list[str] = []

NO_SCHEMA = rule(
    "FL113",
    "error",
    "A declared input whose schema is no JSON Schema.",
    example="name: x\ninputs: {k: {type: text}}\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: '${{ string(inputs.k) }}'}}",
)
_KINDS = ("string", "integer", "number", "boolean", "object", "array", "null")
_ALIASES = {
    **dict.fromkeys(["text", "str", "date", "file", "email", "url"], "string"),
    **dict.fromkeys(["int", "long"], "integer"),
    **dict.fromkeys(["float", "double", "decimal"], "number"),
    **dict.fromkeys(["bool", "yes", "flag"], "boolean"),
    **dict.fromkeys(["list", "tuple", "set"], "array"),
    **dict.fromkeys(["dict", "map", "mapping", "json"], "object"),
}
_NUMBERS = frozenset(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
_COUNTS = frozenset(
    f"{least}{what}"
    for least in ("min", "max")
    for what in ("Length", "Items", "Properties", "Contains")
)
_TEXTS = frozenset(["pattern", "format", "title", "description", "$ref", "$comment"])
_FLAGS = frozenset(["uniqueItems", "deprecated", "readOnly", "writeOnly"])
_SCHEMAS = frozenset(["items", "contains", "not", "if", "then", "else", "propertyNames"]) | {
    "additionalProperties",
    "unevaluatedItems",
    "unevaluatedProperties",
}
_LISTS_OF_SCHEMAS = frozenset(["anyOf", "oneOf", "allOf", "prefixItems"])
_MAPS_OF_SCHEMAS = frozenset(["properties", "patternProperties", "$defs", "dependentSchemas"])


@check("document", (NO_SCHEMA,))
def schemas(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report the schemas of declared inputs that say nothing that can be held against a value."""
    for name, schema in facts.declared_inputs.items():
        if not isinstance(schema, dict):
            continue  # Said of its shape already.
        for path, said, candidates in _wrong(schema, ("inputs", name)):
            yield Finding(
                code=NO_SCHEMA,
                path=path,
                message=f"The input {name!r} has no JSON Schema: {said}",
                hint="See: https://json-schema.org/understanding-json-schema",
                candidates=candidates,
            )


_Problem = tuple[Path, str, tuple[str, ...]]


def _wrong(schema: Any, path: Path) -> Iterator[_Problem]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield path, f"a schema is a mapping; this is {shown(schema)}.", ()
        return
    for key, value in cast(dict[str, Any], schema).items():
        here = (*path, key)
        if key == "type":
            yield from _wrong_type(value, here)
        elif key in _SCHEMAS:
            yield from _wrong(value, here)
        elif key in _LISTS_OF_SCHEMAS:
            yield from _wrong_list(key, value, here)
        elif key in _MAPS_OF_SCHEMAS:
            yield from _wrong_map(key, value, here)
        else:
            said = _wrong_value(key, value)
            if said:
                yield here, f"{key!r} is {said}; found {shown(value)}.", ()


def _wrong_type(value: Any, path: Path) -> Iterator[_Problem]:
    kinds = cast(list[Any], value) if isinstance(value, list) else [value]
    if not kinds:
        yield path, "'type' is an empty list.", ()
    for index, kind in enumerate(kinds):
        if kind not in _KINDS:
            here = (*path, index) if isinstance(value, list) else path
            word = kind.lower() if isinstance(kind, str) else ""
            close = [_ALIASES[word]] if word in _ALIASES else get_close_matches(word, _KINDS, n=2)
            known = ", ".join(_KINDS)
            yield here, f"there is no type {shown(kind)}. Known: {known}.", tuple(close or _KINDS)
        elif kinds.index(kind) < index:
            yield (*path, index), f"the type {kind!r} stands twice.", ()


def _wrong_list(key: str, value: Any, path: Path) -> Iterator[_Problem]:
    if not isinstance(value, list) or not value:
        yield path, f"{key!r} is a list of schemas; found {shown(value)}.", ()
        return
    for index, item in enumerate(cast(list[Any], value)):
        yield from _wrong(item, (*path, index))


def _wrong_map(key: str, value: Any, path: Path) -> Iterator[_Problem]:
    if not isinstance(value, dict):
        yield path, f"{key!r} is a mapping of schemas by name; found {shown(value)}.", ()
        return
    for name, item in cast(Mapping[str, Any], value).items():
        yield from _wrong(item, (*path, name))


def _wrong_value(key: str, value: Any) -> str:
    """Return what the value of a keyword has to be, empty if it is that."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key in _NUMBERS and not (is_number and (key != "multipleOf" or value > 0)):
        return "a number above 0" if key == "multipleOf" else "a number"
    if key in _COUNTS and not (is_number and value == int(value) and value >= 0):
        return "a whole number, 0 or more"
    if key in _TEXTS and not isinstance(value, str):
        return "a text"
    if key in _FLAGS and not isinstance(value, bool):
        return "true or false"
    if key == "enum" and not isinstance(value, list):
        return "a list of values"
    if key == "required":
        names = cast(list[Any], value) if isinstance(value, list) else [None]
        texts = [item for item in names if isinstance(item, str)]
        if len(texts) < len(names) or len(set(texts)) < len(texts):
            return "a list of names, each once"
    return ""
