from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowloom.workflow.diff import Difference, diff, render_diff
from flowloom.workflow.models import Workflow, walk
from tests.workflow.rendered_workflows import EVERY_KIND, workflow_data


def edited() -> dict[str, Any]:
    return copy.deepcopy(EVERY_KIND)


def test_a_changed_input_is_one_difference() -> None:
    new = edited()
    new["steps"][0]["with"]["owner"] = "other"
    assert diff(EVERY_KIND, new) == (
        Difference(kind="changed", step="issues", path="with.owner", before="acme", after="other"),
    )


def test_conditions_of_branches_and_cases_are_values_of_their_step() -> None:
    new = edited()
    new["steps"][1]["elif"][0]["if"] = "false"
    new["steps"][5]["cases"][0]["when"] = "#ops"
    assert [(item.step, item.path) for item in diff(EVERY_KIND, new)] == [
        ("busy", "elif[0].if"),
        ("route", "cases[0].when"),
    ]


def test_an_added_step_moves_nothing() -> None:
    new = edited()
    new["steps"].insert(0, {"id": "first", "uses": "a.b"})
    found = diff(EVERY_KIND, new)
    assert [(item.kind, item.step, item.path) for item in found] == [("added", "first", "steps[0]")]


def test_a_removed_block_lists_the_steps_it_held() -> None:
    new = edited()
    del new["steps"][2]
    assert [(item.kind, item.step) for item in diff(EVERY_KIND, new)] == [
        ("removed", "each"),
        ("removed", "label"),
    ]


def test_moving_into_a_block_and_swapping_are_moves() -> None:
    new = edited()
    new["steps"][2]["do"].append(new["steps"][1]["then"].pop())
    new["steps"][3], new["steps"][4] = new["steps"][4], new["steps"][3]
    moved = {item.step: (item.before, item.after) for item in diff(EVERY_KIND, new)}
    assert moved["note"] == ("steps[1].then[0]", "steps[2].do[1]")
    assert len(moved) == 2  # The shorter of the two that were swapped, and what moved.


def test_values_of_the_workflow_itself() -> None:
    new = edited()
    new["trigger"]["with"]["cron"] = "0 8 * * *"
    del new["description"]
    assert {(item.step, item.path, item.after) for item in diff(EVERY_KIND, new)} == {
        ("", "trigger.with.cron", "0 8 * * *"),
        ("", "description", None),
    }


def test_equal_to_python_is_not_equal_as_json() -> None:
    def steps(value: Any) -> dict[str, Any]:
        return {"name": "w", "steps": [{"id": "s", "uses": "a.b", "with": {"x": value}}]}

    assert diff(steps(1), steps(1)) == ()
    assert [item.path for item in diff(steps(1), steps(True))] == ["with.x"]
    assert [item.path for item in diff(steps(1), steps(1.0))] == ["with.x"]


def test_text_has_one_line_for_each_difference() -> None:
    new = edited()
    new["steps"][0]["with"]["owner"] = "two\nlines"
    new["steps"].append({"id": "last", "wait": "1s"})
    assert render_diff(diff(EVERY_KIND, new)) == (
        '~ issues: with.owner: "acme" -> "two\\nlines"\n+ last (wait 1s) at steps[7]\n'
    )


def test_broken_documents_are_compared_too() -> None:
    old: dict[str, Any] = {"steps": [{"uses": "a.b"}, "text", {"id": "x"}, {"id": "x"}]}
    assert diff(old, old) == ()
    assert [item.kind for item in diff(old, {"steps": 3})] == ["removed"] * 4


@given(workflow_data)
def test_nothing_differs_from_itself(data: dict[str, Any]) -> None:
    assert diff(data, copy.deepcopy(data)) == ()
    assert diff(Workflow.model_validate(data), data) == ()


@given(workflow_data, workflow_data)
def test_the_way_back_swaps_added_and_removed(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = diff(one, other), diff(other, one)
    assert {item.step for item in there if item.kind == "added"} == {
        item.step for item in back if item.kind == "removed"
    }
    assert {(i.step, i.path) for i in there if i.kind == "changed"} == {
        (i.step, i.path) for i in back if i.kind == "changed"
    }


@given(workflow_data, st.randoms(use_true_random=False))
def test_a_shuffled_block_is_moves_only(data: dict[str, Any], random: Any) -> None:
    new = copy.deepcopy(data)
    random.shuffle(new["steps"])
    found = diff(data, new)
    assert {item.kind for item in found} <= {"moved"}
    ids = [step.id for _, step in walk(Workflow.model_validate(data).steps)]
    assert {item.step for item in found} <= set(ids)
