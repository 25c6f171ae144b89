"""WorFBench's scores: an outline as a chain and as a graph (arXiv 2410.07869, section 3).

Nodes are matched one to one by the likeness of their words, those below a threshold not at all.
Chain: the most matched nodes that stand in an order which some topological order of the gold graph
has. Graph: the most matched nodes that have the same edges among them in both graphs (maximum
common induced subgraph). Over the nodes of either side these give precision and recall. Nodes and
edges alone: how many are matched, in whatever order; START and END count for edges.

The program that is published with the data counts the graph otherwise: see ``published_graph``.
Published figures match with the embeddings of all-mpnet-base-v2; with another likeness they cannot
be compared. Its chain tries at most twenty topological orders, and of eight nodes or more only the
one in which gold is written; here every order counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from flowloom.evaluation.datasets.worfbench import OutlineGraph
from flowloom.evaluation.metrics.matching import Likeness, Pairs, best_matching, word_cosine
from flowloom.evaluation.metrics.overlap import Overlap

__all__ = [
    "THRESHOLD",
    "chain_overlap",
    "edge_overlap",
    "graph_overlap",
    "node_overlap",
    "published_graph",
]

THRESHOLD = 0.6


def node_overlap(
    gold: OutlineGraph, found: OutlineGraph, likeness: Likeness = word_cosine
) -> Overlap:
    """Return how many nodes are matched, in whatever order."""
    return Overlap(len(_matched(gold, found, likeness)), len(gold.nodes), len(found.nodes))


def edge_overlap(
    gold: OutlineGraph, found: OutlineGraph, likeness: Likeness = word_cosine
) -> Overlap:
    """Return how many edges lead from and to matched nodes; START and END match themselves."""
    stands_for = {b: a for a, b in _matched(gold, found, likeness)}
    there, here = (_numbered_edges(graph) for graph in (gold, found))
    names = {place + 1: other + 1 for place, other in stands_for.items()}
    names |= {0: 0, len(found.nodes) + 1: len(gold.nodes) + 1}
    shared = {(names[a], names[b]) for a, b in here if a in names and b in names} & there
    return Overlap(len(shared), len(there), len(here))


def _numbered_edges(graph: OutlineGraph) -> frozenset[tuple[int, int]]:
    """Return the edges by number: START is 0, the first node 1, END the last number."""
    end = len(graph.nodes) + 1
    return frozenset(
        [
            *((a + 1, b + 1) for a, b in graph.edges),
            *((0, place + 1) for place in graph.starts),
            *((place + 1, end) for place in graph.ends),
        ]
    )


def published_graph(
    gold: OutlineGraph, found: OutlineGraph, likeness: Likeness = word_cosine
) -> tuple[float, float]:
    """Return the graph score as the program published with WorFBench counts it.

    START and END are nodes. Edges among matched nodes are shared if their numbers are equal in both
    graphs, whatever nodes these numbers are matched to. The largest group of matched nodes that
    shared edges connect counts: on the side of the outline for precision, of gold for recall.

    Returns:
        precision and recall.
    """
    pairs = [(a + 1, b + 1) for a, b in _matched(gold, found, likeness)]
    pairs += [(0, 0), (len(gold.nodes) + 1, len(found.nodes) + 1)]
    theirs, ours = {a for a, _ in pairs}, {b for _, b in pairs}
    shared = {edge for edge in _numbered_edges(gold) if theirs >= set(edge)}
    shared &= {edge for edge in _numbered_edges(found) if ours >= set(edge)}
    if not _numbered_edges(found):
        return 0.0, 0.0
    return (
        _largest_group(ours, shared) / (len(found.nodes) + 2),
        _largest_group(theirs, shared) / (len(gold.nodes) + 2),
    )


def _largest_group(nodes: Collection[int], edges: Iterable[tuple[int, int]]) -> int:
    """Return the size of the largest connected part."""
    group = {node: {node} for node in nodes}
    for one, other in edges:
        if group[one] is not group[other]:
            group[one] |= group[other]
            for node in group[other]:
                group[node] = group[one]
    return max(map(len, group.values()))


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
    kept = [[weight if weight > THRESHOLD else 0.0 for weight in row] for row in weights]
    return [(one, other) for one, other in best_matching(kept) if kept[one][other] > 0]


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
