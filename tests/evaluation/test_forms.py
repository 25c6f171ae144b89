"""Workflows in the form that metrics compare."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.evaluation.forms import FlowForm, form_of, unnumbered
from tests.evaluation.flows import BASE, flow, step


def test_steps_are_called_by_label_and_number() -> None:
    form = form_of(BASE)
    keys = ["demo_read_1", "if_1", "demo_log_1", "demo_store_1", "for_each_1", "demo_send_1"]
    assert [item.key for item in form.all_steps] == [*keys, "demo_log_2"]
    assert form.all_steps[5].chain == (("for_each_1", "do"),)
    assert form.trigger_label == "demo.every"
    assert form.uses == {"demo.read": 1, "demo.log": 2, "demo.store": 1, "demo.send": 1}


def test_expressions_name_keys_and_items() -> None:
    form = form_of(BASE)
    note, send = form.all_steps[2], form.all_steps[5]
    assert note.slots["text"].references == {"steps.demo_read_1.output.text", "trigger.output.at"}
    assert note.slots["text"].kind == "string"
    assert send.slots["to"].references == {"item0.name"}
    assert send.slots["to"].kind == "expression"


def test_names_do_not_count() -> None:
    one = flow(step("a", "x.get"), step("b", "x.put", text="${{ steps.a.output.t }}"))
    other = flow(step("q", "x.get@2"), step("r", "x.put", text="${{steps.q.output.t}}"))
    texts = [form_of(data).all_steps[1].slots["text"].text for data in (one, other)]
    assert texts[0] == texts[1]


def test_an_input_given_as_its_default_is_left_out() -> None:
    data = flow(step("a", "x.get", limit=5, page=1))
    form = form_of(data, {"x.get": {"limit": 5, "page": 2}})
    assert list(form.all_steps[0].slots) == ["page"]


def test_a_run_by_hand_is_no_trigger() -> None:
    assert form_of(flow(step("a", "x.get"), trigger={"uses": "core.manual"})).trigger is None


def test_elif_cases_and_branches_are_numbered_blocks() -> None:
    data = flow(
        {
            "id": "i",
            "if": "a",
            "then": [],
            "elif": [{"if": "b == 1", "then": [step("x", "x.y")]}],
        },
        {"id": "s", "switch": "c", "cases": [{"when": "z", "do": [step("y", "x.y")]}]},
        {"id": "p", "parallel": [[step("z", "x.y")], []]},
    )
    blocks = [inner for item in form_of(data).steps for inner in item.blocks]
    labels = ["then", "elif1", "else", "case1", "default", "parallel1", "parallel2"]
    assert [inner.label for inner in blocks] == labels
    assert [inner.condition.text for inner in blocks if inner.condition] == ['"b == 1"', '"z"']


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("steps.x_get_12.output.t", "steps.x_get.output.t"),
        ("${{ steps . x_get_1 . output }}", "${{ steps . x_get . output }}"),
        ("item0.name", "item0.name"),
    ],
)
def test_unnumbered(text: str, bare: str) -> None:
    assert unnumbered(text) == bare


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "uses", "with", "if", "then", "elif", "cases", "do", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["steps", "trigger", "inputs", "outputs"]), _JSON))
def test_whatever_a_model_writes_has_a_form(data: dict[str, Any]) -> None:
    assert isinstance(form_of(data), FlowForm)


@pytest.mark.parametrize(
    "cron", ["0-99999999999 * * * *", "5-1 * * * *", "*/0 * * * *", "a b c d e"]
)
def test_a_schedule_out_of_bounds_stays_text(cron: str) -> None:
    form = form_of(flow(step("a", "x.y", cron=cron)))
    assert form.steps[0].slots["cron"].text == f'"{cron}"'
