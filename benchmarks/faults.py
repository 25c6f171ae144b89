"""Faults planted in good workflows: what the verifier catches, and what it calls a fault wrongly.

    python -m benchmarks.faults [--all] [--seed N] [--loop] [--misses] [--json] [--fail-under P]

Every class of faults is planted into the workflows where it applies (at most 20 a class, or all).
``right`` counts those reported with the right code at the right place, ``other`` those of which
something else was reported, ``missed`` the rest; ``mended`` those that the rules turned back into
the workflow without the fault; ``schema`` those that JSON Schema validation alone catches: the
published schema of the language, and each component's input schema on what a step gives it.
``loop`` (one workflow a class): the composer's graph is given the broken workflow by a scripted
model, and the right change as its next answer, and ends with the good one. What only warns, what
only a person may mend and what no model's answer can be are not for the loop, and are named apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fault_alarms import alarms, flow_bench_workflows
from benchmarks.fault_loop import FOR_THE_LOOP, MENDED, LoopEnd, loop_end
from benchmarks.fault_model import Fault, Sample
from benchmarks.fault_run import (
    Judge,
    Judged,
    all_faults,
    bench_catalog,
    cases,
    good_workflows,
)
from benchmarks.flow_bench import DATA
from flowloom.verification.registry import rules
from flowloom.workflow.path import format_path

__all__ = ["Row", "main", "rows_of", "summary"]


@dataclass(frozen=True)
class Row:
    """One class of faults in figures."""

    name: str
    codes: tuple[str, ...]
    planted: int
    right: int
    other: int
    missed: int
    mended: int
    schema: int
    loop: LoopEnd | None = None


def rows_of(
    faults: Sequence[Fault], judged: Sequence[Judged], loops: dict[str, LoopEnd]
) -> list[Row]:
    """Count the cases of each class."""
    return [
        _row(fault, [item for item in judged if item.case.fault is fault], loops.get(fault.name))
        for fault in faults
    ]


def _row(fault: Fault, judged: Sequence[Judged], loop: LoopEnd | None) -> Row:
    counts = Counter(item.judgement for item in judged)
    return Row(
        fault.name,
        fault.codes,
        len(judged),
        counts["caught"],
        counts["otherwise"],
        counts["missed"],
        sum(item.mended for item in judged),
        sum(item.by_schema for item in judged),
        loop,
    )


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the totals; shares are of the planted faults."""
    planted = sum(row.planted for row in rows)
    names = ("right", "other", "missed", "mended", "schema")
    counts = {name: sum(getattr(row, name) for row in rows) for name in names}
    shares = {f"{name}_percent": 100 * value / max(1, planted) for name, value in counts.items()}
    return {"classes": len(rows), "planted": planted, **counts, **shares, **_of_loop(rows)}


def _of_loop(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what became of the workflows that went through the graph; nothing if none did."""
    ends = Counter(row.loop for row in rows if row.loop is not None)
    if not ends:
        return {}
    sent = sum(ends[end] for end in FOR_THE_LOOP)
    mended = sum(ends[end] for end in MENDED)
    return {"loop_mended": mended, "loop_sent": sent, "loop_ends": dict(sorted(ends.items()))}


def print_table(rows: Sequence[Row], totals: dict[str, Any]) -> None:
    """Print the figures by class, and the totals."""
    print(
        f"{'class':<52}{'codes':<14}{'n':>4}{'right':>6}{'other':>6}{'missed':>7}"
        f"{'mended':>7}{'schema':>7}  loop"
    )
    for row in rows:
        print(
            f"{row.name:<52}{'/'.join(row.codes)[:13]:<14}{row.planted:>4}{row.right:>6}"
            f"{row.other:>6}{row.missed:>7}{row.mended:>7}{row.schema:>7}  {row.loop or ''}"
        )
    print(
        f"{totals['classes']} classes, {totals['planted']} planted:"
        f" right code and place {totals['right_percent']:.1f} %,"
        f" caught otherwise {totals['other_percent']:.1f} %,"
        f" missed {totals['missed_percent']:.1f} %"
    )
    print(
        f"mended by rule {totals['mended_percent']:.1f} %;"
        f" JSON Schema alone catches {totals['schema_percent']:.1f} %"
    )
    if "loop_ends" in totals:
        ends = ", ".join(f"{name} {count}" for name, count in totals["loop_ends"].items())
        sent = totals["loop_sent"]
        print(
            f"mended by the loop: {totals['loop_mended']} of {sent} classes that it is for ({ends})"
        )
    for name, count in totals["good_workflows"].items():
        print(f"{count} workflows without faults ({name}): {totals['said_of_good'][name]}")
    print(f"errors in workflows without faults: {totals['false_errors']}")
    print(f"codes without a class: {totals['codes_without_a_class']}")


def print_misses(judged: Sequence[Judged]) -> None:
    """Print every case that was not caught with the right code at the right place."""
    for item in judged:
        if item.judgement == "caught":
            continue
        case = item.case
        at = " or ".join(format_path(path) or "the document" for path in case.planting.at)
        print(f"--- {item.judgement}: {case.fault.name} in {case.sample.name}")
        print(f"    expected {'/'.join(case.codes)} at {at}")
        for path, value in case.planting.edits:
            print(f"    planted {format_path(path)}: {json.dumps(value, default=repr)[-300:]}")
        for line in item.found[:4] or ["nothing"]:
            print(f"    found {line[:240]}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=int, default=20, help="workflows a class")
    parser.add_argument("--all", action="store_true", help="every workflow where a class applies")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="classes or codes")
    parser.add_argument("--loop", action="store_true", help="one run of the graph a class")
    parser.add_argument("--misses", action="store_true", help="print what was not caught rightly")
    parser.add_argument("--flow-bench", type=Path, default=DATA, help="directory of its files")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fail-under", type=float, default=0.0, metavar="PERCENT")
    return _run(parser.parse_args(argv))


def _run(options: argparse.Namespace) -> int:
    samples = good_workflows(bench_catalog())
    only = set(options.only)
    faults = [
        fault
        for fault in all_faults().values()
        if not only or fault.name in only or only & set(fault.codes)
    ]
    most = len(samples) if options.all else options.most
    judge = Judge()
    judged = [judge.judge(case) for case in cases(faults, samples, most=most, seed=options.seed)]
    loops: dict[str, LoopEnd] = {}
    if options.loop:
        ways = cases(faults, samples, most=1, seed=options.seed)
        loops = {case.fault.name: loop_end(case) for case in ways}
    rows = rows_of(faults, judged, loops)
    totals = summary(rows) | _of_good(samples, options.flow_bench) | _of_codes(faults)
    if options.json:
        print(json.dumps({**totals, "rows": [vars(row) for row in rows]}, indent=2))
    else:
        print_table(rows, totals)
    if options.misses:
        print_misses(judged)
    return int(totals["right_percent"] < options.fail_under or totals["false_errors"] > 0)


def _of_good(samples: Sequence[Sample], flow_bench: Path) -> dict[str, Any]:
    gold = flow_bench_workflows(flow_bench)
    said = {"own": alarms(samples), "flow-bench": alarms(gold)}
    errors = sum(
        count for found in said.values() for name, count in found.items() if "error" in name
    )
    return {
        "good_workflows": {"own": len(samples), "flow-bench": len(gold)},
        "false_errors": errors,
        "said_of_good": said,
    }


def _of_codes(faults: Sequence[Fault]) -> dict[str, Any]:
    used = {code for fault in faults for code in fault.codes}
    return {"codes_without_a_class": sorted(set(rules()) - used)}


if __name__ == "__main__":
    sys.exit(main())
