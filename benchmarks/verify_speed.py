"""How long the verifier takes on workflows of 20, 500 and 5,000 steps.

    python -m benchmarks.verify_speed [--runs N] [--json]

The document is read already; measured is ``verify``. The exponent is that of the power law between
the smallest and the largest workflow (1 is linear growth).
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

from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of

SIZES = (20, 500, 5_000)


def workflow_of_size(steps: int) -> dict[str, Any]:
    """Return a workflow with that many steps: reads, filters, branches and loops in turn."""
    built: list[dict[str, Any]] = []
    for number in range(steps // 4):
        name = f"s{number}"
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


def median_seconds(document: Document, runs: int) -> float:
    """Return the median seconds of one verification.

    Raises:
        SystemExit: the workflow is not valid, so that the figure would mean nothing.
    """
    catalog = builtin_catalog()
    seconds: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        verdict = verify(document, catalog)
        seconds.append(time.perf_counter() - started)
        if not verdict.valid:
            raise SystemExit(str(verdict.errors[0]))
    return statistics.median(seconds[1:])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    rows = {
        size: median_seconds(document_of(workflow_of_size(size)), options.runs) for size in SIZES
    }
    low, high = SIZES[0], SIZES[-1]
    exponent = math.log(rows[high] / rows[low]) / math.log(high / low)
    if options.json:
        print(json.dumps({"median_seconds": rows, "exponent": exponent}, indent=2))
        return 0
    for size, seconds in rows.items():
        print(f"{size:>5} steps: median {seconds * 1000:.1f} ms")
    print(f"growth: steps^{exponent:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
