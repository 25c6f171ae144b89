"""How fast a large evaluation runs and scores, with a model that answers at once.

    python -m benchmarks.eval_speed [--repeat 13] [--cases 160] [--workers N] [--json]

Each strategy answers every case of the own suite that is no edit, ``--repeat`` times; with the
defaults these are 2,080 samples for each of six strategies. The model is a script that knows the
gold workflows, so the time is that of the harness: prompts, search, graph, verifier, scoring and
storage.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowloom.errors import FlowloomError
from flowloom.evaluation.cases import Case, Dataset
from flowloom.evaluation.datasets.named import read_named
from flowloom.evaluation.prices import read_prices
from flowloom.evaluation.runner.experiment import Experiment, run_experiment
from flowloom.evaluation.strategies.names import parse_strategies
from flowloom.settings import load_settings
from flowloom.workflow.edits import find_steps

__all__ = ["main", "script_of"]

STRATEGIES = "zero-shot,few-shot:3,whole-catalog,rag,rag+verify,agentic"


def script_of(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return the answers of a model that knows the gold workflow of every case."""
    answers: list[dict[str, Any]] = []
    for case in cases:
        # The request stands last in a single prompt; an example's may stand before it.
        mark = f"request\n{case.request}\n"
        steps = find_steps(case.gold or {})
        plan = {"steps": [{"id": name, "text": name} for name in steps]}
        draft = {"workflow": case.gold}
        answers += [
            {"agent": "single", "contains": mark, "repeat": True, "answer": case.gold},
            {"agent": "planner", "contains": mark, "repeat": True, "answer": plan},
            {"agent": "generator", "contains": mark, "repeat": True, "answer": draft},
        ]
    return answers


def measure(options: argparse.Namespace, directory: Path) -> dict[str, Any]:
    """Run it and return the figures."""
    dataset = read_named("own")
    chosen = tuple(case for case in dataset.cases if case.prior is None)[: options.cases]
    count = len(chosen)
    script = directory / "script.json"
    script.write_text(json.dumps(script_of(chosen)), encoding="utf-8")
    flags = {"data_dir": options.data_dir or directory / "data"}
    experiment = Experiment(
        dataset=Dataset(sheet=dataset.sheet, cases=chosen),
        strategies=parse_strategies(STRATEGIES),
        models=(f"scripted:{script}",),
        settings=load_settings(flags).settings,
        prices=read_prices(),
        out=directory / "run",
        examples=chosen,
        repeats=options.repeat,
        concurrency=8,
        keep_replies=False,
        workers=options.workers,
    )
    started = time.perf_counter()
    end = run_experiment(experiment)
    seconds = time.perf_counter() - started
    arms = end.progress.arms.values()
    return {
        "cases": count,
        "samples": end.progress.done,
        "errors": sum(item.errors for item in arms),
        "seconds": round(seconds, 1),
        "processor_seconds": round(_processor_seconds(), 1),
        "samples_per_second": round(end.progress.done / seconds, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "workers": options.workers,
    }


def _processor_seconds() -> float:
    """Return the processor time of this process and of those that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(item.ru_utime + item.ru_stime for item in both)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=160)
    parser.add_argument("--repeat", type=int, default=13)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--data-dir", type=Path, default=None, help="keep the index here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            figures = measure(options, Path(temporary))
    except FlowloomError as error:
        print(f"eval_speed: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:<20}{value:>12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
