"""What the verifier says of workflows without faults: an error there is a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fault_model import Sample
from benchmarks.flow_bench import read_cases
from benchmarks.flow_bench_notation import workflow_from
from flowloom.catalog.sources import load_catalog
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

__all__ = ["alarms", "flow_bench_workflows"]


def flow_bench_workflows(directory: Path) -> list[Sample]:
    """Return the gold workflows (prior and expected) of Flow-Bench's development half.

    Returns:
        An empty list where the data are not there; they are no part of this project.
    """
    if not (directory / "dev.json").is_file():
        return []
    catalog = load_catalog([directory / "catalog.json"], builtin=False).catalog
    found: dict[str, Sample] = {}
    for case in read_cases(directory / "dev.json"):
        for name, flow in (("prior", case.prior), ("expected", case.expected)):
            if flow.strip():
                key = f"{case.uid} {name}"
                found[key] = Sample(key, workflow_from(flow), catalog)
    return list(found.values())


def alarms(samples: Sequence[Sample]) -> dict[str, int]:
    """Count what is said of workflows without faults, by severity and code."""
    counts = Counter(
        f"{item.severity} {item.code}"
        for sample in samples
        for item in verify(document_of(sample.data), sample.catalog).diagnostics
    )
    return dict(sorted(counts.items()))
