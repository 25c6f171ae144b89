"""Seal-Tools (arXiv 2405.08355) and NesTools (arXiv 2410.11805): requests and nested tool calls.

A row, in a JSON list or in JSON lines, holds the request and the calls: ``{"api": …, "parameters":
{…}, "responses": ["API_call_0"]}``; a parameter whose value is a response's label reads that call's
output. Known under several names: see ``_REQUEST``, ``_CALLS`` and ``_NAME``; or the row is a
conversation whose last answer is the list of calls (Seal-Tools' ``dataset_for_finetune``, whose
lists are Python's and whose request stands in a prompt).

NesTools' rows tell their tools (``api``), so that a label stands for one of several responses by
name; Seal-Tools' rows do not, and a label stands for the whole output.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import case_of, read_json_rows, unique

__all__ = ["last_turns", "literal", "read_nestools", "read_seal_tools", "workflow_of_calls"]

_REQUEST = ("query", "request", "instruction", "task", "user_query", "utterance", "input")
_CALLS = (
    "calling",
    "call",
    "calls",
    "api_calls",
    "gt_api_calls",
    "ground_truth",
    "output",
    "answer",
)
_NAME = ("api", "api_name", "name", "tool")
_PARAMETERS = ("parameters", "arguments", "args")
_ID = ("id", "test_id")
_INSTRUCTION = re.compile(r'task_instruction\s*=\s*"(.*)"\s*\n\s*Output:', re.DOTALL)


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
    found = literal(calls) if isinstance(calls, str) else calls
    field = str(row.get("field") or "")
    return Case(
        id=str(next((row[key] for key in _ID if key in row), number)),
        request=request,
        gold=workflow_of_calls(found, row.get("api") or ()),
        tags=(field,) if field else (),
        ids_are_stable=False,
        scoring="calls",
    )


def _request_and_calls(row: Mapping[str, Any]) -> tuple[str, Any]:
    if "conversations" in row or "messages" in row:
        asked, answer = last_turns(row)
        instruction = _INSTRUCTION.search(asked)
        return (instruction[1] if instruction else asked), answer
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


def literal(text: str) -> Any:
    """Return what a text in JSON, or in Python's notation, stands for.

    Raises:
        ValueError: it is neither.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ValueError(f"neither JSON nor a list in Python's notation: {error}") from None


def workflow_of_calls(
    calls: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the workflow that a list of calls is; a label of a response becomes a reference.

    Args:
        tools: what is known of the tools; their ``responses`` tell the labels' names in order.

    Raises:
        KeyError: a call has no name.
    """
    told = {str(_first(tool, _NAME)): list(tool.get("responses") or ()) for tool in tools}
    labels: dict[str, str] = {}
    steps: list[dict[str, Any]] = []
    for number, call in enumerate(calls):
        step_id, tool = f"call_{number}", str(_first(call, _NAME))
        responses = [str(label) for label in call.get("responses") or ()]
        given = next((call[key] for key in _PARAMETERS if key in call), {})
        inputs = {str(name): _linked(value, labels) for name, value in dict(given).items()}
        steps.append({"id": step_id, "uses": tool, "with": inputs})
        names = told.get(tool, [])
        for index, label in enumerate(responses):
            part = f".{names[index]}" if len(names) == len(responses) else ""
            labels[label] = f"steps.{step_id}.output{part}"
    return {"name": "calls", "steps": steps}


def _linked(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value in labels:
        return f"${{{{ {labels[value]} }}}}"
    if isinstance(value, list):
        return [_linked(item, labels) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _linked(item, labels) for key, item in value.items()}
    return value
