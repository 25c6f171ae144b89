"""The run itself: every trial answered, kept, scored, in order, within the budget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from flowloom.errors import FlowloomError, ModelError, UserError
from flowloom.evaluation.runner.metered_model import Meter
from flowloom.evaluation.runner.progress import Progress
from flowloom.evaluation.runner.scorers import Scored, Scorer
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.runner.trials import Trial
from flowloom.evaluation.samples import Output, Sample, Spent
from flowloom.evaluation.strategies.interface import Strategy

__all__ = ["RunEnd", "Runner"]

ERRORS_IN_A_ROW = 10


@dataclass(frozen=True)
class RunEnd:
    """How a run ended: ``reason`` is empty if every trial was made."""

    progress: Progress
    reason: str = ""


@dataclass
class Runner:
    """Runs trials.

    Attributes:
        strategy_for: the strategy that answers a trial.
        judge: says who scores; scores of another judge are made anew.
        budget_usd: no trial begins once it is spent; those under way are finished.
    """

    dataset: str
    store: RunStore
    scorer: Scorer
    strategy_for: Callable[[Trial], Strategy]
    judge: str
    meter: Meter
    concurrency: int = 4
    budget_usd: float | None = None
    on_progress: Callable[[Progress], None] = lambda _: None
    _reason: str = field(default="", init=False)
    _in_a_row: int = field(default=0, init=False)

    async def run(self, trials: Iterable[Trial], total: int) -> RunEnd:
        """Make every trial that is not finished yet, and score what is not scored.

        Raises:
            StorageError: the run's file cannot be written.
        """
        progress = Progress(total)
        waiting = iter(self._open(trials, progress))
        workers = [self._work(waiting, progress) for _ in range(max(1, self.concurrency))]
        async with asyncio.TaskGroup() as group:
            for worker in workers:
                group.create_task(worker)
        return RunEnd(progress, self._reason)

    def _open(self, trials: Iterable[Trial], progress: Progress) -> Iterator[tuple[Trial, bool]]:
        """Yield what is left to do, and whether its answer is there and only scores are not."""
        finished = self.store.finished_keys()
        scored = self.store.scored_keys(self.judge) & finished
        for trial in trials:
            if trial.key in scored:
                progress.add(str(trial.arm), self.store.scores_text(trial.key))
            else:
                yield trial, trial.key in finished

    async def _work(self, waiting: Iterator[tuple[Trial, bool]], progress: Progress) -> None:
        for trial, answered in waiting:
            if self._stopped():
                return
            output = self.store.sample(trial.key).output if answered else await self._answer(trial)
            scored = await self.scorer.score(trial.case, output)
            self._keep(trial, scored, progress)

    def _stopped(self) -> bool:
        if self.budget_usd is not None and self.meter.usd >= self.budget_usd:
            self._reason = f"The budget of {self.budget_usd:g} USD is spent."
        return bool(self._reason)

    async def _answer(self, trial: Trial) -> Output:
        started = time.perf_counter()
        try:
            output = await self.strategy_for(trial).solve(trial.case)
            self._in_a_row = 0
        except ModelError as error:
            output = Output(status="error", reason=str(error), model=trial.arm.model)
            self._count_error(error)
        except UserError as error:
            # Such as a request that is too long: to refuse it is an answer.
            seconds = time.perf_counter() - started
            spent = Spent(seconds=seconds, attempts=0)
            output = Output(status="failed", reason=str(error), model=trial.arm.model, spent=spent)
        self.store.save(trial.key, _sample(self.dataset, trial, output))
        return output

    def _count_error(self, error: FlowloomError) -> None:
        self._in_a_row += 1
        if self._in_a_row >= ERRORS_IN_A_ROW:
            self._reason = f"{ERRORS_IN_A_ROW} model calls failed in a row: {error}"

    def _keep(self, trial: Trial, scored: Scored, progress: Progress) -> None:
        self.store.save_scores(trial.key, self.judge, *scored)
        progress.usd = self.meter.usd
        progress.add(str(trial.arm), scored[0])
        self.on_progress(progress)


def _sample(dataset: str, trial: Trial, output: Output) -> Sample:
    return Sample(
        dataset=dataset,
        case=trial.case.id,
        strategy=str(trial.arm.strategy),
        model=trial.arm.model,
        repeat=trial.repeat,
        seed=trial.seed,
        output=output,
    )
