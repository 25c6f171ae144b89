"""The Python calls as a program uses them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import flowloom
from flowloom import Catalog, Result, acompose, aedit, compose, edit, stream, verify
from flowloom.agents.planner import ModelPlanner
from flowloom.api.assembling import assembly_of, forget_assemblies
from flowloom.errors import ConfigError, DocumentError, UserError
from flowloom.graph.events import Event
from flowloom.settings import Settings
from flowloom.workflow.document import read_document
from tests.servers.chat_server import ChatServer
from tests.service.bench import REQUEST, SAVED

EDIT = "change the channel of the step post to #ops"


def test_a_request_becomes_a_verified_workflow(catalog: Catalog, settings: Settings) -> None:
    result = compose(REQUEST, catalog=catalog, settings=settings)
    assert result.status == "valid", result.reason
    assert isinstance(result, Result)
    assert verify(result, catalog=catalog, settings=settings).valid


async def test_the_same_with_an_event_loop(catalog: Catalog, settings: Settings) -> None:
    seen: list[str] = []

    def note(event: Event) -> None:
        seen.append(event.type)

    result = await acompose(REQUEST, catalog=catalog, settings=settings, on_event=note)
    assert result.status == "valid"
    assert seen[0] == "stage_started"
    assert seen[-1] == "result"


async def test_a_stream_gives_every_event_and_the_result(
    catalog: Catalog, settings: Settings
) -> None:
    events = [event async for event in stream(REQUEST, catalog=catalog, settings=settings)]
    assert events[-1].type == "result"
    assert events[-1].result.status == "valid"
    stages = [event.stage for event in events if event.type == "stage_started"]
    assert stages == ["planner", "retriever", "generator", "verifier"]


async def test_a_stream_that_is_left_ends_the_run(catalog: Catalog, settings: Settings) -> None:
    before = asyncio.all_tasks()
    events = stream(REQUEST, catalog=catalog, settings=settings)
    first = await anext(events)
    await events.aclose()
    assert first.type == "stage_started"
    assert asyncio.all_tasks() == before


async def test_an_error_comes_out_of_a_stream(catalog: Catalog, settings: Settings) -> None:
    events = stream(" ", catalog=catalog, settings=settings)
    with pytest.raises(UserError, match="The request is empty"):
        await anext(events)


# -- workflows in every form ---------------------------------------------------------------------


def forms(folder: Path) -> list[Any]:
    file = folder / "report.yaml"
    file.write_text(SAVED, encoding="utf-8")
    document = read_document(SAVED)
    return [SAVED, file, document, document.data, json.dumps(document.data)]


def test_a_workflow_is_taken_in_every_form(
    catalog: Catalog, settings: Settings, tmp_path: Path
) -> None:
    for form in forms(tmp_path):
        assert verify(form, catalog=catalog, settings=settings).valid
        changed = edit(form, EDIT, catalog=catalog, settings=settings)
        assert changed.workflow is not None
        assert changed.workflow["steps"][0]["with"]["channel"] == "#ops"


async def test_a_result_is_changed_again(catalog: Catalog, settings: Settings) -> None:
    first = await aedit(SAVED, EDIT, catalog=catalog, settings=settings)
    again = await aedit(first, EDIT.replace("#ops", "#all"), catalog=catalog, settings=settings)
    assert again.text == SAVED.replace("#eng", "#all")


def test_a_result_without_a_workflow_is_none(settings: Settings) -> None:
    with pytest.raises(DocumentError, match="no workflow"):
        verify(Result(status="failed", reason="It was too hard."), settings=settings)


def test_a_verdict_tells_what_is_wrong(catalog: Catalog, settings: Settings) -> None:
    wrong = SAVED.replace("post_message", "post_mesage")
    verdict = verify(wrong, catalog=catalog, settings=settings)
    assert [item.code for item in verdict.errors] == ["FL201"]
    assert verdict.errors[0].candidates[0] == "slack.chat.post_message"


# -- settings ------------------------------------------------------------------------------------


def test_one_assembly_serves_many_calls(catalog: Catalog, settings: Settings) -> None:
    first = assembly_of(settings, catalog)
    limited = settings.model_copy(update={"max_attempts": 1})
    assert assembly_of(limited, catalog) is first
    forget_assemblies()
    assert assembly_of(settings, catalog) is not first


def test_keywords_are_settings(catalog: Catalog, data_dir: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text('[{answer: "never asked"}]', encoding="utf-8")
    chosen = Settings(data_dir=data_dir, model=f"scripted:{script}")
    assert isinstance(assembly_of(chosen, catalog).composer.planner, ModelPlanner)
    result = compose(REQUEST, catalog=catalog, data_dir=data_dir, model="offline", max_attempts=1)
    assert result.model == "offline"


def test_sources_stand_beside_the_builtin_components(data_dir: Path, tmp_path: Path) -> None:
    source = tmp_path / "own.yaml"
    text = "components:\n  - {id: own.thing, title: Do my own thing}\n"
    source.write_text(text, encoding="utf-8")
    used = "name: x\nsteps:\n  - {id: a, uses: own.thing}\n"
    assert not verify(used, data_dir=data_dir).valid
    assert verify(used, data_dir=data_dir, catalog=[source]).valid


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"timeout": -1}, "The setting 'timeout' has a wrong value"),
        ({"model": "nonsense"}, "Unknown model 'nonsense'"),
        ({"catalog": ["nothing.yaml"]}, "nothing.yaml"),
    ],
)
def test_a_wrong_keyword_is_named(data_dir: Path, keywords: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        compose(REQUEST, data_dir=data_dir, **keywords)


def test_settings_and_keywords_do_not_mix(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="Both 'settings' and 'timeout'"):
        compose(REQUEST, settings=settings, timeout=1)


async def test_a_call_that_waits_is_refused_where_a_loop_runs(settings: Settings) -> None:
    with pytest.raises(UserError, match=r"await flowloom\.acompose"):
        compose(REQUEST, settings=settings)
    with pytest.raises(UserError, match=r"await flowloom\.aedit"):
        edit(SAVED, EDIT, settings=settings)


def test_a_model_is_called_from_one_event_loop_after_another(
    catalog: Catalog, data_dir: Path
) -> None:
    plan = {"steps": [{"id": "post", "text": "post a message", "service": "Slack"}]}
    made = read_document(SAVED).data
    with ChatServer() as server:
        for _ in range(2):
            server.say(plan)
            server.say({"workflow": made})
            result = compose(
                "post hello to #eng in Slack",
                model="openai:test",
                base_url=server.url,
                catalog=catalog,
                data_dir=data_dir,
            )
            assert result.status == "valid", result
            assert result.usage.model_calls == 2


def test_every_name_is_there_and_no_other() -> None:
    for name in flowloom.__all__:
        assert getattr(flowloom, name) is not None
    assert set(flowloom.__all__) <= set(dir(flowloom))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = flowloom.nothing  # pyright: ignore[reportAttributeAccessIssue] that is the test
