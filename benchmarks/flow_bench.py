"""Flow-Bench: requests (and edits of a prior flow) against the expected flows.

    python -m benchmarks.flow_bench --cases FILE --catalog FILE [--model M] [--json]

Every case goes through the composer that users get: the same graph, retriever and verifier.
Printed are strict exact match (equal syntax trees after renaming variables), the looser variants,
hallucinated calls, the recall of the expected components among the candidates, and seconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.flow_bench_metrics import calls_in, exact_match, hallucinated, recall
from benchmarks.flow_bench_notation import sequence_of, workflow_from
from flowloom.assembly import Assembly, assemble
from flowloom.errors import DocumentError, FlowloomError
from flowloom.graph.composer import compose_sync
from flowloom.graph.result import Result
from flowloom.retrieval.query import Query
from flowloom.settings import load_settings
from flowloom.workflow.document import Document, document_of

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "flow-bench"


@dataclass(frozen=True)
class Case:
    """One case of the benchmark; ``prior`` is empty for a new flow."""

    uid: str
    tags: tuple[str, ...]
    utterance: str
    prior: str
    expected: str

    @property
    def group(self) -> str:
        """``new`` or ``edit``, and ``linear`` or ``conditional``."""
        shape = "conditional" if any("conditional" in tag for tag in self.tags) else "linear"
        return f"{'edit' if self.prior.strip() else 'new'} {shape}"


@dataclass(frozen=True)
class Outcome:
    """What became of one case; recall is (found, wanted)."""

    uid: str
    group: str
    status: str
    found: str
    strict: bool
    any_task_wording: bool
    any_condition: bool
    hallucinated: list[str]
    seconds: float
    reason: str = ""
    recalls: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])


def read_cases(path: Path) -> list[Case]:
    """Read a case file of the form of Flow-Bench's."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [
        Case(
            uid=str(row["uid"]),
            tags=tuple(row["tags"]),
            utterance=row["utterance"],
            prior=row["prior_sequence"],
            expected=row["expected_sequence"],
        )
        for row in rows
    ]


def run_case(case: Case, assembly: Assembly) -> Outcome:
    """Compose one case and compare it with what is expected."""
    prior = document_of(workflow_from(case.prior)) if case.prior.strip() else None
    started = time.perf_counter()
    result = _compose(case, prior, assembly)
    seconds = time.perf_counter() - started
    found, reason = _sequence(result)
    catalog = set(assembly.catalog.ids)
    return Outcome(
        uid=case.uid,
        group=case.group,
        status=result.status if result else "error",
        found=found,
        strict=_equal(case, found, "strict"),
        any_task_wording=_equal(case, found, "any_task_wording"),
        any_condition=_equal(case, found, "any_condition"),
        hallucinated=hallucinated(found, catalog) if found else [],
        seconds=seconds,
        reason=reason,
        recalls=_recalls(case, result, assembly),
    )


def _compose(case: Case, prior: Document | None, assembly: Assembly) -> Result | None:
    try:
        return compose_sync(case.utterance, composer=assembly.composer, document=prior)
    except FlowloomError as error:
        print(f"case {case.uid}: {error}", file=sys.stderr)
        return None


def _sequence(result: Result | None) -> tuple[str, str]:
    # Only what the verifier accepted counts as an answer.
    if result is None or result.workflow is None or result.status != "valid":
        return "", result.reason if result else "the composer failed"
    try:
        return sequence_of(result.workflow), result.reason
    except DocumentError as error:
        return "", str(error)


def _equal(case: Case, found: str, variant: Any) -> bool:
    return bool(found) and exact_match(case.expected, found, variant)


