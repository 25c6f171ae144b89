"""Flow-Bench (IBM, arXiv 2505.11646, Apache-2.0): requests, and edits of a prior flow.

A file is a JSON list of ``uid``, ``tags``, ``utterance``, ``prior_sequence`` and
``expected_sequence``, the flows in the notation of ``flow_bench_notation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flowloom.errors import DocumentError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import case_of, read_json_rows, unique
from flowloom.evaluation.datasets.flow_bench_match import Variant, exact_match
from flowloom.evaluation.datasets.flow_bench_notation import sequence_of, workflow_from

__all__ = ["flow_bench_matches", "read_flow_bench"]

_VARIANTS: tuple[Variant, ...] = ("strict", "any_task_wording", "any_condition")


def read_flow_bench(path: Path) -> Dataset:
    """Read a case file of Flow-Bench's form.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
    """
    cases = [case_of(path, index, _case, row) for index, row in enumerate(read_json_rows(path))]
    sheet = Datasheet(
        name="flow-bench", licence="Apache-2.0", source="IBM Flow-Bench, arXiv 2505.11646"
    )
    return Dataset(sheet=sheet, cases=unique(cases, path))


def _case(row: Mapping[str, Any]) -> Case:
    prior, expected = str(row["prior_sequence"]), str(row["expected_sequence"])
    tags = tuple(map(str, row["tags"]))
    conditional = any("conditional" in tag for tag in tags)
    return Case(
        id=str(row["uid"]),
        request=str(row["utterance"]),
        prior=workflow_from(prior) if prior.strip() else None,
        gold=workflow_from(expected),
        tags=tags,
        level="edit" if prior.strip() else "conditional" if conditional else "linear",
        ids_are_stable=False,
        scoring="flow_bench",
        reference=expected,
    )


def flow_bench_matches(expected: str, workflow: dict[str, Any]) -> dict[str, bool]:
    """Return whether a workflow is the expected flow, by variant; see ``exact_match``."""
    try:
        found = sequence_of(workflow)
        return {variant: exact_match(expected, found, variant) for variant in _VARIANTS}
    except DocumentError:
        return dict.fromkeys(_VARIANTS, False)
