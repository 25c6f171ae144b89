"""The flat scores of whole outputs, known by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.evaluation.cases import Case
from flowloom.evaluation.prices import Price, PriceTable
from flowloom.evaluation.samples import Output, Sample, Spent, output_of_result
from flowloom.evaluation.scores import Scores
from flowloom.evaluation.scoring import Judge, score
from flowloom.graph.result import Result, UsageReport
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.document import dump_json, dump_yaml
from tests.evaluation.flows import BASE, REQUEST, changed, flow, step, without

JUDGE = Judge(EXAMPLE_CATALOG, PriceTable(prices=(Price(model="small*", input=1, output=10),)))
CASE = Case(id="c", request=REQUEST, gold=BASE)


def scored(made: dict[str, Any], case: Case = CASE, **more: Any) -> Scores:
    fields = {"status": "valid", "text": dump_yaml(made), "model": "small-1", **more}
    return score(case, Output.model_validate(fields), JUDGE)


def test_the_gold_workflow_has_every_point() -> None:
    found = scored(BASE, candidates=EXAMPLE_CATALOG.ids)
    assert (found.status, found.correct, found.valid, found.dry_run) == ("valid", True, True, True)
    ones = [
        "exact",
        "flow_sim",
        "flow_sim_without_inputs",
        "tree_bleu",
        "trigger_match",
        "component_f1",
        "component_jaccard",
        "edge_f1",
        "input_exact",
        "input_type",
        "reference_f1",
        "candidate_recall",
        "faithfulness",
    ]
    assert {name: found.figures()[name] for name in ones} == dict.fromkeys(ones, 1.0)
    assert found.mistakes == ()
    assert found.hallucination_rate == 0


def test_an_output_that_is_no_document() -> None:
    found = scored(BASE, text="I would read the text first.")
    assert (found.parsed, found.valid, found.correct, found.false_claim) == (
        False,
        False,
        False,
        True,
    )
    assert (found.exact, found.flow_sim, found.component_f1, found.trigger_match) == (
        False,
        0,
        0,
        False,
    )
    assert (found.named, found.hallucination_rate) == (0, None)


def test_a_document_that_is_no_workflow() -> None:
    found = scored({"name": "x", "steps": [{"id": "a", "use": "demo.read"}]})
    assert (found.parsed, found.convertible, found.valid, found.status) == (
        True,
        False,
        False,
        "failed",
    )


def test_a_claim_that_the_verifier_does_not_share() -> None:
    made = changed("steps", 2, "do", 0, "with", "to", value="${{ steps.nobody.output }}")
    found = scored(made)
    assert (found.claimed, found.status, found.false_claim) == ("valid", "failed", True)
    assert (found.valid, found.dry_run) == (False, False)
    honest = scored(made, status="failed", reason="an unknown step")
    assert (honest.false_claim, honest.correct) == (False, False)


def test_a_false_claim_is_no_right_refusal() -> None:
    case = Case(id="c", request="Fly to the moon.", statuses=("failed",))
    assert scored(flow(step("a", "moon.fly")), case).right_status is False
    refused = score(case, Output(status="failed", reason="no such component"), JUDGE)
    assert (refused.correct, refused.exact, refused.flow_sim) == (True, None, None)


def test_to_ask_where_both_are_right() -> None:
    case = CASE.model_copy(update={"statuses": ("valid", "needs_input")})
    found = score(case, Output(status="needs_input", questions=("Who?",)), JUDGE)
    assert (found.correct, found.exact, found.flow_sim) == (True, None, None)
    wrong = scored(without("steps", 3), case)
    assert (wrong.correct, wrong.exact) == (False, False)


def test_it_runs_though_it_is_not_safe() -> None:
    unsafe = changed("steps", 2, "do", 0, "with", "text", value="ghp_" + "a1B2c3D4e5F6" * 3)
    found = scored(unsafe)
    assert (found.valid, found.dry_run) == (False, True)


def test_a_draft_that_was_mended() -> None:
    draft = changed("steps", 2, "do", 0, "uses", value="demo.mail")
    found = scored(BASE, draft=dump_yaml(draft))
    # The trigger and five calls; one of them is invented in the draft.
    assert (found.drafted, found.draft_hallucinated) == (6, 1)
    assert (found.named, found.hallucinated) == (6, 0)
    assert found.draft_hallucination_rate == pytest.approx(1 / 6)


def test_without_a_draft_the_output_is_the_draft() -> None:
    found = scored(changed("steps", 2, "do", 0, "uses", value="demo.mail"))
    assert (found.draft_hallucinated, found.hallucinated) == (1, 1)


def test_the_recall_of_candidates() -> None:
    # Gold uses every, read, log, store and send.
    assert scored(BASE, candidates=("demo.read", "demo.log")).candidate_recall == pytest.approx(0.4)
    assert scored(BASE).candidate_recall is None
    edit = CASE.model_copy(update={"prior": flow(step("a", "demo.send", to="a", text="b"))})
    found = scored(BASE, edit, candidates=("demo.read", "demo.log"))
    assert found.candidate_recall == pytest.approx(0.6)


def test_an_edit() -> None:
    gold = changed("steps", 2, "do", 0, "with", "text", value="Bye")
    case = Case(id="e", request='Send "Bye" instead.', prior=BASE, gold=gold)
    assert (scored(gold, case).edit_locality, scored(gold, case).edit_damage) == (1, 0)
    made = changed("steps", 1, "else", 0, "id", value="renamed", base=gold)
    found = scored(made, case)
    assert (found.exact, found.edit_damage) == (True, 1)
    assert scored(BASE).edit_locality is None


def test_the_nearest_of_the_accepted_workflows_counts() -> None:
    other = flow(step("r", "demo.read"))
    case = CASE.model_copy(update={"alternatives": (other,)})
    found = scored(other, case)
    assert (found.correct, found.flow_sim) == (True, 1)


def test_descriptions_are_an_extra() -> None:
    gold = {**BASE, "description": "Post the open bugs."}
    case = CASE.model_copy(update={"gold": gold})
    found = scored({**BASE, "description": "post all open bugs"}, case)
    assert found.description_rouge_l == pytest.approx(0.75)
    assert found.exact
    assert scored(BASE).description_rouge_l is None


def test_what_it_cost() -> None:
    spent = Spent(model_calls=3, input_tokens=2000, output_tokens=500, seconds=1.5, attempts=2)
    found = scored(BASE, spent=spent)
    assert found.cost_usd == pytest.approx((2000 * 1 + 500 * 10) / 1e6)
    assert (found.model_calls, found.seconds, found.attempts) == (3, 1.5, 2)
    assert scored(BASE, model="other").cost_usd is None


def test_figures_are_numbers_and_leave_out_what_does_not_apply() -> None:
    figures = scored(BASE).figures()
    assert figures["correct"] == 1.0
    assert figures["hallucination_rate"] == 0.0
    assert {"edit_locality", "case", "mistakes", "own", "cost_usd"} & set(figures) == {"cost_usd"}
    assert all(type(value) is float for value in figures.values())


def test_json_and_yaml_score_alike() -> None:
    assert scored(BASE, text=dump_json(BASE)) == scored(BASE)


def test_scores_survive_being_stored() -> None:
    found = scored(changed("steps", 2, "do", 0, "uses", value="demo.mail"))
    assert Scores.model_validate_json(found.model_dump_json()) == found


@given(
    st.text(max_size=60) | st.sampled_from(["steps: [1, {}]", '{"steps": {}}', "steps: [{if: 1}]"])
)
def test_whatever_a_model_says_is_scored(text: str) -> None:
    found = score(CASE, Output(status="valid", text=text), JUDGE)
    assert not found.correct
    assert found.mistakes
    assert 0 <= (found.flow_sim or 0) < 1


def test_the_output_of_a_result() -> None:
    usage = UsageReport(
        model_calls=2, input_tokens=7, output_tokens=5, seconds={"a": 1.0, "b": 0.5}, attempts=1
    )
    result = Result(status="valid", text=dump_yaml(BASE), usage=usage, model="small-1")
    output = output_of_result(result, candidates=("demo.read",), draft="x")
    spent = Spent(model_calls=2, input_tokens=7, output_tokens=5, seconds=1.5, attempts=1)
    assert output.spent == spent
    assert (output.status, output.draft, output.candidates) == ("valid", "x", ("demo.read",))
    assert score(CASE, output, JUDGE).correct
    sample = Sample(dataset="d", case="c", strategy="agentic", model="small-1", output=output)
    assert sample.key == ("d", "c", "agentic", "small-1", 0)
