"""What became better or worse between two runs beyond noise."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowloom.errors import ConfigError
from flowloom.evaluation.reports.figures import Pair, compare_arms, holm
from flowloom.evaluation.reports.loading import ArmSamples, Run

__all__ = ["Change", "compare_runs"]


@dataclass(frozen=True)
class Change:
    """One arm in two runs, on the cases that both have.

    Attributes:
        lost, gained: cases that only the earlier, or only the later run has right.
    """

    arm: str
    pair: Pair
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether it is worse beyond noise, in ``correct`` or in FlowSim."""
        similar = self.pair.flow_sim
        by_similarity = similar is not None and similar.difference.high < 0
        by_correct = self.pair.beyond_noise and self.pair.correct.difference.value < 0
        return by_correct or by_similarity

    @property
    def is_better(self) -> bool:
        """Whether it is better beyond noise, in ``correct`` or in FlowSim, and not worse."""
        similar = self.pair.flow_sim
        by_similarity = similar is not None and similar.difference.low > 0
        by_correct = self.pair.beyond_noise and self.pair.correct.difference.value > 0
        return (by_correct or by_similarity) and not self.is_worse


def compare_runs(before: Run, after: Run) -> list[Change]:
    """Return every arm that both runs have, compared on the cases that both have.

    A run with one arm each is compared whatever the arms are called.

    Raises:
        ConfigError: they have no arm, or no case, in common.
    """
    found: list[Change] = []
    for one, other in _shared_arms(before, after):
        pair = compare_arms(one, other)
        if pair is not None:
            found.append(_change(one, other, pair))
    if not found:
        raise ConfigError(
            "The two runs have no strategy with answers to the same cases in common.",
            hint="Run the same data set with the same strategies.",
        )
    values = holm([item.pair.p_value for item in found])
    return [
        replace(item, pair=replace(item.pair, p_value=value))
        for item, value in zip(found, values, strict=True)
    ]


def _shared_arms(before: Run, after: Run) -> list[tuple[ArmSamples, ArmSamples]]:
    if len(before.arms) == len(after.arms) == 1:
        return [(before.arms[0], after.arms[0])]
    later = {(arm.strategy, arm.model): arm for arm in after.arms}
    keys = [(arm, later.get((arm.strategy, arm.model))) for arm in before.arms]
    return [(one, other) for one, other in keys if other is not None]


def _change(one: ArmSamples, other: ArmSamples, pair: Pair) -> Change:
    left, right = _right(one), _right(other)
    shared = [place for place in left if place in right]
    lost = dict.fromkeys(place[0] for place in shared if left[place] and not right[place])
    gained = dict.fromkeys(place[0] for place in shared if right[place] and not left[place])
    name = one.name if one.name == other.name else f"{one.name} → {other.name}"
    return Change(name, pair, tuple(lost), tuple(gained))


def _right(arm: ArmSamples) -> dict[tuple[str, int], bool]:
    return {(item.sample.case, item.sample.repeat): item.scores.correct for item in arm.samples}
