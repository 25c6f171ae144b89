"""Tools of a real MCP server, over stdio and over HTTP on loopback."""

from __future__ import annotations

import asyncio
import shlex
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from flowloom.catalog import guarded_transport
from flowloom.catalog.component import Component, McpRun
from flowloom.catalog.fetching import FetchRules
from flowloom.catalog.guarded_transport import GuardedTransport
from flowloom.catalog.mcp_servers import call_mcp, list_mcp_tools
from flowloom.catalog.sources import load_catalog
from flowloom.errors import CatalogError, ComponentError, UserError
from tests.catalog.mcp_station import server

STATION = Path(__file__).parent / "mcp_station.py"
SOURCE = f"mcp:{shlex.quote(sys.executable)} {shlex.quote(str(STATION))}"
LOOPBACK = FetchRules(internal=True)
PLACE = {"name": "Halla", "altitude": 1000.0}


def test_tools_become_components() -> None:
    catalog = load_catalog([SOURCE], builtin=False).catalog
    assert catalog.ids == (
        "weather_station.measure",
        "weather_station.wipe",
        "weather_station.report",
    )
    measure = catalog["weather_station.measure"]
    assert (measure.title, measure.provider) == ("Measure", "Weather Station")
    assert measure.description == "Measure the temperature of a place."
    assert measure.required == ("place",)
    assert measure.inputs["place"]["properties"]["name"] == {"type": "string"}
    assert measure.output["properties"]["degrees"] == {"type": "number"}
    assert measure.run == McpRun(tool="measure", command=(sys.executable, str(STATION)))
    assert [item.effect for item in catalog] == ["read", "destructive", "write"]
    assert catalog["weather_station.report"].output == {}


async def test_calls_over_stdio() -> None:
    measure, wipe, report = (await list_mcp_tools(SOURCE)).components
    assert await call_mcp(measure, {"place": PLACE}) == {"place": PLACE, "degrees": 10.0}
    assert await call_mcp(wipe, {"days": 3}) == {"result": 3}
    assert await call_mcp(report, {"text": "dry"}) == "written: dry"


async def test_failing_tool_is_an_error() -> None:
    run = McpRun(tool="wipe", command=(sys.executable, str(STATION)))
    with pytest.raises(ComponentError, match=r"'a\.wipe' failed: .*days"):
        await call_mcp(Component(id="a.wipe", run=run), {"days": "many"})
    with pytest.raises(UserError, match="no MCP tool"):
        await call_mcp(Component(id="a"), {})


@asynccontextmanager
async def _serving() -> AsyncGenerator[str]:
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listening:
        # It listens already, so a client that comes early only waits.
        config = uvicorn.Config(server.streamable_http_app(), log_level="critical")
        web = uvicorn.Server(config)
        task = asyncio.create_task(web.serve(sockets=[listening]))
        yield f"mcp+http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        web.should_exit = True
        await task


async def test_tools_over_http() -> None:
    async with _serving() as address:
        entries = await list_mcp_tools(address, LOOPBACK)
        assert [component.source for component in entries.components] == [address] * 3
        assert await call_mcp(entries.components[2], {"text": "wet"}, LOOPBACK) == "written: wet"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("mcp:", "names no command"),
        ("mcp:'open", "cannot be split"),
        ("mcp:no-such-command-here", "No such file"),
        ("mcp:sh -c 'echo broken >&2; exit 3'", "it said: broken"),
        ("mcp:echo hello", "gave no list of tools"),
        ("mcp+http:///x", "names no host"),
        ("mcp+http://127.0.0.1:9/mcp?key=s3cret", "gave no list of tools"),
    ],
)
def test_server_that_is_none_is_an_error_of_one_line(source: str, message: str) -> None:
    with pytest.raises(CatalogError, match=message) as raised:
        load_catalog([source], builtin=False, rules=LOOPBACK)
    assert "\n" not in str(raised.value)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (FetchRules(), "is an internal address"),
        (FetchRules(hosts=("example.com",), internal=True), "not among the allowed ones"),
    ],
)
async def test_a_server_that_the_rules_refuse_is_not_asked(rules: FetchRules, message: str) -> None:
    async with _serving() as address:
        with pytest.raises(CatalogError, match=message):
            await list_mcp_tools(address, rules)
        run = McpRun(tool="report", url=address.removeprefix("mcp+"))
        with pytest.raises(CatalogError, match=message):
            await call_mcp(Component(id="a", run=run), {"text": "wet"}, rules)


async def test_a_server_that_answers_too_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(rules: FetchRules) -> GuardedTransport:
        return GuardedTransport(rules, max_bytes=100)

    monkeypatch.setattr(guarded_transport, "GuardedTransport", small)
    async with _serving() as address:
        with pytest.raises(CatalogError, match="sends more than"):
            await list_mcp_tools(address, LOOPBACK)
