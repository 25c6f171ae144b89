"""Intervals and paired comparisons against values known from elsewhere, and their properties."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.evaluation.comparisons import mcnemar, paired_bootstrap
from flowloom.evaluation.intervals import bootstrap_mean, wilson


@pytest.mark.parametrize(
    ("passed", "count", "low", "high"),
    [
        # Published examples: Newcombe 1998, table I (81/263, 15/148, 0/20, 1/29, 29/29).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson(passed: int, count: int, low: float, high: float) -> None:
    found = wilson(passed, count)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == passed / count
    assert found.count == count


def test_a_rate_of_nothing_is_anything() -> None:
    found = wilson(0, 0)
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0, 1)
    with pytest.raises(ValueError, match="no such rate"):
        wilson(2, 1)


@given(st.integers(1, 500), st.data())
def test_wilson_holds_the_rate_and_mirrors(count: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, count))
    found, mirrored = wilson(passed, count), wilson(count - passed, count)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high)


def test_the_bootstrap_of_a_mean_is_near_its_standard_error() -> None:
    draw = random.Random(5)
    values = [draw.gauss(10, 2) for _ in range(400)]
    found = bootstrap_mean(values, seed=1)
    assert found.value == pytest.approx(sum(values) / 400)
    # 1.96 standard errors of 0.1 on either side.
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.1, rel=0.1)
    assert found.count == 400


def test_repeats_of_a_case_do_not_narrow_the_interval() -> None:
    values = [float(number % 2) for number in range(40)]
    once = bootstrap_mean(values, seed=3)
    repeated = [value for value in values for _ in range(9)]
    names = [number for number in range(40) for _ in range(9)]
    assert bootstrap_mean(repeated, names, seed=3) == once
    naive = bootstrap_mean(repeated, seed=3)
    assert naive.high - naive.low < (once.high - once.low) / 2


def test_clusters_of_different_size_weigh_by_their_values() -> None:
    found = bootstrap_mean([1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"], seed=0)
    assert (found.value, found.low, found.high, found.count) == (0.75, 0, 1, 2)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [number**1.5 for number in range(50)]
    assert bootstrap_mean(values, seed=7) == bootstrap_mean(values, seed=7)
    assert bootstrap_mean(values, seed=7) != bootstrap_mean(values, seed=8)


def test_more_rounds_than_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0.1, 0.5, 0.9, 0.4]
    whole = bootstrap_mean(values, seed=7, rounds=50)
    monkeypatch.setattr("flowloom.evaluation.intervals._CELLS", 28)
    assert bootstrap_mean(values, seed=7, rounds=50) == whole


@pytest.mark.parametrize(("values", "clusters"), [([], []), ([1.0], ["a", "b"])])
def test_a_bootstrap_of_nothing_is_refused(values: list[float], clusters: list[str]) -> None:
    with pytest.raises(ValueError, match="needs values"):
        bootstrap_mean(values, clusters)


@settings(max_examples=30)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12))
def test_the_mean_lies_in_its_interval(values: list[float]) -> None:
    found = bootstrap_mean(values, rounds=200)
    assert found.low <= found.value <= found.high
    assert min(values) - 1e-9 <= found.low
    assert found.high <= max(values) + 1e-9


def test_mcnemar_by_hand() -> None:
    first = [True] * 5 + [True] + [False] * 7 + [False] * 2
    second = [True] * 5 + [False] + [True] * 7 + [False] * 2
    found = mcnemar(first, second)
    assert (found.only_first, found.only_second) == (1, 7)
    # Twice the chance of at most 1 of 8: 2 * (1 + 8) / 256.
    assert found.p_value == pytest.approx(18 / 256)
    assert mcnemar(second, first).p_value == found.p_value


def test_mcnemar_without_a_difference() -> None:
    assert mcnemar([True, False], [True, False]).p_value == 1
    assert mcnemar([True, False], [False, True]).p_value == 1
    with pytest.raises(ValueError, match="same cases"):
        mcnemar([True], [])


def test_a_paired_difference() -> None:
    draw = random.Random(2)
    first = [draw.random() for _ in range(80)]
    second = [value + 0.05 + draw.gauss(0, 0.05) for value in first]
    found = paired_bootstrap(first, second, seed=4)
    assert found.beyond_noise
    assert found.p_value < 0.01
    assert found.difference.value == pytest.approx(0.05, abs=0.02)
    # Unpaired, the spread of the cases would hide it.
    assert bootstrap_mean(first, seed=4).high > sum(second) / 80 - 0.05
    back = paired_bootstrap(second, first, seed=4)
    assert back.difference.value == pytest.approx(-found.difference.value)


def test_no_difference_is_noise() -> None:
    found = paired_bootstrap([0.2, 0.4], [0.2, 0.4])
    assert (found.p_value, found.beyond_noise) == (1, False)
    with pytest.raises(ValueError, match="same cases"):
        paired_bootstrap([0.1], [])
