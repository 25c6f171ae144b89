"""From the scores of many samples to the figures of a report."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.evaluation.aggregate import (
    Scored,
    figure,
    hallucination,
    micro,
    mistake_shares,
    repeated,
)
from flowloom.evaluation.intervals import bootstrap_mean, wilson
from flowloom.evaluation.metrics.overlap import Overlap
from flowloom.evaluation.mistakes import Mistake
from flowloom.evaluation.scores import Scores


def sample(case: str, *, correct: bool = True, cluster: str = "", **more: Any) -> Scored:
    fields: dict[str, Any] = {
        "case": case,
        "claimed": "valid",
        "status": "valid",
        "correct": correct,
        **dict.fromkeys(["parsed", "convertible", "valid", "dry_run", "right_status"], True),
        "false_claim": False,
    }
    return Scored(cluster or case, Scores.model_validate({**fields, **more}))


def test_a_rate_of_independent_cases() -> None:
    samples = [sample("a"), sample("b"), sample("c", correct=False)]
    assert figure(samples, "correct") == wilson(2, 3)


def test_a_mean_that_happens_to_be_whole_is_no_rate() -> None:
    samples = [sample("a", flow_sim=1.0, exact=True), sample("b", flow_sim=1.0, exact=True)]
    assert figure(samples, "flow_sim") == bootstrap_mean([1, 1])
    assert figure(samples, "exact") == wilson(2, 2)
    strict = [sample("a", own={"strict": 1.0}), sample("b", own={"strict": 0.0})]
    assert figure(strict, "strict") == wilson(1, 2)


def test_a_rate_of_repeated_cases() -> None:
    samples = [sample("a"), sample("a", correct=False), sample("b"), sample("b")]
    found = figure(samples, "correct", seed=2)
    assert found == bootstrap_mean([1, 0, 1, 1], ["a", "a", "b", "b"], seed=2)
    assert found is not None
    assert found.count == 2


def test_paraphrases_are_one_cluster() -> None:
    samples = [sample("a"), sample("a-ko", correct=False, cluster="a"), sample("b")]
    found = figure(samples, "correct")
    assert found is not None
    assert found.count == 2


@pytest.mark.parametrize("correct", [True, False])
def test_repeats_that_all_end_alike_are_no_certainty(correct: bool) -> None:
    samples = [sample(case, correct=correct) for case in "aabbcc"]
    # Three cases, however often each was tried.
    assert figure(samples, "correct") == wilson(3 * correct, 3)


def test_a_mean_counts_only_what_it_applies_to() -> None:
    samples = [sample("a", flow_sim=0.5), sample("b"), sample("c", flow_sim=0.7)]
    found = figure(samples, "flow_sim")
    assert found is not None
    assert (found.value, found.count) == (pytest.approx(0.6), 2)
    assert figure(samples, "edit_locality") is None
    assert figure([], "correct") is None


def test_hallucinations_are_counted_over_all_calls() -> None:
    samples = [
        sample("a", named=1, hallucinated=1, drafted=2, draft_hallucinated=2),
        sample("b", named=9, hallucinated=0, drafted=8, draft_hallucinated=0),
    ]
    assert hallucination(samples) == pytest.approx(0.1)
    assert hallucination(samples, "draft") == pytest.approx(0.2)
    assert hallucination([]) is None


def test_micro_averages() -> None:
    one = {"tools_shared": 1.0, "tools_wanted": 2.0, "tools_found": 1.0}
    other = {"tools_shared": 2.0, "tools_wanted": 2.0, "tools_found": 4.0}
    assert micro([sample("a", own=one), sample("b", own=other)], "tools") == Overlap(3, 4, 5)


def test_repeats() -> None:
    samples = [
        *[sample("a", correct=passed) for passed in (True, True, False)],
        *[sample("b", correct=passed) for passed in (False, False, False)],
        sample("c"),
    ]
    # a: 1 - C(1,2)/C(3,2) = 1 and 1/3; b: 0 and 0; c was tried once.
    assert repeated(samples, 2) == (pytest.approx(1 / 2), pytest.approx(1 / 6))
    assert repeated(samples, 1) == (pytest.approx(5 / 9), pytest.approx(5 / 9))
    assert repeated(samples, 4) is None


def test_the_shares_of_mistakes() -> None:
    missing = Mistake(kind="component.missing", step="a", blame="retriever")
    samples = [
        sample("a", mistakes=(missing, missing.model_copy(update={"step": "b"}))),
        sample("b", mistakes=(missing.model_copy(update={"blame": "model"}),)),
        sample("c"),
        sample("d"),
    ]
    assert mistake_shares(samples) == {
        ("component.missing", "model"): 0.25,
        ("component.missing", "retriever"): 0.25,
    }
