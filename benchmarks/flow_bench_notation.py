"""Flow-Bench's notation; see ``flowloom.evaluation.datasets.flow_bench_notation``."""

from __future__ import annotations

from flowloom.evaluation.datasets.flow_bench_notation import (
    USER_TASK,
    parse_flow,
    sequence_of,
    workflow_from,
)

__all__ = ["USER_TASK", "parse_flow", "sequence_of", "workflow_from"]
