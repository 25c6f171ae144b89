"""Paired comparisons of two strategies on the same cases."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from flowloom.evaluation.intervals import LEVEL, ROUNDS, Interval, resampled_means

__all__ = ["McNemar", "PairedDifference", "mcnemar", "paired_bootstrap"]


@dataclass(frozen=True, slots=True)
class McNemar:
    """Cases that only one of two passed, and the two-sided exact p value."""

    only_first: int
    only_second: int
    p_value: float


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> McNemar:
    """Compare pass and fail of two strategies, case by case (McNemar's exact test).

    If both were equally good, each of the cases that only one passed would be either's with chance
    1/2: the p value is that of a binomial test. One outcome a case; for repeats see
    ``paired_bootstrap``.

    Raises:
        ValueError: there are not as many outcomes of one as of the other.
    """
    if len(first) != len(second):
        raise ValueError("paired outcomes need the same cases on both sides")
    only_first = sum(one and not other for one, other in zip(first, second, strict=True))
    only_second = sum(other and not one for one, other in zip(first, second, strict=True))
    count, fewer = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(count, k) for k in range(fewer + 1))
    return McNemar(only_first, only_second, min(1.0, 2 * tail / 2**count))


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean of second minus first, its interval, and a two-sided bootstrap p value."""

    difference: Interval
    p_value: float

    @property
    def beyond_noise(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.difference.low > 0 or self.difference.high < 0


def paired_bootstrap(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
    level: float = LEVEL,
) -> PairedDifference:
    """Compare the means of two strategies on the same cases, drawn together.

    The p value is twice the smaller share of rounds whose difference is not above, or not below 0,
    with one round added to each, so that it is never 0.

    Args:
        clusters: see ``bootstrap_mean``.

    Raises:
        ValueError: there are no values, or the sides differ in length.
    """
    import numpy as np

    if len(first) != len(second):
        raise ValueError("paired values need the same cases on both sides")
    groups = list(clusters) if clusters is not None else list(range(len(first)))
    differences = [other - one for one, other in zip(first, second, strict=True)]
    means = resampled_means([differences], groups, seed=seed, rounds=rounds)[0]
    tail = (1 - level) / 2
    low, high = (float(bound) for bound in np.quantile(means, (tail, 1 - tail)))
    mean = math.fsum(differences) / len(differences)
    rarer = min(int((means <= 0).sum()), int((means >= 0).sum()))
    interval = Interval(mean, min(low, mean), max(high, mean), len(set(groups)))
    return PairedDifference(interval, min(1.0, 2 * (rarer + 1) / (rounds + 1)))
