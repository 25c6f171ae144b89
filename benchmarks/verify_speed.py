"""How long the verifier takes on workflows of 20, 500 and 5,000 steps.

    python -m benchmarks.verify_speed [--runs N] [--json]

The document is read already; measured is ``verify``: of a document seen for the first time (its
expressions are new to the process), and of one that is checked again, as in the loop that mends.
The exponent is that of the power law fitted to the first figures (1 is linear growth).
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of

SIZES = (20, 100, 500, 2_000, 5_000)


def workflow_of_size(steps: int, salt: str = "s") -> dict[str, Any]:
    """Return a workflow with that many steps: reads, filters, branches and loops in turn.

    Args:
        salt: begins every step's id, so that another salt makes other expressions.
    """
    built: list[dict[str, Any]] = []
    for number in range(steps // 4):
        name = f"{salt}{number}"
        rows = f"steps.{name}_read.output"
        built += [
            {"id": f"{name}_read", "uses": "csv.read_file", "with": {"path": f"{number}.csv"}},
            {
                "id": f"{name}_check",
                "if": f"size({rows}) > {number}",
                "then": [
                    {
                        "id": f"{name}_each",
                        "for_each": rows,
                        "as": "row",
                        "do": [
                            {
                                "id": f"{name}_log",
                                "uses": "core.log",
                                "with": {"message": f"{number}: ${{{{ string(size({rows})) }}}}"},
                            }
                        ],
                    }
                ],
            },
        ]
    return {"name": "speed", "steps": built}


def seconds_of(document: Document, catalog: Catalog) -> float:
    """Return the seconds of one verification.

    Raises:
        SystemExit: the workflow is not valid, so that the figure would mean nothing.
    """
    started = time.perf_counter()
    verdict = verify(document, catalog)
    seconds = time.perf_counter() - started
    if not verdict.valid:
        raise SystemExit(str(verdict.errors[0]))
    return seconds


def measured(steps: int, runs: int, catalog: Catalog) -> dict[str, float]:
    """Return the median seconds of documents that are new and of one that is not."""
    fresh = [document_of(workflow_of_size(steps, f"s{run}_")) for run in range(runs + 1)]
    first = [seconds_of(document, catalog) for document in fresh]
    again = [seconds_of(fresh[-1], catalog) for _ in range(runs)]
    return {"first": statistics.median(first[1:]), "again": statistics.median(again)}


def growth(rows: dict[int, dict[str, float]]) -> float:
    """Return the exponent of the power law fitted by least squares to the first figures."""
    points = [(math.log(steps), math.log(row["first"])) for steps, row in rows.items()]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    catalog = builtin_catalog()
    rows = {size: measured(size, options.runs, catalog) for size in SIZES}
    if options.json:
        print(json.dumps({"median_seconds": rows, "exponent": growth(rows)}, indent=2))
        return 0
    for size, row in rows.items():
        first, again = row["first"] * 1000, row["again"] * 1000
        print(f"{size:>5} steps: median {first:.1f} ms the first time, {again:.1f} ms again")
    print(f"growth: steps^{growth(rows):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
