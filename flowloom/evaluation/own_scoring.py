"""The scoring that a data set brings along, beside the metrics for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.errors import DocumentError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.datasets.flow_bench import flow_bench_matches
from flowloom.evaluation.datasets.worfbench import OutlineGraph, parse_outline
from flowloom.evaluation.forms import form_of
from flowloom.evaluation.metrics.calls import call_scores
from flowloom.evaluation.metrics.matching import Likeness
from flowloom.evaluation.metrics.outline import (
    chain_overlap,
    edge_overlap,
    graph_overlap,
    node_overlap,
    published_graph,
)

__all__ = ["PASS_FAIL", "OwnScores", "outline_scores", "own_scoring"]


PASS_FAIL = frozenset(["strict", "any_task_wording", "any_condition", "format"])
"""The figures that are pass or fail of one output."""


_OUTLINE = {
    "nodes": node_overlap,
    "edges": edge_overlap,
    "chain": chain_overlap,
    "graph": graph_overlap,
}


@dataclass(frozen=True)
class OwnScores:
    """Figures by name; ``exact`` is None where the data set has no exact match of its own."""

    exact: bool | None = None
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


def own_scoring(case: Case, workflow: dict[str, Any] | None) -> OwnScores:
    """Score a workflow the way of the case's data set.

    Args:
        workflow: plain data in the shape of a workflow; None if the output has not that shape.
    """
    if case.scoring == "flow_bench":
        none = dict.fromkeys(("strict", "any_task_wording", "any_condition"), False)
        found = flow_bench_matches(case.reference, workflow) if workflow else none
        return OwnScores(found["strict"], {name: float(value) for name, value in found.items()})
    if case.scoring == "calls":
        scores = call_scores(form_of(case.gold), form_of(workflow))
        return OwnScores(figures={"format": float(workflow is not None), **scores.figures()})
    return OwnScores()


def outline_scores(reference: str, text: str, likeness: Likeness) -> OwnScores:
    """Score an outline as WorFBench does; one that cannot be read has no nodes.

    Exact is one with every node and edge of gold and no other.

    Raises:
        DocumentError: the reference is no outline.
    """
    gold = parse_outline(reference)
    try:
        found = parse_outline(text)
    except DocumentError:
        found = OutlineGraph((), frozenset())
    figures = {"format": float(bool(found.nodes))}
    for name, count in _OUTLINE.items():
        part = count(gold, found, likeness)
        figures |= {
            f"{name}_precision": part.precision,
            f"{name}_recall": part.recall,
            f"{name}_f1": part.f1,
        }
    precision, recall = published_graph(gold, found, likeness)
    both = precision + recall
    figures["published_graph_f1"] = 2 * precision * recall / both if both else 0.0
    exact = figures["nodes_f1"] == figures["edges_f1"] == figures["graph_f1"] == 1.0
    return OwnScores(exact, figures)
