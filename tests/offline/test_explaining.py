"""What each stage made of a request can be shown."""

from __future__ import annotations

import json

from flowloom.assembly import Assembly
from flowloom.offline import OfflinePlanner
from flowloom.workflow.document import document_of

REQUEST = (
    "Every Monday at 9, read orders.csv. If there are more than 5 rows, post how many there are to"
    " #eng in Slack."
)


def planner_of(assembly: Assembly) -> OfflinePlanner:
    planner = assembly.composer.planner
    assert isinstance(planner, OfflinePlanner)
    return planner


def test_every_stage_is_told(builtin: Assembly) -> None:
    found = planner_of(builtin).explain(REQUEST)
    assert found.segments[0] == "Every Monday at 9, read orders.csv"
    assert found.classes[0]["trigger"] == "Every Monday at 9"
    assert found.classes[1]["condition"] == "there are more than 5 rows"
    assert [step.component for step in found.steps] == ["csv.read_file", "slack.chat.post_message"]
    read, post = found.steps
    assert read.candidates[0].component == "csv.read_file"
    assert read.margin > 0
    assert read.candidates[0].score > read.candidates[1].score
    given = ((step.id, item) for step in found.steps for item in step.inputs)
    sources = {f"{name}.{item.name}": item.source for name, item in given}
    assert sources[f"{read.id}.path"] == "given in the request"
    assert sources[f"{post.id}.text"] == f"from the step {read.id!r}"
    assert any(line.strip() == read.id for line in found.order)


def test_the_lines_name_the_stages_in_order(builtin: Assembly) -> None:
    lines = list(planner_of(builtin).explain(REQUEST).lines())
    titles = ["segments", "classes", "references", "components", "order", "inputs"]
    assert [line for line in lines if line in titles] == titles


def test_it_is_plain_data(builtin: Assembly) -> None:
    data = planner_of(builtin).explain(REQUEST).as_data()
    assert json.loads(json.dumps(data)) == data
    assert data["steps"][0]["candidates"][0]["why"].startswith("verb ")


def test_a_pronoun_is_told_with_what_it_stands_for(builtin: Assembly) -> None:
    found = planner_of(builtin).explain("Read notes.txt and mail it to a@example.com.")
    assert found.steps[1].refers_to == f"the output of {found.steps[0].id!r}"


def test_a_step_for_a_person_shows_what_was_weighed(builtin: Assembly) -> None:
    found = planner_of(builtin).explain("Read notes.txt and water the plants.")
    assert found.steps[1].component == ""
    assert found.steps[1].candidates


def test_a_change_shows_its_changes(builtin: Assembly) -> None:
    step = {"id": "log", "uses": "core.log", "with": {"message": "x"}}
    document = document_of({"name": "demo", "steps": [step]})
    found = planner_of(builtin).explain('Also log "y" at the end', document)
    assert json.loads(found.order[0])["step"]["with"] == {"message": "y"}


def test_another_language_is_refused(builtin: Assembly) -> None:
    found = planner_of(builtin).explain("Schicke jeden Montag die Nachricht an das ganze Team")
    assert found.unsupported
    assert found.steps == ()
