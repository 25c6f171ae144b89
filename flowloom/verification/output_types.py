"""Output schemas that depend on what goes in: ``x-same-as`` and ``x-items-of``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flowloom.catalog.component import Component, JsonSchema
from flowloom.workflow.schema_types import shape_of

__all__ = ["depends_on_inputs", "resolved_output", "schema_of_literal"]

_SAME, _ITEMS = "x-same-as", "x-items-of"
_MAX_DEPTH = 24


def depends_on_inputs(schema: Any, depth: int = 0) -> bool:
    """Return whether a schema names an input that it takes its type from."""
    if depth > _MAX_DEPTH:
        return False
    if isinstance(schema, dict):
        found = cast(dict[str, Any], schema)
        if _SAME in found or _ITEMS in found:
            return True
        return any(depends_on_inputs(item, depth + 1) for item in found.values())
    if isinstance(schema, list):
        return any(depends_on_inputs(item, depth + 1) for item in cast(list[Any], schema))
    return False


def resolved_output(
    component: Component, schema_of_input: Callable[[str], JsonSchema]
) -> JsonSchema:
    """Return the output schema of one use of a component.

    Args:
        schema_of_input: gives the schema of the value that an input was given, ``{}`` if unknown.
    """
    if not depends_on_inputs(component.output):
        return component.output
    return cast(JsonSchema, _resolve(component.output, schema_of_input, 0))


def _resolve(schema: Any, schema_of_input: Callable[[str], JsonSchema], depth: int) -> Any:
    if depth > _MAX_DEPTH:
        return {}
    if isinstance(schema, list):
        return [_resolve(item, schema_of_input, depth + 1) for item in cast(list[Any], schema)]
    if not isinstance(schema, dict):
        return schema
    found = cast(dict[str, Any], schema)
    if isinstance(found.get(_SAME), str):
        return schema_of_input(found[_SAME])
    if isinstance(found.get(_ITEMS), str):
        return dict(shape_of(schema_of_input(found[_ITEMS])).items)
    return {key: _resolve(item, schema_of_input, depth + 1) for key, item in found.items()}


def schema_of_literal(value: Any, schema_of_text: Callable[[str], JsonSchema]) -> JsonSchema:
    """Return the JSON Schema of a value written in a document.

    Args:
        schema_of_text: gives the schema of a string, which may hold an expression.
    """
    match value:
        case None:
            return {"type": "null"}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case str():
            return schema_of_text(value)
        case list():
            return _schema_of_list(cast(list[Any], value), schema_of_text)
        case dict():
            properties = {
                name: schema_of_literal(item, schema_of_text)
                for name, item in cast(dict[str, Any], value).items()
            }
            return {"type": "object", "properties": properties, "required": list(properties)}
        case _:
            return {}


def _schema_of_list(values: list[Any], schema_of_text: Callable[[str], JsonSchema]) -> JsonSchema:
    different: list[JsonSchema] = []
    for value in values[:50]:
        schema = schema_of_literal(value, schema_of_text)
        if schema not in different:
            different.append(schema)
    if not different or len(values) > 50 or {} in different:
        return {"type": "array"}
    items = different[0] if len(different) == 1 else {"anyOf": different}
    return {"type": "array", "items": items}
