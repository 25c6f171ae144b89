"""What kinds of change a list of changes amounts to, and what of a sentence it leaves over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flowloom.workflow.edits import AddStep, Change, MoveStep, RemoveStep, ReplaceStep, SetValue

__all__ = ["effect_of", "steps_added"]

_FLOW = ("if", "for_each", "while", "try", "parallel", "switch")


def effect_of(changes: Sequence[Change]) -> frozenset[str]:
    """Return the kinds (of ``meaning/kinds.yaml``) that changes may be."""
    kinds: set[str] = set()
    moved = any(isinstance(change, MoveStep) for change in changes)
    removed = any(isinstance(change, RemoveStep) for change in changes)
    for change in changes:
        match change:
            case RemoveStep():
                kinds |= {"remove", "keep_only", "stop_when"}
            case ReplaceStep():
                kinds.add("replace")
            case AddStep():
                kinds |= _of_added(change, moved=moved)
            case SetValue() if not removed:
                kinds |= _of_value(change)
            case _:
                pass
    if kinds <= {"loop", "only_when", "failure"} and kinds:
        return frozenset(kinds | ({"stop_when"} if "only_when" in kinds else set[str]()))
    if moved and not kinds:
        kinds |= {"change_condition"} if removed else {"move", "add"}
    return frozenset(kinds or {"change_condition", "reschedule"})


def _of_added(change: AddStep, *, moved: bool) -> set[str]:
    step: dict[str, Any] = dict(change.step)
    if "ask" in step:
        return {"ask_person", "add"}
    if moved and "for_each" in step:
        return {"loop"}
    if "try" in step:
        return {"failure"}
    if "if" in step:
        return {"only_when", "stop_when"} if moved else {"in_branch"}
    return {"in_branch", "add"} if change.place.into else {"add"}


def _of_value(change: SetValue) -> set[str]:
    path = change.path
    if path.startswith("trigger"):
        return {"reschedule", "set_value"}
    if path.startswith(("retry", "on_error")):
        return {"failure"}
    if path in ("if", "while"):
        return {"change_condition", "set_value", "only_when"}
    if path.startswith(("elif", "else")):
        return {"in_branch"}
    if path == "inputs":
        return set()
    return {"set_value", "only_when"}


def steps_added(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return the steps that changes bring, those in blocks too."""
    found: list[dict[str, Any]] = []
    for change in changes:
        if isinstance(change, AddStep | ReplaceStep):
            found += _inside(json.loads(json.dumps(change.step)))
        elif isinstance(change, SetValue):
            found += _inside(change.value)
    return found


def _inside(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        items: list[Any] = value
        return [step for item in items for step in _inside(item)]
    if not isinstance(value, dict):
        return []
    data: dict[str, Any] = value
    here = [data] if "id" in data or "uses" in data else []
    blocks = (data.get(name) for name in (*_FLOW, "then", "else", "elif", "do", "catch"))
    return [*here, *(step for block in blocks for step in _inside(block))]
