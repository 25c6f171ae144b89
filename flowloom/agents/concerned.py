"""Which steps and components diagnostics concern: what a repair is shown, and what it may touch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flowloom.roles import Candidates
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document
from flowloom.workflow.edits import find_steps
from flowloom.workflow.parts import own_data, steps_named_in
from flowloom.workflow.path import Path, parse_path

__all__ = ["concerned_candidates", "concerned_steps", "innermost_steps", "referenced_steps"]


_NAMED = re.compile(r"(?:\bsteps\.|')(\w+)")


def concerned_steps(document: Document, diagnostics: Iterable[Diagnostic]) -> frozenset[str]:
    """Return the ids of the steps of diagnostics, of those around them, and of those they name."""
    at_path = _ids_by_path(document)
    found = tuple(diagnostics)
    named = {item.step for item in found if item.step}
    words = {word for item in found for word in _NAMED.findall(item.message)}
    named.update(words.intersection(at_path.values()))
    around = (
        at_path[prefix]
        for item in found
        for prefix in _prefixes(parse_path(item.path))
        if prefix in at_path
    )
    return frozenset(named.union(around))


def innermost_steps(document: Document, diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Return the id of the innermost step around each diagnostic, each once, in their order."""
    at_path = _ids_by_path(document)
    found = (item.step or _innermost(parse_path(item.path), at_path) for item in diagnostics)
    return tuple(dict.fromkeys(step_id for step_id in found if step_id))


def referenced_steps(document: Document, step_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the steps that the given ones name in expressions, each once."""
    steps = find_steps(document.data)
    named = (
        name
        for step_id in step_ids
        if step_id in steps
        for name in steps_named_in(own_data(_step(steps[step_id])))
    )
    return tuple(dict.fromkeys(name for name in named if name in steps))


def concerned_candidates(
    document: Document, diagnostics: Sequence[Diagnostic], candidates: Candidates
) -> Candidates:
    """Return the candidates that can mend the diagnostics.

    These are what was found for the steps concerned, what these steps and those that they name
    use, and what a diagnostic suggests. Where a diagnostic belongs to no step of the workflow,
    something may have to be added, and all candidates stay.
    """
    steps = find_steps(document.data)
    inner = innermost_steps(document, diagnostics)
    if not all(item.step or _is_in_head(item) or inner for item in diagnostics) or any(
        step_id not in steps for step_id in inner
    ):
        return candidates
    shown = (*inner, *referenced_steps(document, inner))
    names = {str(_step(steps[step_id]).get("uses", "")).partition("@")[0] for step_id in shown}
    names.update(name for item in diagnostics for name in item.candidates)
    names.add(_trigger(document.data))
    return Candidates(
        by_step={name: found for name, found in candidates.by_step.items() if name in inner},
        always=tuple(item for item in candidates.all if item.id in names),
    )


def _is_in_head(item: Diagnostic) -> bool:
    return item.path.partition(".")[0].partition("[")[0] in ("trigger", "inputs", "outputs")


def _trigger(data: Mapping[str, Any]) -> str:
    trigger = data.get("trigger")
    return str(trigger.get("uses", "")) if isinstance(trigger, dict) else ""


def _step(place: tuple[list[Any], int, Path]) -> dict[str, Any]:
    block, index, _ = place
    return block[index]


def _ids_by_path(document: Document) -> dict[Path, str]:
    return {path: step_id for step_id, (_, _, path) in find_steps(document.data).items()}


def _innermost(path: Path, at_path: Mapping[Path, str]) -> str:
    while path and path not in at_path:
        path = path[:-1]
    return at_path.get(path, "")


def _prefixes(path: Path) -> Iterator[Path]:
    return (path[:length] for length in range(1, len(path) + 1))
