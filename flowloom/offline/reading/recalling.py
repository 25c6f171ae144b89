"""What the steps of a workflow at hand give, remembered as if they had just been planned."""

from __future__ import annotations

import re
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.editing.existing import Existing, ExistingStep
from flowloom.offline.planning.actions import Action
from flowloom.offline.planning.plan import Call, Loop, Reference
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.rendering.render import Renderer
from flowloom.offline.rendering.schemas import Typed, item_of, list_in

__all__ = ["recall"]

_STEP = re.compile(r"steps\.(\w+)\.output")


def recall(existing: Existing, renderer: Renderer) -> None:
    """Let new steps refer to those that are there, and carry their values on."""
    trigger = existing.data.get("trigger") or {}
    component = existing.catalog.get(str(trigger.get("uses", "")))
    if component is not None:
        renderer.trigger = Typed("trigger.output", component.output)
    for step in existing.steps:
        component = existing.catalog.get(str(step.data.get("uses", "")))
        if component is not None:
            _call(step, component, renderer)
        elif "for_each" in step.data:
            _loop(step, renderer)


def _call(step: ExistingStep, component: Component, renderer: Renderer) -> None:
    values: dict[str, Any] = dict(step.data.get("with") or {})
    nouns = _named(step.id)
    if component.kind == "transform":
        # What it passes on goes by the same name: filtered rows are rows.
        for source in _STEP.findall(str(values)):
            known = renderer.history.get(source)
            nouns |= known.nouns if known else frozenset()
    action = Action(text="", nouns=tuple(sorted(nouns)))
    call = Call(id=step.id, action=action, plain="", said="", component=component.id)
    renderer.outputs.pop(step.id, None)
    renderer.remember_step(call, component, values)


def _loop(step: ExistingStep, renderer: Renderer) -> None:
    item = str(step.data.get("as", "item"))
    match = _STEP.search(str(step.data["for_each"]))
    source = renderer.outputs.get(match.group(1)) if match else None
    found = list_in(source) if source else None
    value = item_of(found, item) if found else Typed(item, {})
    over = Reference(step=match.group(1) if match else "")
    renderer.outputs.pop(f"item:{item}", None)
    renderer.remember_item(Loop(step.id, over, item, []), value)


def _named(step_id: str) -> frozenset[str]:
    return frozenset(singular(part) for part in step_id.lower().split("_") if part)
