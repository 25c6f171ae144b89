"""A turn whose model fails ends with a reason, and the thread is usable afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from flowloom.agents.chat_model import chat_model
from flowloom.agents.generator import ModelGenerator
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.planner import ModelPlanner
from flowloom.assembly import Assembly
from flowloom.service.http.app import ServeOptions, create_app
from tests.graph.conversation.stand_ins import roles
from tests.servers.chat_server import ChatServer, dead_url
from tests.service.bench import running
from tests.service.http.test_server import read_events


async def _no_sleep(seconds: float) -> None:
    return


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


def with_model(assembly: Assembly, model: LanguageModel) -> Assembly:
    planner, generator = ModelPlanner(model=model), ModelGenerator(model=model)
    composer = replace(assembly.composer, planner=planner, generator=generator)
    return replace(assembly, composer=composer)


def _garbage(server: ChatServer) -> None:
    for _ in range(3):
        server.send("<html>hello</html>", "text/html")


def _down(server: ChatServer) -> None:
    for _ in range(3):
        server.fail(503)


def _nonsense(server: ChatServer) -> None:
    for _ in range(3):
        server.say("I would love to help!")


@pytest.mark.parametrize("fault", [_garbage, _down, _nonsense])
async def test_a_fault_ends_the_turn_and_the_next_one_works(
    placed: Assembly, server: ChatServer, fault: Callable[[ChatServer], None]
) -> None:
    model = replace(
        chat_model("openai:test", base_url=server.url, api_key="key-1"), sleep=_no_sleep
    )
    app = create_app(with_model(placed, model), ServeOptions(mcp=False), roles())
    async with running(app) as address, httpx.AsyncClient(base_url=address) as client:
        await client.post("/v1/threads", json={"id": "t"})
        fault(server)
        await client.post("/v1/threads/t/messages", json={"text": "new post hello"})
        events = await read_events(client, "/v1/threads/t/events/stream")
        assert events[-1]["state"] == "failed"
        assert events[-2]["code"] == "model_error"
        assert "key-1" not in str(events)
        server.forget()
        server.say({"steps": [{"id": "post", "text": 'post "hello" to #eng', "service": "Slack"}]})
        step = {"id": "post", "uses": "slack.chat.post_message"}
        data = {"channel": "#eng", "text": "hello"}
        server.say({"workflow": {"name": "w", "steps": [{**step, "with": data}]}})
        await client.post("/v1/threads/t/messages", json={"text": 'new post "hello" to #eng'})
        after = int(events[-1]["id"])
        again = await read_events(client, f"/v1/threads/t/events/stream?after={after}")
        assert again[-1]["state"] == "done"
        assert (await client.get("/v1/threads/t")).json()["current"] == 1


async def test_a_model_that_is_not_there_ends_the_turn(placed: Assembly) -> None:
    model = replace(chat_model("openai:test", base_url=dead_url(), api_key="k"), sleep=_no_sleep)
    app = create_app(with_model(placed, model), ServeOptions(mcp=False), roles())
    async with running(app) as address, httpx.AsyncClient(base_url=address) as client:
        await client.post("/v1/threads", json={"id": "t"})
        await client.post("/v1/threads/t/messages", json={"text": "new post hello"})
        events = await read_events(client, "/v1/threads/t/events/stream")
        assert (events[-2]["code"], events[-1]["state"]) == ("model_error", "failed")
