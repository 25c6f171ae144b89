"""How alike two workflows are in what their steps are given: inputs and references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowloom.evaluation.forms import FlowForm, Slot, StepForm, unnumbered
from flowloom.evaluation.metrics.overlap import Overlap, overlap

__all__ = ["InputMatch", "input_match", "links", "reference_overlap"]


@dataclass(frozen=True, slots=True)
class InputMatch:
    """Of ``inputs`` inputs so many have the same value, and so many at least the same type."""

    same: int
    same_type: int
    inputs: int

    @property
    def exact(self) -> float | None:
        """The share with the same value; None without inputs."""
        return self.same / self.inputs if self.inputs else None

    @property
    def type(self) -> float | None:
        """The share with the same type; None without inputs."""
        return self.same_type / self.inputs if self.inputs else None


def input_match(gold: FlowForm, found: FlowForm) -> InputMatch:
    """Compare the inputs of calls and trigger, input by input.

    The n-th call of a component is held against the n-th call of it in the gold workflow. All
    inputs of gold count, and those that a call has too much; a call that is missing has none right.
    Types are those of JSON, and ``expression`` for a whole ``${{ }}``.
    """
    others = _given(found)
    same = same_type = inputs = 0
    for key, slots in _given(gold).items():
        given = others.get(key, {})
        names = {*slots, *given}
        pairs = [(slots[name], given[name]) for name in names if name in slots and name in given]
        inputs += len(names)
        same += sum(one.text == other.text for one, other in pairs)
        same_type += sum(one.kind == other.kind for one, other in pairs)
    return InputMatch(same, same_type, inputs)


def _given(form: FlowForm) -> dict[str, Mapping[str, Slot]]:
    found = {step.key: step.slots for step in form.calls}
    # A trigger of another component has other inputs.
    return {**found, f"trigger {form.trigger.label}": form.trigger.slots} if form.trigger else found


def links(form: FlowForm) -> list[tuple[str, str, str]]:
    """Return every reference as (user, place in it, what is referred to), each as often as used.

    Users are labels, and steps that are referred to are too, so that inserted steps rename none.
    """
    found = [
        (step.label, name, unnumbered(reference))
        for step, name, slot in _slots(form)
        for reference in slot.references
    ]
    outputs = [
        ("outputs", "", unnumbered(reference))
        for slot in form.outputs.values()
        for reference in slot.references
    ]
    return found + outputs


def _slots(form: FlowForm) -> Iterator[tuple[StepForm, str, Slot]]:
    steps = [*([form.trigger] if form.trigger else []), *form.all_steps]
    for step in steps:
        for name, slot in step.slots.items():
            yield step, name, slot
        for block in step.blocks:
            if block.condition is not None:
                yield step, block.label, block.condition


def reference_overlap(gold: FlowForm, found: FlowForm) -> Overlap | None:
    """Return how many references both have; None if neither has any."""
    one, other = links(gold), links(found)
    return overlap(one, other) if Counter(one) or Counter(other) else None
