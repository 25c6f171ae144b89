"""How alike two texts are, and which of two lists of things stand for each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from flowloom.evaluation.metrics.text import words_of

__all__ = ["Likeness", "Pairs", "best_matching", "embedding_likeness", "word_cosine"]

Likeness: TypeAlias = Callable[[str, str], float]
Pairs: TypeAlias = list[tuple[int, int]]


def word_cosine(one: str, other: str) -> float:
    """Return the cosine of the word counts of two texts, 0 to 1."""
    a, b = Counter(words_of(one)), Counter(words_of(other))
    dot = sum(count * b[word] for word, count in a.items())
    size = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return dot / size if size else float(a == b)


def embedding_likeness(embed: Callable[[Sequence[str]], Any]) -> Likeness:
    """Return the cosine of the embeddings of two texts, at least 0.

    Args:
        embed: gives an array of shape (texts, dimension) whose rows have length 1.
    """

    @lru_cache(maxsize=4_096)
    def vector(text: str) -> Any:
        return embed([text])[0]

    def likeness(one: str, other: str) -> float:
        return max(0.0, float(vector(one) @ vector(other)))

    return likeness


def best_matching(weights: Sequence[Sequence[float]]) -> Pairs:
    """Return the one-to-one pairs (row, column) with the greatest sum of weights.

    The Hungarian method with potentials, in cubic time; every row or every column is paired.
    """
    if not weights or not weights[0]:
        return []
    rows, columns = len(weights), len(weights[0])
    if rows > columns:
        turned = [[weights[row][column] for row in range(rows)] for column in range(columns)]
        return sorted((row, column) for column, row in best_matching(turned))
    row_of = _assignment([[-weight for weight in row] for row in weights])
    return sorted((row, column) for column, row in row_of.items())


def _assignment(costs: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return the row of each paired column, at the least cost; no more rows than columns."""
    rows, columns = len(costs), len(costs[0])
    u, v = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_at = [0] * (columns + 1)  # 1-based; 0 is free, and column 0 the one to place
    for row in range(1, rows + 1):
        row_at[0] = row
        column = 0
        least, way = [math.inf] * (columns + 1), [0] * (columns + 1)
        done = [False] * (columns + 1)
        while row_at[column]:
            done[column] = True
            here, delta, following = row_at[column], math.inf, 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                reduced = costs[here - 1][other - 1] - u[here] - v[other]
                if reduced < least[other]:
                    least[other], way[other] = reduced, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(columns + 1):
                if done[other]:
                    u[row_at[other]] += delta
                    v[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            row_at[column] = row_at[way[column]]
            column = way[column]
    return {column - 1: row_at[column] - 1 for column in range(1, columns + 1) if row_at[column]}
