"""The language's models: strict, frozen, and lossless."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowloom.workflow.models import (
    KIND_KEYS,
    CallStep,
    ForEachStep,
    Workflow,
    blocks_of,
    kind_of,
    walk,
)

STEPS: dict[str, dict[str, Any]] = {
    "uses": {"id": "a", "uses": "core.log", "with": {"n": 1}, "retry": {"max_attempts": 2}},
    "if": {
        "id": "b",
        "if": "true",
        "then": [{"id": "b1", "stop": "x"}],
        "elif": [{"if": "false", "then": [{"id": "b2", "stop": "y"}]}],
        "else": [],
    },
    "switch": {
        "id": "c",
        "switch": "inputs.x",
        "cases": [{"when": ["a", 2], "do": [{"id": "c1", "wait": "10m"}]}],
        "default": [{"id": "c2", "stop": ""}],
    },
    "for_each": {"id": "d", "for_each": "[1]", "as": "n", "do": [], "collect": "n"},
    "while": {"id": "e", "while": "true", "do": [], "max_iterations": 3},
    "parallel": {"id": "f", "parallel": [[{"id": "f1", "stop": ""}], []]},
    "try": {"id": "g", "try": [], "catch": [{"id": "g1", "stop": ""}], "finally": []},
    "wait": {"id": "h", "wait": "1h30m"},
    "ask": {"id": "i", "ask": "Go on?", "choices": ["yes", "no"]},
    "stop": {"id": "j", "stop": "done", "status": "failed"},
}


def test_every_kind_has_a_sample() -> None:
    assert set(STEPS) == set(KIND_KEYS)


@pytest.mark.parametrize("key", sorted(STEPS))
def test_each_kind_is_told_by_its_key_and_loses_nothing(key: str) -> None:
    document = {"name": "one", "steps": [STEPS[key]]}
    workflow = Workflow.model_validate(document)
    assert type(workflow.steps[0]) is KIND_KEYS[key]
    assert kind_of(STEPS[key]) == KIND_KEYS[key].kind
    assert workflow.plain() == document


def test_walk_yields_every_step_with_its_place() -> None:
    workflow = Workflow.model_validate({"name": "all", "steps": list(STEPS.values())})
    found = {step.id: path for path, step in walk(workflow.steps)}
    assert found["b2"] == ("steps", 1, "elif", 0, "then", 0)
    assert found["c1"] == ("steps", 2, "cases", 0, "do", 0)
    assert found["f1"] == ("steps", 5, "parallel", 0, 0)
    assert found["g1"] == ("steps", 6, "catch", 0)
    assert len(found) == 16


def test_a_call_holds_no_blocks() -> None:
    assert blocks_of(CallStep.model_validate(STEPS["uses"])) == []


@pytest.mark.parametrize(
    "step",
    [
        {"id": "1a", "uses": "x"},
        {"id": "a", "uses": "x", "wiht": {}},
        {"id": "a", "uses": 3},
        {"id": "a", "uses": "x", "timeout": "ten minutes"},
        {"id": "a", "for_each": "x", "do": [], "concurrency": 0},
        {"id": "a"},
    ],
)
def test_what_the_language_does_not_know_is_refused(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Workflow.model_validate({"name": "x", "steps": [step]})


def test_models_are_frozen() -> None:
    step = ForEachStep.model_validate(STEPS["for_each"])
    with pytest.raises(ValidationError):
        step.as_ = "other"
