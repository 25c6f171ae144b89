"""The tools of Seal-Tools and NesTools as a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.evaluation.datasets.files import case_of, read_json_rows
from flowloom.evaluation.datasets.tool_calls import last_turns, literal

__all__ = ["read_tools"]

_NAME = ("api_name", "api", "name", "tool")
_INPUTS = ("parameters", "arguments", "args")
_TYPES = {
    "str": "string",
    "text": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}
_JSON_TYPES = frozenset(["string", "integer", "number", "boolean", "array", "object"])
_LIST = re.compile(r"api_list\s*=\s*(\[.*\])\s*\n\s*task_instruction", re.DOTALL)
Tool = Mapping[str, Any]


def read_tools(path: Path) -> Catalog:
    """Read a catalog from a file of tools, or from a case file that tells the tools of each case.

    A tool has a name, a description, ``parameters`` with types, ``required`` and ``responses``.
    The data sets give one name to several tools: these become one that takes the inputs of all of
    them, and needs only those that all of them need.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
    """
    found: dict[str, Component] = {}
    for index, row in enumerate(read_json_rows(path)):
        for component in case_of(path, index, lambda item: list(_components(item)), row):
            known = found.get(component.id)
            found[component.id] = _both(known, component) if known else component
    return Catalog(found.values())


def _components(row: Tool) -> Iterator[Component]:
    for tool in _tools(row):
        yield _component(tool)


def _tools(row: Tool) -> list[Tool]:
    if isinstance(row.get("api"), list):
        return list(row["api"])
    if "conversations" in row or "messages" in row:
        listed = _LIST.search(last_turns(row)[0])
        if listed is None:
            raise KeyError("api_list")
        return list(literal(listed[1]))
    return [row]


def _component(tool: Tool) -> Component:
    given: Tool = next((tool[key] for key in _INPUTS if key in tool), {})
    name = next((tool[key] for key in _NAME if key in tool), None)
    if not isinstance(name, str):
        raise KeyError(" or ".join(_NAME))
    responses: Tool = tool.get("responses") or {}
    return Component(
        id=name,
        description=str(tool.get("api_description") or tool.get("description") or ""),
        input=_object(given, [item for item in tool.get("required") or () if item in given]),
        output=_object(responses, list(responses)) if responses else {},
    )


def _object(fields: Tool, required: list[str]) -> dict[str, Any]:
    properties = {
        str(name): {**_schema(item.get("type")), "description": str(item.get("description", ""))}
        for name, item in fields.items()
    }
    return {"type": "object", "properties": properties, "required": required}


def _schema(told: Any) -> dict[str, Any]:
    word = re.split(r"\W", str(told or ""))[0].lower()
    kind = _TYPES.get(word, word)
    return {"type": kind} if kind in _JSON_TYPES else {}


def _both(one: Component, other: Component) -> Component:
    outputs = [item.output for item in (one, other) if item.output]
    return one.model_copy(
        update={
            "input": _merged(one.input, other.input),
            "output": _merged(outputs[0], outputs[-1]) if outputs else {},
        }
    )


def _merged(one: Tool, other: Tool) -> dict[str, Any]:
    fields: dict[str, Any] = {**other["properties"], **one["properties"]}
    for name in set(one["properties"]) & set(other["properties"]):
        if one["properties"][name].get("type") != other["properties"][name].get("type"):
            fields[name] = {key: item for key, item in fields[name].items() if key != "type"}
    needed = [name for name in one["required"] if name in other["required"]]
    return {"type": "object", "properties": fields, "required": needed}
