"""The budget in force."""

from __future__ import annotations

import pytest

from flowloom.agents.budget import Budget, budget_in_force
from flowloom.errors import BudgetExceeded
from flowloom.roles import Usage


def test_tokens_run_out() -> None:
    budget = Budget(tokens=10)
    budget.check()
    budget.charge(Usage(model_calls=1, input_tokens=4, output_tokens=5))
    budget.check()
    with pytest.raises(BudgetExceeded, match="token limit"):
        budget.check(Usage(input_tokens=1))


def test_seconds_run_out() -> None:
    now = [100.0]
    budget = Budget(seconds=5, clock=lambda: now[0])
    now[0] = 104.0
    budget.check()
    assert budget.seconds_left == 1.0
    now[0] = 106.0
    with pytest.raises(BudgetExceeded, match="time limit"):
        budget.check()


def test_no_budget_is_no_limit() -> None:
    outer = budget_in_force()
    outer.charge(Usage(input_tokens=10**9))
    outer.check()
    assert outer.seconds_left is None


def test_the_budget_in_force_ends_with_its_block() -> None:
    budget = Budget(tokens=1)
    with budget.in_force():
        assert budget_in_force() is budget
    assert budget_in_force() is not budget
