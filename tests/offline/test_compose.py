"""Requests become nested steps with their inputs."""

from __future__ import annotations

import pytest

from flowloom.catalog.sources import load_catalog
from flowloom.offline import OfflineGenerator, OfflinePlanner
from flowloom.roles import Candidates, GenerateTask, PlanTask
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import document_of
from flowloom.workflow.outline import Outline
from tests.offline.stand_ins import CATALOG, composed, composer, search, uses


def test_actions_follow_each_other() -> None:
    steps = composed("Create a ticket in Desk and a folder, then list the issues in Hub")["steps"]
    assert uses(steps) == ["desk.tickets.create", "files.folders.create", "hub.issues.list"]


def test_before_that_comes_before() -> None:
    steps = composed("Create a ticket. Before that create a folder.")["steps"]
    assert uses(steps) == ["files.folders.create", "desk.tickets.create"]


def test_a_loop_over_what_was_listed_with_the_items_field() -> None:
    steps = composed("List the open issues. For each issue, close it.")["steps"]
    assert uses(steps) == ["hub.issues.list", "for_each", ["hub.issues.close"]]
    assert steps[0]["with"] == {"state": "open"}
    assert steps[1]["for_each"] == "steps.list_issue.output"
    assert steps[1]["do"][0]["with"] == {"issue_number": "${{ issue.number }}"}


def test_deleting_all_retrieves_first_and_loops() -> None:
    steps = composed("Delete all issues")["steps"]
    assert uses(steps) == ["hub.issues.list", "for_each", ["hub.issues.delete"]]


def test_a_relative_clause_is_a_condition_in_the_loop() -> None:
    steps = composed('Delete all issues whose state is "closed"')["steps"]
    loop = steps[1]
    assert uses(steps) == ["hub.issues.list", "for_each", ["if", ["hub.issues.delete"]]]
    assert loop["do"][0]["if"] == 'issue.state == "closed"'


def test_branches_with_otherwise() -> None:
    steps = composed(
        "List the issues. If there are more than 5 issues, create a ticket, otherwise create a"
        " folder. Next list the files."
    )["steps"]
    assert uses(steps) == [
        "hub.issues.list", "if", ["desk.tickets.create"], "else", ["files.folders.create"],
        "files.files.list",
    ]  # fmt: skip
    assert steps[1]["if"] == "size(steps.list_issue.output) > 5"


def test_a_double_is_compared_with_a_double() -> None:
    steps = composed("List the issues. For each issue, if its score is above 3, close it")["steps"]
    assert steps[1]["do"][0]["if"] == "issue.score > 3.0"


def test_words_fill_the_inputs() -> None:
    [step] = composed('Send an e-mail to bob@example.com with subject "Hi" saying "Come, please."')[
        "steps"
    ]
    assert step["with"] == {"to": "bob@example.com", "subject": "Hi", "body": "Come, please."}


def test_a_field_of_the_trigger_is_used() -> None:
    workflow = composed("When a new e-mail arrives, post its subject to #in on Chatter")
    assert workflow["trigger"] == {"uses": "mail.received"}
    assert workflow["steps"][0]["with"] == {
        "channel": "#in",
        "text": "${{ trigger.output.subject }}",
    }


def test_what_is_not_said_is_an_input_of_the_workflow() -> None:
    found = composer().compose("Create an issue in Hub")
    assert found.workflow is not None
    assert found.workflow["inputs"] == {"title": {"type": "string"}}
    assert found.workflow["steps"][0]["with"] == {"title": "${{ inputs.title }}"}
    assert any("'title'" in text for text in found.assumptions)


def test_what_no_component_does_is_for_a_person_and_said() -> None:
    found = composer().compose("Create a ticket and authenticate their device")
    assert found.workflow is not None
    assert found.workflow["steps"][1] == {"id": "authenticate_device", "ask": "authenticate device"}
    assert any("a person" in text for text in found.assumptions)


def test_an_approval_offers_yes_and_no() -> None:
    steps = composed(
        "Get approval from the supervisor. If the supervisor does not approve, create a ticket"
    )["steps"]
    assert steps[0]["choices"] == ["yes", "no"]
    assert steps[1]["if"] == 'steps.get_approval.output != "yes"'


def test_the_named_service_wins() -> None:
    catalog = load_catalog([], builtin=False).catalog
    assert len(catalog) == 0
    assert uses(composed("Create a Hub issue")["steps"]) == ["hub.issues.create"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("List the issues. If green apples sing softly, create a ticket", "not understood"),
        ("When the moon is full, create a ticket", "No trigger"),
        ("Otherwise create a ticket", "no condition before"),
        ("List the issues. For each issue, if its colour is red, close it", "no field"),
    ],
)
def test_what_cannot_be_done_is_said(text: str, words: str) -> None:
    assert words in " ".join(composer().compose(text).unsupported)


async def test_the_planner_refuses_other_languages() -> None:
    planner = OfflinePlanner(CATALOG, search)
    request = "Erstelle ein Ticket und sende danach eine Nachricht an alle"
    planned = await planner.plan(PlanTask(request=request))
    assert "language model" in planned.outline.unsupported[0]
    assert planned.outline.steps == ()


async def test_the_outline_says_the_plan_in_words() -> None:
    planner = OfflinePlanner(CATALOG, search)
    text = "Every day at 9, list the issues. For each issue, if its score is above 3, close it"
    outline = (await planner.plan(PlanTask(request=text))).outline
    assert outline.trigger.text == "Every day at 9"
    assert [step.kind for step in outline.walk()] == ["call", "for_each", "if", "call"]


async def test_a_refused_optional_input_is_dropped_and_then_it_gives_up() -> None:
    generator = OfflineGenerator(CATALOG, search)
    text = "List the open issues in Hub"
    task = GenerateTask(request=text, outline=Outline(), candidates=Candidates())
    first = await generator.generate(task)
    assert first.workflow is not None
    finding = Diagnostic(code="FL300", severity="error", path="steps[0].with.state",
                         message="wrong", step="list_issue")  # fmt: skip
    again = await generator.generate(
        GenerateTask(
            request=text, outline=Outline(), candidates=Candidates(),
            document=document_of(first.workflow), diagnostics=(finding,),
        )
    )  # fmt: skip
    assert again.workflow is not None
    assert "with" not in again.workflow["steps"][0]
    hopeless = finding.model_copy(update={"path": "steps[0]"})
    last = await generator.generate(
        GenerateTask(
            request=text, outline=Outline(), candidates=Candidates(),
            document=document_of(again.workflow), diagnostics=(hopeless,),
        )
    )  # fmt: skip
    assert (last.workflow, last.changes) == (None, ())
