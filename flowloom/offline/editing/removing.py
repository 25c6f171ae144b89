"""Removing: "do not …", "no need to …", "remove the step that …", and what it leaves empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import ExistingStep, opposite
from flowloom.offline.editing.rewiring import bridged
from flowloom.offline.reading.lexicon import base_verb
from flowloom.workflow.edits import (
    MoveStep,
    Place,
    RemoveStep,
    SetValue,
    UnsetValue,
)

__all__ = ["Removing"]


@dataclass
class Removing(Editing):
    """Takes steps away."""

    def _holds(self, step: ExistingStep, kept: set[str]) -> bool:
        return any(inner.id in kept for inner in self.existing.inside(step.id))

    def _take_away(self, steps: Sequence[ExistingStep]) -> None:
        for step in steps:
            if step.id not in self.removed:
                self.removed.add(step.id)
                self.removed.update(inner.id for inner in self.existing.inside(step.id))
                index = self.existing.steps.index(step)
                behind = [item for item in self.existing.steps[index + 1 :] if item not in steps]
                self.changes += bridged(step, behind, self.existing.catalog)
                self.changes.append(RemoveStep(id=step.id))
        for step in steps:
            if step.holder and step.holder not in self.removed:
                self._close(self.existing.by_id[step.holder], step.block)

    def _close(self, holder: ExistingStep, block: str) -> None:
        """Mend what a removal has emptied: a branch, a loop."""
        if (holder.id, block) in self.closed or any(
            step.id not in self.removed for step in self.existing.block_of(holder.id, block)
        ):
            return
        self.closed.add((holder.id, block))
        left = [s for s in self.existing.block_of(holder.id, "else") if s.id not in self.removed]
        if block == "then" and left and not holder.data.get("elif"):
            self.changes += [
                SetValue(id=holder.id, path="if", value=opposite(str(holder.data["if"]))),
                SetValue(id=holder.id, path="then", value=[dict(s.data) for s in left]),
                UnsetValue(id=holder.id, path="else"),
            ]
        elif block == "else":
            self.changes.append(UnsetValue(id=holder.id, path="else"))
        elif block.startswith("elif"):
            self.changes.append(UnsetValue(id=holder.id, path=block.rpartition(".")[0]))
        elif block in ("then", "do") and not holder.data.get("elif"):
            self._take_away([holder])

    def _besides(self, text: str, removed: Sequence[ExistingStep]) -> None:
        """ "…, just do Y": Y stays where it is there already, else it takes the place."""
        words = re.sub(
            r"\s+(?:would be|is|will be)\s+(?:fine|enough|ok|okay|sufficient)$", "", text
        )
        plain = self.nester.plain(words)
        verb = base_verb(plain.split(" ", 1)[0])
        if verb:
            plain = f"{verb} {plain.partition(' ')[2]}"
        known = self.existing.match(self._action(plain), plain)
        if known is None or known.id in {step.id for step in removed}:
            self._add(plain)

    def _unwrap(self) -> bool:
        """ "Remove the condition": its steps stay, whatever holds."""
        holder = next((step for step in self.existing.steps if "if" in step.data), None)
        if holder is None or "else" in holder.data or "elif" in holder.data:
            return False
        for step in self.existing.block_of(holder.id, "then"):
            self.changes.append(MoveStep(id=step.id, place=Place(before=holder.id)))
        self.changes.append(RemoveStep(id=holder.id))
        return True

    def _without_else(self) -> bool:
        holders = [step for step in self.existing.steps if "else" in step.data]
        if holders:
            self.changes.append(UnsetValue(id=holders[-1].id, path="else"))
        return bool(holders)
