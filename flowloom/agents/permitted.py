"""Which steps a repair may touch: those that a diagnostic concerns, and what names them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document
from flowloom.workflow.edits import find_steps
from flowloom.workflow.path import Path, parse_path

__all__ = ["unasked_changes"]

_BLOCKS = frozenset(["then", "elif", "else", "cases", "default", "do", "try", "catch", "finally"])
_CONDITIONS = ("elif", "cases")


def unasked_changes(
    before: Document, after: Document, diagnostics: Sequence[Diagnostic]
) -> tuple[str, ...]:
    """Return the ids of steps that a repair changed or removed although nothing concerns them.

    Concerned is the step of a diagnostic, the steps around it, and any step that names such a
    step (``steps.<id>``). Steps may be added and moved: what is missing must be put somewhere.
    """
    old, new = _own_data(before), _own_data(after)
    concerned = _concerned(before, diagnostics)
    return tuple(
        step_id
        for step_id, data in old.items()
        if new.get(step_id) != data
        and step_id not in concerned
        and not any(re.search(rf"\bsteps\s*\.\s*\??\s*{name}\b", data) for name in concerned)
    )


def _own_data(document: Document) -> dict[str, str]:
    """Return each step as text, without the steps inside it."""
    return {
        step_id: json.dumps(_without_blocks(block[index]), sort_keys=True, default=str)
        for step_id, (block, index, _) in find_steps(document.data).items()
    }


def _without_blocks(step: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in step.items() if key not in _BLOCKS and key != "parallel"}
    for key in _CONDITIONS:
        branches = step.get(key)
        if isinstance(branches, list):
            own[key] = [
                {name: value for name, value in branch.items() if name not in _BLOCKS}
                for branch in branches
                if isinstance(branch, dict)
            ]
    return own


def _concerned(document: Document, diagnostics: Sequence[Diagnostic]) -> frozenset[str]:
    at_path = {path: step_id for step_id, (_, _, path) in find_steps(document.data).items()}
    named = {item.step for item in diagnostics if item.step}
    around = (
        at_path[prefix]
        for item in diagnostics
        for prefix in _prefixes(parse_path(item.path))
        if prefix in at_path
    )
    return frozenset(named.union(around))


def _prefixes(path: Path) -> Iterator[Path]:
    return (path[:length] for length in range(1, len(path) + 1))
