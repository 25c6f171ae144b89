"""Precision, recall and F1 of multisets; what the other metrics count with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Overlap", "jaccard", "overlap"]

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many things of ``found`` are among those ``wanted``, each counted as often as it stands.

    A share of nothing is 1 if the other side has nothing either, else 0.
    """

    shared: int
    wanted: int
    found: int

    @property
    def precision(self) -> float:
        """Shared over found."""
        return self.shared / self.found if self.found else float(not self.wanted)

    @property
    def recall(self) -> float:
        """Shared over wanted."""
        return self.shared / self.wanted if self.wanted else float(not self.found)

    @property
    def f1(self) -> float:
        """Harmonic mean of both: 2 shared / (wanted + found)."""
        both = self.wanted + self.found
        return 2 * self.shared / both if both else 1.0


def overlap(wanted: Iterable[T], found: Iterable[T]) -> Overlap:
    """Return how much two multisets share."""
    one, other = Counter(wanted), Counter(found)
    return Overlap((one & other).total(), one.total(), other.total())


def jaccard(wanted: Iterable[Hashable], found: Iterable[Hashable]) -> float:
    """Return the share of the union of two sets that both have; 1 for two empty sets."""
    one, other = frozenset(wanted), frozenset(found)
    return len(one & other) / len(one | other) if one | other else 1.0
