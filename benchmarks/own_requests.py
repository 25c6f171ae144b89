"""How many of our own requests the offline composer gets exactly right.

    python -m benchmarks.own_requests [--half development|measure] [--show-misses] [--json]

Every case goes through the composer that users get, verifier included. What exact means is said in
``tests/offline/cases/README.md``. A silent mistake is a wrong workflow that is called valid while
neither an assumption nor a diagnostic (notes aside: every connection makes one) says what may be
wrong.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.assembly import Assembly, assemble
from flowloom.errors import FlowloomError
from flowloom.evaluation.equality.normal_form import Defaults
from flowloom.graph.composer import Result, compose_sync
from flowloom.settings import load_settings
from flowloom.workflow.document import document_of, dump_yaml
from tests.offline.own_cases import HALVES, Case, defaults_of, judge, read_half

__all__ = ["Outcome", "main", "outcome_of", "run_case", "summary"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one case.

    Attributes:
        status: the result's, or ``error`` if the composer raised.
        differences: what is wrong; empty if the result is exact.
        stated: whether the result tells an assumption, a warning or an error.
        reasoned: whether a result that is not valid says why, or asks.
    """

    case: Case
    status: str
    workflow: dict[str, Any] | None
    differences: tuple[str, ...]
    stated: bool
    reasoned: bool
    reason: str
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether it is exactly right."""
        return not self.differences

    @property
    def silent(self) -> bool:
        """Whether it is wrong, is called valid, and nothing says what may be wrong."""
        return self.status == "valid" and not self.exact and not self.stated


def run_case(case: Case, assembly: Assembly, defaults: Defaults) -> Outcome:
    """Compose one case and compare it with what is expected."""
    document = document_of(case.workflow) if case.workflow else None
    started = time.perf_counter()
    try:
        result = compose_sync(case.request, composer=assembly.composer, document=document)
    except FlowloomError as error:
        result = str(error)
    return outcome_of(case, result, time.perf_counter() - started, defaults)


def outcome_of(case: Case, result: Result | str, seconds: float, defaults: Defaults) -> Outcome:
    """Judge a result; a text is the message of an error that the composer raised."""
    if isinstance(result, str):
        status, workflow, stated, reason = "error", None, True, result
    else:
        status, workflow = result.status, result.workflow
        told = any(item.severity != "note" for item in result.diagnostics)
        stated = bool(result.assumptions) or told
        reason = result.reason or " ".join(question.text for question in result.questions)
    return Outcome(
        case=case,
        status=status,
        workflow=workflow,
        differences=tuple(judge(status, workflow, case, defaults)),
        stated=stated,
        reasoned=status == "valid" or bool(reason),
        reason=reason,
        seconds=seconds,
    )


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures over all outcomes, by half, by theme and by tag."""
    seconds = sorted(item.seconds for item in outcomes)
    return {
        "halves": _rates(outcomes, lambda item: (item.case.half,)),
        "themes": _rates(outcomes, lambda item: (item.case.theme,)),
        "tags": _rates(outcomes, lambda item: item.case.tags),
        "statuses": dict(Counter(item.status for item in outcomes)),
        "silent_mistakes": [item.case.id for item in outcomes if item.silent],
        "without_a_reason": [item.case.id for item in outcomes if not item.reasoned],
        "seconds_median": statistics.median(seconds),
        "seconds_p95": seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))],
    }


def _rates(
    outcomes: Sequence[Outcome], groups_of: Callable[[Outcome], Sequence[str]]
) -> dict[str, dict[str, float]]:
    cases = Counter(group for item in outcomes for group in groups_of(item))
    exact = Counter(group for item in outcomes if item.exact for group in groups_of(item))
    return {
        group: {"cases": count, "exact": exact[group], "rate": exact[group] / count}
        for group, count in sorted(cases.items())
    }


def print_summary(figures: dict[str, Any]) -> None:
    """Print the figures as tables."""
    for title in ("halves", "themes", "tags"):
        print(f"{title:<24}{'cases':>6}{'exact':>7}{'rate':>7}")
        for group, row in figures[title].items():
            print(f"  {group:<22}{row['cases']:>6.0f}{row['exact']:>7.0f}{row['rate']:>7.2f}")
    print("statuses", ", ".join(f"{name} {count}" for name, count in figures["statuses"].items()))
    for title in ("silent_mistakes", "without_a_reason"):
        found = figures[title]
        print(f"{title.replace('_', ' ')} {len(found)}", *found)
    median, p95 = figures["seconds_median"] * 1000, figures["seconds_p95"] * 1000
    print(f"milliseconds a case: median {median:.0f}, p95 {p95:.0f}")


def print_misses(outcomes: Sequence[Outcome]) -> None:
    """Print every case that is not exact, with what differs."""
    for item in outcomes:
        if item.exact:
            continue
        silent = " SILENT" if item.silent else ""
        print(f"--- {item.case.id} {item.status}{silent} {item.reason}")
        print(f"request: {item.case.request}")
        for difference in item.differences:
            print(f"  {difference}")
        if item.workflow:
            print(dump_yaml(item.workflow).rstrip())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=HALVES, help="both, if left out")
    parser.add_argument("--data-dir", type=Path, default=None, help="keep the index here")
    parser.add_argument("--show-misses", action="store_true", help="print what differs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            outcomes = _run(options, options.data_dir or Path(temporary))
    except FlowloomError as error:
        print(f"own_requests: {error}", file=sys.stderr)
        return error.exit_code
    if options.show_misses:
        print_misses(outcomes)
    figures = summary(outcomes)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        print_summary(figures)
    return 0


def _run(options: argparse.Namespace, data_dir: Path) -> list[Outcome]:
    halves = [options.half] if options.half else HALVES
    assembly = assemble(load_settings({"model": "offline", "data_dir": data_dir}).settings)
    compose_sync("Write a log line", composer=assembly.composer)  # The first loads the model.
    defaults = defaults_of(assembly.catalog)
    return [run_case(case, assembly, defaults) for half in halves for case in read_half(half)]


if __name__ == "__main__":
    sys.exit(main())
