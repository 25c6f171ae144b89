"""Seconds to compose offline over the built-in catalog: in a new process, and warm.

    python -m benchmarks.compose_speed [--rounds N] [--json]

Cold is a whole new process with an index that is up to date: start, imports, catalog, model,
composing and verifying. Warm is one more request to the same composer, never one that it has
answered before. For Flow-Bench's requests see ``benchmarks.flow_bench``.
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
    "Every weekday at {hour} in Seoul, list the open issues of acme/app{n} in GitHub and post their"
    " titles to #eng{n} in Slack",
    "Read the CSV file orders{n}.csv, filter the rows where amount is larger than {n}00, sort them"
    " by amount and write them to big{n}.csv",
    "Get https://example.com/status{n}. If the status is not 20{n}, send an email to"
    ' ops{n}@example.com with subject "Down" saying "Site {n} is down", otherwise write a log line'
    ' "ok {n}"',
    "Delete all files in /var/tmp/old{n}",
    'When a webhook arrives at /orders{n}, post "Order {n} came in" to #sales{n} in Slack',
)


def _requests(number: int) -> list[str]:
    """The requests with other values: what is remembered of one does not help the next."""
    return [text.format(n=number, hour=number % 24) for text in REQUESTS]


def _assembly(data_dir: Path) -> Assembly:
    return assemble(load_settings({"model": "offline", "data_dir": data_dir}).settings)


def _once(data_dir: Path) -> None:
    result = compose_sync(_requests(1)[0], composer=_assembly(data_dir).composer)
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
    compose_sync(_requests(0)[0], composer=assembly.composer)
    seconds: list[float] = []
    for number in range(1, rounds + 1):
        for request in _requests(number):
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
