"""The scores of Seal-Tools and NesTools: which tools are called, with what, nested how."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flowloom.evaluation.forms import FlowForm, Slot, StepForm, unnumbered
from flowloom.evaluation.metrics.overlap import Overlap, overlap

__all__ = ["CallScores", "call_scores"]


@dataclass(frozen=True, slots=True)
class CallScores:
    """Overlaps of tools, of (tool, parameter, value), and of (producer, tool, parameter)."""

    tools: Overlap
    parameters: Overlap
    nested: Overlap

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1 of each, and the counts that micro averages add up."""
        found: dict[str, float] = {}
        for name in ("tools", "parameters", "nested"):
            part: Overlap = getattr(self, name)
            for figure in ("precision", "recall", "f1", "shared", "wanted", "found"):
                found[f"{name}_{figure}"] = float(getattr(part, figure))
        return found


def call_scores(gold: FlowForm, found: FlowForm) -> CallScores:
    """Score calls as Seal-Tools does (tools and parameters), and their nesting as NesTools does.

    Values are equal if their texts are, whatever their type and case; a value that reads another
    call's output is equal if it reads the same tool's.
    """
    return CallScores(
        tools=overlap(gold.uses.elements(), found.uses.elements()),
        parameters=overlap(_parameters(gold), _parameters(found)),
        nested=overlap(_nested(gold), _nested(found)),
    )


def _parameters(form: FlowForm) -> Iterator[tuple[str, str, str]]:
    for step, name, slot in _slots(form):
        yield step.label, name, _value(slot)


def _nested(form: FlowForm) -> Iterator[tuple[str, str, str]]:
    for step, name, slot in _slots(form):
        for producer in _producers(slot):
            yield producer, step.label, name


def _slots(form: FlowForm) -> Iterator[tuple[StepForm, str, Slot]]:
    for step in form.calls:
        for name, slot in step.slots.items():
            yield step, name, slot


def _producers(slot: Slot) -> list[str]:
    return sorted({".".join(unnumbered(item).split(".")[:2]) for item in slot.references})


def _value(slot: Slot) -> str:
    if slot.references:
        return " ".join(_producers(slot))
    value = json.loads(slot.text)
    return (value if isinstance(value, str) else slot.text).strip().lower()
