"""95 % intervals: Wilson's for rates of independent cases, a bootstrap for means and clusters."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Interval", "bootstrap_mean", "resampled_means", "wilson"]

ROUNDS = 10_000
LEVEL = 0.95
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its interval; ``count`` independent things stand behind it."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def wilson(passed: int, count: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval for a rate (Wilson 1927); without cases it is 0 to 1.

    For independent cases; where a case was tried several times use ``bootstrap_mean``.

    Raises:
        ValueError: not 0 <= passed <= count.
    """
    if not 0 <= passed <= count:
        raise ValueError(f"no such rate: {passed=}, {count=}")
    if not count:
        return Interval(math.nan, 0.0, 1.0, 0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate, square = passed / count, z * z / count
    middle = (rate + square / 2) / (1 + square)
    half = z * math.sqrt(rate * (1 - rate) / count + square / (4 * count)) / (1 + square)
    low = 0.0 if passed == 0 else middle - half
    high = 1.0 if passed == count else middle + half
    return Interval(rate, low, high, count)


def bootstrap_mean(
    values: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
    level: float = LEVEL,
) -> Interval:
    """Return the mean of values with its percentile bootstrap interval (Efron 1979).

    Args:
        clusters: what each value belongs to, such as its case; whole clusters are drawn, so that
            repeats and paraphrases of one case do not pass for independent cases.
        seed: the same seed gives the same interval.

    Raises:
        ValueError: there are no values, or not as many clusters as values.
    """
    groups = list(clusters) if clusters is not None else list(range(len(values)))
    means = resampled_means([values], groups, seed=seed, rounds=rounds)[0]
    tail = (1 - level) / 2
    low, high = (float(bound) for bound in _quantiles(means, (tail, 1 - tail)))
    mean = math.fsum(values) / len(values)
    # A rounding error must not put the mean outside of its own interval.
    return Interval(mean, min(low, mean), max(high, mean), len(set(groups)))


def resampled_means(
    series: Sequence[Sequence[float]], clusters: Sequence[Hashable], *, seed: int, rounds: int
) -> npt.NDArray[np.float64]:
    """Return the mean of each series in each round; all series are drawn alike.

    Returns:
        an array of shape (series, rounds).

    Raises:
        ValueError: there are no values, or series and clusters differ in length.
    """
    import numpy as np

    data = np.asarray(series, dtype=np.float64)
    if data.ndim != 2 or not data.shape[1] or data.shape[1] != len(clusters):
        raise ValueError("a bootstrap needs values, and a cluster for each")
    order = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    places = np.asarray([order[name] for name in clusters])
    counts = np.bincount(places, minlength=len(order)).astype(np.float64)
    sums = np.stack([np.bincount(places, row, minlength=len(order)) for row in data])
    random = np.random.default_rng(seed)
    means: list[npt.NDArray[np.float64]] = []
    at_once = max(1, _CELLS // len(order))
    for start in range(0, rounds, at_once):
        drawn = random.integers(0, len(order), (min(at_once, rounds - start), len(order)))
        means.append(sums[:, drawn].sum(axis=2) / counts[drawn].sum(axis=1))
    return np.concatenate(means, axis=1)


def _quantiles(
    values: npt.NDArray[np.float64], shares: tuple[float, ...]
) -> npt.NDArray[np.float64]:
    import numpy as np

    return np.quantile(values, shares)
