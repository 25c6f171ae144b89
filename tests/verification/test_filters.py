"""Filters of an expression, and the expression as it is when one lets nothing through."""

from __future__ import annotations

import pytest

from flowloom.verification.dry_run.filters import filters_of, with_outcomes

TWO = "x.filter(a, a.ok)[0] + y.z[0].filter(b, b > 1 && b < 3).map(b, b)[0]"


def test_filters_are_known_by_predicate_whatever_the_variable_is_called() -> None:
    text = "size(x.filter(a, a.ok)) > 0 ? x.filter(b, b.ok)[0] : 1"
    assert filters_of(text) == {("$0", ".", "ok"): "x.filter(a, a.ok)"}


def test_one_filter_lets_nothing_through_and_the_others_everything() -> None:
    first, second = filters_of(TWO)
    assert with_outcomes(TWO, None) == TWO.replace("a.ok", "true").replace("b > 1 && b < 3", "true")
    assert ".filter(a, false)[0]" in with_outcomes(TWO, first)
    assert ".filter(b, true)" in with_outcomes(TWO, first)
    assert ".filter(b, false)" in with_outcomes(TWO, second)


def test_a_filter_is_named_with_what_it_goes_over() -> None:
    assert list(filters_of(TWO).values()) == [
        "x.filter(a, a.ok)",
        "y.z[0].filter(b, b > 1 && b < 3)",
    ]
    assert list(filters_of("1 + (x + y).filter(a, f(a))[0]").values()) == [
        "(x + y).filter(a, f(a))"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.exists(a, a.ok) && y", "x.exists(a, false) && y"),
        ("x.filter(a, a.filter(b, b)[0])", "x.filter(a, true)"),
        ("'x.filter(a, a)' + z", "'x.filter(a, a)' + z"),
        ("x.filter + 1", "x.filter + 1"),
        ("x.filter(a, a.ok", "x.filter(a, a.ok"),
    ],
)
def test_what_is_no_predicate_stays(text: str, expected: str) -> None:
    predicate = ("$0", ".", "ok") if "exists" in text else None
    assert with_outcomes(text, predicate) == expected
