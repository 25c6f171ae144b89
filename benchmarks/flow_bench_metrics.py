"""How a flow is compared with the expected one; see ``flowloom.evaluation.datasets``."""

from __future__ import annotations

from flowloom.evaluation.datasets.flow_bench_match import (
    Variant,
    calls_in,
    exact_match,
    hallucinated,
    recall,
)

__all__ = ["Variant", "calls_in", "exact_match", "hallucinated", "recall"]
