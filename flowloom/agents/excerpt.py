"""What of a workflow a model sees: all of it, or what lies around the diagnostics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document, dump_yaml
from flowloom.workflow.edits import find_steps
from flowloom.workflow.path import Path, parse_path

__all__ = ["diagnostics_text", "excerpt"]

WHOLE_UP_TO = 3_000
"""Characters; below, leaving parts out saves less than it confuses."""

_HEADS = ("name", "inputs", "trigger", "outputs")


def excerpt(document: Document, diagnostics: Sequence[Diagnostic]) -> str:
    """Return the workflow around the diagnostics: a list of all steps, then those concerned.

    The steps concerned, and inputs, trigger and outputs, stand in full; every other step is one
    line with its id and what it uses.
    """
    if len(document.text) <= WHOLE_UP_TO:
        return document.text
    steps = find_steps(document.data)
    paths = {path: step_id for step_id, (_, _, path) in steps.items()}
    concerned = dict.fromkeys(_holder(item, paths) for item in diagnostics)
    head = {key: document.data[key] for key in _HEADS if key in document.data}
    parts = [dump_yaml(head).rstrip(), "# all steps, in order:", *_lines(steps)]
    for step_id in concerned:
        if step_id in steps:
            block, index, _ = steps[step_id]
            parts += [f"# in full: {step_id}", dump_yaml(block[index]).rstrip()]
    return "\n".join(parts) + "\n"


def _holder(item: Diagnostic, paths: dict[Path, str]) -> str:
    """Return the id of the innermost step around a diagnostic; empty if there is none."""
    if item.step:
        return item.step
    path = parse_path(item.path)
    while path and path not in paths:
        path = path[:-1]
    return paths.get(path, "")


def _lines(steps: dict[str, tuple[list[Any], int, Path]]) -> Iterator[str]:
    for step_id, (block, index, path) in sorted(steps.items(), key=lambda item: _order(item[1][2])):
        step = block[index]
        kind = next((key for key in step if key not in ("id", "name")), "")
        value = step.get("uses") or kind
        depth = sum(1 for part in path if isinstance(part, int)) - 1
        yield f"{'  ' * depth}- {step_id}: {value}"


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)


def diagnostics_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Return diagnostics one a line: code, place, message, hint, and what could stand there."""
    return "\n".join(_line(item) for item in diagnostics)


def _line(item: Diagnostic) -> str:
    parts = [f"- {item.code} at {item.path or 'the document'}: {item.message}", item.hint]
    if item.candidates:
        parts.append(f"Could be: {', '.join(item.candidates[:5])}.")
    return " ".join(" ".join(part for part in parts if part).split())
