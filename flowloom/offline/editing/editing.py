"""What every kind of change needs: the workflow at hand, and the changes so far."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flowloom.offline.editing.existing import Existing, ExistingStep
from flowloom.offline.planning.actions import Action, is_action, parse_action
from flowloom.offline.planning.branches import Branches
from flowloom.offline.planning.nest import Nester
from flowloom.offline.planning.plan import Node
from flowloom.offline.reading.classify import Sentence
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.rendering.render import Renderer
from flowloom.workflow.edits import AddStep, Change, MoveStep, Place

__all__ = ["Editing"]


@dataclass
class Editing(ABC):
    """One change request being read.

    Attributes:
        changes: what has been decided; ``nodes`` the steps that are new.
        removed: ids of the steps that are taken away; ``closed`` the blocks mended after that.
    """

    existing: Existing
    nester: Nester
    renderer: Renderer
    changes: list[Change] = field(default_factory=list[Change])
    nodes: list[Node] = field(default_factory=list[Node])
    unsupported: list[str] = field(default_factory=list[str])
    removed: set[str] = field(default_factory=set[str])
    closed: set[tuple[str, str]] = field(default_factory=set["tuple[str, str]"])

    def _action(self, text: str) -> Action:
        plain = self.nester.plain(text)
        if not is_action(plain) and not base_verb(plain.split(" ", 1)[0]):
            found = parse_action(text, f"do {plain}")[0]
            return replace(found, verb="", said="", text=text)
        return parse_action(text, plain)[0]

    def _inputs(self, step: ExistingStep) -> list[str]:
        component = self.existing.catalog.get(str(step.data.get("uses", "")))
        return list(component.inputs) if component else []

    def _value(self, text: str) -> Any:
        values = self.nester.masked.values_in(text)
        if values:
            return values[0][0]
        return int(text) if re.fullmatch(r"-?\d+", text.strip()) else text.strip()

    def _calls(self) -> list[ExistingStep]:
        return [step for step in self.existing.steps if "uses" in step.data]

    def _provider(self, step: ExistingStep) -> str:
        profile = self.existing.chooser.profiles.get(str(step.data.get("uses", "")))
        return profile.provider if profile else ""

    @property
    def _branches(self) -> Branches:
        return Branches(self.existing.steps, self.nester.masked.values)

    def put_under(
        self, head: dict[str, Any], block: str, steps: Sequence[ExistingStep], name: str = "check"
    ) -> str:
        """Put steps into a new block at their place; they are moved, so they stay as written."""
        step_id = self.nester.names.unique(name)
        step: dict[str, Any] = {"id": step_id, **head, block: []}
        self.changes.append(AddStep(step=step, place=Place(before=steps[0].id)))
        for item in steps:
            self.changes.append(MoveStep(id=item.id, place=Place(into=step_id, block=block)))
        return step_id

    @abstractmethod
    def step_of(self, words: str) -> ExistingStep | None:
        """Return the step that words mean."""

    @abstractmethod
    def _new_steps(self, sentence: Sentence, place: Place | None = None) -> list[dict[str, Any]]:
        """Return the steps that a sentence asks for, fit for a place."""

    @abstractmethod
    def _insert(self, steps: list[dict[str, Any]], place: Place) -> None:
        """Add steps at a place."""

    @abstractmethod
    def _add(self, text: str) -> None:
        """Add what a sentence asks for."""
