"""Edit locality: whether a change request left alone what it did not name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

from flowloom.evaluation.forms import FlowForm, unnumbered

__all__ = ["EditLocality", "edit_locality", "statements"]

Statement: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditLocality:
    """What an edit did beyond its request.

    Attributes:
        kept: statements of the workflow before that should stay and did.
        to_keep: statements of it that should stay.
        uncalled_for: added steps that neither the workflow before nor the gold one has.
        lost: what should have stayed and did not.
    """

    kept: int
    to_keep: int
    uncalled_for: tuple[str, ...] = ()
    lost: tuple[Statement, ...] = ()

    @property
    def rate(self) -> float | None:
        """Kept over to keep; None if nothing was to be kept."""
        return self.kept / self.to_keep if self.to_keep else None

    @property
    def damage(self) -> int:
        """How many things changed that should not: statements lost and steps added."""
        return self.to_keep - self.kept + len(self.uncalled_for)


def edit_locality(
    prior: FlowForm, gold: FlowForm, found: FlowForm, *, ids: bool = True
) -> EditLocality:
    """Hold an edited workflow against the one before and the one wanted.

    What should stay is what the workflow before and the gold one both state: each step in its
    blocks, each value of a step, the trigger, run inputs and outputs.

    Args:
        ids: whether steps must keep their ids too.
    """
    before, wanted, made = (statements(form, ids=ids) for form in (prior, gold, found))
    stays = before & wanted
    kept = stays & made
    added = Counter(found.uses) - (prior.uses | gold.uses)
    return EditLocality(
        kept=kept.total(),
        to_keep=stays.total(),
        uncalled_for=tuple(added.elements()),
        lost=tuple((stays - kept).elements()),
    )


def statements(form: FlowForm, *, ids: bool = True) -> Counter[Statement]:
    """Return what a workflow states, each as often as it does."""
    found: Counter[Statement] = Counter()
    if form.trigger is not None:
        found["trigger", form.trigger.label] += 1
        for name, slot in form.trigger.slots.items():
            found["trigger", form.trigger.label, name, unnumbered(slot.text)] += 1
    labels = {step.key: step.label for step in form.all_steps}
    for step in form.all_steps:
        around = "/".join(f"{labels[owner]}.{block}" for owner, block in step.chain)
        found["step", around, step.label] += 1
        if ids:
            found["id", step.id, step.label] += 1
        for name, slot in step.slots.items():
            found["value", step.label, name, unnumbered(slot.text)] += 1
        for block in step.blocks:
            if block.condition is not None:
                found["value", step.label, block.label, unnumbered(block.condition.text)] += 1
    for name, kind in form.inputs.items():
        found["run input", name, kind] += 1
    for name, slot in form.outputs.items():
        found["output", name, unnumbered(slot.text)] += 1
    return found
