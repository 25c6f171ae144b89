"""Steps that destroy unguarded, writes without a bound, and internal addresses."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

Step = dict[str, Any]
CODES = ("FL703", "FL704", "FL705", "FL707")
FILES = {"id": "f", "uses": "file.list", "with": {"directory": "in"}}
ASK = {"id": "q", "ask": "Really?", "choices": ["yes", "no"]}
LOG = {"id": "n", "uses": "core.log", "with": {"message": "no"}}


def delete(path: str = "old.csv") -> Step:
    return {"id": "d", "uses": "file.delete", "with": {"path": path}}


def send() -> Step:
    body = {"to": "a@example.com", "subject": "x", "body": "y"}
    return {"id": "s", "uses": "email.send", "connection": "mail", "with": body}


def loop(*do: Step, step_id: str = "l", items: str = "steps.f.output", **more: Any) -> Step:
    return {"id": step_id, "for_each": items, "as": f"{step_id}_item", "do": list(do), **more}


def when(condition: str, *then: Step) -> Step:
    return {"id": "c", "if": condition, "then": list(then)}


def found(*steps: Step) -> list[tuple[str, str]]:
    verdict = verify(document_of({"name": "x", "steps": list(steps)}), builtin_catalog())
    assert verdict.errors == ()
    return [(item.code, item.path) for item in verdict.diagnostics if item.code in CODES]


SIZE = "size(steps.f.output) > 3"
YES = "steps.q.output == 'yes'"
UNGUARDED: dict[str, tuple[list[Step], str, str]] = {
    "alone": ([delete()], "FL704", "steps[0]"),
    "after a question whose answer nothing tests": ([ASK, delete()], "FL704", "steps[1]"),
    "beside a condition": ([FILES, when(SIZE, LOG), delete()], "FL704", "steps[2]"),
    "statement": (
        [{"id": "d", "uses": "sql.execute", "connection": "db", "with": {"statement": "drop t"}}],
        "FL704",
        "steps[0]",
    ),
    "DELETE request": (
        [
            {
                "id": "d",
                "uses": "http.request",
                "with": {"method": "DELETE", "url": "https://example.com/x"},
            }
        ],
        "FL704",
        "steps[0]",
    ),
    "loop": ([FILES, loop(delete("${{ l_item.path }}"))], "FL703", "steps[1].do[0]"),
    "loop inside a condition": (
        [FILES, when(SIZE, loop(delete("${{ l_item.path }}")))],
        "FL703",
        "steps[1].then[0].do[0]",
    ),
}


@pytest.mark.parametrize("name", UNGUARDED)
def test_what_destroys_without_a_guard_is_one_warning(name: str) -> None:
    steps, code, path = UNGUARDED[name]
    assert found(*steps) == [(code, path)]


GUARDED: dict[str, list[Step]] = {
    "condition": [FILES, when(SIZE, delete())],
    "approval": [ASK, when(YES, delete())],
    "approval before the loop": [FILES, ASK, when(YES, loop(delete("${{ l_item.path }}")))],
    "early end": [ASK, when("steps.q.output != 'yes'", {"id": "e", "stop": "no"}), delete()],
    "early end before the loop": [
        FILES,
        ASK,
        when("steps.q.output != 'yes'", {"id": "e", "stop": "no"}),
        loop(delete("${{ l_item.path }}")),
    ],
    "condition for the item": [FILES, loop(when("l_item.size > 9", delete("${{ l_item.path }}")))],
    "case": [
        ASK,
        {
            "id": "w",
            "switch": "steps.q.output",
            "cases": [{"when": "yes", "do": [delete()]}, {"when": "no", "do": [LOG]}],
        },
    ],
    "what this run made": [
        {"id": "w", "uses": "file.write", "with": {"path": "t.txt", "text": "x"}},
        delete("${{ steps.w.output.path }}"),
    ],
    "only adds": [
        {
            "id": "d",
            "uses": "sql.execute",
            "connection": "db",
            "with": {"statement": "INSERT INTO t VALUES (1)"},
        }
    ],
    "roll back": [{"id": "t", "try": [LOG], "catch": [delete()]}],
}


@pytest.mark.parametrize("name", GUARDED)
def test_what_is_guarded_is_not_reported(name: str) -> None:
    assert found(*GUARDED[name]) == []


WHILE: Step = {"id": "w", "while": "run.id != ''", "do": [send()]}
FLOODS: dict[str, tuple[list[Step], str]] = {
    "two loops": ([FILES, loop(loop(send(), step_id="m"))], "steps[1].do[0].do[0]"),
    "condition between": (
        [FILES, loop(when("l_item.size > 1", loop(send(), step_id="m")))],
        "steps[1].do[0].then[0].do[0]",
    ),
    "while": ([WHILE], "steps[0].do[0]"),
    "at once": ([FILES, loop(send(), concurrency=20)], "steps[1].do[0]"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_writes_without_a_bound_are_reported(name: str) -> None:
    steps, path = FLOODS[name]
    assert found(*steps) == [("FL705", path)]


BOUNDED: dict[str, list[Step]] = {
    "one message for each": [FILES, loop(send())],
    "few at once": [FILES, loop(send(), concurrency=5)],
    "literal list at once": [loop(send(), items="['a', 'b']", concurrency=20)],
    "literal list inside": [FILES, loop(loop(send(), step_id="m", items="[1, 2]"))],
    "while with a limit": [{**WHILE, "max_iterations": 5}],
    "reads": [FILES, loop(loop(LOG, step_id="m"), concurrency=50)],
}


@pytest.mark.parametrize("name", BOUNDED)
def test_bounded_writes_are_not_reported(name: str) -> None:
    assert found(*BOUNDED[name]) == []


def get(url: str) -> Step:
    return {"id": "g", "uses": "http.get", "with": {"url": url}}


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "api.localhost:8080",
        "127.0.0.1:8080",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "10.0.0.5",
        "172.20.1.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fe80::1]",
        "[fd00::1]:81",
        "printer.local",
        "metadata.google.internal",
        "user@localhost",
    ],
)
def test_internal_addresses_are_reported(host: str) -> None:
    assert found(get(f"http://{host}/latest")) == [("FL707", "steps[0].with.url")]


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.example.com",
        "8.8.8.8",
        "172.32.0.1",
        "[2001:4860:4860::8888]",
        "mylocal",
        "127.0.0.1.example.com",
        "999.1.1.1",
        "${{ inputs.host }}.example.com",
    ],
)
def test_other_addresses_are_not(host: str) -> None:
    step = get(f"http://{host}/latest")
    data = {"name": "x", "inputs": {"host": {"type": "string"}}, "steps": [step]}
    codes = {item.code for item in verify(document_of(data), builtin_catalog()).diagnostics}
    assert "FL707" not in codes
