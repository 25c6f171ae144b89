"""WorFBench's scores: an outline as a chain and as a graph (arXiv 2410.07869, section 3).

Nodes are matched one to one by the likeness of their words, those below a threshold not at all.
Chain: the most matched nodes that stand in an order which some topological order of the gold graph
has. Graph: the most matched nodes that have the same edges among them in both graphs (maximum
common induced subgraph). Over the nodes of either side these give precision and recall.

Published figures match with the embeddings of all-mpnet-base-v2; with another likeness they cannot
be compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from flowloom.evaluation.datasets.worfbench import OutlineGraph
from flowloom.evaluation.metrics.overlap import Overlap
from flowloom.evaluation.metrics.text import words_of

__all__ = [
    "THRESHOLD",
    "Likeness",
    "best_matching",
    "chain_overlap",
    "graph_overlap",
    "word_cosine",
]

Likeness: TypeAlias = Callable[[str, str], float]
THRESHOLD = 0.6
Pairs: TypeAlias = list[tuple[int, int]]


def word_cosine(one: str, other: str) -> float:
    """Return the cosine of the word counts of two texts, 0 to 1."""
    a, b = Counter(words_of(one)), Counter(words_of(other))
    dot = sum(count * b[word] for word, count in a.items())
    size = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return dot / size if size else float(a == b)


def chain_overlap(
    gold: OutlineGraph, found: OutlineGraph, likeness: Likeness = word_cosine
) -> Overlap:
    """Return how much of the gold chain an outline has."""
    before = _reachable(gold)
    pairs = _matched(gold, found, likeness)

    def in_order(one: tuple[int, int], other: tuple[int, int]) -> bool:
        first, second = (one, other) if one[1] < other[1] else (other, one)
        return (second[0], first[0]) not in before

    return Overlap(len(_largest(pairs, in_order)), len(gold.nodes), len(found.nodes))


def graph_overlap(
    gold: OutlineGraph, found: OutlineGraph, likeness: Likeness = word_cosine
) -> Overlap:
    """Return how much of the gold graph an outline has."""

    def same_edges(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return all(
            ((a[0], b[0]) in gold.edges) == ((a[1], b[1]) in found.edges)
            for a, b in ((one, other), (other, one))
        )

    kept = _largest(_matched(gold, found, likeness), same_edges)
    return Overlap(len(kept), len(gold.nodes), len(found.nodes))


def _matched(gold: OutlineGraph, found: OutlineGraph, likeness: Likeness) -> Pairs:
    weights = [[likeness(one, other) for other in found.nodes] for one in gold.nodes]
    kept = [[weight if weight >= THRESHOLD else 0.0 for weight in row] for row in weights]
    return [(one, other) for one, other in best_matching(kept) if kept[one][other] > 0]


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


def _reachable(graph: OutlineGraph) -> frozenset[tuple[int, int]]:
    """Return every pair of nodes of which the first comes before the second."""
    found = set(graph.edges)
    for middle in range(len(graph.nodes)):
        sources = [one for one, other in found if other == middle]
        targets = [other for one, other in found if one == middle]
        found.update((one, other) for one in sources for other in targets)
    return frozenset(found)


def _largest(pairs: Pairs, fits: Callable[[tuple[int, int], tuple[int, int]], bool]) -> Pairs:
    """Return a largest set of pairs of which any two fit (Bron and Kerbosch with pivots)."""
    near = {one: {other for other in pairs if other != one and fits(one, other)} for one in pairs}
    best: Pairs = []

    def grow(chosen: Pairs, open_: set[tuple[int, int]], seen: set[tuple[int, int]]) -> None:
        nonlocal best
        if not open_ and not seen and len(chosen) > len(best):
            best = chosen
        if not open_ or len(chosen) + len(open_) <= len(best):
            return
        pivot = max(open_ | seen, key=lambda item: len(near[item] & open_))
        for item in sorted(open_ - near[pivot]):
            grow([*chosen, item], open_ & near[item], seen & near[item])
            open_ = open_ - {item}
            seen = seen | {item}

    grow([], set(pairs), set())
    return best
