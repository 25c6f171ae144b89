"""The whole ladder over the own suite, with its report: what agents add over a single prompt.

    python -m benchmarks.ladder [--model openai:gpt-5] [--split test] [--out DIRECTORY] [--readme]

Without a model only the offline composer runs, by rules, without a language model. With one, all
strategies of the ladder and all ablations run too; ``FLOWLOOM_MODEL`` and ``OPENAI_BASE_URL`` do
the same as ``--model`` and ``--base-url``. The report stands in ``DIRECTORY/report.html``, also as
Markdown and CSV; the same command goes on with what an interrupted run has left. ``--readme``
puts the table into README.md and the picture and its figures into docs/.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ladder_record import record_of, write_record
from flowloom.cli import main as flowloom
from flowloom.evaluation.reports.loading import load_run

__all__ = ["main"]

WITH_MODEL = (
    "offline,zero-shot,few-shot:1,few-shot:3,few-shot:3:similar,few-shot:3:diverse,whole-catalog,"
    "rag,rag:3:similar,rag+verify,agentic,ablations"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the ladder and write its report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default=os.environ.get("FLOWLOOM_MODEL", ""))
    parser.add_argument("--base-url", default="")
    parser.add_argument("--dataset", default="own")
    parser.add_argument("--split", default="", help="development or test; both, if left out")
    parser.add_argument("--repeat", default="1")
    parser.add_argument("--budget-usd", default="")
    parser.add_argument("--data-dir", default="")
    parser.add_argument("--out", type=Path, default=Path("ladder"))
    parser.add_argument("--readme", action="store_true", help="show the figures in README.md")
    options = parser.parse_args(argv)
    asked = options.model not in ("", "offline")
    arguments = ["--strategies", WITH_MODEL if asked else "offline", "--out", str(options.out)]
    given = {
        "--models": options.model if asked else "",
        "--base-url": options.base_url,
        "--dataset": options.dataset,
        "--split": options.split,
        "--repeat": options.repeat,
        "--budget-usd": options.budget_usd,
        "--data-dir": options.data_dir,
    }
    for flag, value in given.items():
        arguments += [flag, value] if value else []
    code = flowloom(["eval", "run", *arguments])
    code = code or flowloom(["eval", "report", "--out", str(options.out)])
    if options.readme and not code:
        write_record(record_of(load_run(options.out)))
    return code


if __name__ == "__main__":
    sys.exit(main())
