"""Measures of a ranking against the components that should be found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2

__all__ = ["ndcg_at", "recall_at", "reciprocal_rank"]


def recall_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of ``gold`` among the first ``k``; 1 if nothing is to be found."""
    wanted = set(gold)
    return len(wanted & set(ranked[:k])) / len(wanted) if wanted else 1.0


def ndcg_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Normalised discounted cumulative gain, binary relevance (Järvelin and Kekäläinen, 2002)."""
    wanted = set(gold)
    if not wanted:
        return 1.0
    gains = (1 / log2(place + 2) for place, item in enumerate(ranked[:k]) if item in wanted)
    ideal = sum(1 / log2(place + 2) for place in range(min(k, len(wanted))))
    return sum(gains) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 / rank of the first of ``gold`` among the first ``k``; 0 if there is none."""
    wanted = set(gold)
    return next((1 / rank for rank, item in enumerate(ranked[:k], 1) if item in wanted), 0.0)
