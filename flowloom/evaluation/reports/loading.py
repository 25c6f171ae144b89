"""A finished or half-finished run, read back from its directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flowloom.errors import StorageError
from flowloom.evaluation.aggregate import Scored
from flowloom.evaluation.cases import Case, Dataset
from flowloom.evaluation.runner.experiment import CASES, SAMPLES
from flowloom.evaluation.runner.manifest import read_manifest
from flowloom.evaluation.runner.store import Finished, RunStore

__all__ = ["ArmSamples", "Run", "load_run"]


@dataclass(frozen=True)
class ArmSamples:
    """The samples of one strategy with one model, in the order of the plan."""

    strategy: str
    model: str
    samples: Sequence[Finished]
    cases: Mapping[str, Case]
    names_model: bool = True

    @property
    def name(self) -> str:
        """As reports call it: with the model where a run has several."""
        named = self.names_model and self.strategy != self.model
        return f"{self.strategy} · {self.model}" if named else self.strategy

    @cached_property
    def scored(self) -> list[Scored]:
        """The scores with their clusters, as the aggregates take them."""
        return [self.scored_of(item) for item in self.samples]

    def scored_of(self, item: Finished) -> Scored:
        """Return one sample's scores with its cluster."""
        return Scored(self.cases[item.sample.case].cluster, item.scores)

    def case_of(self, item: Finished) -> Case:
        """Return the case that a sample answers."""
        return self.cases[item.sample.case]


@dataclass(frozen=True)
class Run:
    """A run as it lies in its directory."""

    directory: Path
    manifest: Mapping[str, Any]
    dataset: Dataset
    arms: Sequence[ArmSamples]

    @property
    def count(self) -> int:
        """Samples that have scores."""
        return sum(len(arm.samples) for arm in self.arms)

    @property
    def planned(self) -> int:
        """Samples that the run is made of."""
        arms = len(self.manifest["arms"])
        return int(self.manifest["repeats"]) * arms * int(self.manifest["dataset"]["cases"])


def load_run(directory: Path) -> Run:
    """Read a run.

    Raises:
        StorageError: the directory holds none, or one whose files cannot be read.
    """
    manifest = read_manifest(directory)
    try:
        dataset = Dataset.model_validate_json((directory / CASES).read_text("utf-8"))
        with RunStore(directory / SAMPLES) as store:
            finished = list(store.all_finished())
    except (OSError, ValidationError, ValueError) as error:
        raise StorageError(
            f"The run in {str(directory)!r} cannot be read: {str(error).splitlines()[0]}.",
            hint="Run it again; finished samples are kept.",
        ) from None
    cases = {case.id: case for case in dataset.cases}
    asked = {arm["model"] for arm in manifest["arms"] if arm["model"] != arm["strategy"]}
    arms = [
        ArmSamples(
            strategy=str(arm["strategy"]),
            model=str(arm["model"]),
            samples=[
                item
                for item in finished
                if (item.sample.strategy, item.sample.model) == (arm["strategy"], arm["model"])
            ],
            cases=cases,
            names_model=len(asked) > 1,
        )
        for arm in manifest["arms"]
    ]
    return Run(directory, manifest, dataset, arms)
