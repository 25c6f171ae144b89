"""Good workflows give no error; broken ones are found at their place, whatever they hold."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.flow_bench_notation import workflow_from
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.verification.diagnostic import Verdict
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import content_hash, document_of, read_document
from flowloom.workflow.models import KIND_KEYS

READ = {"id": "r", "uses": "demo.read"}


def log(text: str, step_id: str = "a", **more: Any) -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.log", "with": {"text": text, **more}}


def verdict_of(*steps: dict[str, Any], **more: Any) -> Verdict:
    document = document_of({"name": "x", **more, "steps": list(steps)})
    return verify(document, EXAMPLE_CATALOG)


def serious(verdict: Verdict) -> list[str]:
    return [item.code for item in verdict.diagnostics if item.severity != "note"]


GOOD: dict[str, list[dict[str, Any]]] = {
    "a field of an earlier step": [READ, log("${{ steps.r.output.text }}")],
    "an int where a number goes": [READ, log("x", times="${{ steps.r.output.count }}")],
    "text around a number": [READ, log("n: ${{ steps.r.output.count }}")],
    "a guarded branch": [
        READ,
        {"id": "c", "if": "steps.r.output.count > 1", "then": [log("x", "b")]},
        log("${{ has(steps.b) ? steps.b.output.text : 'none' }}"),
    ],
    "an if that knows": [
        READ,
        {"id": "c", "if": "steps.r.output.count > 1", "then": [log("x", "b")]},
        {"id": "d", "if": "has(steps.b)", "then": [log("${{ steps.b.output.text }}")]},
    ],
    "a loop over rows": [
        READ,
        {
            "id": "l",
            "for_each": "steps.r.output.rows",
            "as": "row",
            "do": [log("${{ row.name }} ${{ index }}")],
            "collect": "row.age",
        },
        log("${{ string(sum(steps.l.output)) }}", "z"),
    ],
    "behind a sort": [
        READ,
        {
            "id": "s",
            "uses": "demo.sort",
            "with": {"items": "${{ steps.r.output.rows }}", "by": "age"},
        },
        log("${{ size(steps.s.output) > 0 ? steps.s.output[0].name : 'nobody' }}"),
    ],
    "an answer that may be null": [
        {"id": "q", "ask": "Go on?", "choices": ["yes", "no"]},
        {"id": "c", "if": "steps.q.output == null", "then": [log("nobody")]},
        {"id": "d", "if": 'steps.q.output == "yes"', "then": [log("go", "g")]},
    ],
    "an error that was caught": [
        {"id": "t", "try": [READ], "catch": [log("${{ error.message }}")]},
    ],
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_workflows_give_no_error_and_no_warning(name: str) -> None:
    assert serious(verdict_of(*GOOD[name])) == []


FLOWS = [
    """
files = Box_list()
for file in files:
  if file.owned_by == user:
    gone = Box_delete()
""",
    """
a = Hub_repo()
ok = user_task("approve")
if ok == None:
  m = Chat_send()
else:
  n = Chat_send()
""",
    """
d = Chat_list()
for m in d:
  if "401k" in m.messages:
    t = user_task("list")
""",
    """
b = S3_list()
if b != Null:
  x = S3_create()
elif not b.ok:
  y = S3_create()
""",
]


@pytest.mark.parametrize("flow", FLOWS)
def test_flows_over_a_plain_list_raise_no_alarm(flow: str) -> None:
    names = ("Box_list", "Box_delete", "Hub_repo", "Chat_send", "Chat_list", "S3_list", "S3_create")
    catalog = Catalog(Component(id=name, description=name) for name in names)
    verdict = verify(document_of(workflow_from(flow)), catalog)
    assert serious(verdict) == []


def test_a_finding_has_line_column_and_nearest_field() -> None:
    text = (
        "name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
        "  - id: a\n    uses: demo.log\n    with:\n      text: ${{ steps.r.output.txt }}\n"
    )
    (found,) = verify(read_document(text), EXAMPLE_CATALOG).errors
    assert (found.code, found.path, found.line) == ("FL403", "steps[1].with.text", 7)
    assert found.candidates[0] == "text"
    assert text.splitlines()[found.line - 1][found.column - 1 :].startswith(
        ("steps", ".txt", "txt")
    )


def test_one_cause_gives_one_error_and_the_others_are_found_too() -> None:
    verdict = verdict_of(
        {"id": "r", "uses": "demo.raed"},
        log("${{ steps.r.output.anything }}"),
        {"id": "b", "uses": "demo.log", "with": {"text": 3}},
        {"id": "c", "if": "1 + 1", "then": [READ | {"id": "d"}]},
    )
    assert sorted(item.code for item in verdict.errors) == ["FL201", "FL303", "FL405"]


def test_the_verdict_is_over_exactly_this_document() -> None:
    data = {"name": "x", "steps": [READ]}
    verdict = verify(document_of(data), EXAMPLE_CATALOG)
    assert verdict.valid
    assert verdict.content_hash == content_hash(data)


words = st.sampled_from(
    [*KIND_KEYS, "id", "with", "do", "then", "else", "as", "steps", "name", "a", "steps.a.output"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | words
    | st.text(max_size=6)
    | st.just("${{ a }}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(words, values, max_size=5), st.randoms(use_true_random=False))
def test_any_document_gives_the_same_verdict_in_any_key_order(
    data: dict[str, Any], chance: random.Random
) -> None:
    first = verify(document_of(data, format="json"), EXAMPLE_CATALOG)
    again = verify(document_of(_shuffled(data, chance), format="json"), EXAMPLE_CATALOG)
    assert {item.key for item in first.diagnostics} == {item.key for item in again.diagnostics}


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value
