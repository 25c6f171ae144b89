"""Requests through everything that is real: catalog, index, agents, graph and verifier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.assembly import Assembly, assemble
from flowloom.graph.composer import Result, compose
from flowloom.settings import Settings
from flowloom.workflow.document import dump_yaml, read_document

REQUEST = (
    "Every weekday at 9 in Seoul, list the open issues of acme/app on GitHub"
    " and post them to #eng in Slack"
)
PLAN = {
    "trigger": {"text": "every weekday at 9 in Seoul"},
    "steps": [
        {"id": "issues", "text": "list the open issues of a repository", "service": "GitHub"},
        {"id": "post", "text": "post a message to a channel", "service": "Slack"},
    ],
}


def workflow(**post: Any) -> dict[str, Any]:
    text = '${{ steps.issues.output.map(issue, issue.title).join(", ") }}'
    return {
        "name": "open-issues",
        "trigger": {
            "uses": "core.schedule",
            "with": {"cron": "0 9 * * 1-5", "timezone": "Asia/Seoul"},
        },
        "steps": [
            {
                "id": "issues",
                "uses": "github.issues.list",
                "with": {"owner": "acme", "repo": "app", "state": "open"},
            },
            {
                "id": "post",
                "uses": "slack.chat.post_message",
                "with": {"channel": "#eng", "text": text, **post},
            },
        ],
    }


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def offline(data_dir: Path) -> Assembly:
    return assemble(Settings(data_dir=data_dir))


def scripted(data_dir: Path, folder: Path, *answers: Any) -> Assembly:
    path = folder / "script.yaml"
    entries = [{"agent": "planner", "answer": PLAN}]
    entries += [{"agent": "generator", "answer": answer} for answer in answers]
    path.write_text(json.dumps(entries), encoding="utf-8")
    return assemble(Settings(data_dir=data_dir, model=f"scripted:{path}"))


def check(result: Result) -> None:
    """Hold what every result promises."""
    assert (result.status == "valid") == (result.reason == "")
    errors = [item for item in result.diagnostics if item.severity == "error"]
    assert not (result.status == "valid" and errors)


async def test_the_offline_composer_goes_through_the_same_graph(data_dir: Path) -> None:
    result = await compose(REQUEST, composer=offline(data_dir).composer)
    check(result)
    assert result.status == "valid", result.diagnostics
    assert result.workflow is not None
    uses = [step["uses"] for step in result.workflow["steps"]]
    assert uses == ["github.issues.list", "slack.chat.post_message"]
    assert result.usage.model_calls == 0
    assert result.model == "offline"


async def test_a_models_workflow_is_verified_for_real(data_dir: Path, tmp_path: Path) -> None:
    made = scripted(data_dir, tmp_path, {"workflow": workflow()})
    result = await compose(REQUEST, composer=made.composer)
    check(result)
    assert result.status == "valid", result.diagnostics
    assert result.workflow == workflow()


async def test_a_models_mistake_is_sent_back_and_repaired(data_dir: Path, tmp_path: Path) -> None:
    wrong = "${{ steps.issues.output.map(issue, issue.number) }}"
    repaired = {
        "changes": [
            {
                "op": "set",
                "id": "post",
                "path": "with.text",
                "value": workflow()["steps"][1]["with"]["text"],
            }
        ]
    }
    made = scripted(data_dir, tmp_path, {"workflow": workflow(text=wrong)}, repaired)
    result = await compose(REQUEST, composer=made.composer)
    check(result)
    assert result.status == "valid", result.diagnostics
    assert result.usage.attempts == 2
    assert result.workflow == workflow()


async def test_a_slip_is_mended_by_rule_without_asking_the_model(
    data_dir: Path, tmp_path: Path
) -> None:
    slip = workflow()
    step = slip["steps"][1]["with"]
    step["chanel"] = step.pop("channel")
    made = scripted(data_dir, tmp_path, {"workflow": slip})
    result = await compose(REQUEST, composer=made.composer)
    check(result)
    assert result.status == "valid", result.diagnostics
    assert result.workflow == workflow()
    assert result.usage.attempts == 1
    assert "'chanel'" in result.mends[0].message


async def test_an_edit_offline_changes_only_what_was_asked(data_dir: Path) -> None:
    text = dump_yaml(workflow()) + "# a comment at the end\n"
    result = await compose(
        "Change the channel to #ops",
        composer=offline(data_dir).composer,
        document=read_document(text),
    )
    check(result)
    assert result.status == "valid", (result.reason, result.diagnostics)
    assert result.text == text.replace("#eng", "#ops")


async def test_a_mistake_that_stays_is_never_valid(data_dir: Path, tmp_path: Path) -> None:
    wrong = {"workflow": workflow(text="${{ steps.nowhere.output.x }}")}
    same = {
        "changes": [
            {
                "op": "set",
                "id": "post",
                "path": "with.text",
                "value": "${{ steps.nowhere.output.x }}",
            }
        ]
    }
    made = scripted(data_dir, tmp_path, wrong, same, same, same)
    result = await compose(REQUEST, composer=made.composer)
    check(result)
    assert result.status == "failed"
    assert any("nowhere" in item.message for item in result.diagnostics)
