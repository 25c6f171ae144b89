"""The budget in force: how many tokens and seconds a stage may still spend.

It is held in a context variable, so that the roles of ``flowloom.roles`` stay free of it: whoever
calls a model charges the budget in force, if there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from flowloom.errors import BudgetExceeded
from flowloom.roles import Usage

__all__ = ["Budget", "budget_in_force"]

_IN_FORCE: ContextVar[Budget | None] = ContextVar("flowloom_budget", default=None)


class Budget:
    """What one stage may spend, and what it has spent.

    Args:
        tokens: input and output tokens left; None is no limit.
        seconds: seconds left; None is no limit.
    """

    def __init__(
        self,
        tokens: int | None = None,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self.spent = Usage()

    def charge(self, usage: Usage) -> None:
        """Count what a call cost."""
        self.spent = self.spent + usage

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end, never below 0; None is no limit."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def check(self, pending: Usage = Usage()) -> None:  # noqa: B008 - frozen
        """Refuse to go on when the budget is spent.

        Args:
            pending: cost that is not charged yet.

        Raises:
            BudgetExceeded: the tokens or the seconds are spent.
        """
        spent = self.spent + pending
        if self._tokens is not None and spent.input_tokens + spent.output_tokens >= self._tokens:
            raise BudgetExceeded("The token limit is reached.", hint="Raise --max-tokens.")
        if self.seconds_left == 0.0:
            raise BudgetExceeded("The time limit is reached.", hint="Raise --timeout.")

    @contextmanager
    def in_force(self) -> Generator[Budget]:
        """Make this the budget that ``budget_in_force`` returns."""
        token = _IN_FORCE.set(self)
        try:
            yield self
        finally:
            _IN_FORCE.reset(token)


def budget_in_force() -> Budget:
    """Return the budget of the running stage, or one without limits."""
    return _IN_FORCE.get() or Budget()
