"""Seconds to compose offline over the built-in catalog: in a new process, and warm.

    python -m benchmarks.compose_speed [--rounds N] [--json]

Cold is a whole new process with an index that is up to date: start, imports, catalog, model,
composing and verifying. Warm is one more request to the same composer.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flowloom.assembly import Assembly, assemble
from flowloom.graph.composer import compose_sync
from flowloom.settings import load_settings

__all__ = ["main"]

REQUESTS = (
    "Every weekday at 9 in Seoul, list the open issues of acme/app in GitHub and post their titles"
    " to #eng in Slack",
    "Read the CSV file orders.csv, filter the rows where amount is larger than 100, sort them by"
    " amount and write them to big.csv",
    "Get https://example.com/status. If the status is not 200, send an email to ops@example.com"
    ' with subject "Down" saying "The site is down", otherwise write a log line "ok"',
    "Delete all files in /var/tmp/old",
    'When a webhook arrives at /orders, post "A new order came in" to #sales in Slack',
)


def _assembly(data_dir: Path) -> Assembly:
    return assemble(load_settings({"model": "offline", "data_dir": data_dir}).settings)


def _once(data_dir: Path) -> None:
    result = compose_sync(REQUESTS[0], composer=_assembly(data_dir).composer)
    if result.status != "valid":
        raise SystemExit(f"composing failed: {result.reason}")


def _cold(data_dir: Path, rounds: int) -> list[float]:
    seconds: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.compose_speed", "--once", str(data_dir)]
        subprocess.run(command, check=True)
        seconds.append(time.perf_counter() - started)
    return seconds


def _warm(data_dir: Path, rounds: int) -> list[float]:
    assembly = _assembly(data_dir)
    compose_sync(REQUESTS[0], composer=assembly.composer)
    seconds: list[float] = []
    for _ in range(rounds):
        for request in REQUESTS:
            started = time.perf_counter()
            compose_sync(request, composer=assembly.composer)
            seconds.append(time.perf_counter() - started)
    return seconds


def _figures(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"median": statistics.median(ordered), "p95": p95, "count": len(ordered)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.once:
        _once(options.once)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        data_dir = Path(temporary)
        warm = _figures(_warm(data_dir, options.rounds))  # also brings the index up to date
        cold = _figures(_cold(data_dir, options.rounds))
    if options.json:
        print(json.dumps({"cold_seconds": cold, "warm_seconds": warm}, indent=2))
        return 0
    for name, row in (("cold", cold), ("warm", warm)):
        print(f"{name}: median {row['median'] * 1000:.0f} ms, p95 {row['p95'] * 1000:.0f} ms"
              f" ({row['count']:.0f} runs)")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