def _recalls(case: Case, result: Result | None, assembly: Assembly) -> dict[str, tuple[int, int]]:
    wanted = calls_in(case.expected)
    prior = calls_in(case.prior)
    plan = result.plan if result else None
    steps = [step.text for step in plan.walk() if step.kind == "call"] if plan else []
    counts: dict[str, tuple[int, int]] = {}
    for k in (10, 50):
        bare = [hit.id for hit in assembly.index.search(Query(case.utterance, k=k))]
        by_step = [hit.id for text in steps for hit in assembly.index.search(Query(text, k=k))]
        counts[f"utterance@{k}"] = recall(wanted, bare)
        counts[f"steps+prior@{k}"] = recall(wanted, [*bare, *by_step, *prior])
    return counts


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures over all cases and by group."""
    groups = sorted({item.group for item in outcomes})
    chosen: dict[str, Callable[[Outcome], bool]] = {
        "all": lambda _: True,
        "new": lambda item: item.group.startswith("new"),
        "edit": lambda item: item.group.startswith("edit"),
    }
    figures = {name: _figures(list(filter(test, outcomes))) for name, test in chosen.items()}
    for name in groups:
        figures[name] = _figures([item for item in outcomes if item.group == name])
    seconds = [item.seconds for item in outcomes]
    return {
        "groups": figures,
        "recall": _recall_figures(outcomes),
        "hallucinated_calls": sum(len(item.hallucinated) for item in outcomes),
        "seconds_median": statistics.median(seconds),
        "seconds_p95": sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))],
    }


def _figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    count = len(outcomes)
    shares = {
        name: sum(getattr(item, name) for item in outcomes) / count if count else 0.0
        for name in ("strict", "any_task_wording", "any_condition")
    }
    return {"cases": count, **shares}


def _recall_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    names: Iterable[str] = outcomes[0].recalls if outcomes else ()
    return {
        name: sum(item.recalls[name][0] for item in outcomes)
        / max(1, sum(item.recalls[name][1] for item in outcomes))
        for name in names
    }


def print_summary(figures: dict[str, Any], model: str) -> None:
    """Print the figures as a table."""
    print(f"model: {model}")
    print(f"{'group':<18}{'cases':>6}{'strict':>9}{'any task':>10}{'any cond.':>11}")
    for name, row in figures["groups"].items():
        print(
            f"{name:<18}{row['cases']:>6}{row['strict']:>9.3f}"
            f"{row['any_task_wording']:>10.3f}{row['any_condition']:>11.3f}"
        )
    for name, value in figures["recall"].items():
        print(f"recall {name:<20}{value:.3f}")
    print(f"hallucinated calls {figures['hallucinated_calls']}")
    median, p95 = figures["seconds_median"] * 1000, figures["seconds_p95"] * 1000
    print(f"milliseconds a case: median {median:.0f}, p95 {p95:.0f}")


def print_misses(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> None:
    """Print every case that is no strict match, with what was expected."""
    for case, outcome in zip(cases, outcomes, strict=True):
        if not outcome.strict:
            print(f"--- {case.uid} {case.group} {outcome.status} {outcome.reason}")
            print(f"request:\n{case.utterance}")
            if case.prior.strip():
                print(f"prior:\n{case.prior.rstrip()}")
            print(f"expected:\n{case.expected.rstrip()}\nfound:\n{outcome.found}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=Path, default=DATA / "dev.json")
    parser.add_argument("--catalog", type=Path, default=DATA / "catalog.json")
    parser.add_argument("--model", default="offline")
    parser.add_argument("--base-url", default=None)
    parser.add_argument("--data-dir", type=Path, default=None, help="keep the index here")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            return _run(options, options.data_dir or Path(temporary))
    except FlowloomError as error:
        print(f"flow_bench: {error}", file=sys.stderr)
        return error.exit_code


def _warm_up(cases: Sequence[Case], assembly: Assembly) -> None:
    """Load the model and the data: compose and change once, in words of no case."""
    assembly.index.search(Query("warm up"))
    if assembly.settings.model != "offline":
        return
    compose_sync("Make sure that the report is archived", composer=assembly.composer)
    prior = next((case.prior for case in cases if case.prior.strip()), "")
    if prior:
        document = document_of(workflow_from(prior))
        compose_sync("drop the last step", composer=assembly.composer, document=document)


def _run(options: argparse.Namespace, data_dir: Path) -> int:
    flags = {
        "model": options.model,
        "base_url": options.base_url,
        "catalog": [str(options.catalog)],
        "builtin": False,
        "data_dir": data_dir,
    }
    assembly = assemble(load_settings(flags).settings)
    cases = read_cases(options.cases)
    _warm_up(cases, assembly)
    outcomes = [run_case(case, assembly) for case in cases]
    figures = summary(outcomes)
    if options.json:
        rows = [asdict(item) for item in outcomes]
        print(json.dumps({"model": options.model, **figures, "cases": rows}, indent=2))
        return 0
    print_summary(figures, options.model)
    if options.verbose:
        print_misses(cases, outcomes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
