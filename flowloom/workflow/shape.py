"""From plain data to the model, or to a list of what is wrong with its shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from flowloom.errors import DocumentError
from flowloom.workflow.document import Document
from flowloom.workflow.models import KIND_KEYS, Case, ElifBranch, Retry, Trigger, Workflow, kind_of
from flowloom.workflow.path import Path, format_path

__all__ = ["ShapeProblem", "parse_workflow", "shape_problems", "workflow_of"]

_KINDS: dict[str, type[BaseModel]] = {model.kind: model for model in KIND_KEYS.values()}
_PARTS: dict[str, type[BaseModel]] = {
    "trigger": Trigger,
    "retry": Retry,
    "elif": ElifBranch,
    "cases": Case,
}


@dataclass(frozen=True)
class ShapeProblem:
    """One thing that the language does not allow, at a path.

    Attributes:
        kind: ``unknown_key``, ``missing_key``, ``unknown_kind``, ``bad_id``, ``empty`` or
            ``bad_value``.
        candidates: keys or values that could stand there, best first.
    """

    path: Path
    kind: str
    message: str
    candidates: tuple[str, ...] = ()


def parse_workflow(data: Mapping[str, Any]) -> tuple[Workflow | None, list[ShapeProblem]]:
    """Return the workflow, or None and every problem of its shape."""
    try:
        return Workflow.model_validate(data), []
    except ValidationError as error:
        found = (_problem(data, item) for item in error.errors(include_url=False))
        by_place = {(item.path, item.kind): item for item in found if item is not None}
        return None, list(by_place.values())


def shape_problems(data: Mapping[str, Any]) -> list[ShapeProblem]:
    """Return every problem of the shape of a document."""
    return parse_workflow(data)[1]


def workflow_of(document: Document) -> Workflow:
    """Return the workflow that a document holds.

    Raises:
        DocumentError: its shape is wrong; the first problem is named with its line.
    """
    workflow, problems = parse_workflow(document.data)
    if workflow is not None:
        return workflow
    first = problems[0]
    line, column = document.position(first.path)
    where = format_path(first.path) or "the document"
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    raise DocumentError(
        f"{where} (line {line}): {first.message}{more}",
        line=line,
        column=column,
        path=format_path(first.path),
        hint="Run: flowloom verify FILE",
    )


def _problem(data: Any, error: Any) -> ShapeProblem | None:
    path = _document_path(data, error["loc"])
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(data, path)
        case "missing":
            return ShapeProblem(path[:-1], "missing_key", f"The key {path[-1]!r} is missing.")
        case "union_tag_not_found" | "union_tag_invalid":
            return _unknown_kind(data, path)
        case "string_pattern_mismatch" if path and path[-1] in ("id", "as"):
            return ShapeProblem(
                path,
                "bad_id",
                f"{error['input']!r} is no id: letters, digits and '_', not starting with a digit,"
                " at most 64 characters.",
                _as_id(str(error["input"])),
            )
        case "too_short" if not error["input"]:
            return ShapeProblem(path, "empty", f"{format_path(path)} is empty.")
        case "too_short":
            return None  # Counted after the broken entries were dropped: said at the entries.
        case _:
            path = _without_union_members(data, path)
            said = error["msg"].replace("tuple", "list").replace("dictionary", "mapping")
            return ShapeProblem(path, "bad_value", f"{said}; found {_shown(error['input'])}.")


def _as_id(text: str) -> tuple[str, ...]:
    """Return the id that a text comes nearest to, if there is one."""
    plain = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:60]
    return (f"_{plain}" if plain[0].isdigit() else plain,) if plain else ()


def _shown(value: Any) -> str:
    # What a mapping holds depends on the order of its keys.
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"{value!r:.60}"


def _document_path(data: Any, loc: tuple[str | int, ...]) -> Path:
    """Return the place in the document; Pydantic puts the kind of a step after its index."""
    path: list[str | int] = []
    node = data
    for index, part in enumerate(loc):
        is_tag = (
            isinstance(part, str)
            and part in _KINDS
            and path
            and isinstance(path[-1], int)
            and isinstance(loc[index - 1], int)
            and kind_of(node) == part
        )
        if is_tag:
            continue
        path.append(part)
        node = _child(node, part)
    return tuple(path)


def _child(node: Any, part: str | int) -> Any:
    try:
        return node[part]
    except (KeyError, IndexError, TypeError):
        return None


def _without_union_members(data: Any, path: Path) -> Path:
    """Cut what stands behind a scalar: names of union members, no place of the document."""
    node = data
    for index, part in enumerate(path):
        if not isinstance(node, dict | list) or (isinstance(node, dict) and part not in node):
            return path[:index]
        node = _child(node, part)
    return path


def _unknown_key(data: Any, path: Path) -> ShapeProblem:
    owner = data
    for part in path[:-1]:
        owner = _child(owner, part)
    known = _known_keys(owner, path[:-1])
    key = str(path[-1])
    close = tuple(get_close_matches(key, known, n=3, cutoff=0.5))
    hint = f"Nearest: {', '.join(map(repr, close))}." if close else f"Known: {', '.join(known)}."
    return ShapeProblem(path, "unknown_key", f"There is no key {key!r} here. {hint}", close)


def _known_keys(owner: Any, path: Path) -> list[str]:
    names = [part for part in path if isinstance(part, str)]
    model: type[BaseModel] | None = Workflow if not path else None
    if model is None and names and names[-1] in _PARTS:
        model = _PARTS[names[-1]]
    if model is None:
        model = _KINDS.get(kind_of(owner) or "")
    if model is None:
        return []
    return [item.alias or name for name, item in model.model_fields.items()]


def _unknown_kind(data: Any, path: Path) -> ShapeProblem:
    step = data
    for part in path:
        step = _child(step, part)
    if not isinstance(step, dict):
        return ShapeProblem(path, "bad_value", f"A step is a mapping; this is {_shown(step)}.")
    close_keys = [get_close_matches(str(key), KIND_KEYS, n=1, cutoff=0.6) for key in step]
    found = {key for keys in close_keys for key in keys}
    close = tuple(key for key in KIND_KEYS if key in found)
    nearest = f" Nearest: {', '.join(map(repr, close))}." if close else ""
    return ShapeProblem(
        path,
        "unknown_kind",
        f"No key tells the kind of this step: one of {', '.join(KIND_KEYS)}.{nearest}",
        close,
    )
