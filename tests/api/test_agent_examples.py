"""The examples of ``examples/agents``: they run, and do what they say."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from langchain_core.messages import AIMessage, ToolMessage
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from flowloom import Catalog, verify
from flowloom.api.assembling import assembly_of
from flowloom.service.http.app import ServeOptions, create_app
from flowloom.service.http.tokens import Tokens
from flowloom.settings import Settings
from tests.conftest import ROOT
from tests.service.bench import running

AGENTS = ROOT / "examples" / "agents"


def example(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load an example as a program of its own would be, and leave no trace of it."""
    monkeypatch.syspath_prepend(str(AGENTS))
    spec = importlib.util.spec_from_file_location(name, AGENTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)  # LangGraph looks there for annotations.
    spec.loader.exec_module(module)
    return module


async def test_the_agent_composes_verifies_and_repairs(
    catalog: Catalog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = example("repairing_agent", monkeypatch)
    messages = await agent.run_agent(
        agent.RuleModel(), agent.REQUEST, catalog=catalog, settings=settings
    )
    calls = [
        call["name"] for item in messages if isinstance(item, AIMessage) for call in item.tool_calls
    ]
    assert calls == ["compose_workflow", "verify_workflow", "verify_workflow"]
    answers = [json.loads(str(m.content)) for m in messages if isinstance(m, ToolMessage)]
    assert answers[0]["status"] == "valid"
    assert [item["code"] for item in answers[1]["problems"]] == ["FL201"]
    assert answers[2]["valid"] is True
    final = messages[-1].text.partition("\n\n")[2]
    assert verify(final, catalog=catalog, settings=settings).valid
    assert final == answers[0]["workflow"]


async def test_the_graph_answers_a_ticket(
    catalog: Catalog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = example("ticket_graph", monkeypatch)
    graph: Any = tickets.ticket_graph(catalog=catalog, settings=settings)
    good = await graph.ainvoke({"ticket": tickets.TICKET})
    assert good["reply"].startswith("Here it is:")
    assert "path: /deploy" in good["workflow"]
    unclear = await graph.ainvoke({"ticket": "Please: when a webhook arrives, post it."})
    assert unclear["reply"].startswith("We need to know more.")


async def test_the_clients_configuration_starts_the_server(data_dir: Path, tmp_path: Path) -> None:
    file = AGENTS / "mcp-stdio.json"
    server = json.loads(file.read_text(encoding="utf-8"))["mcpServers"]["flowloom"]
    assert server["command"] == "flowloom"
    # The same program without its script, which is only there once flowloom is installed.
    (tmp_path / "flowloom.toml").write_text("builtin = false\n", encoding="utf-8")
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "flowloom", *server["args"]],
        env={**os.environ, **server["env"], "PYTHONPATH": str(ROOT)}
        | {"FLOWLOOM_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
    )
    async with Client(parameters) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
    assert "compose_workflow" in tools


async def test_the_clients_configuration_reaches_a_running_server(
    catalog: Catalog, settings: Settings
) -> None:
    file = AGENTS / "mcp-http.json"
    server = json.loads(file.read_text(encoding="utf-8"))["mcpServers"]["flowloom"]
    token = "token-of-an-agent-0123456789"
    header = server["headers"]["Authorization"].replace("${FLOWLOOM_TOKEN}", token)
    options = ServeOptions(tokens=Tokens({"agent": token}))
    async with (
        running(create_app(assembly_of(settings, catalog), options)) as address,
        httpx2.AsyncClient(headers={"Authorization": header}) as http,
        Client(
            streamable_http_client(address + urlsplit(server["url"]).path, http_client=http)
        ) as client,
    ):
        tools = {tool.name for tool in (await client.list_tools()).tools}
    assert "compose_workflow" in tools
