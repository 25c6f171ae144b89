"""``docs/mcp.md`` and ``docs/python.md`` are true: what they show is what happens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mcp import Client

from flowloom.service.mcp.server import mcp_server
from flowloom.service.mcp.workbench import Workbench
from tests.conftest import ROOT
from tests.service.mcp_document import DOCUMENT, called_tools, rewritten
from tests.service.python_document import PYTHON_DOCUMENT, rerun

TEXT = DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory for both: the built-in catalog is indexed once."""
    return tmp_path_factory.mktemp("data")


async def test_every_answer_is_what_the_server_says(data_dir: Path) -> None:
    assert await rewritten(TEXT, data_dir) == TEXT


def test_every_block_prints_what_the_page_shows(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_DATA_DIR", str(data_dir))
    text = PYTHON_DOCUMENT.read_text(encoding="utf-8")
    assert rerun(text) == text


async def test_every_tool_and_resource_is_shown(workbench: Workbench) -> None:
    async with Client(mcp_server(workbench)) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        listed = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
    assert called_tools(TEXT) == tools
    for address in [*(str(item.uri) for item in listed), *(t.uri_template for t in templates)]:
        assert f"`{address}`" in TEXT


@pytest.mark.parametrize("name", ["mcp-stdio.json", "mcp-http.json"])
def test_the_configurations_are_those_of_the_examples(name: str) -> None:
    example = (ROOT / "examples" / "agents" / name).read_text(encoding="utf-8")
    assert "flowloom" in json.loads(example)["mcpServers"]
    assert f"```json\n{example}```" in TEXT
