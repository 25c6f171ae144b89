"""A transform that is put between two steps: what read the first now reads the transform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.workflow.edits import SetValue

__all__ = ["bridged", "rewired"]

_WHOLE = re.compile(r"^\s*\$\{\{\s*(steps\.\w+\.output)\s*\}\}\s*$")


def rewired(
    step: dict[str, Any], later: Sequence[ExistingStep], catalog: Catalog
) -> Iterator[SetValue]:
    """Yield the changes of later steps after ``step`` was put before them.

    Only where the new step gives the same kind of thing as it takes: a sorted list for a list.
    """
    component = catalog.get(str(step.get("uses", "")))
    if component is None or component.kind != "transform":
        return
    for name, value in (step.get("with") or {}).items():
        match = _WHOLE.match(value) if isinstance(value, str) else None
        if match is None or not _passes_on(component.output, name, component.inputs[name]):
            continue
        new = f"steps.{step['id']}.output"
        for other in later:
            yield from _in_step(other, match.group(1), new)


def _passes_on(output: Any, name: str, schema: Any) -> bool:
    if output.get("x-same-as") == name:
        return True
    return kind_of_schema(output) == kind_of_schema(schema) != ""


def _in_step(step: ExistingStep, old: str, new: str) -> Iterator[SetValue]:
    pattern = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)")
    for name, value in (step.data.get("with") or {}).items():
        if isinstance(value, str) and "${{" in value and pattern.search(value):
            yield SetValue(id=step.id, path=f"with.{name}", value=pattern.sub(new, value))
    for key in ("if", "while", "for_each"):
        value = step.data.get(key)
        if isinstance(value, str) and pattern.search(value):
            yield SetValue(id=step.id, path=key, value=pattern.sub(new, value))


def bridged(
    step: ExistingStep, later: Sequence[ExistingStep], catalog: Catalog
) -> Iterator[SetValue]:
    """Yield the changes of later steps where a transform between them is taken away."""
    component = catalog.get(str(step.data.get("uses", "")))
    if component is None or component.kind != "transform":
        return
    for name, value in (step.data.get("with") or {}).items():
        match = _WHOLE.match(value) if isinstance(value, str) else None
        if match is not None and _passes_on(component.output, name, component.inputs[name]):
            for other in later:
                yield from _in_step(other, f"steps.{step.id}.output", match.group(1))
            return
