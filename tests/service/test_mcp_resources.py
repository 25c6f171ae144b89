"""Resources, completion, and the prompt that teaches the language."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from mcp import Client, MCPError
from mcp.types import (
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from flowloom.prompts.components import estimated_tokens
from flowloom.service.mcp.server import mcp_server
from flowloom.service.mcp.workbench import Workbench
from flowloom.verification.verifier import verify
from flowloom.workflow.document import read_document
from flowloom.workflow.json_schema import workflow_schema
from tests.service.bench import SAVED

Mode = Literal["auto", "legacy"]
modes = pytest.mark.parametrize("mode", ["auto", "legacy"])


async def read(workbench: Workbench, address: str, mode: Mode = "auto") -> tuple[str, str]:
    async with Client(mcp_server(workbench), mode=mode) as client:
        found = (await client.read_resource(address)).contents[0]
    assert isinstance(found, TextResourceContents)
    return found.mime_type or "", found.text


async def test_the_resources_are_listed(workbench: Workbench) -> None:
    async with Client(mcp_server(workbench)) as client:
        listed = {str(item.uri) for item in (await client.list_resources()).resources}
        templates = (await client.list_resource_templates()).resource_templates
    assert listed == {"flowloom://language/schema", "flowloom://catalog", "flowloom://workflows"}
    assert {item.uri_template for item in templates} == {
        "flowloom://catalog/{component}",
        "flowloom://workflows/{name}",
    }


@modes
async def test_the_language_is_there_as_a_schema(workbench: Workbench, mode: Mode) -> None:
    kind, text = await read(workbench, "flowloom://language/schema", mode)
    assert kind == "application/schema+json"
    assert json.loads(text) == workflow_schema()


async def test_the_catalog_says_what_there_is(workbench: Workbench) -> None:
    _, text = await read(workbench, "flowloom://catalog")
    found = json.loads(text)
    assert found["components"] == len(workbench.assembly.catalog)
    assert found["providers"]["Slack"] == 2
    _, text = await read(workbench, "flowloom://catalog/slack.chat.post_message")
    component = json.loads(text)
    assert component["input"]["required"] == ["channel", "text"]
    assert "run" not in component


@modes
async def test_saved_workflows_are_resources(workbench: Workbench, mode: Mode) -> None:
    _, text = await read(workbench, "flowloom://workflows", mode)
    assert [item["name"] for item in json.loads(text)["workflows"]] == ["report"]
    assert await read(workbench, "flowloom://workflows/report", mode) == ("application/yaml", SAVED)


@pytest.mark.parametrize(
    "address",
    [
        "flowloom://workflows/reprot",
        "flowloom://workflows/..%2f..%2fetc%2fpasswd",
        "flowloom://catalog/nothing",
        "flowloom://nothing",
        "file:///etc/passwd",
    ],
)
async def test_what_is_not_there_is_an_error(workbench: Workbench, address: str) -> None:
    async with Client(mcp_server(workbench)) as client:
        with pytest.raises(MCPError) as caught:
            await client.read_resource(address)
    assert "root:" not in str(caught.value)


async def test_names_are_completed(workbench: Workbench) -> None:
    async def completed(template: str, argument: str, start: str) -> list[str]:
        reference = ResourceTemplateReference(uri=template)
        async with Client(mcp_server(workbench)) as client:
            given = {"name": argument, "value": start}
            return (await client.complete(reference, given)).completion.values

    found = await completed("flowloom://catalog/{component}", "component", "slack.chat.p")
    assert found == ["slack.chat.post_message"]
    assert await completed("flowloom://workflows/{name}", "name", "re") == ["report"]
    assert await completed("flowloom://workflows/{name}", "name", "x") == []


async def test_the_prompt_teaches_the_language_in_few_tokens(workbench: Workbench) -> None:
    async with Client(mcp_server(workbench)) as client:
        assert [item.name for item in (await client.list_prompts()).prompts] == [
            "workflow_language"
        ]
        content = (await client.get_prompt("workflow_language")).messages[0].content
    assert isinstance(content, TextContent)
    assert estimated_tokens(content.text) < 1_500
    for word in ("uses", "for_each", "switch", "parallel", "try", "wait", "ask", "stop", "while"):
        assert f'"{word}"' in content.text
    assert not re.search("<<|block .request.", content.text)


async def test_the_example_of_the_prompt_is_valid(workbench: Workbench) -> None:
    async with Client(mcp_server(workbench)) as client:
        content = (await client.get_prompt("workflow_language")).messages[0].content
    assert isinstance(content, TextContent)
    example = read_document(content.text.partition("Example:\n")[2])
    assert verify(example, workbench.assembly.catalog).errors == ()
