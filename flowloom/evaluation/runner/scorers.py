"""Scoring in this process, or on all cores."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, TypeAlias

from flowloom.evaluation.cases import Case
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scoring import Judge, judge_output

__all__ = ["LocalScorer", "PoolScorer", "Scored", "Scorer", "score_texts"]

Scored: TypeAlias = tuple[str, str]
"""Scores and diagnostics, as JSON texts."""


class Scorer(Protocol):
    """Scores outputs; may work on several at once."""

    async def score(self, case: Case, output: Output) -> Scored:
        """Return scores and diagnostics."""
        ...


class LocalScorer:
    """Scores in this process."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def score(self, case: Case, output: Output) -> Scored:
        """See ``Scorer.score``."""
        return score_texts(case, output, self._judge)


class PoolScorer(AbstractContextManager["PoolScorer"]):
    """Scores in processes of its own; each makes a judge once.

    Args:
        make_judge: can be pickled, as a partial of a function at module level.
        workers: processes.
    """

    def __init__(self, make_judge: Callable[[], Judge], workers: int) -> None:
        # Not forked: other threads may hold locks at that moment.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_prepare, initargs=(make_judge,)
        )

    async def score(self, case: Case, output: Output) -> Scored:
        """See ``Scorer.score``."""
        texts = case.model_dump_json(exclude_defaults=True), output.model_dump_json()
        return await asyncio.get_running_loop().run_in_executor(self._pool, _score_here, *texts)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def score_texts(case: Case, output: Output, judge: Judge) -> Scored:
    """Return scores and diagnostics as JSON texts."""
    judged = judge_output(case, output, judge)
    found = [item.model_dump(mode="json", exclude_defaults=True) for item in judged.diagnostics]
    return judged.scores.model_dump_json(), json.dumps(found, ensure_ascii=False)


_OF_PROCESS: dict[str, Any] = {}


def _prepare(make_judge: Callable[[], Judge]) -> None:
    # Ctrl-C goes to every process of the terminal; the main one ends these in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _OF_PROCESS["judge"] = make_judge()


def _score_here(case: str, output: str) -> Scored:
    judge: Judge = _OF_PROCESS["judge"]
    return score_texts(Case.model_validate_json(case), Output.model_validate_json(output), judge)
