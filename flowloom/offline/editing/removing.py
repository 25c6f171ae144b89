"""Removing: "do not …", "no need to …", "remove the step that …", and what it leaves empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import ExistingStep, opposite
from flowloom.offline.editing.rewiring import bridged
from flowloom.offline.reading.classify import classify
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

    def _remove(self, text: str) -> bool:
        match = forms.REMOVE.match(text) or _not_needed(text)
        condition = ""
        if match is None:
            sentence = classify(text, editing=True)
            inner = " and ".join(sentence.actions)
            if sentence.condition and forms.NOTHING.match(inner):
                inner = "remove all steps"
            match = forms.REMOVE.match(inner) if sentence.condition else None
            condition = sentence.condition
        if match is None:
            return False
        rest = match.group(match.lastgroup or "rest")
        if forms.ELSE_BRANCH.match(rest):
            return self._without_else()
        if forms.CONDITION.match(rest):
            return self._unwrap()
        others = forms.REST.search(rest)
        rest = rest[: others.start()] if others else rest
        removed = self._removed_by(rest, condition)
        if not removed:
            # "Delete the label" may be a new action; "do not …" never is.
            return not re.match(r"(?:remove|delete|cancel|drop|stop)\b", text, re.I)
        self._take_away(removed)
        if others:
            self._besides(others.group(1), removed)
        return True

    def _removed_by(self, rest: str, condition: str) -> list[ExistingStep]:
        every = forms.ALL.match(rest)
        if every:
            return self._all(every, every.group("condition") or condition)
        if last := forms.LAST.match(rest):
            return [self.existing.steps[0 if last.group(1).lower() == "first" else -1]]
        rest, inner, words = rest.partition(" if ")
        rest = re.sub(r"\s+(?:step|action|call)s?$", "", forms.STEP.sub("", rest), flags=re.I)
        found: list[ExistingStep] = []
        for part in re.split(r"\s+(?:and|or|nor)\s+|,\s*", rest):
            plain = self.nester.plain(part)
            action = self._action(plain)
            step = self.existing.match(action, plain, verb=bool(action.verb))
            step = step or self.step_of(part)
            if step is not None:
                found.append(step)
        if not found and (inner or condition):
            return self._all(None, words or condition)
        return found

    def _all(self, every: re.Match[str] | None, condition: str) -> list[ExistingStep]:
        kept: set[str] = set()
        if every and every.group("kept"):
            plain = self.nester.plain(every.group("kept"))
            step = self.existing.match(self._action(plain), plain)
            if step is None:
                return []
            kept = {step.id}
        if condition:
            branch = self._branches.branch_of(condition)
            if branch is None:
                return []
            steps = self.existing.block_of(*branch)
        elif every and "loop" in (every.group("where") or "").lower():
            loop = next((s for s in self.existing.steps if "for_each" in s.data), None)
            steps = self.existing.block_of(loop.id, "do") if loop else []
        else:
            steps = list(self.existing.steps)
        left = [step for step in steps if step.id not in kept]
        inner = [
            leaf
            for step in left
            if self._holds(step, kept)
            for leaf in self.existing.inside(step.id)
            if leaf.id not in kept and not self.existing.inside(leaf.id)
        ]
        return [*(step for step in left if not self._holds(step, kept)), *inner]

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


def _not_needed(text: str) -> re.Match[str] | None:
    return forms.NOT_NEEDED.match(text)
