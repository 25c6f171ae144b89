"""The dry run: what fails on possible values is found, and what is guarded is not."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.verification.analysis import facts_of
from flowloom.verification.dry_run.samples import UNKNOWN, has_unknown, sample
from flowloom.verification.dry_run.trial import Trial, references_of
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of
from flowloom.workflow.shape import parse_workflow

TEXT = {"type": "string"}
ITEM = {
    "type": "object",
    "properties": {"name": TEXT, "nick": TEXT, "boss": {"type": ["string", "null"]}},
    "required": ["name", "boss"],
}
FOUND: dict[str, Any] = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": ITEM},
        "next": TEXT,
        "total": {"type": "integer"},
        "kind": {"enum": ["a", "b"]},
        "free": {"type": "object"},
    },
    "required": ["items", "total", "kind", "free"],
}
CATALOG = Catalog(
    [
        *EXAMPLE_CATALOG,
        Component(
            id="t.people",
            output={"type": "object", "additionalProperties": ITEM},
            input={"type": "object"},
        ),
        Component(id="t.find", output=FOUND, input={"type": "object"}),
        Component(id="t.any", input={"type": "object"}),
    ]
)
FIND = {"id": "f", "uses": "t.find"}


def log(text: str, step_id: str = "log") -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.log", "with": {"text": text}}


def found(*steps: dict[str, Any]) -> list[tuple[str, str]]:
    document = document_of({"name": "x", "steps": list(steps)})
    verdict = verify(document, CATALOG)
    return [
        (item.code, item.path)
        for item in verdict.diagnostics
        if item.code.startswith("FL9") or item.severity == "error"
    ]


ALWAYS = {
    "a constant that is no time": [log("${{ string(timestamp('tomorrow')) }}")],
    "inside a branch that the values do not take": [
        FIND,
        {"id": "c", "if": "steps.f.output.total < 0", "then": [log("${{ string(int('ten')) }}")]},
    ],
    "inside a catch": [
        {
            "id": "t",
            "try": [log("hi", "a")],
            "catch": [log("${{ string(timestamp('tomorrow')) }}")],
        }
    ],
    "in the default of a switch": [
        FIND,
        {
            "id": "s",
            "switch": "steps.f.output.kind",
            "cases": [{"when": "a", "do": [log("a", "a")]}, {"when": "b", "do": [log("b", "b")]}],
            "default": [log("${{ string(duration('soon')) }}")],
        },
    ],
}


@pytest.mark.parametrize("name", ALWAYS)
def test_what_fails_on_all_values_is_an_error(name: str) -> None:
    codes = [code for code, _ in found(*ALWAYS[name])]
    assert codes
    assert set(codes) == {"FL901"}


EDGES = {
    "the last": (
        log("${{ steps.f.output.items[size(steps.f.output.items) - 1].name }}"),
        "FL902",
    ),
    "the first that a filter lets through": (
        log("${{ steps.f.output.items.filter(i, i.name == 'x')[0].name }}"),
        "FL902",
    ),
    "a filter behind a guard of the list": (
        log(
            "${{ size(steps.f.output.items) > 0"
            " ? steps.f.output.items.filter(i, i.name == 'x')[0].name : '' }}"
        ),
        "FL902",
    ),
    "a filter behind a guard of another one": (
        log(
            "${{ steps.f.output.items.exists(i, i.name == 'y')"
            " ? steps.f.output.items.filter(i, i.name == 'x')[0].name : '' }}"
        ),
        "FL902",
    ),
    "an index": (log("${{ steps.f.output.items[0].name }}"), "FL902"),
    "a later index": (log("${{ steps.f.output.items[3].name }}"), "FL902"),
    "an optional field": (log("${{ steps.f.output.next }}"), "FL903"),
    "an optional field in a text": (log("next: ${{ steps.f.output.next }}"), "FL903"),
    "null in a text": (
        {"id": "l", "for_each": "steps.f.output.items", "do": [log("x ${{ item.boss }}")]},
        "FL903",
    ),
    "null for an input": (
        {"id": "l", "for_each": "steps.f.output.items", "do": [log("${{ item.boss }}")]},
        "FL903",
    ),
    "an optional field of an item": (
        {"id": "l", "for_each": "steps.f.output.items", "do": [log("${{ item.nick }}")]},
        "FL903",
    ),
    "an optional field inside a map": (
        log("${{ steps.f.output.items.map(i, i.nick).join(',') }}"),
        "FL903",
    ),
    "the first of a list": (log("${{ steps.f.output.items.map(i, i.name)[0] }}"), "FL902"),
    "behind another condition": (
        {
            "id": "c",
            "if": "steps.f.output.kind == 'a'",
            "then": [log("${{ steps.f.output.items[0].name }}")],
        },
        "FL902",
    ),
    "where the guard looks at something else": (
        {
            "id": "c",
            "if": "has(steps.f.output.next)",
            "then": [log("${{ steps.f.output.items[0].name }}")],
        },
        "FL902",
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_what_fails_at_an_edge_is_a_warning_at_its_place(name: str) -> None:
    step, code = EDGES[name]
    place = {"for_each": "steps[1].do[0]", "if": "steps[1].then[0]"}
    where = next((place[key] for key in place if key in step), "steps[1]")
    assert found(FIND, step) == [(code, f"{where}.with.text")]


FIRST = log("${{ steps.f.output.items[0].name }}")
GUARDED = {
    "a conditional": log(
        "${{ size(steps.f.output.items) > 0 ? steps.f.output.items[0].name : '' }}"
    ),
    "an optional index": log("${{ steps.f.output.items[?0].?nick.orValue('') }}"),
    "an if": {"id": "c", "if": "size(steps.f.output.items) > 0", "then": [FIRST]},
    "an else": {
        "id": "c",
        "if": "size(steps.f.output.items) == 0",
        "then": [log("none", "n")],
        "else": [FIRST],
    },
    "an elif": {
        "id": "c",
        "if": "steps.f.output.items.size() == 0",
        "then": [log("none", "n")],
        "elif": [{"if": "steps.f.output.kind == 'a'", "then": [FIRST]}],
    },
    "a loop over the list": {"id": "l", "for_each": "steps.f.output.items", "do": [FIRST]},
    "has": {
        "id": "c",
        "if": "has(steps.f.output.next)",
        "then": [log("${{ steps.f.output.next }}")],
    },
    "not null": {
        "id": "l",
        "for_each": "steps.f.output.items",
        "do": [{"id": "c", "if": "item.boss != null", "then": [log("${{ item.boss }}")]}],
    },
    "a try": {"id": "t", "try": [FIRST], "catch": [log("none", "n")]},
    "a filter that lets something through": log(
        "${{ size(steps.f.output.items.filter(i, i.name == 'x')) > 0"
        " ? steps.f.output.items.filter(one, one.name == 'x')[0].name : '' }}"
    ),
    "an item that exists": {
        "id": "c",
        "if": "steps.f.output.items.exists(i, i.name == 'x')",
        "then": [log("${{ steps.f.output.items.filter(j, j.name == 'x')[0].name }}")],
    },
    "not all": {
        "id": "c",
        "if": "!steps.f.output.items.all(i, i.name != 'x')",
        "then": [log("${{ steps.f.output.items.filter(j, j.name == 'x')[0].name }}")],
    },
    "a filter": log("${{ steps.f.output.items.filter(i, has(i.nick)).map(i, i.nick).join(',') }}"),
    "a free key": log("${{ string(steps.f.output.free.anything) }}"),
}


@pytest.mark.parametrize("name", GUARDED)
def test_what_is_guarded_is_not_reported(name: str) -> None:
    assert found(FIND, GUARDED[name]) == []


def test_an_earlier_stop_guards() -> None:
    stop = {
        "id": "c",
        "if": "size(steps.f.output.items) == 0",
        "then": [{"id": "s", "stop": "none"}],
    }
    assert found(FIND, stop, FIRST) == []


def test_texts_that_may_hold_numbers_and_times_are_believed() -> None:
    texts = ["int(x) + 1", "timestamp(x).getHours()", "x.split('-')[4]", "x.substring(20)"]
    for text in texts:
        step = log(f"${{{{ string({text.replace('x', 'steps.f.output.items[0].name')}) }}}}")
        assert {code for code, _ in found(FIND, step)} <= {"FL902"}


def test_what_fails_whatever_a_text_holds_is_an_error() -> None:
    for text in ("string(timestamp('2026-02-30T00:00:00Z')) + x", "'abc'.substring(9) + x"):
        step = log("${{ " + text.replace("x", "steps.f.output.kind") + " }}")
        assert [code for code, _ in found(FIND, step)] == ["FL901"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x.map(k, x[k].nick).join(',')", "FL903"),
        ("x.transformList(k, v, v.nick).join(',')", "FL903"),
        ("x.transformList(k, v, v.name).join(',')", ""),
        ("x.transformList(k, v, v.?nick.orValue('')).join(',')", ""),
        ("x['ann'].name", ""),
        ("x['ann'].nick", ""),
        ("string(size(x))", ""),
    ],
)
def test_the_values_of_a_map_of_free_keys_have_edges_too(text: str, code: str) -> None:
    step = log("${{ " + text.replace("x", "steps.p.output") + " }}")
    assert [item for item, _ in found({"id": "p", "uses": "t.people"}, step)] == (
        [code] if code else []
    )


def test_an_answer_is_null_only_where_nobody_may_answer() -> None:
    ask = {"id": "q", "ask": "Go?", "choices": ["yes", "no"]}
    assert found(ask, log("said ${{ steps.q.output }}")) == []
    late = found({**ask, "timeout": "1h"}, log("said ${{ steps.q.output }}"))
    assert late == [("FL903", "steps[1].with.text")]


def test_the_message_tells_the_value_and_the_hint_the_guard() -> None:
    document = document_of({"name": "x", "steps": [FIND, log("${{ steps.f.output.next }}")]})
    item = next(item for item in verify(document, CATALOG).diagnostics if item.code == "FL903")
    assert item.message.startswith("steps.f.output.next may be absent")
    assert "has(steps.f.output.next)" in item.hint
    assert (item.step, item.severity) == ("log", "warning")


def test_every_branch_is_taken_at_least_once() -> None:
    steps = [
        FIND,
        {
            "id": "c",
            "if": "steps.f.output.total > 1000",
            "then": [log("x", "then")],
            "elif": [{"if": "steps.f.output.kind == 'b'", "then": [log("x", "elif_")]}],
            "else": [{"id": "i", "if": "steps.f.output.total == 2", "then": [log("x", "inner")]}],
        },
        {"id": "t", "try": [log("x", "body")], "catch": [log("x", "caught")]},
        {"id": "w", "while": "steps.f.output.total < 0", "do": [log("x", "turn")]},
    ]
    data = {"name": "x", "steps": steps}
    facts = facts_of(document_of(data), CATALOG, None, "")
    workflow, _ = parse_workflow(data)
    assert workflow is not None
    trial = Trial(facts, workflow, references_of(facts))
    ran: set[str] = set()
    original = trial.call

    async def call(call: Any) -> Any:
        ran.add(call.step.id)
        return await original(call)

    trial.call = call  # type: ignore[method-assign]
    trial.run()
    assert ran == {"f", "then", "elif_", "inner", "body", "caught", "turn"}


@pytest.mark.parametrize("seed", range(5))
def test_samples_are_of_their_schema(seed: int) -> None:
    import jsonschema

    value = sample({**FOUND, "properties": {**FOUND["properties"], "free": TEXT}}, seed)
    jsonschema.validate(value, {**FOUND, "properties": {**FOUND["properties"], "free": TEXT}})
    assert not has_unknown(value)


def test_what_no_schema_describes_is_unknown() -> None:
    assert sample({}) is UNKNOWN
    assert has_unknown(sample(FOUND))
    assert sample({"type": "array", "minItems": 3, "items": {"const": 1}}) == [1, 1, 1]
    assert sample({"type": "integer", "minimum": 10, "maximum": 10}) == 10


def test_nothing_is_said_of_values_without_schema() -> None:
    steps = [
        {"id": "a", "uses": "t.any"},
        log("${{ steps.a.output.rows[0].name }}"),
        {"id": "l", "for_each": "steps.a.output.list", "do": [log("${{ item.x }}", "m")]},
        {
            "id": "c",
            "if": "steps.a.output.ok",
            "then": [log("${{ string(steps.a.output.n / 3) }}", "n")],
        },
    ]
    assert found(*steps) == []
