"""Scoring in this process, or on all cores."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
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
        with _no_interrupts():
            # The pool starts a process when there is work for it.
            scored = asyncio.get_running_loop().run_in_executor(self._pool, _score_here, *texts)
        return await scored

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _no_interrupts() -> Generator[None]:
    """Let processes that begin here never hear Ctrl-C, not even while they load.

    It goes to every process of a terminal; the main one ends the others in order.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def score_texts(case: Case, output: Output, judge: Judge) -> Scored:
    """Return scores and diagnostics as JSON texts."""
    judged = judge_output(case, output, judge)
    found = [item.model_dump(mode="json", exclude_defaults=True) for item in judged.diagnostics]
    return judged.scores.model_dump_json(), json.dumps(found, ensure_ascii=False)


_OF_PROCESS: dict[str, Any] = {}


def _prepare(make_judge: Callable[[], Judge]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _OF_PROCESS["judge"] = make_judge()


def _end_with_parent() -> None:
    """End this process when the main one has ended: one that was killed ends nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _score_here(case: str, output: str) -> Scored:
    judge: Judge = _OF_PROCESS["judge"]
    return score_texts(_case_of(case), Output.model_validate_json(output), judge)


@lru_cache(maxsize=32)
def _case_of(text: str) -> Case:
    # All arms answer a case one after the other.
    return Case.model_validate_json(text)
