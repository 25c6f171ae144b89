"""Random documents: what must hold of every one of them (the long run: ``benchmarks.fuzz``)."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, given, settings

from benchmarks.fuzz import UNCHECKED, fuzzed
from benchmarks.fuzz_documents import Data, arbitrary, fuzz_catalog, mutated
from benchmarks.fuzz_judge import KINDS, Fault, Judged, judge, shuffled
from benchmarks.fuzz_runs import surprises
from benchmarks.fuzz_values import FREE, draw_value, is_free
from flowloom.verification.analysis import facts_of
from flowloom.workflow.document import document_of
from flowloom.workflow.shape import parse_workflow

SAME_EVERY_TIME = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=UNCHECKED,
    phases=[Phase.generate, Phase.shrink],
)


def bad(data: Data) -> list[Fault]:
    return [item for item in judge(data, runs=4).faults if item.kind in KINDS]


@SAME_EVERY_TIME
@given(arbitrary())
def test_arbitrary_data_give_one_verdict_whatever_the_key_order(data: Data) -> None:
    assert bad(data) == []


@SAME_EVERY_TIME
@given(mutated())
def test_changed_workflows_give_one_verdict_and_run_if_valid(data: Data) -> None:
    assert bad(data) == []


def test_random_workflows_run_if_they_are_valid_and_many_are() -> None:
    tally = fuzzed("structured", 80, 7)
    assert {kind: tally.smallest[kind] for kind in KINDS if kind in tally.smallest} == {}
    assert tally.counts["valid"] > 32
    assert tally.counts["evaluated"] > 400


def found_in(*steps: dict[str, Any], **more: Any) -> tuple[list[str], dict[str, int]]:
    """Return what runs find, as if the verifier had said nothing."""
    data = {"name": "x", **more, "steps": list(steps)}
    facts = facts_of(document_of(data, format="json"), fuzz_catalog(), None, "")
    workflow, _ = parse_workflow(data)
    assert workflow is not None
    found, counts = surprises(facts, workflow, frozenset(), range(12))
    return [item.message for item in found], counts


ROWS = {"type": "array", "items": {"type": "integer"}}
MAYBE = {"type": ["string", "null"]}


def log(text: str) -> dict[str, Any]:
    return {"id": "log", "uses": "core.log", "with": {"message": text}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${{ string(inputs.rows[0]) }}", "Index error"),
        ("text ${{ inputs.maybe }}", "null"),
        ("${{ inputs.maybe }}", "None is not of type"),
        ("${{ 3 }}", "3 is not of type"),
    ],
)
def test_runs_find_what_a_verifier_must_know(text: str, said: str) -> None:
    messages, _ = found_in(log(text), inputs={"rows": ROWS, "maybe": MAYBE})
    assert any(said in message for message in messages)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${{ string(int(inputs.text)) }}", "content"),
        ("${{ string(inputs.free + 1) }}", "free"),
    ],
)
def test_what_nobody_can_know_before_a_run_does_not_count(text: str, reason: str) -> None:
    messages, counts = found_in(log(text), inputs={"text": {"type": "string"}, "free": {}})
    assert messages == []
    assert counts[reason] > 0


def test_what_is_caught_does_not_count() -> None:
    step = {
        "id": "t",
        "try": [log("${{ string(inputs.rows[0]) }}")],
        "catch": [log("no") | {"id": "c"}],
    }
    messages, counts = found_in(step, inputs={"rows": ROWS})
    assert messages == []
    assert counts["caught"] > 0


def test_an_exception_of_the_verifier_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr("benchmarks.fuzz_judge.verify", broken)
    assert [item.kind for item in judge({"name": "x"}).faults] == ["raised"]


def test_the_smallest_document_of_a_failure_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(data: Data) -> Judged:
        waits = "wait" in json.dumps(data)
        return Judged(read=True, faults=[Fault("raised", "planted")] if waits else [])

    monkeypatch.setattr("benchmarks.fuzz.judge", judged)
    tally = fuzzed("structured", 60, 3)
    where, data = tally.smallest["raised"]
    assert where == "planted"
    assert len(data["steps"]) <= 2
    assert tally.counts["documents"] >= 60
    assert tally.counts["raised"] > 1


@pytest.mark.parametrize("component", [item.id for item in fuzz_catalog()][::9])
def test_drawn_values_are_of_their_schema(component: str) -> None:
    schema = fuzz_catalog()[component].output
    for seed in range(4):
        value = draw_value(schema, Random(seed), 0.4)
        if not is_free(value):
            jsonschema.validate(value, schema)


def test_what_no_schema_describes_is_marked() -> None:
    assert draw_value({}, Random(1)) == FREE
    assert is_free(draw_value({"type": "object"}, Random(1)))
    assert not is_free(draw_value(ROWS, Random(1)))


def test_shuffled_data_are_the_same_data() -> None:
    data = {"a": [{"x": 1, "y": 2}], "b": 3, "c": None}
    assert shuffled(data, Random(3)) == data
