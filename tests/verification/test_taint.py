"""Text from outside is followed into code, SQL, hosts, paths and prompts, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.text_sources import text_sources
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

Step = dict[str, Any]
CODES = ("FL706", "FL709", "FL710")
RUN = Component(
    id="t.run",
    input={"type": "object", "properties": {"code": {"type": "string"}, "data": {}}},
    taint={"code": "code"},
)
CATALOG = Catalog([*builtin_catalog(), RUN])
INPUTS = {
    "name": {"type": "string"},
    "count": {"type": "integer"},
    "order": {"enum": ["ASC", "DESC"]},
    "day": {"type": "string", "format": "date"},
}
MAILS = {"id": "mails", "uses": "email.search", "connection": "box"}
PAGE = {"id": "page", "uses": "http.get", "with": {"url": "https://example.com"}}
FILES = {"id": "files", "uses": "file.list", "with": {"directory": "in"}}
ASK = {"id": "who", "ask": "Who?"}
CHOICE = {"id": "pick", "ask": "Which?", "choices": ["a", "b"]}


def query(text: str, step_id: str = "q") -> Step:
    return {"id": step_id, "uses": "sql.query", "connection": "db", "with": {"query": text}}


def get(url: str) -> Step:
    return {"id": "g", "uses": "http.get", "with": {"url": url}}


def read(path: str) -> Step:
    return {"id": "r", "uses": "file.read", "with": {"path": path}}


def each(items: str, *do: Step, **more: Any) -> Step:
    return {"id": "each", "for_each": items, "do": list(do), **more}


def diagnostics(*steps: Step, trigger: Step | None = None) -> list[Any]:
    data: dict[str, Any] = {"name": "x", "inputs": INPUTS, "steps": list(steps)}
    if trigger:
        data["trigger"] = trigger
    return [item for item in verify(document_of(data), CATALOG).diagnostics if item.code in CODES]


def found(*steps: Step, trigger: Step | None = None) -> list[tuple[str, str]]:
    return [(item.code, item.path) for item in diagnostics(*steps, trigger=trigger)]


SELECT = "select * from t where a = "
FLOWS: dict[str, tuple[list[Step], str, str]] = {
    "an input in SQL": ([query(SELECT + "'${{ inputs.name }}'")], "FL706", "steps[0].with.query"),
    "whole expression": (
        [PAGE, query("${{ 'select ' + steps.page.output.text }}")],
        "FL706",
        "steps[1].with.query",
    ),
    "code": (
        [PAGE, {"id": "c", "uses": "t.run", "with": {"code": "f(${{ steps.page.output.body }})"}}],
        "FL706",
        "steps[1].with.code",
    ),
    "loop item": (
        [MAILS, each("steps.mails.output", query(SELECT + "'${{ item.subject }}'"))],
        "FL706",
        "steps[1].do[0].with.query",
    ),
    "through a transform": (
        [
            PAGE,
            {"id": "t", "uses": "text.trim", "with": {"text": "${{ steps.page.output.text }}"}},
            query("${{ steps.t.output }}"),
        ],
        "FL706",
        "steps[2].with.query",
    ),
    "collected": (
        [
            MAILS,
            each("steps.mails.output", FILES, collect="item.subject"),
            query("select ${{ steps.each.output.join(',') }}"),
        ],
        "FL706",
        "steps[2].with.query",
    ),
    "message of an error": (
        [{"id": "t", "try": [PAGE], "catch": [query(SELECT + "'${{ error.message }}'")]}],
        "FL706",
        "steps[0].catch[0].with.query",
    ),
    "answer": ([ASK, query(SELECT + "'${{ steps.who.output }}'")], "FL706", "steps[1].with.query"),
    "a branch of a conditional": (
        [query("order by ${{ inputs.count > 1 ? inputs.name : 'a' }}")],
        "FL706",
        "steps[0].with.query",
    ),
    "host": (
        [PAGE, get("https://${{ steps.page.output.text }}/x")],
        "FL709",
        "steps[1].with.url",
    ),
    "end of a host": (
        [PAGE, get("https://api.example.com${{ steps.page.output.text }}")],
        "FL709",
        "steps[1].with.url",
    ),
    "whole address": ([PAGE, get("${{ steps.page.output.text }}")], "FL709", "steps[1].with.url"),
    "path": ([PAGE, read("${{ steps.page.output.text }}")], "FL709", "steps[1].with.path"),
    "name in a directory": (
        [PAGE, read("in/${{ steps.page.output.text }}.txt")],
        "FL709",
        "steps[1].with.path",
    ),
    "one of several paths": (
        [
            MAILS,
            {
                "id": "z",
                "uses": "file.zip",
                "with": {
                    "paths": ["a", "${{ steps.mails.output.map(m, m.subject)[0] }}"],
                    "target": "z.zip",
                },
            },
        ],
        "FL709",
        "steps[1].with.paths[1]",
    ),
    "instructions": (
        [
            PAGE,
            {
                "id": "c",
                "uses": "ai.chat",
                "connection": "m",
                "with": {"prompt": "x", "system": "Obey ${{ steps.page.output.text }}"},
            },
        ],
        "FL710",
        "steps[1].with.system",
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_text_from_outside_is_found_where_it_does_harm(name: str) -> None:
    steps, code, path = FLOWS[name]
    assert (code, path) in found(*steps)
    assert {item[0] for item in found(*steps)} == {code}


def test_what_the_trigger_brings_is_from_outside() -> None:
    trigger = {"uses": "core.email_received", "connection": "box"}
    step = query(SELECT + "'${{ trigger.output.subject }}'")
    assert found(step, trigger=trigger) == [("FL706", "steps[0].with.query")]
    number = {"uses": "core.schedule", "with": {"cron": "0 9 * * *"}}
    day = query(SELECT + "'${{ trigger.output.date }}'")
    assert found(day, trigger=number) == []


def test_the_finding_tells_the_chain_and_the_mend() -> None:
    trim = {"id": "t", "uses": "text.trim", "with": {"text": "${{ steps.page.output.text }}"}}
    (item,) = diagnostics(PAGE, trim, query("${{ steps.t.output }}"))
    assert "steps.t.output is what 'http.get' gave (through 't')" in item.message
    assert "parameters" in item.hint
    assert item.step == "q"


CLEAN: dict[str, list[Step]] = {
    "number": [query(SELECT + "${{ inputs.count }}")],
    "enum": [query("select a order by b ${{ inputs.order }}")],
    "date": [query(SELECT + "'${{ inputs.day }}'")],
    "number as a text": [query(SELECT + "${{ string(inputs.count) }}")],
    "made a number": [PAGE, query(SELECT + "${{ int(steps.page.output.text) }}")],
    "size": [MAILS, query(SELECT + "${{ size(steps.mails.output) }}")],
    "literals of a conditional": [
        PAGE,
        query("order by ${{ steps.page.output.text == 'x' ? 'a' : 'b' }}"),
    ],
    "choice": [CHOICE, query(SELECT + "'${{ steps.pick.output }}'")],
    "own table of texts": [query("order by ${{ {'a': 'x', 'b': 'y'}[inputs.name] }}")],
    "parameters": [
        {
            "id": "q",
            "uses": "sql.query",
            "connection": "db",
            "with": {"query": SELECT + ":a", "parameters": {"a": "${{ inputs.name }}"}},
        }
    ],
    "index": [MAILS, each("steps.mails.output", query(SELECT + "${{ index }}"))],
    "the run": [query(SELECT + "'${{ run.id }}'")],
    "after the host": [PAGE, get("https://api.example.com/x/${{ steps.page.output.text }}")],
    "in the query": [PAGE, get("https://api.example.com?q=${{ steps.page.output.text }}")],
    "host in an expression": [PAGE, get("${{ 'https://a.example/x/' + steps.page.output.text }}")],
    "after an input's host": [PAGE, get("${{ inputs.name }}/x/${{ steps.page.output.text }}")],
    "paths of a directory": [FILES, each("steps.files.output", read("${{ item.path }}"))],
    "mapped paths": [
        FILES,
        {
            "id": "z",
            "uses": "file.zip",
            "with": {"paths": "${{ steps.files.output.map(f, f.path) }}", "target": "z.zip"},
        },
    ],
    "filtered paths": [
        FILES,
        {
            "id": "z",
            "uses": "file.zip",
            "with": {
                "paths": "${{ steps.files.output.filter(f, f.size > 1).map(f, f.path) }}",
                "target": "z.zip",
            },
        },
    ],
    "name of a file": [FILES, each("steps.files.output", read("done/${{ item.name }}"))],
    "slug": [
        PAGE,
        {"id": "s", "uses": "text.slugify", "with": {"text": "${{ steps.page.output.text }}"}},
        read("in/${{ steps.s.output }}.txt"),
    ],
    "path from an input": [read("${{ inputs.name }}")],
    "new id": [{"id": "i", "uses": "core.new_id"}, query(SELECT + "'${{ steps.i.output }}'")],
    "data of a prompt": [
        PAGE,
        {
            "id": "c",
            "uses": "ai.chat",
            "connection": "m",
            "with": {"prompt": "Sum up: ${{ steps.page.output.text }}", "system": "Be short."},
        },
    ],
    "transform of a literal": [
        {"id": "t", "uses": "text.trim", "with": {"text": " a "}},
        query("${{ steps.t.output }}"),
    ],
    "other input of the same step": [
        PAGE,
        {
            "id": "c",
            "uses": "t.run",
            "with": {"code": "f(data)", "data": "${{ steps.page.output }}"},
        },
    ],
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_cannot_carry_text_is_not_reported(name: str) -> None:
    assert found(*CLEAN[name]) == []


def test_a_loop_that_feeds_itself_is_followed() -> None:
    inner = [
        {
            "id": "t",
            "uses": "text.trim",
            "with": {"text": "${{ has(steps.p.output) ? steps.p.output.text : '' }}"},
        },
        query("select '${{ steps.t.output }}'"),
        {**PAGE, "id": "p"},
    ]
    loop = {"id": "w", "while": "run.id != ''", "do": inner}
    assert ("FL706", "steps[0].do[1].with.query") in found(loop)


def test_columns_that_lend_their_text() -> None:
    assert text_sources("a ? b : c") == {5: frozenset({()}), 9: frozenset({()})}
    assert text_sources("xs.map(x, x.name)") == {1: frozenset({(None, "name")})}
    assert text_sources("xs.map(x, 'n')") == {}
    assert text_sources("(") is None


TAINTED_NAMES = {
    "url": "url",
    "path": "path",
    "directory": "path",
    "paths": "path",
    "target": "path",
    "attachments": "path",
    "query": "sql",
    "statement": "sql",
    "code": "code",
    "script": "code",
    "command": "shell",
    "system": "prompt",
    "instructions": "prompt",
}
TAINTED_FORMATS = {"uri": "url", "path": "path", "sql": "sql", "code": "code"}
NOT_TAINTED = {
    ("core.webhook", "path"),  # the route that is listened on
    ("email.move", "target"),  # a folder of the mailbox
    ("json.get_value", "path"),  # a place in a value
    ("http.request", "query"),  # parameters of an address, an object
    ("http.get", "query"),
}


def test_inputs_that_steer_are_annotated() -> None:
    python = [item for item in builtin_catalog() if item.run and item.run.type == "python"]
    for item in python:
        for name, schema in item.inputs.items():
            inner = schema.get("items") or {}
            form = schema.get("format", inner.get("format", ""))
            wanted = TAINTED_FORMATS.get(form) or TAINTED_NAMES.get(name)
            if wanted and (item.id, name) not in NOT_TAINTED:
                assert item.taint.get(name) == wanted, (item.id, name)


def test_annotations_name_inputs_that_exist() -> None:
    for item in builtin_catalog():
        assert set(item.taint) <= set(item.inputs), item.id
