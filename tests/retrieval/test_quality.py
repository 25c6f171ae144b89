"""Measures: by hand and by their properties."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.retrieval.quality import ndcg_at, recall_at, reciprocal_rank

RANKED = ["a", "b", "c", "d"]
IDS = st.sampled_from("abcdefgh")


def test_by_hand() -> None:
    assert recall_at(RANKED, {"b", "d", "x"}, 3) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"c", "d"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"d"}, 3) == 0
    ideal = 1 + 1 / log2(3)
    assert ndcg_at(RANKED, {"b", "d"}, 10) == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert recall_at([], [], 5) == ndcg_at([], [], 5) == 1


@given(st.lists(IDS, unique=True), st.sets(IDS, min_size=1), st.integers(1, 10))
def test_between_zero_and_one_and_recall_grows(ranked: list[str], gold: set[str], k: int) -> None:
    for value in (recall_at(ranked, gold, k), ndcg_at(ranked, gold, k)):
        assert 0 <= value <= 1 + 1e-12
    assert recall_at(ranked, gold, k) <= recall_at(ranked, gold, k + 1)
    assert (reciprocal_rank(ranked, gold, k) > 0) == (recall_at(ranked, gold, k) > 0)


@given(st.sets(IDS, min_size=1))
def test_a_perfect_ranking_is_one(gold: set[str]) -> None:
    assert ndcg_at(sorted(gold), gold, len(gold)) == pytest.approx(1)
