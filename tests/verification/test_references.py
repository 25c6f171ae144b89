"""FL5xx: what is named must be there, and what is read should be used."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verification.findings import READ, found, log, places

INPUTS = {"go": {"type": "boolean"}}
MAY_FAIL = {**READ, "on_error": "continue"}
BRANCH = {"id": "c", "if": "inputs.go", "then": [{"id": "b", "uses": "demo.read"}]}
USED = "${{ steps.r.output.text }}"

WRONG: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "what may have failed": ([BRANCH, MAY_FAIL, log(USED)], [("FL504", "steps[2].with.text")]),
    "what may have failed, from inside a block": (
        [MAY_FAIL, {"id": "d", "if": "inputs.go", "then": [log(USED)]}],
        [("FL504", "steps[1].then[0].with.text")],
    ),
    "what may have failed, where the other case goes on": (
        [
            MAY_FAIL,
            {"id": "d", "if": "!has(steps.r) && inputs.go", "then": [{"id": "s", "stop": "x"}]},
            log(USED),
        ],
        [("FL504", "steps[2].with.text")],
    ),
    "what only its own fields are tested of": (
        [
            BRANCH,
            MAY_FAIL,
            {
                "id": "d",
                "if": "has(steps.r.output.text) && has(steps.r.output.count)",
                "then": [log("x")],
            },
        ],
        [("FL504", "steps[2].if")],
    ),
    "the output of a branch": (
        [BRANCH, log("${{ string(steps.c.output) }}")],
        [("FL509", "steps[1].with.text")],
    ),
    "the output of a loop without collect": (
        [
            READ,
            {"id": "l", "for_each": "steps.r.output.rows", "do": [log("${{ item.name }}", "i")]},
            log("${{ string(inputs.go) + string(steps.l.output) }}"),
        ],
        [("FL509", "steps[2].with.text")],
    ),
    "the output of a wait": (
        [BRANCH, {"id": "w", "wait": "1s"}, log("${{ string(steps.w.output) }}")],
        [("FL509", "steps[2].with.text")],
    ),
    "a test for the output of a wait": (
        [BRANCH, {"id": "w", "wait": "1s"}, log("${{ has(steps.w.output) ? 'a' : 'b' }}")],
        [("FL509", "steps[2].with.text")],
    ),
    "the output of what gives nothing": (
        [
            BRANCH,
            {"id": "s", "uses": "demo.store", "with": {"key": "k", "text": "x"}},
            log("${{ string(steps.s.output == null) }}"),
        ],
        [("FL509", "steps[2].with.text")],
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_not_there_is_found_at_its_place(name: str) -> None:
    steps, expected = WRONG[name]
    assert places(found(*steps, inputs=INPUTS)) == expected


RIGHT: dict[str, list[dict[str, Any]]] = {
    "a guard in the expression": [
        BRANCH,
        MAY_FAIL,
        log("${{ has(steps.r) ? steps.r.output.text : 'none' }}"),
    ],
    "a guard around": [BRANCH, MAY_FAIL, {"id": "d", "if": "has(steps.r)", "then": [log(USED)]}],
    "a guard behind it": [
        BRANCH,
        MAY_FAIL,
        {"id": "d", "if": "has(steps.r.output.text) && has(steps.r)", "then": [log("x")]},
    ],
    "a guard that ends the run": [
        BRANCH,
        MAY_FAIL,
        {"id": "d", "if": "!has(steps.r)", "then": [{"id": "s", "stop": "Not there."}]},
        log(USED),
    ],
    "a guard that ends the run of a branch": [
        BRANCH,
        {
            "id": "d",
            "if": "has(steps.b)",
            "then": [log("there", "t")],
            "else": [{"id": "s", "stop": "Not there."}],
        },
        log("${{ steps.b.output.text }}"),
    ],
    "what fails the run": [BRANCH, READ, log(USED)],
    "the output of a loop with collect": [
        BRANCH,
        {"id": "l", "for_each": "[1, 2]", "do": [log("x", "i")], "collect": "item"},
        log("${{ string(size(steps.l.output)) }}"),
    ],
}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_is_there_is_let_pass(name: str) -> None:
    assert places(found(*RIGHT[name], inputs=INPUTS)) == []


def test_a_missing_output_comes_with_what_to_name_instead() -> None:
    (item,) = (
        one
        for one in found(BRANCH, log("${{ string(steps.c.output) }}"), inputs=INPUTS)
        if one.code == "FL509"
    )
    assert item.candidates == ("steps.b.output",)
    assert item.hint == "Name a step inside it: steps.b."


def test_a_declared_output_that_a_branch_makes_is_found_at_the_output() -> None:
    items = found(BRANCH, outputs={"a": {"b": "${{ steps.b.output.text }}"}}, inputs=INPUTS)
    assert places(items) == [("FL504", "outputs.a.b")]


UNUSED: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "read and forgotten": ([READ, log("x")], [("FL508", "steps[0]")]),
    "read at the end of a workflow that acts": ([log("x"), READ], [("FL508", "steps[1]")]),
    "read in the midst of a block": (
        [{"id": "c", "if": "inputs.go", "then": [READ, log("x")]}],
        [("FL508", "steps[0].then[0]")],
    ),
    "used in a text": ([READ, log(USED)], []),
    "used in a condition": ([READ, {"id": "c", "if": "has(steps.r)", "then": [log("x")]}], []),
    "tried alone": ([{"id": "t", "try": [READ], "catch": [log("x")]}], []),
    "read by a workflow that only reads": ([READ], []),
    "worth running anyway": ([log("x", "a"), log("y")], []),
    "all steps are named": ([READ, log("${{ string(size(steps)) }}")], []),
    "what it gives is not known": ([{"id": "o", "uses": "demo.old"}, log("x")], []),
}


@pytest.mark.parametrize("name", sorted(UNUSED))
def test_unused_reads(name: str) -> None:
    steps, expected = UNUSED[name]
    assert places(found(*steps, inputs=INPUTS), "FL508") == expected


def test_a_workflow_with_outputs_is_for_them_and_not_for_what_it_reads_last() -> None:
    steps = ({"id": "f", "uses": "demo.find"}, READ)
    items = found(*steps, outputs={"rows": "${{ steps.f.output.rows }}"})
    assert places(items, "FL508") == [("FL508", "steps[1]")]
    assert places(found(*steps), "FL508") == [("FL508", "steps[0]")]
