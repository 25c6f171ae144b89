"""The work list of a run: which strategy answers which case, in a fixed order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.evaluation.cases import Case, Dataset
from flowloom.evaluation.strategies.names import OFFLINE, StrategyName

__all__ = ["Arm", "Trial", "arms_of", "content_key", "trials_of"]


@dataclass(frozen=True)
class Arm:
    """A strategy with the model that it asks."""

    strategy: StrategyName
    model: str

    def __str__(self) -> str:
        name = str(self.strategy)
        return name if name == self.model else f"{name} · {self.model}"


@dataclass(frozen=True)
class Trial:
    """One question to one arm.

    Attributes:
        key: hash of everything that the answer hangs on; the same question again has the same.
    """

    case: Case
    arm: Arm
    repeat: int
    seed: int
    key: str


def arms_of(strategies: Sequence[StrategyName], models: Sequence[str]) -> tuple[Arm, ...]:
    """Return every strategy with every model; what needs none stands once."""
    found: dict[Arm, None] = {}
    for strategy in strategies:
        for model in models if strategy.needs_model else (OFFLINE,):
            found[Arm(strategy, model)] = None
    return tuple(found)


def trials_of(
    dataset: Dataset,
    arms: Sequence[Arm],
    *,
    repeats: int,
    seed: int,
    conditions: Mapping[str, Any],
) -> Iterator[Trial]:
    """Yield the trials: all arms of a case together, so that a run cut short can be compared.

    Args:
        conditions: what else answers hang on, such as limits, catalog and prompts.
    """
    shared = content_key(conditions)
    for repeat in range(repeats):
        for case in dataset.cases:
            about = content_key(case.model_dump(mode="json"))
            for arm in arms:
                parts = (shared, about, str(arm.strategy), arm.model, repeat, seed + repeat)
                yield Trial(case, arm, repeat, seed + repeat, content_key(parts))


def content_key(value: Any) -> str:
    """Return a hash of JSON data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
