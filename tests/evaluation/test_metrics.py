"""Each metric on workflows whose scores are computed by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.evaluation.forms import FlowForm, form_of
from flowloom.evaluation.metrics.edits import edit_locality
from flowloom.evaluation.metrics.overlap import Overlap, jaccard, overlap
from flowloom.evaluation.metrics.repeats import pass_at_k, pass_hat_k
from flowloom.evaluation.metrics.request import request_faithfulness
from flowloom.evaluation.metrics.structure import (
    Edge,
    component_jaccard,
    component_overlap,
    control_edges,
    edge_overlap,
    hallucinated,
    trigger_match,
)
from flowloom.evaluation.metrics.text import bleu, rouge_l
from flowloom.evaluation.metrics.values import input_match, links, reference_overlap
from tests.evaluation.flows import BASE, REQUEST, changed, flow, step, without

FORM = form_of(BASE)


def test_overlap_counts_each_thing_as_often_as_it_stands() -> None:
    found = overlap("aab", "abbc")
    assert found == Overlap(shared=2, wanted=3, found=4)
    assert (found.precision, found.recall) == (2 / 4, 2 / 3)
    assert found.f1 == pytest.approx(4 / 7)
    assert overlap("", "").f1 == 1
    assert (overlap("a", "").recall, overlap("a", "").precision, overlap("", "a").recall) == (
        0,
        0,
        0,
    )
    assert jaccard("aab", "abbc") == pytest.approx(2 / 3)


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_overlap_is_symmetric_and_bounded(one: list[int], other: list[int]) -> None:
    here, back = overlap(one, other), overlap(other, one)
    assert (here.precision, here.recall, here.f1) == (back.recall, back.precision, back.f1)
    assert 0 <= here.f1 <= 1
    assert (here.f1 == 1) == (sorted(one) == sorted(other))


def test_components() -> None:
    gold = form_of(flow(step("a", "x.a"), step("b", "x.b"), step("c", "x.b")))
    found = form_of(flow(step("a", "x.a@3"), step("b", "x.b"), step("d", "x.d"), step("e", "x.d")))
    counted = component_overlap(gold, found)
    assert (counted.precision, counted.recall) == (2 / 4, 2 / 3)
    assert component_jaccard(gold, found) == pytest.approx(2 / 3)


def test_triggers() -> None:
    assert trigger_match(FORM, form_of(changed("trigger", "with", value={})))
    assert not trigger_match(FORM, form_of(without("trigger")))
    by_hand = {"uses": "core.manual"}
    one, other = flow(step("a", "x.a")), flow(step("a", "x.a"), trigger=by_hand)
    assert trigger_match(form_of(one), form_of(other))


def test_edges() -> None:
    assert control_edges(FORM) == [
        Edge("demo.every", "", "demo.read"),
        Edge("demo.read", "", "if"),
        Edge("if", "then", "demo.log"),
        Edge("if", "else", "demo.store"),
        Edge("if", "", "for_each"),
        Edge("for_each", "do", "demo.send"),
        Edge("for_each", "", "demo.log"),
    ]
    found = form_of(without("steps", 2))
    # if-for_each, for_each-do-send and for_each-log are gone, if-log is new: 4 of 7 and of 5.
    assert edge_overlap(FORM, found) == Overlap(4, 7, 5)


def test_inputs() -> None:
    gold = form_of(flow(step("a", "x.a", p=1, q="t"), step("b", "x.b", r=True)))
    found = form_of(flow(step("z", "x.a", p=2, q=[], extra=1)))
    # p has another value, q another type, extra is too much, and r is missing with its step.
    match = input_match(gold, found)
    assert (match.same, match.same_type, match.inputs) == (0, 1, 4)
    assert (match.exact, match.type) == (0, 1 / 4)
    same = input_match(gold, gold)
    assert (same.exact, same.type) == (1, 1)
    assert input_match(FlowForm(), FlowForm()).exact is None


def test_the_inputs_of_the_trigger_count() -> None:
    later = form_of(changed("trigger", "with", "cron", value="0 8 * * *"))
    match = input_match(FORM, later)
    assert (match.same, match.same_type, match.inputs) == (7, 8, 8)


def test_references() -> None:
    assert ("demo.log", "text", "trigger.output.at") in links(FORM)
    assert len(links(FORM)) == 7
    found = form_of(changed("steps", 1, "then", 0, "with", "text", value="x"))
    assert reference_overlap(FORM, found) == Overlap(5, 7, 5)
    bare = form_of(flow(step("a", "x.a")))
    assert reference_overlap(bare, bare) is None
    assert reference_overlap(bare, FORM) == Overlap(0, 0, 7)


def test_hallucinations_count_the_trigger() -> None:
    catalog = {"demo.read", "demo.log", "demo.send"}
    assert hallucinated(FORM, catalog) == {"demo.every": 1, "demo.store": 1}


ADDED = changed("steps", 3, value=BASE["steps"][3])
ADDED["steps"].append(step("last", "demo.fetch", url="https://example.com"))


def test_an_edit_that_does_what_it_should() -> None:
    found = edit_locality(FORM, form_of(ADDED), form_of(ADDED))
    assert (found.rate, found.damage) == (1, 0)


def test_an_edit_that_does_more() -> None:
    made = changed("steps", 2, "do", 0, "with", "text", value="Bye", base=ADDED)
    made["steps"][3]["id"] = "other"
    made["steps"].append(step("more", "demo.remove", name="x"))
    found = edit_locality(FORM, form_of(ADDED), form_of(made))
    # The workflow before states: trigger and cron; 7 steps and their ids; 7 values of calls and
    # 2 conditions; one run input, one output.
    assert found.to_keep == 2 + 14 + 9 + 2
    assert set(found.lost) == {
        ("value", "demo.send", "text", '"Hello"'),
        ("id", "asker", "demo.log"),
    }
    assert found.uncalled_for == ("demo.remove",)
    assert found.damage == 3
    assert found.rate == pytest.approx(25 / 27)
    assert edit_locality(FORM, form_of(ADDED), form_of(made), ids=False).damage == 2


def test_what_the_edit_was_to_change_need_not_stay() -> None:
    gold = changed("steps", 2, "do", 0, "with", "text", value="Bye")
    other = changed("steps", 2, "do", 0, "with", "text", value="Ciao")
    assert edit_locality(FORM, form_of(gold), form_of(other)).damage == 0


def test_a_workflow_that_is_gone_kept_nothing() -> None:
    assert edit_locality(FORM, FORM, FlowForm()).rate == 0


def test_request_faithfulness() -> None:
    # 9:00, 5, "calm", "state" and "Hello".
    assert request_faithfulness(REQUEST, BASE) == 1
    changed_text = changed("steps", 2, "do", 0, "with", "text", value="Bye")
    assert request_faithfulness(REQUEST, changed_text) == pytest.approx(4 / 5)
    named = {**changed_text, "description": REQUEST}
    assert request_faithfulness(REQUEST, named) == pytest.approx(4 / 5)
    assert request_faithfulness("do something", BASE) is None


def test_rouge_and_bleu() -> None:
    one, other = "Post the open bugs.", "post all open bugs"
    assert rouge_l(one, other) == pytest.approx(6 / 8)
    # 3/4 words, and with one added to each: 2/4 pairs, 1/3 of three, 1/2 of four.
    assert bleu(one, other) == pytest.approx((3 / 4 * 1 / 2 * 1 / 3 * 1 / 2) ** (1 / 4))
    assert bleu(one, one) == rouge_l(one, one) == 1
    assert bleu(one, "") == rouge_l(one, "") == bleu(one, "nothing else") == 0
    # Half as long: the penalty is exp(1 - 4/2); 3/3 words and pairs, smoothed or not, are right.
    assert bleu("a b c d", "a b") == pytest.approx(2.718281828 ** (1 - 2))


def test_pass_at_k() -> None:
    assert pass_at_k(5, 2, 2) == pytest.approx(1 - 3 / 10)
    assert pass_hat_k(5, 2, 2) == pytest.approx(1 / 10)
    assert pass_at_k(5, 2, 1) == pass_hat_k(5, 2, 1) == pytest.approx(2 / 5)
    assert (pass_at_k(3, 3, 3), pass_hat_k(3, 3, 3)) == (1, 1)
    assert (pass_at_k(3, 1, 3), pass_hat_k(3, 2, 3)) == (1, 0)


@given(st.data())
def test_pass_at_k_is_the_mean_over_all_choices(data: Any) -> None:
    tries = [data.draw(st.booleans()) for _ in range(data.draw(st.integers(1, 7)))]
    k = data.draw(st.integers(1, len(tries)))
    chosen = list(combinations(tries, k))
    passed = sum(tries)
    any_of = Fraction(sum(any(item) for item in chosen), len(chosen))
    all_of = Fraction(sum(all(item) for item in chosen), len(chosen))
    assert pass_at_k(len(tries), passed, k) == pytest.approx(float(any_of))
    assert pass_hat_k(len(tries), passed, k) == pytest.approx(float(all_of))


@pytest.mark.parametrize(("tries", "passed", "k"), [(3, 4, 1), (3, 1, 0), (3, 1, 4), (3, -1, 1)])
def test_tries_that_cannot_be_are_refused(tries: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="no such tries"):
        pass_at_k(tries, passed, k)
