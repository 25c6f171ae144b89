"""Seal-Tools (arXiv 2405.08355) and NesTools (arXiv 2410.11805): requests and nested tool calls.

A row, in a JSON list or in JSON lines, holds the request and the calls: ``{"api": …, "parameters":
{…}, "responses": ["API_call_0"]}``; a parameter whose value is a response's label reads that call's
output. Known under several names: see ``_REQUEST``, ``_CALLS`` and ``_NAME``; or the row is a
conversation whose last answer is the list of calls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import case_of, read_json_rows, unique

__all__ = ["last_turns", "read_nestools", "read_seal_tools", "read_tools", "workflow_of_calls"]

_REQUEST = ("query", "request", "instruction", "task", "user_query", "utterance", "input")
_CALLS = ("calling", "calls", "api_calls", "gt_api_calls", "ground_truth", "output", "answer")
_NAME = ("api", "api_name", "name", "tool")
_PARAMETERS = ("parameters", "arguments", "args")
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


def read_seal_tools(path: Path) -> Dataset:
    """Read a case file of Seal-Tools.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
    """
    return _read(path, Datasheet(name="seal-tools", licence="Apache-2.0", source="Seal-Tools"))


def read_nestools(path: Path) -> Dataset:
    """Read a case file of NesTools.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
    """
    return _read(path, Datasheet(name="nestools", source="NesTools, arXiv 2410.11805"))


def _read(path: Path, sheet: Datasheet) -> Dataset:
    rows = read_json_rows(path)
    cases = [
        case_of(path, index, lambda row, number=index: _case(row, number), row)
        for index, row in enumerate(rows)
    ]
    return Dataset(sheet=sheet, cases=unique(cases, path))


def _case(row: Mapping[str, Any], number: int) -> Case:
    request, calls = _request_and_calls(row)
    found = json.loads(calls) if isinstance(calls, str) else calls
    return Case(
        id=str(row.get("id", number)),
        request=request,
        gold=workflow_of_calls(found),
        ids_are_stable=False,
        scoring="calls",
    )


def _request_and_calls(row: Mapping[str, Any]) -> tuple[str, Any]:
    if "conversations" in row or "messages" in row:
        return last_turns(row)
    return str(_first(row, _REQUEST)), _first(row, _CALLS)


def last_turns(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the last request of a conversation, and the answer to it.

    Raises:
        KeyError: the row has no such turns.
    """
    turns: Sequence[Mapping[str, Any]] = row.get("conversations") or row["messages"]
    said = [
        (str(_first(turn, ("role", "from"))), str(_first(turn, ("content", "value"))))
        for turn in turns
    ]
    asked = [text for role, text in said if role in ("user", "human")]
    answers = [text for role, text in said if role in ("assistant", "gpt")]
    if not asked or not answers:
        raise KeyError("user and assistant turns")
    return asked[-1], answers[-1]


def _first(row: Mapping[str, Any], keys: Sequence[str]) -> Any:
    for key in keys:
        if key in row:
            return row[key]
    raise KeyError(" or ".join(keys))


def workflow_of_calls(calls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the workflow that a list of calls is; a label of a response becomes a reference.

    Raises:
        KeyError: a call has no name.
    """
    labels: dict[str, str] = {}
    steps: list[dict[str, Any]] = []
    for number, call in enumerate(calls):
        responses = [str(label) for label in call.get("responses") or ()]
        step_id = f"call_{number}"
        given = next((call[key] for key in _PARAMETERS if key in call), {})
        inputs = {str(name): _linked(value, labels) for name, value in dict(given).items()}
        steps.append({"id": step_id, "uses": str(_first(call, _NAME)), "with": inputs})
        labels.update(dict.fromkeys(responses, step_id))
    return {"name": "calls", "steps": steps}


def _linked(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value in labels:
        return f"${{{{ steps.{labels[value]}.output }}}}"
    if isinstance(value, list):
        return [_linked(item, labels) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _linked(item, labels) for key, item in value.items()}
    return value


def read_tools(path: Path) -> Catalog:
    """Read a file of tools (name, description, parameters with types, required) as a catalog.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
        CatalogError: two tools have one name.
    """
    rows = read_json_rows(path)
    return Catalog(case_of(path, index, _component, row) for index, row in enumerate(rows))


def _component(row: Mapping[str, Any]) -> Component:
    given: Mapping[str, Any] = next((row[key] for key in _PARAMETERS if key in row), {})
    properties = {
        str(name): {**_schema(item.get("type")), "description": str(item.get("description", ""))}
        for name, item in given.items()
    }
    return Component(
        id=str(_first(row, ("api_name", *_NAME))),
        description=str(row.get("api_description") or row.get("description") or ""),
        input={
            "type": "object",
            "properties": properties,
            "required": [name for name in row.get("required") or () if name in properties],
        },
    )


def _schema(told: Any) -> dict[str, Any]:
    word = re.split(r"\W", str(told or ""))[0].lower()
    kind = _TYPES.get(word, word)
    return {"type": kind} if kind in _JSON_TYPES else {}
