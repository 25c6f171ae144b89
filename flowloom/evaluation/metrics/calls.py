"""The scores of Seal-Tools and NesTools: which tools are called, with what, nested how."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from flowloom.evaluation.forms import FlowForm, Slot, StepForm, unnumbered
from flowloom.evaluation.metrics.overlap import Overlap, overlap

__all__ = ["CallScores", "call_scores"]

_OUTPUT, _RESPONSE = 3, 4
"""How many parts ``steps.tool.output`` has, and ``steps.tool.output.response``."""


@dataclass(frozen=True, slots=True)
class CallScores:
    """Overlaps of tools, of pairs of neighbours, of (tool, parameter, value), and of links.

    Attributes:
        order: of (tool, the tool called after it).
        nested: of (producer, tool, parameter); the producer is a call's output, or one of its
            responses where gold names one.
    """

    tools: Overlap
    order: Overlap
    parameters: Overlap
    nested: Overlap

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1 of each, and the counts that micro averages add up."""
        found: dict[str, float] = {}
        for name in ("tools", "order", "parameters", "nested"):
            part: Overlap = getattr(self, name)
            for figure in ("precision", "recall", "f1", "shared", "wanted", "found"):
                found[f"{name}_{figure}"] = float(getattr(part, figure))
        return found


def call_scores(gold: FlowForm, found: FlowForm) -> CallScores:
    """Score calls as Seal-Tools does (tools and parameters), order and nesting as NesTools does.

    Values are equal if their texts are, whatever their type and case; a value that reads another
    call's output is equal if it reads the same tool's. (Seal-Tools' program holds every call of a
    tool against gold's first call of it; NesTools' gives texts the share of ROUGE-L. Here each
    call counts once, and a value is right or wrong.)
    """
    depth = _RESPONSE if any(len(item) > _OUTPUT for item in _paths(gold)) else _OUTPUT
    return CallScores(
        tools=overlap(gold.uses.elements(), found.uses.elements()),
        order=overlap(_neighbours(gold), _neighbours(found)),
        parameters=overlap(_parameters(gold, depth), _parameters(found, depth)),
        nested=overlap(_nested(gold, depth), _nested(found, depth)),
    )


def _neighbours(form: FlowForm) -> Iterator[tuple[str, str]]:
    for one, other in pairwise(form.calls):
        yield one.label, other.label


def _paths(form: FlowForm) -> Iterator[list[str]]:
    for _, _, slot in _slots(form):
        for reference in slot.references:
            yield reference.split(".")


def _parameters(form: FlowForm, depth: int) -> Iterator[tuple[str, str, str]]:
    for step, name, slot in _slots(form):
        yield step.label, name, _value(slot, depth)


def _nested(form: FlowForm, depth: int) -> Iterator[tuple[str, str, str]]:
    for step, name, slot in _slots(form):
        for producer in _producers(slot, depth):
            yield producer, step.label, name


def _slots(form: FlowForm) -> Iterator[tuple[StepForm, str, Slot]]:
    for step in form.calls:
        for name, slot in step.slots.items():
            yield step, name, slot


def _producers(slot: Slot, depth: int) -> list[str]:
    return sorted({".".join(unnumbered(item).split(".")[:depth]) for item in slot.references})


def _value(slot: Slot, depth: int) -> str:
    if slot.references:
        return " ".join(_producers(slot, depth))
    value = json.loads(slot.text)
    return (value if isinstance(value, str) else slot.text).strip().lower()
