"""The values that stand in a workflow, each with the words for it: what a change may set."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.offline.editing.existing import Existing
from flowloom.offline.filling.input_names import name_of_input
from flowloom.offline.filling.literals import values_of
from flowloom.offline.reading.masking import mask
from flowloom.workflow.edits import SetValue

__all__ = ["Slot", "form_of", "open_slots", "slots_of"]

_LITERAL = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?<![\w.\[])-?\d+(?:\.\d+)?(?![\w.\]])"
)


@dataclass(frozen=True)
class Slot:
    """One value, or an input that is not given yet.

    Attributes:
        step: id of the step; empty for the trigger.
        path: where it stands in the step, or in the workflow.
        name: name of the input, ``if`` or ``while`` for a literal in a condition.
        value: what stands there; None for an input that is not given.
        around: for a literal in a condition: the words before and behind it.
    """

    step: str
    path: str
    name: str
    value: Any = None
    schema: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)
    around: tuple[str, str] | None = None

    def set(self, value: Any) -> SetValue:
        """Return the change that puts a value there."""
        if self.around is not None:
            before, after = self.around
            value = f"{before}{json.dumps(value, ensure_ascii=False)}{after}"
        return SetValue(id=self.step, path=self.path, value=value)

    def strength(self, words: tuple[str, ...]) -> float:
        """Return how surely words (singular, lower case) name it."""
        if self.around is not None:
            return 1.5 if words[-1:] == ("condition",) else 0.0
        return name_of_input(self.name, self.schema).strength(words)


def slots_of(existing: Existing) -> list[Slot]:
    """Return every value of a workflow that its steps and its trigger are given."""
    found = list(_trigger(existing))
    for step in existing.steps:
        schemas = _schemas(existing.catalog, step.data)
        for name, value in (step.data.get("with") or {}).items():
            found += _values(step.id, f"with.{name}", name, value, schemas.get(name, {}))
        found += _tests(step.id, step.data)
        for name in ("ask", "wait"):
            if isinstance(step.data.get(name), str):
                found.append(Slot(step.id, name, name, step.data[name], {"type": "string"}))
    return found


def open_slots(existing: Existing) -> list[Slot]:
    """Return the inputs that steps and trigger may be given, and are not."""
    found: list[Slot] = []
    trigger = existing.data.get("trigger") or {}
    holders = [("", "trigger.with", trigger)]
    holders += [(step.id, "with", step.data) for step in existing.steps if "uses" in step.data]
    for step_id, path, data in holders:
        given = data.get("with") or {}
        for name, schema in _schemas(existing.catalog, data).items():
            if name not in given:
                found.append(Slot(step_id, f"{path}.{name}", name, None, schema))
    return found


def _schemas(catalog: Catalog, data: Any) -> dict[str, Any]:
    component = catalog.get(str(data.get("uses", "")))
    return dict(component.inputs) if component else {}


def _trigger(existing: Existing) -> Iterator[Slot]:
    trigger = existing.data.get("trigger") or {}
    schemas = _schemas(existing.catalog, trigger)
    for name, value in (trigger.get("with") or {}).items():
        yield from _values("", f"trigger.with.{name}", name, value, schemas.get(name, {}))


def _values(step: str, path: str, name: str, value: Any, schema: dict[str, Any]) -> Iterator[Slot]:
    if isinstance(value, list):
        items: list[Any] = value
        for index, item in enumerate(items):
            yield Slot(step, f"{path}[{index}]", name, item, schema.get("items") or {})
    elif not isinstance(value, dict):
        yield Slot(step, path, name, value, schema)


def _tests(step: str, data: Any) -> Iterator[Slot]:
    tests = [(key, data[key]) for key in ("if", "while") if isinstance(data.get(key), str)]
    for index, branch in enumerate(data.get("elif") or []):
        tests.append((f"elif[{index}].if", branch["if"]))
    for path, text in tests:
        for match in _LITERAL.finditer(text):
            literal = match.group(0)
            value = literal[1:-1] if literal[0] in "\"'" else json.loads(literal)
            yield Slot(step, path, "if", value, {}, (text[: match.start()], text[match.end() :]))


def form_of(value: Any) -> str:
    """Return what a value looks like: ``number``, ``channel``, ``email`` …; empty for a text."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return "number"
    text = str(value)
    if "${{" in text or not text:
        return ""
    masked = mask(text)
    found = values_of(masked.text, masked)
    whole = len(found) == 1 and found[0].end - found[0].start == len(masked.text)
    return found[0].form if whole and found[0].form != "quoted" else ""
