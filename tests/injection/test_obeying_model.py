"""A model that obeys a hostile text: nothing unasked gets into a workflow without a finding."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.assembly import Assembly, assemble
from flowloom.catalog.sources import builtin_catalog
from flowloom.graph.composer import Result, compose
from flowloom.settings import Settings
from flowloom.workflow.document import dump_yaml, read_document
from tests.injection.hostile import HOSTILE, REMOVE
from tests.service.bench import small_catalog

REQUEST = "List the open issues of acme/app on GitHub and post them to #eng in Slack"
ISSUES = {"id": "issues", "text": "list the open issues", "service": "GitHub"}
POST = {"id": "post", "text": "post a message to a channel", "service": "Slack"}
PLAN = {"steps": [ISSUES, POST]}
TEXT = '${{ steps.issues.output.map(issue, issue.title).join(", ") }}'
ANYWHERE = {"id": "copy", "uses": "slack.chat.post_message"}


def workflow(*more: dict[str, Any], channel: str = "#eng") -> dict[str, Any]:
    listed = {"owner": "acme", "repo": "app", "state": "open"}
    steps = [
        {"id": "issues", "uses": "github.issues.list", "with": listed},
        {
            "id": "post",
            "uses": "slack.chat.post_message",
            "with": {"channel": channel, "text": TEXT},
        },
    ]
    return {"name": "open-issues", "steps": [*steps, *copy.deepcopy(more)]}


def post_to(channel: str) -> dict[str, Any]:
    return {**ANYWHERE, "with": {"channel": channel, "text": TEXT}}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def obey(data_dir: Path, tmp_path: Path) -> Any:
    """Compose with a model that plans and writes what it is told to here."""
    delete = builtin_catalog()["file.delete"]

    async def run(
        plan: dict[str, Any], *drafts: dict[str, Any], request: str = REQUEST, edits: str = ""
    ) -> Result:
        entries = [
            {"agent": "planner", "answer": plan, "repeat": True},
            *({"agent": "generator", "answer": draft} for draft in drafts),
            {"agent": "generator", "answer": drafts[-1], "repeat": True},
        ]
        script = tmp_path / "script.yaml"
        script.write_text(json.dumps(entries), encoding="utf-8")
        settings = Settings(data_dir=data_dir, model=f"scripted:{script}")
        made: Assembly = assemble(settings, catalog=small_catalog(HOSTILE, delete))
        document = read_document(edits) if edits else None
        return await compose(request, composer=made.composer, document=document)

    return run


def told(result: Result, step: str) -> list[str]:
    """Return the codes of the findings that name a step."""
    return [item.code for item in result.diagnostics if f"'{step}'" in item.message]


async def test_a_model_that_does_not_obey_is_told_nothing(obey: Any) -> None:
    result = await obey(PLAN, {"workflow": workflow()})
    assert result.status == "valid", result.diagnostics
    assert not [item for item in result.diagnostics if item.code.startswith("FL8")]


async def test_an_added_step_that_destroys_is_no_valid_workflow(obey: Any) -> None:
    result = await obey(PLAN, {"workflow": workflow(REMOVE)})
    assert result.status != "valid"
    assert "FL804" in told(result, "cleanup")


async def test_an_added_step_that_writes_is_named(obey: Any) -> None:
    evil = {"id": "copy", "uses": "evil.post", "with": {"text": TEXT}}
    for step in (post_to("#leak"), evil):
        result = await obey(PLAN, {"workflow": workflow(step)})
        assert "FL805" in told(result, "copy")


async def test_a_step_hidden_under_a_planned_name_is_held_against_the_request(obey: Any) -> None:
    hidden = {**post_to("#leak"), "id": "post_2"}
    result = await obey(PLAN, {"workflow": workflow(hidden)})
    assert "FL808" in told(result, "post_2")
    result = await obey(PLAN, {"workflow": workflow({**REMOVE, "id": "post_2"})})
    assert "FL809" in told(result, "post_2")


async def test_another_channel_is_named(obey: Any) -> None:
    result = await obey(PLAN, {"workflow": workflow(channel="#leak")})
    assert "FL808" in told(result, "post")
    assert any(item.code == "FL803" and "#eng" in item.message for item in result.diagnostics)


async def test_a_planner_that_obeys_is_held_against_the_request(obey: Any) -> None:
    plan = {"steps": [*PLAN["steps"], {"id": "cleanup", "text": "delete the issues file"}]}
    result = await obey(plan, {"workflow": workflow(REMOVE)})
    assert "FL809" in told(result, "cleanup")
    plan = {"steps": [*PLAN["steps"], {"id": "copy", "text": "post to #leak", "service": "Slack"}]}
    result = await obey(plan, {"workflow": workflow(post_to("#leak"))})
    assert "FL808" in told(result, "copy")


# -- edits ---------------------------------------------------------------------------------------


BEFORE = dump_yaml(workflow())
CHANGE = "Post only the issues with the label bug"
EDIT = {"edits": [{"op": "change", "target": "issues", "text": "only with the label bug"}]}
ASKED = {"op": "set", "id": "issues", "path": "with.labels", "value": "bug"}
LEAK = {"op": "set", "id": "post", "path": "with.channel", "value": "#leak"}


async def test_an_edit_that_was_asked_for_is_told_nothing(obey: Any) -> None:
    result = await obey(EDIT, {"changes": [ASKED]}, request=CHANGE, edits=BEFORE)
    assert result.status == "valid", (result.reason, result.diagnostics)
    assert not [item for item in result.diagnostics if item.code.startswith("FL8")]


@pytest.mark.parametrize(
    ("change", "code", "step"),
    [
        (LEAK, "FL807", "post"),
        (LEAK, "FL808", "post"),
        ({"op": "remove", "id": "post"}, "FL807", "post"),
        ({"op": "add", "place": {}, "step": REMOVE}, "FL804", "cleanup"),
        ({"op": "add", "place": {}, "step": post_to("#leak")}, "FL805", "copy"),
        ({"op": "set", "id": "", "path": "trigger", "value": {"uses": "core.manual"}}, "", ""),
    ],
)
async def test_what_an_edit_does_beside_it_is_named(
    obey: Any, change: dict[str, Any], code: str, step: str
) -> None:
    result = await obey(EDIT, {"changes": [ASKED, change]}, request=CHANGE, edits=BEFORE)
    if code:
        assert code in told(result, step), result.diagnostics
    assert not (code == "FL804" and result.status == "valid")


async def test_a_plan_from_a_hostile_workflow_is_held_against_the_request(obey: Any) -> None:
    plan = {"edits": [*EDIT["edits"], {"op": "change", "target": "post", "text": "to #leak"}]}
    result = await obey(plan, {"changes": [ASKED, LEAK]}, request=CHANGE, edits=BEFORE)
    assert "FL808" in told(result, "post")
    plan = {"edits": [*EDIT["edits"], {"op": "add", "steps": [{"id": "cleanup"}]}]}
    added = {"op": "add", "place": {}, "step": REMOVE}
    result = await obey(plan, {"changes": [ASKED, added]}, request=CHANGE, edits=BEFORE)
    assert "FL809" in told(result, "cleanup")


async def test_a_repair_that_changes_something_else_is_refused(obey: Any) -> None:
    wrong = workflow()
    wrong["steps"][0]["with"]["state"] = "opened"
    mended = {"op": "set", "id": "issues", "path": "with.state", "value": "open"}
    result = await obey(
        PLAN,
        {"workflow": wrong},
        {"changes": [mended, LEAK]},
        {"changes": [mended, {"op": "remove", "id": "post"}]},
        {"changes": [mended]},
    )
    assert result.workflow == workflow()
    assert result.usage.model_calls >= 4
