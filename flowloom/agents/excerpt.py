"""What of a workflow a model sees for a repair: what lies around the diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flowloom.agents.concerned import innermost_steps
from flowloom.prompts.components import estimated_tokens
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document, dump_yaml
from flowloom.workflow.edits import find_steps
from flowloom.workflow.parts import own_data
from flowloom.workflow.path import Path
from flowloom.workflow.visible_text import plain_line

__all__ = ["diagnostics_text", "excerpt", "shown_for_edit"]

WHOLE_UP_TO = 6_000
"""Tokens of a workflow that an edit is shown whole."""
MOST_CONCERNED = 12
MOST_OF_A_LINE = 2_000

_HEADS = ("name", "inputs", "trigger", "outputs")


def excerpt(document: Document, diagnostics: Sequence[Diagnostic]) -> str:
    """Return the workflow around the diagnostics: a list of all steps, then those concerned.

    The steps concerned, and inputs, trigger and outputs, stand in full, with ids for the steps
    inside them; every other step is one line with its id and what it uses.
    """
    return _around(document, innermost_steps(document, diagnostics))


def _around(document: Document, concerned: Sequence[str]) -> str:
    steps = find_steps(document.data)
    head = {key: document.data[key] for key in _HEADS if key in document.data}
    parts = [dump_yaml(head).rstrip(), "# all steps, in order:", *_lines(steps)]
    for step_id in concerned:
        if step_id in steps:
            block, index, _ = steps[step_id]
            shown = dump_yaml(_with_ids_for_steps(block[index])).rstrip()
            parts += [f"# in full: {step_id}", shown]
    return "\n".join(parts) + "\n"


def shown_for_edit(
    document: Document,
    request: str,
    *,
    whole_up_to: int = WHOLE_UP_TO,
    most_concerned: int = MOST_CONCERNED,
) -> str:
    """Return the workflow whole or, if it is too large, in outline with the steps concerned.

    Concerned are steps whose id the request names, and those that share most words with it.

    Args:
        whole_up_to: tokens of a workflow that is shown whole.
        most_concerned: steps that are shown in full in an outline.
    """
    if estimated_tokens(document.text) <= whole_up_to:
        return document.text
    words = _words(request)
    steps = find_steps(document.data)
    shared = {
        step_id: len(words & _words(f"{step_id} {own_data(block[index])}"))
        for step_id, (block, index, _) in steps.items()
    }
    ranked = sorted(steps, key=lambda step_id: (step_id not in request, -shared[step_id]))
    return _around(document, ranked[:most_concerned])


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]{3,}", text)}


def _with_ids_for_steps(value: Any) -> Any:
    """Put ids in the place of the steps inside a step: they stand in the list of all steps."""
    if isinstance(value, dict):
        return {
            key: item if key == "with" else _with_ids_for_steps(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            item["id"] if isinstance(item, dict) and "id" in item else _with_ids_for_steps(item)
            for item in value
        ]
    return value


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
    return plain_line(" ".join(part for part in parts if part), MOST_OF_A_LINE)
