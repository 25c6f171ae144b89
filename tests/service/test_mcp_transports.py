"""Both transports with the official client: a subprocess, and a real server on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitRequestParams, ElicitResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from flowloom.service.mcp.server import mcp_app, mcp_server
from flowloom.service.mcp.workbench import LOCAL, Workbench
from tests.conftest import ROOT
from tests.service.bench import REQUEST, AskingPlanner, HangingPlanner, data_of, planned_by, running

Mode = Literal["auto", "legacy"]
modes = pytest.mark.parametrize("mode", ["auto", "legacy"])
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
SOURCE = """
components:
  - id: slack.chat.post_message
    title: Post a message
    provider: Slack
    effect: write
    input:
      type: object
      properties: {channel: {type: string}, text: {type: string}}
      required: [channel, text]
"""


# -- stdio ---------------------------------------------------------------------------------------


def command(folder: Path) -> StdioServerParameters:
    (folder / "catalog.yaml").write_text(SOURCE, encoding="utf-8")
    options = ["--no-builtin", "--catalog", "catalog.yaml", "--data-dir", "data"]
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "flowloom", "mcp", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


async def test_the_command_serves_over_stdin_and_stdout(tmp_path: Path) -> None:
    seen: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        seen.append(message or "")

    async with Client(command(tmp_path)) as client:
        request = {"request": 'post "hi" to #eng in Slack'}
        answer = data_of(
            await client.call_tool("compose_workflow", request, progress_callback=note)
        )
        listed = data_of(await client.call_tool("list_workflows", {}))
        question = {"workflow": answer["workflow"], "question": "What does it do?"}
        explained = data_of(await client.call_tool("explain_workflow", question))
    assert explained["valid"] is True
    assert "Slack" in explained["text"] or "slack" in explained["text"]
    assert answer["status"] == "valid", answer
    assert listed == {"workflows": []}
    assert seen[0] == "planner"


async def test_a_wrong_setting_ends_the_command_with_one_line(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "flowloom", "mcp", "--model", "nonsense"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert err.decode().startswith("flowloom: Unknown model 'nonsense'.")


async def test_a_signal_ends_the_command_while_it_waits_for_a_client(tmp_path: Path) -> None:
    given = command(tmp_path)
    process = await asyncio.create_subprocess_exec(
        *(given.command, *given.args),
        cwd=given.cwd,
        env=given.env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(json.dumps(HELLO).encode() + b"\n")
    assert b"flowloom" in await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 130
    assert b"Traceback" not in await process.stderr.read()
    process.stdin.close()


# -- streamable HTTP -----------------------------------------------------------------------------


@modes
async def test_streamable_http_serves_the_same(workbench: Workbench, mode: Mode) -> None:
    seen: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        seen.append(message or "")

    async with (
        running(mcp_app(workbench)) as address,
        Client(f"{address}/mcp", mode=mode) as client,
    ):
        answer = data_of(
            await client.call_tool("compose_workflow", {"request": REQUEST}, progress_callback=note)
        )
        text = (await client.read_resource("flowloom://workflows/report")).contents[0]
    assert answer["status"] == "valid"
    assert seen == ["planner", "retriever", "generator", "verifier", "found 0 errors"]
    assert "slack.chat.post_message" in text.model_dump_json()


def header_of(request: Request) -> str:
    return request.headers["x-owner"]


@modes
async def test_it_can_be_mounted_and_knows_whose_request_it_is(
    workbench: Workbench, mode: Mode
) -> None:
    inner = mcp_app(replace(workbench, owner_of=header_of), path="/")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with inner.router.lifespan_context(inner):
            yield

    outer = Starlette(routes=[Mount("/mcp", inner)], lifespan=lifespan)

    async def names(address: str, owner: str) -> list[str]:
        headers = {"x-owner": owner}
        async with (
            httpx2.AsyncClient(headers=headers, follow_redirects=True) as http,
            Client(streamable_http_client(f"{address}/mcp/", http_client=http), mode=mode) as own,
        ):
            found = data_of(await own.call_tool("list_workflows", {}))
            return [item["name"] for item in found["workflows"]]

    async with running(outer) as address:
        assert await names(address, LOCAL) == ["report"]
        assert await names(address, "ann") == []


@modes
async def test_a_person_is_asked_over_http(workbench: Workbench, mode: Mode) -> None:
    async def answer(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        return ElicitResult(action="accept", content={"answer_1": "#eng"})

    bench = replace(workbench, assembly=planned_by(workbench.assembly, AskingPlanner()))
    async with (
        running(mcp_app(bench)) as address,
        Client(f"{address}/mcp", mode=mode, elicitation_callback=answer) as client,
    ):
        made = data_of(await client.call_tool("compose_workflow", {"request": "post it"}))
    assert made["status"] == "valid", made


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
async def test_a_web_page_cannot_reach_it(
    workbench: Workbench, headers: dict[str, str], status: int
) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    given = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    async with running(mcp_app(workbench)) as address, httpx2.AsyncClient() as http:
        reply = await http.post(
            f"{address}/mcp", content=json.dumps(body), headers={**given, **headers}
        )
    assert reply.status_code == status


async def test_a_body_that_is_too_large_is_refused(workbench: Workbench) -> None:
    headers = {"content-type": "application/json"}
    app = mcp_app(workbench, max_body=1_000)
    async with running(app) as address, httpx2.AsyncClient() as http:
        reply = await http.post(f"{address}/mcp", content=b"x" * 2_000, headers=headers)
    assert reply.status_code == 413


# -- cancellation --------------------------------------------------------------------------------


async def cancelled_while_it_works(server: Any, mode: Mode, planner: HangingPlanner) -> None:
    """Start a call, cancel it in the middle, and see that the work stopped and the server not."""
    async with Client(server, mode=mode) as client:
        call = asyncio.create_task(client.call_tool("compose_workflow", {"request": REQUEST}))
        await planner.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await planner.stopped.wait()
        found = await client.call_tool("search_components", {"query": "post"})
        assert data_of(found)["components"]


@modes
async def test_a_cancelled_call_stops_the_work_in_memory(workbench: Workbench, mode: Mode) -> None:
    planner = HangingPlanner()
    bench = replace(workbench, assembly=planned_by(workbench.assembly, planner))
    await cancelled_while_it_works(mcp_server(bench), mode, planner)


@modes
async def test_a_cancelled_call_stops_the_work_over_http(workbench: Workbench, mode: Mode) -> None:
    planner = HangingPlanner()
    bench = replace(workbench, assembly=planned_by(workbench.assembly, planner))
    async with running(mcp_app(bench)) as address:
        await cancelled_while_it_works(f"{address}/mcp", mode, planner)


async def test_a_time_limit_of_the_client_stops_the_work(workbench: Workbench) -> None:
    planner = HangingPlanner()
    bench = replace(workbench, assembly=planned_by(workbench.assembly, planner))
    async with running(mcp_app(bench)) as address, Client(f"{address}/mcp") as client:
        with pytest.raises(MCPError, match="timed out"):
            await client.call_tool(
                "compose_workflow", {"request": REQUEST}, read_timeout_seconds=0.5
            )
        await planner.stopped.wait()
