"""How far a run is: counts and running scores, never the samples themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ArmProgress", "Progress"]

_WIDTH = 20


@dataclass
class ArmProgress:
    """Running sums of one arm."""

    count: int = 0
    valid: int = 0
    correct: int = 0
    errors: int = 0


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        total: trials of the run; done: those that are finished, before this process too.
        usd: spent by this process.
        arms: running scores of all that are finished.
    """

    total: int
    done: int = 0
    usd: float = 0.0
    arms: dict[str, ArmProgress] = field(default_factory=dict[str, ArmProgress])

    def add(self, arm: str, scores: str) -> None:
        """Count one finished sample; ``scores`` is its JSON text."""
        data: Mapping[str, object] = json.loads(scores)
        of_arm = self.arms.setdefault(arm, ArmProgress())
        of_arm.count += 1
        of_arm.valid += bool(data["valid"])
        of_arm.correct += bool(data["correct"])
        of_arm.errors += data["claimed"] == "error"
        self.done += 1

    def bar(self) -> str:
        """Return what is done as a bar, such as ``[#####-----]``."""
        full = _WIDTH * self.done // max(1, self.total)
        return f"[{'#' * full}{'-' * (_WIDTH - full)}]"

    def line(self) -> str:
        """Return it in one line."""
        models = {name.partition(" · ")[2] for name in self.arms} - {""}
        arms = ", ".join(
            f"{name.partition(' · ')[0] if len(models) < 2 else name} {item.correct}/{item.count}"
            for name, item in self.arms.items()
        )
        return f"{self.done:,} of {self.total:,} (${self.usd:.2f}) correct: {arms or 'none yet'}"
