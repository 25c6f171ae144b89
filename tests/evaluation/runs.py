"""Finished runs made by hand: outputs in, a run's directory out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.prices import PriceTable
from flowloom.evaluation.reports.loading import Run, load_run
from flowloom.evaluation.runner.experiment import CASES, SAMPLES
from flowloom.evaluation.runner.manifest import environment, write_manifest
from flowloom.evaluation.runner.scorers import score_texts
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.samples import Output, Sample
from flowloom.evaluation.scoring import Judge
from flowloom.verification.examples import EXAMPLE_CATALOG

__all__ = ["made_run"]

JUDGE = Judge(EXAMPLE_CATALOG, PriceTable())


def made_run(
    directory: Path, cases: Sequence[Case], outputs: Mapping[str, Sequence[Output]]
) -> Run:
    """Write and load a run: one output of each strategy for each case, in order."""
    directory.mkdir(parents=True, exist_ok=True)
    dataset = Dataset(sheet=Datasheet(name="made"), cases=tuple(cases))
    (directory / CASES).write_text(dataset.model_dump_json(), "utf-8")
    write_manifest(
        directory,
        {
            "dataset": {"name": "made", "cases": len(cases)},
            "arms": [{"strategy": name, "model": "test"} for name in outputs],
            "repeats": 1,
            "environment": environment(),
        },
    )
    with RunStore(directory / SAMPLES) as store:
        keys: list[str] = []
        for strategy, given in outputs.items():
            for case, output in zip(cases, given, strict=True):
                key = f"{strategy} {case.id}"
                sample = Sample(
                    dataset="made", case=case.id, strategy=strategy, model="test", output=output
                )
                store.save(key, sample)
                store.save_scores(key, "judge", *score_texts(case, output, JUDGE))
                keys.append(key)
        store.set_plan(keys)
    return load_run(directory)
