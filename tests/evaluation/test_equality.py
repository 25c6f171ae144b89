"""When two workflows are the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from flowloom.evaluation.equality.matching import defaults_of, differences
from flowloom.verification.examples import EXAMPLE_CATALOG
from tests.evaluation.flows import BASE, changed, flow, step, without


def renamed() -> dict[str, Any]:
    made = copy.deepcopy(BASE)
    read, busy, each, asker = made["steps"]
    read["id"], asker["id"] = "a", "z"
    busy["if"] = "steps.a.output.rows.size() >= 6"
    busy["then"][0]["with"]["text"] = "${{steps.a.output.text}} at ${{ trigger.output.at }}"
    each |= {"for_each": "${{ steps.a.output.rows }}", "as": "x", "name": "Each"}
    each["do"][0]["with"]["to"] = "${{ x.name }}"
    made["inputs"] = {"person": {"type": "string"}}
    asker["with"]["text"] = "${{ inputs.person }}"
    made["outputs"] = {"rows": "${{size(steps.a.output.rows)}}"}
    return made | {"name": "other", "description": "other"}


@pytest.mark.parametrize(
    "got",
    [
        renamed(),
        changed("trigger", "with", "cron", value="0 9 * * SUN-SAT"),
        changed("steps", 2, "do", 0, "connection", value="work"),
    ],
)
def test_what_does_the_same_is_equal(got: dict[str, Any]) -> None:
    assert differences(got, [BASE]) == []


@pytest.mark.parametrize(
    ("got", "place"),
    [
        (changed("steps", 0, "uses", value="demo.find"), "steps[0].uses"),
        (without("trigger"), "trigger"),
        (changed("steps", 1, "if", value="size(steps.read.output.rows) >= 5"), "steps[1].if"),
        (without("steps", 1, "then", 0, "with", "level"), "steps[1].then[0].with.level"),
        (changed("steps", 0, "on_error", value="continue"), "steps[0].on_error"),
        (changed("outputs", value={}), "outputs"),
        (changed("steps", 2, "do", 0, "retry", value={"delay": "1m"}), "steps[2].do[0].retry"),
    ],
)
def test_another_part_is_a_difference_at_its_place(got: dict[str, Any], place: str) -> None:
    assert [item.split(":")[0] for item in differences(got, [BASE])] == [place]


def test_the_nearest_accepted_workflow_counts() -> None:
    other = flow(step("a", "demo.find"))
    assert differences(other, [BASE, other]) == []
    assert differences(other, []) == ["no workflow is expected"]


def test_an_input_given_as_its_default() -> None:
    defaults = {"demo.read": {"limit": 5}}
    got = changed("steps", 0, "with", value={"limit": 5})
    assert differences(got, [BASE], defaults=defaults) == []
    assert differences(got, [BASE]) != []
    assert defaults_of(EXAMPLE_CATALOG)["demo.read"] == {}


@pytest.mark.parametrize(
    "got",
    [
        changed("steps", 1, "if", value="${{ }}"),
        changed("steps", 2, "for_each", value="${{ steps.read"),
        changed("steps", 0, value={"id": "read", "wait": "${{ }}"}),
        changed("steps", 2, "do", 0, "with", "to", value="${{ 'a }}"),
    ],
)
def test_a_broken_expression_is_a_difference(got: dict[str, Any]) -> None:
    assert differences(got, [BASE]) != []


def test_free_places() -> None:
    free = ("note.text", "send.text")
    got = changed("steps", 2, "do", 0, "with", "text", value="Good day")
    assert differences(got, [BASE], free) == []
    got["steps"][1]["then"][0]["with"]["text"] = "the text"
    assert differences(got, [BASE], free) == [
        "steps[1].then[0].with.text: expected a reference to steps.s0.output.text,"
        " trigger.output.at, got 'the text'"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id": "a", "wait": "90m"}, {"id": "a", "wait": "1h30m"}),
        (step("a", "core.wait", duration="2h"), {"id": "b", "wait": "120m"}),
        (step("a", "person.ask", question="Who?"), {"id": "b", "ask": "Who?"}),
        (step("a", "x.post", channel="#eng"), step("a", "x.post", channel="eng")),
        (
            {"id": "a", "if": "inputs.x == false", "then": []},
            {"id": "a", "if": "!inputs.x", "then": []},
        ),
    ],
)
def test_two_ways_to_say_one_thing(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert differences(flow(one), [flow(other)]) == []
