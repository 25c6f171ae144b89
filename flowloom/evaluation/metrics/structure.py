"""How alike two workflows are in trigger, components and structure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from flowloom.evaluation.flow_tree import FlowTree, flow_tree, tree_size
from flowloom.evaluation.forms import FlowForm, StepForm
from flowloom.evaluation.metrics.overlap import Overlap, jaccard, overlap
from flowloom.evaluation.tree_distance import tree_edit_distance

__all__ = [
    "Edge",
    "component_jaccard",
    "component_overlap",
    "control_edges",
    "edge_overlap",
    "flow_similarity",
    "hallucinated",
    "tree_bleu",
    "trigger_match",
]


def flow_similarity(gold: FlowForm, found: FlowForm, *, with_inputs: bool = True) -> float:
    """Return FlowSim: ``1 - TED(F, Fr) / (|F| + |Fr|)``, 0 to 1; 1 for two empty flows.

    TED is the tree edit distance with the costs of ``flowloom.evaluation.tree_distance``, the size
    of a tree the number of its nodes that are no containers. Source: StarFlow, arXiv 2503.21889.

    Args:
        with_inputs: whether values count; see ``flow_tree``.
    """
    one, other = (flow_tree(form, with_inputs=with_inputs) for form in (gold, found))
    size = tree_size(one) + tree_size(other)
    return 1 - tree_edit_distance(one, other) / size if size else 1.0


def tree_bleu(gold: FlowForm, found: FlowForm, *, with_inputs: bool = True) -> float:
    """Return TreeBLEU: the share of the gold tree's parent-child pairs that the other tree has.

    Pairs are of labels and count once however often they stand; containers are skipped: a child's
    parent is the nearest node above that is none, or the flow itself. Source: StarFlow.
    """
    one, other = (
        frozenset(_pairs(flow_tree(form, with_inputs=with_inputs), None)) for form in (gold, found)
    )
    return len(one & other) / len(one) if one else float(not other)


def _pairs(tree: FlowTree, parent: FlowTree | None) -> Iterator[tuple[object, object]]:
    above = parent if tree.kind == "container" else tree
    for child in tree.children:
        if child.kind != "container":
            yield (above.label if above else "flow", child.label)
        yield from _pairs(child, above)


def trigger_match(gold: FlowForm, found: FlowForm) -> bool:
    """Return whether both start by the same component; none and a run by hand are the same."""
    return gold.trigger_label == found.trigger_label


def component_overlap(gold: FlowForm, found: FlowForm) -> Overlap:
    """Return how many calls of the same components both have; the trigger is none of them."""
    return overlap(gold.uses.elements(), found.uses.elements())


def component_jaccard(gold: FlowForm, found: FlowForm) -> float:
    """Return the Jaccard index of the sets of components (StarFlow's component match)."""
    return jaccard(gold.uses, found.uses)


class Edge(NamedTuple):
    """One edge of control flow, by labels; ``block`` tells into which block it leads."""

    source: str
    block: str
    target: str


def control_edges(form: FlowForm) -> list[Edge]:
    """Return the edges of control flow, each as often as it stands.

    From the trigger (``start`` for a run by hand) to the first step, from each step to the next of
    its block, and from a step with blocks to the first step of each.
    """
    return list(_edges(form.trigger_label or "start", "", form.steps))


def _edges(source: str, block: str, steps: Sequence[StepForm]) -> Iterator[Edge]:
    for step in steps:
        yield Edge(source, block, step.label)
        for inner in step.blocks:
            yield from _edges(step.label, inner.label, inner.steps)
        source, block = step.label, ""


def edge_overlap(gold: FlowForm, found: FlowForm) -> Overlap:
    """Return how many edges of control flow both have."""
    return overlap(control_edges(gold), control_edges(found))


def hallucinated(form: FlowForm, catalog: Collection[str]) -> Counter[str]:
    """Return the components that a workflow names and the catalog does not have.

    The trigger counts as one. Over all components named it gives the hallucination rate (Flow-Bench
    and ServiceNow, arXiv 2404.08189, count calls so).
    """
    named = form.uses + Counter([form.trigger_label] if form.trigger_label else [])
    return Counter({name: count for name, count in named.items() if name not in catalog})
