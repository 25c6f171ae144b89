"""Sentences become nested steps: branches, loops, tries, branches side by side, questions."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.sources import load_catalog
from flowloom.offline.composer import Composed, OfflineComposer
from flowloom.retrieval.query import Hit, Query
from tests.offline.stand_ins import composed, composer, uses

BUILTIN = load_catalog([]).catalog
_TITLES = {item.id: {*item.title.lower().split(), *item.keywords} for item in BUILTIN}


def search(query: Query) -> list[Hit]:
    """The components whose titles share most words with the query."""
    words = set(query.text.lower().split())
    shared = {name: len(words & title) for name, title in _TITLES.items()}
    best = sorted((name for name in shared if shared[name]), key=lambda name: -shared[name])
    return [Hit(name, 1.0 / rank, dense_rank=rank) for rank, name in enumerate(best, 1)][: query.k]


@pytest.fixture(scope="module")
def builtin() -> OfflineComposer:
    """A composer over the built-in catalog."""
    return OfflineComposer(BUILTIN, search)


def steps_of(found: Composed) -> list[dict[str, Any]]:
    """The steps of a new workflow without anything left to say."""
    assert found.unsupported == ()
    assert found.workflow is not None
    return found.workflow["steps"]


def test_a_chain_of_comparisons_in_bullets() -> None:
    steps = composed(
        "List the open issues.\n- more than 10 issues: create a ticket\n- more than 5: create a"
        " folder\n- else: list the files"
    )["steps"]
    assert uses(steps) == [
        "hub.issues.list", "if", ["desk.tickets.create"], "elif", ["files.folders.create"],
        "else", ["files.files.list"],
    ]  # fmt: skip
    assert steps[1]["if"] == "size(steps.list_issue.output) > 10"
    assert steps[1]["elif"][0]["if"] == "size(steps.list_issue.output) > 5"


def test_what_is_done_on_an_error_and_in_any_case() -> None:
    steps = composed("Create a ticket. If that fails, create a folder. Whatever happens, list the"
                     " files.")["steps"]  # fmt: skip
    [step] = steps
    assert (uses(step["try"]), uses(step["catch"]), uses(step["finally"])) == (
        ["desk.tickets.create"], ["files.folders.create"], ["files.files.list"],
    )  # fmt: skip


def test_if_anything_fails_is_about_all_steps() -> None:
    [step] = composed("Create a ticket. List the files. If anything goes wrong, create a folder.")[
        "steps"
    ]
    assert uses(step["try"]) == ["desk.tickets.create", "files.files.list"]


def test_the_other_outcome_of_if_it_works_is_an_error() -> None:
    [step] = composed("Create a ticket. If it works, list the files, otherwise create a folder.")[
        "steps"
    ]
    assert uses(step["try"]) == ["desk.tickets.create", "files.files.list"]
    assert uses(step["catch"]) == ["files.folders.create"]


def test_going_on_after_a_failure_and_trying_again() -> None:
    [first, second] = composed("Create a ticket. If that fails, carry on. List the files.")["steps"]
    assert (first["on_error"], "on_error" in second) == ("continue", False)
    [step] = composed("Create a ticket and try it up to 4 times")["steps"]
    assert step["retry"] == {"max_attempts": 4}


def test_side_by_side() -> None:
    steps = composed("At the same time, create a ticket and list the files. When both are done,"
                     " create a folder.")["steps"]  # fmt: skip
    assert [uses(branch) for branch in steps[0]["parallel"]] == [
        ["desk.tickets.create"], ["files.files.list"],
    ]  # fmt: skip
    assert uses(steps[1:]) == ["files.folders.create"]


def test_a_pause_and_the_end() -> None:
    steps = composed('Create a ticket. Wait 2 hours, then stop with the message "enough".')["steps"]
    assert [step.get("wait") or step.get("stop") for step in steps[1:]] == ["2h", "enough"]


def test_a_question_with_choices_and_a_branch_for_each() -> None:
    steps = composed(
        "Ask Ann to choose between ticket, folder and nothing. On ticket, create a ticket; for"
        " folder, create a folder; otherwise stop."
    )["steps"]
    ask, choice = steps
    assert ask["choices"] == ["ticket", "folder", "nothing"]
    assert choice["if"] == f'steps.{ask["id"]}.output == "ticket"'
    assert choice["elif"][0]["if"] == f'steps.{ask["id"]}.output == "folder"'
    assert "stop" in choice["else"][0]


def test_if_not_after_a_question() -> None:
    [ask, check] = composed("Ask Ann whether we may go on. If not, create a ticket.")["steps"]
    assert check["if"] == f'steps.{ask["id"]}.output == "no"'


def test_joined_conditions() -> None:
    steps = composed('List the issues. For each issue, if its score is above 3 and its state is'
                     ' "open", close it')["steps"]  # fmt: skip
    assert steps[1]["do"][0]["if"] == 'issue.score > 3.0 && issue.state == "open"'


def test_a_loop_with_each_inside_the_action() -> None:
    steps = composed("List the open issues. Post the title of each to #x on Chatter.")["steps"]
    assert uses(steps) == ["hub.issues.list", "for_each", ["chatter.messages.post"]]


def test_those_that_narrows_a_loop() -> None:
    steps = composed("List the issues and close the ones that have a score above 3")["steps"]
    assert uses(steps)[:2] == ["hub.issues.list", "for_each"]
    assert steps[1]["do"][0]["if"] == "issue.score > 3.0"


def test_a_condition_on_the_event() -> None:
    workflow = composed('When a new e-mail arrives and its subject contains "urgent", create a'
                        " ticket")  # fmt: skip
    assert workflow["trigger"] == {"uses": "mail.received"}
    assert workflow["steps"][0]["if"] == 'trigger.output.subject.contains("urgent")'


def test_nothing_for_the_run_to_do_is_said() -> None:
    found = composer().compose("Make my life easier")
    assert any("No component" in text for text in found.unsupported)


def test_what_no_step_uses_is_said() -> None:
    found = composer().compose("List the open issues of the planet 77")
    assert any("'77'" in text for text in found.assumptions)


def test_a_file_that_exists_or_not(builtin: OfflineComposer) -> None:
    steps = steps_of(builtin.compose("Does /data/a.txt exist? If so, delete it. If not, stop."))
    assert (steps[0]["uses"], steps[1]["if"]) == ("file.exists", f"steps.{steps[0]['id']}.output")
    assert uses(steps[1]["then"]) == ["file.delete"]
    steps = steps_of(builtin.compose("Delete /data/a.txt if it exists"))
    assert uses(steps) == ["file.exists", "if", ["file.delete"]]


def test_a_field_of_one_thing_is_no_list(builtin: OfflineComposer) -> None:
    steps = steps_of(builtin.compose("Get issue 4 of acme/web on GitHub. If it was created before"
                                     " 2026-01-01, close it"))  # fmt: skip
    assert steps[1]["if"].startswith(f"timestamp(steps.{steps[0]['id']}.output.created_at) <")


def test_all_files_are_read_one_after_another(builtin: OfflineComposer) -> None:
    steps = steps_of(builtin.compose("Read all the .txt files in /notes and append the text of"
                                     " each one to all.txt"))  # fmt: skip
    assert uses(steps) == ["file.list", "for_each", ["file.read", "file.append"]]


def test_a_state_that_is_asked_for(builtin: OfflineComposer) -> None:
    text = 'Is issue 3 in acme/web on GitHub open? If yes, close it. If no, write the log line "x".'
    steps = steps_of(builtin.compose(text))
    assert steps[1]["if"] == f'steps.{steps[0]["id"]}.output.state == "open"'
    assert "else" in steps[1]


def test_what_is_forbidden_is_not_planned() -> None:
    found = composer().compose("Create a ticket; don't do it on weekends")
    assert any("not to be done" in text for text in found.unsupported)


def test_a_condition_on_what_a_branch_asked_stands_in_the_branch() -> None:
    steps = composed(
        "List the open issues. If there are more than 5 issues, ask Ann for approval, and if she"
        " approves, create a ticket"
    )["steps"]
    ask, inner = steps[1]["then"]
    assert inner["if"] == f'steps.{ask["id"]}.output == "yes"'


def test_what_takes_a_list_is_done_once(builtin: OfflineComposer) -> None:
    steps = steps_of(builtin.compose("Search e-mails from a@example.org and delete them"))
    assert uses(steps) == ["email.search", "email.delete"]
