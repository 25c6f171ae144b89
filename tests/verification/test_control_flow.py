"""FL6xx: conditions, loops, switches, and what runs at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verification.findings import READ, found, log, places

INPUTS = {
    "go": {"type": "boolean"},
    "kind": {"enum": ["a", "b"]},
    "count": {"type": "integer"},
    "word": {"type": "string"},
}
USES_ALL = log("${{ string(inputs.go) + inputs.kind + string(inputs.count) + inputs.word }}", "all")
STOP = {"id": "s", "stop": "Done."}


def seen(*steps: dict[str, Any], name: str = "x") -> list[tuple[str, str]]:
    return places(found(*steps, USES_ALL, inputs=INPUTS, name=name))


FIXED = (
    "inputs.count > 5 && inputs.count < 3",
    "inputs.count > 5 && inputs.count < 6",
    "inputs.word == 'a' && inputs.word == 'b'",
    "inputs.word != 'a' || inputs.word != 'b'",
    "inputs.count > 5 || inputs.count <= 5",
    "size(inputs.word) >= 0",
    "size(inputs.word) < 0",
    "size(inputs.word) == -1",
    "inputs.word == inputs.word",
    "inputs.count < inputs.count",
    "inputs.go && !inputs.go",
    "inputs.go || !inputs.go",
    "inputs.go == true && inputs.go == false",
    "inputs.kind == 'c'",
    "inputs.kind != 'c'",
    "inputs.kind in ['c', 'd']",
    "inputs.kind == 'a' || inputs.kind == 'b'",
    "inputs.kind != 'a' && inputs.kind != 'b'",
    "inputs.word in []",
    "inputs.word == 'a' && inputs.word in ['b', 'c']",
    "inputs.go && (inputs.count < 2 && inputs.count > 5 || inputs.kind == 'c')",
    "inputs.count < size(inputs.word) && inputs.count >= size(inputs.word)",
    "inputs.word > 'm' && inputs.word < 'b'",
    "true || inputs.go",
    "1 > 2",
)
OPEN = (
    "inputs.count > 5 && inputs.count < 7",
    "inputs.count > 5 || inputs.count < 3",
    "inputs.word == 'a' || inputs.word == 'b'",
    "inputs.word != 'a' && inputs.word != 'b'",
    "size(inputs.word) > 0",
    "size(inputs.word) == 0",
    "inputs.go",
    "inputs.kind == 'a'",
    "inputs.kind in ['a', 'c']",
    "inputs.go && inputs.word == 'x' || !inputs.go",
    "inputs.count == 1 || inputs.count == 2",
    "[1, 2].exists(count, count > inputs.count)",
    "inputs.word >= 'a' && inputs.word <= 'b'",
    "inputs.word.startsWith('a') && !inputs.word.startsWith('b')",
)


@pytest.mark.parametrize("condition", FIXED)
def test_a_condition_with_one_outcome(condition: str) -> None:
    step = {"id": "c", "if": condition, "then": [log("x")]}
    assert seen(step) == [("FL602", "steps[0].if")]


@pytest.mark.parametrize("condition", OPEN)
def test_a_condition_with_two_outcomes(condition: str) -> None:
    assert seen({"id": "c", "if": condition, "then": [log("x")]}) == []


def test_a_comparison_that_never_holds_inside_a_condition_that_may() -> None:
    condition = "inputs.go || inputs.kind == 'aa'"
    step = {"id": "c", "if": condition, "then": [log("x")]}
    items = [one for one in found(step, USES_ALL, inputs=INPUTS) if one.code == "FL602"]
    (item,) = items
    assert item.path == "steps[0].if"
    assert item.candidates[0] == "a"
    whole = {"id": "c", "if": "1 > 2", "then": [log("x")]}
    (first,) = (one for one in found(whole, USES_ALL, inputs=INPUTS) if one.code == "FL602")
    assert item.column - first.column == condition.index("==")


def test_an_answer_compared_with_no_choice() -> None:
    steps = [
        {"id": "q", "ask": "Go on?", "choices": ["yes", "no"]},
        {"id": "c", "if": "steps.q.output == 'Yes'", "then": [log("x")]},
        {"id": "d", "if": "steps.q.output == null", "then": [log("x", "y")]},
    ]
    assert seen(*steps) == [("FL602", "steps[1].if")]


def test_an_elif_that_was_asked_before() -> None:
    step = {
        "id": "c",
        "if": "inputs.count > 3",
        "then": [log("a", "a")],
        "elif": [
            {"if": "inputs.go", "then": [log("b", "b")]},
            {"if": "(inputs.count  > 3)", "then": [log("d", "d")]},
            {"if": "inputs.go", "then": [log("e", "e")]},
            {"if": "inputs.count > 2", "then": [log("f", "f")]},
        ],
    }
    assert seen(step) == [("FL602", "steps[0].elif[1].if"), ("FL602", "steps[0].elif[2].if")]


def switch(value: str, *whens: Any, **more: Any) -> dict[str, Any]:
    cases = [{"when": when, "do": [log("x", f"x{n}")]} for n, when in enumerate(whens)]
    return {"id": "c", "switch": value, "cases": cases, **more}


SWITCHES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (switch("inputs.kind", "a", "b"), []),
    (switch("inputs.kind", "a"), [("FL604", "steps[0]")]),
    (switch("inputs.kind", "a", default=[log("y")]), []),
    (switch("inputs.kind", ["a", "b"], "c"), [("FL610", "steps[0].cases[1].when")]),
    (switch("inputs.kind", ["a", "b", "c"]), [("FL610", "steps[0].cases[0].when[2]")]),
    (switch("inputs.go", True, False), []),
    (switch("inputs.go", True), [("FL604", "steps[0]")]),
    (switch("inputs.word", "a", 3), [("FL610", "steps[0].cases[1].when")]),
    (switch("inputs.count", 1, 2.0), []),
    (switch("inputs.count", 1, "2"), [("FL610", "steps[0].cases[1].when")]),
    (switch("inputs.word", "a", "a"), [("FL603", "steps[0].cases[1].when")]),
]


@pytest.mark.parametrize(("step", "expected"), SWITCHES)
def test_switches(step: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert seen(step) == expected


def test_a_choice_that_has_no_case() -> None:
    ask = {"id": "q", "ask": "Which?", "choices": ["a", "b", "c"]}
    step = switch("steps.q.output", ["a", "b"])
    items = [one for one in found(ask, step) if one.code == "FL604"]
    assert [(one.path, one.candidates) for one in items] == [("steps[1]", ("c",))]


def loop(condition: str, *body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "w", "while": condition, "do": list(body), "max_iterations": 5}


WHILES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (loop("inputs.go", log("x")), [("FL605", "steps[0].while")]),
    (loop("true", log("x")), [("FL605", "steps[0].while")]),
    (loop("false", log("x")), [("FL602", "steps[0].while")]),
    (loop("true", {"id": "i", "if": "index > 3", "then": [STOP]}), []),
    (
        {"id": "l", "for_each": "[1, 2]", "do": [loop("index < 3", log("x"))]},
        [("FL605", "steps[0].do[0].while")],
    ),
    (loop("!has(steps.r) || steps.r.output.count > 3", READ), []),
]


@pytest.mark.parametrize(("step", "expected"), WHILES)
def test_loops_that_nothing_ends(step: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert seen(step) == expected


def store(step_id: str, key: str, text: str = "x") -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.store", "with": {"key": key, "text": text}}


def send(step_id: str, text: str) -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.send", "with": {"to": "#eng", "text": text}}


def both(*branches: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "p", "parallel": list(branches)}


def each(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "l", "for_each": "[1, 2]", "do": list(body), **more}


WRITES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "the same key": (
        both([store("a", "k")], [store("b", "k", "y")]),
        [("FL607", "steps[0].parallel[1][0]")],
    ),
    "the same key, deeper": (
        both([store("a", "k")], [{"id": "c", "if": "inputs.go", "then": [store("b", "k")]}]),
        [("FL607", "steps[0].parallel[1][0].then[0]")],
    ),
    "other keys": (both([store("a", "k")], [store("b", "m")]), []),
    "one after the other": (both([store("a", "k"), store("b", "k")], [log("x")]), []),
    "keys that are not known": (
        both([store("a", "${{ inputs.word }}")], [store("b", "${{ inputs.kind }}")]),
        [],
    ),
    "other messages to one place": (both([send("a", "one")], [send("b", "two")]), []),
    "the same message twice": (
        both([send("a", "one")], [send("b", "one")]),
        [("FL607", "steps[0].parallel[1][0]")],
    ),
    "reads": (both([READ], [{**READ, "id": "r2"}]), []),
    "the same in every round at once": (
        each(store("a", "k"), concurrency=4),
        [("FL607", "steps[0].do[0]")],
    ),
    "the same in every round, in turn": (each(store("a", "k")), []),
    "by item": (each(store("a", "${{ string(item) }}"), concurrency=4), []),
    "by index": (each(store("a", "k", "${{ string(index) }}"), concurrency=4), []),
    "by a step of the round": (
        each(READ, store("a", "${{ steps.r.output.text }}"), concurrency=4),
        [],
    ),
    "by what is outside": (
        each(store("a", "${{ inputs.word }}"), concurrency=4),
        [("FL607", "steps[0].do[0]")],
    ),
}


@pytest.mark.parametrize("name", sorted(WRITES))
def test_writes_at_the_same_time(name: str) -> None:
    step, expected = WRITES[name]
    assert seen(step) == expected


BEGIN = {"id": "begin", "uses": "demo.begin"}
END = {"id": "end", "uses": "demo.commit"}
WAIT = {"id": "w", "wait": "1h"}
ASK = {"id": "q", "ask": "Go on?"}
TRANSACTIONS: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "a wait inside": ([BEGIN, WAIT, END], [("FL608", "steps[1]")]),
    "a question in a branch inside": (
        [BEGIN, {"id": "c", "if": "inputs.go", "then": [ASK]}, END],
        [("FL608", "steps[1].then[0]")],
    ),
    "a wait before": ([WAIT, BEGIN, END], []),
    "a wait behind": ([BEGIN, END, WAIT], []),
    "ended in all branches": (
        [
            BEGIN,
            {"id": "c", "if": "inputs.go", "then": [END], "else": [{**END, "id": "back"}]},
            WAIT,
        ],
        [],
    ),
    "ended in one branch": (
        [BEGIN, {"id": "c", "if": "inputs.go", "then": [END]}, WAIT, {**END, "id": "late"}],
        [("FL608", "steps[2]")],
    ),
    "ended by the catch too": (
        [BEGIN, {"id": "t", "try": [END], "catch": [{**END, "id": "back"}]}, WAIT],
        [],
    ),
}


@pytest.mark.parametrize("name", sorted(TRANSACTIONS))
def test_pauses_in_transactions(name: str) -> None:
    steps, expected = TRANSACTIONS[name]
    assert seen(*steps) == expected


def test_a_workflow_that_starts_itself() -> None:
    step = {"id": "a", "uses": "demo.start", "with": {"workflow": "nightly"}}
    assert seen(step, name="nightly") == [("FL609", "steps[0].with.workflow")]
    assert seen(step, name="daily") == []
