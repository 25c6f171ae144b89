"""Run a built-in component in a test and hold its output against its output schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import Draft202012Validator

from flowloom.catalog.builtin import python_components
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, JsonSchema
from flowloom.catalog.run_python import call_python

__all__ = ["CATALOG", "Case", "resolved_output", "run"]

CATALOG = Catalog(python_components())


@dataclass(frozen=True)
class Case:
    """One call of a component and the output that it must give."""

    id: str
    inputs: dict[str, Any]
    expected: Any

    def __str__(self) -> str:
        return f"{self.id} {str(self.inputs)[:40]}"


def resolved_output(component: Component) -> JsonSchema:
    """Return the output schema with ``x-same-as`` and ``x-items-of`` put in place."""

    def walk(schema: Any) -> Any:
        if isinstance(schema, list):
            return [walk(inner) for inner in cast("list[Any]", schema)]
        if not isinstance(schema, dict):
            return schema
        schema = cast("JsonSchema", schema)
        if "x-same-as" in schema:
            return component.inputs[schema["x-same-as"]]
        if "x-items-of" in schema:
            return component.inputs[schema["x-items-of"]]["items"]
        return {key: walk(inner) for key, inner in schema.items()}

    return walk(component.output)


async def run(
    id: str,
    inputs: Mapping[str, Any],
    connection: Mapping[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
    *,
    polls: bool = False,
) -> Any:
    """Call a component; each output must fit its output schema."""
    component = CATALOG[id]
    output = await call_python(component, inputs, connection, given)
    schema = Draft202012Validator(resolved_output(component))
    for one in cast("list[Any]", output) if polls else [output]:
        schema.validate(one)
    return output
