"""Change requests change what they name, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.editing.existing import opposite
from flowloom.workflow.edits import apply_changes
from tests.offline.stand_ins import changed, composer, document, uses

LIST: dict[str, Any] = {"id": "issues", "uses": "hub.issues.list"}
TICKET: dict[str, Any] = {"id": "ticket", "uses": "desk.tickets.create"}
FOLDER: dict[str, Any] = {"id": "folder", "uses": "files.folders.create"}
POST: dict[str, Any] = {
    "id": "post",
    "uses": "chatter.messages.post",
    "with": {"channel": "#a", "text": "x"},
}
CHECK: dict[str, Any] = {
    "id": "check",
    "if": "size(steps.issues.output) > 5",
    "then": [TICKET],
    "else": [FOLDER],
}
LOOP: dict[str, Any] = {
    "id": "each",
    "for_each": "steps.issues.output",
    "as": "issue",
    "do": [{"id": "test", "if": 'issue.state == "open"', "then": [TICKET]}, POST],
}


@pytest.mark.parametrize(
    ("request_text", "after"),
    [
        ("Create a folder too", ["hub.issues.list", "desk.tickets.create", "files.folders.create"]),
        ("Before creating the ticket, create a folder",
         ["hub.issues.list", "files.folders.create", "desk.tickets.create"]),
        ("Create a folder after listing the issues",
         ["hub.issues.list", "files.folders.create", "desk.tickets.create"]),
        ("Create a folder before the last step",
         ["hub.issues.list", "files.folders.create", "desk.tickets.create"]),
        ("At the beginning, create a folder",
         ["files.folders.create", "hub.issues.list", "desk.tickets.create"]),
        ("Do not create the ticket", ["hub.issues.list"]),
        ("There is no need to create a ticket", ["hub.issues.list"]),
        ("Remove the step that creates the ticket", ["hub.issues.list"]),
        ("Remove the last step", ["hub.issues.list"]),
        ("Create a folder instead of the ticket", ["hub.issues.list", "files.folders.create"]),
        ("Replace the ticket with a Hub issue", ["hub.issues.list", "hub.issues.create"]),
        ("We don't need to create a ticket, just create a folder",
         ["hub.issues.list", "files.folders.create"]),
    ],
)  # fmt: skip
def test_a_linear_workflow_is_changed(request_text: str, after: list[Any]) -> None:
    assert uses(changed(request_text, LIST, TICKET)) == after


def test_emptying_the_then_branch_negates_the_condition() -> None:
    steps = changed("No need to create a ticket", LIST, CHECK)
    assert steps[1] == {
        "id": "check",
        "if": "size(steps.issues.output) <= 5",
        "then": [FOLDER],
    } or (steps[1]["if"] == "!(size(steps.issues.output) > 5)" and steps[1]["then"] == [FOLDER])
    assert "else" not in steps[1]


def test_emptying_the_else_branch_removes_it() -> None:
    steps = changed("Do not create the folder", LIST, CHECK)
    assert steps[1] == {key: value for key, value in CHECK.items() if key != "else"}


def test_a_known_condition_takes_the_step_into_its_branch() -> None:
    steps = changed('If the issue state is "open", create a folder', LIST, LOOP)
    assert steps[1]["do"][0]["then"] == [
        TICKET,
        {"id": "create_folder", "uses": "files.folders.create"},
    ]


def test_the_opposite_condition_is_the_else_branch() -> None:
    steps = changed('If the issue state is not "open", create a folder', LIST, LOOP)
    assert uses(steps[1]["do"][0]["else"]) == ["files.folders.create"]


def test_another_value_of_the_field_is_an_elif() -> None:
    steps = changed('If the issue state is "closed", create a folder', LIST, LOOP)
    [branch] = steps[1]["do"][0]["elif"]
    assert branch["if"] == 'issue.state == "closed"'


def test_all_but_one_step_of_a_loop_are_removed() -> None:
    steps = changed("Remove all the steps in the loop except for posting a message", LIST, LOOP)
    assert uses(steps) == ["hub.issues.list", "for_each", ["chatter.messages.post"]]


def test_otherwise_goes_into_the_else_branch() -> None:
    check = {key: value for key, value in CHECK.items() if key != "else"}
    steps = changed("Otherwise create a folder", LIST, check)
    assert uses(steps) == ["hub.issues.list", "if", ["desk.tickets.create"], "else",
                           ["files.folders.create"]]  # fmt: skip


def test_one_input_is_set_and_the_rest_stays() -> None:
    steps = changed('Change the channel to "#b"', LIST, POST)
    assert steps[1] == {**POST, "with": {"channel": "#b", "text": "x"}}
    assert steps[0] == LIST


def test_what_is_not_there_is_not_removed_silently() -> None:
    base = document(LIST, TICKET)
    found = composer().change("Do not send the e-mail", base.data)
    assert found.changes == ()
    assert "not clear" in found.unsupported[0]
    assert apply_changes(base, found.changes).text == base.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.b == 1", "a.b != 1"),
        ("a < 2", "a >= 2"),
        ("!(x in y)", "x in y"),
        ("done", "!done"),
        ("!done", "done"),
        ("a == 1 && b == 2", "!(a == 1 && b == 2)"),
    ],
)
def test_opposites(one: str, other: str) -> None:
    assert opposite(one) == other


@pytest.mark.parametrize(
    "request_text",
    ["No ticket is needed", "The ticket is not needed anymore", "I don't want to create a ticket"],
)
def test_what_is_not_needed_is_removed(request_text: str) -> None:
    assert uses(changed(request_text, LIST, TICKET)) == ["hub.issues.list"]


def test_only_if_wraps_a_step_and_removing_the_condition_unwraps_it() -> None:
    text = "Only create the ticket if there are more than 5 issues"
    wrapped = changed(text, LIST, TICKET)
    assert uses(wrapped) == ["hub.issues.list", "if", ["desk.tickets.create"]]
    assert wrapped[1]["if"] == "size(steps.issues.output) > 5"
    assert changed("Remove the condition", *wrapped) == [LIST, TICKET]


def test_the_else_branch_is_removed_by_name() -> None:
    steps = changed("Remove the else branch", LIST, CHECK)
    assert uses(steps) == ["hub.issues.list", "if", ["desk.tickets.create"]]


def test_doing_nothing_in_a_case_keeps_the_other_case() -> None:
    steps = changed("Do nothing if there are more than 5 issues", LIST, CHECK)
    assert uses(steps) == ["hub.issues.list", "if", ["files.folders.create"]]
