"""The LangChain tools: called with and without an event loop."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.tools import BaseTool

from flowloom import Catalog
from flowloom.api.tools import workflow_tools
from flowloom.settings import Settings
from tests.service.bench import REQUEST, SAVED


@pytest.fixture
def tools(catalog: Catalog, settings: Settings) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in workflow_tools(catalog=catalog, settings=settings)}


async def answer(tool: BaseTool, **inputs: Any) -> Any:
    return json.loads(await tool.ainvoke(inputs))


def test_the_tools_say_what_they_do_and_take(tools: dict[str, BaseTool]) -> None:
    assert list(tools) == [
        "compose_workflow",
        "edit_workflow",
        "verify_workflow",
        "search_components",
        "describe_component",
    ]
    assert all(tool.description for tool in tools.values())
    assert set(tools["edit_workflow"].args) == {"workflow", "request", "full"}
    assert tools["edit_workflow"].args["workflow"]["description"]


async def test_an_agent_composes_edits_and_verifies(tools: dict[str, BaseTool]) -> None:
    made = await answer(tools["compose_workflow"], request=REQUEST)
    assert made["status"] == "valid"
    request = "change the channel of the step post to #ops"
    changed = await answer(tools["edit_workflow"], workflow=SAVED, request=request)
    assert changed["workflow"] == SAVED.replace("#eng", "#ops")
    checked = await answer(tools["verify_workflow"], workflow=changed["workflow"])
    assert checked["valid"] is True


async def test_an_agent_searches_and_reads_a_component(tools: dict[str, BaseTool]) -> None:
    found = await answer(tools["search_components"], query="post a message", limit=1)
    assert [item["id"] for item in found["components"]] == ["slack.chat.post_message"]
    told = await answer(tools["describe_component"], component="slack.chat.post_message")
    assert told["inputs"]["text*"] == "string"


def test_they_run_without_an_event_loop(tools: dict[str, BaseTool]) -> None:
    checked = json.loads(tools["verify_workflow"].invoke({"workflow": SAVED}))
    assert checked["valid"] is True


async def test_a_mistake_is_a_text_that_the_model_can_act_on(tools: dict[str, BaseTool]) -> None:
    said = await tools["describe_component"].ainvoke({"component": "slack.post"})
    assert "Nearest: 'slack.chat.post_message'" in said
    said = await tools["verify_workflow"].ainvoke({"workflow": "a: [1"})
    assert "The YAML is broken" in said
