"""What the benchmark of our own requests counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.own_requests import Outcome, outcome_of, print_misses, print_summary, summary
from flowloom.graph.composer import Result
from flowloom.verification.diagnostic import Diagnostic
from tests.offline.own_cases import Case

EXPECTED: dict[str, Any] = {
    "name": "x",
    "steps": [{"id": "a", "uses": "core.log", "with": {"message": "x"}}],
}
OTHER: dict[str, Any] = {
    "name": "x",
    "steps": [{"id": "a", "uses": "core.log", "with": {"message": "y"}}],
}
CASE = Case(
    id="x",
    request="log x",
    half="measure",
    theme="logs",
    tags=("one", "two"),
    workflow=None,
    expected=EXPECTED,
    alternatives=(),
    statuses=("valid",),
    free=(),
)


def outcome(result: Result | str) -> Outcome:
    return outcome_of(CASE, result, 0.25, {})


def finding(severity: str) -> Diagnostic:
    return Diagnostic.model_validate(
        {"code": "FL1", "severity": severity, "path": "", "message": "m"}
    )


EXACT = outcome(Result(status="valid", workflow=EXPECTED))
SILENT = outcome(Result(status="valid", workflow=OTHER, diagnostics=(finding("note"),)))
WARNED = outcome(Result(status="valid", workflow=OTHER, diagnostics=(finding("warning"),)))
ASSUMED = outcome(Result(status="valid", workflow=OTHER, assumptions=("y was meant",)))
MUTE = outcome(Result(status="failed"))
RAISED = outcome("it broke")


@pytest.mark.parametrize(
    ("found", "exact", "silent", "reasoned"),
    [
        (EXACT, True, False, True),
        (SILENT, False, True, True),
        (WARNED, False, False, True),
        (ASSUMED, False, False, True),
        (MUTE, False, False, False),
        (RAISED, False, False, True),
    ],
)
def test_what_counts_as_a_silent_mistake(
    found: Outcome, exact: bool, silent: bool, reasoned: bool
) -> None:
    assert (found.exact, found.silent, found.reasoned) == (exact, silent, reasoned)


def test_the_figures_by_half_theme_and_tag() -> None:
    other = replace(EXACT, case=replace(CASE, half="development", tags=("two",)))
    figures = summary([EXACT, SILENT, MUTE, other])
    assert figures["halves"]["measure"] == {"cases": 3, "exact": 1, "rate": 1 / 3}
    assert figures["halves"]["development"]["rate"] == 1.0
    assert figures["tags"]["two"]["cases"] == 4
    assert figures["themes"]["logs"]["exact"] == 2
    assert figures["statuses"] == {"valid": 3, "failed": 1}
    assert figures["silent_mistakes"] == ["x"]
    assert figures["without_a_reason"] == ["x"]


def test_misses_are_printed_with_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    print_misses([EXACT, SILENT])
    print_summary(summary([EXACT, SILENT]))
    printed = capsys.readouterr().out
    assert printed.count("--- x") == 1
    assert "steps[0].with.message: expected 'x', got 'y'" in printed
    assert "silent mistakes 1 x" in printed
