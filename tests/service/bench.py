"""What the tests of the MCP server share: components, texts, stand-ins, and a running server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from mcp.types import CallToolResult

from flowloom.assembly import Assembly
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.sources import builtin_catalog
from flowloom.roles import Draft, GenerateTask, Planned, PlanTask
from flowloom.workflow.outline import Outline, OutlineStep, Question

__all__ = [
    "REQUEST",
    "SAVED",
    "AskingPlanner",
    "HangingPlanner",
    "PostingGenerator",
    "data_of",
    "planned_by",
    "running",
    "small_catalog",
]

REQUEST = (
    "Every weekday at 9 in Seoul, list the open issues of acme/app on GitHub"
    " and post them to #eng in Slack"
)
SAVED = """\
name: report
steps:
  - id: post
    uses: slack.chat.post_message
    with: {channel: "#eng", text: hello}
"""
_IDS = (
    "core.schedule",
    "core.webhook",
    "core.manual",
    "github.issues.list",
    "github.issues.create",
    "slack.chat.post_message",
    "slack.chat.delete",
)


def small_catalog(*more: Component) -> Catalog:
    """Return some of the built-in components, and ``more``."""
    known = builtin_catalog()
    found = (known.get(name) for name in _IDS)
    return Catalog([*(item for item in found if item is not None), *more])


@dataclass
class AskingPlanner:
    """Asks where to post until the request says it."""

    tasks: list[PlanTask] = field(default_factory=list[PlanTask])

    async def plan(self, task: PlanTask) -> Planned:
        self.tasks.append(task)
        if "#" not in task.request:
            question = Question(text="Which channel?", suggestions=("#eng",), default="#eng")
            return Planned(outline=Outline(questions=(question,)))
        step = OutlineStep(id="post", text='post "hi" to #eng', service="Slack")
        return Planned(outline=Outline(name="post", steps=(step,)))


@dataclass
class HangingPlanner:
    """Never answers; tells when it was asked and when it was stopped."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def plan(self, task: PlanTask) -> Planned:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()
        raise AssertionError("it waits for ever")


@dataclass
class PostingGenerator:
    """Posts to the channel that the request names."""

    async def generate(self, task: GenerateTask) -> Draft:
        channel = task.request[task.request.index("#") :]
        inputs = {"channel": channel, "text": "hi"}
        step = {"id": "post", "uses": "slack.chat.post_message", "with": inputs}
        return Draft(workflow={"name": "post", "steps": [step]})


def planned_by(assembly: Assembly, planner: Any) -> Assembly:
    """Return the assembly with another planner, and a generator that fits it."""
    composer = replace(assembly.composer, planner=planner, generator=PostingGenerator())
    return replace(assembly, composer=composer)


def data_of(result: CallToolResult) -> dict[str, Any]:
    """Return the structured content of an answer that is no error."""
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


@asynccontextmanager
async def running(app: Any) -> AsyncGenerator[str]:
    """Run an ASGI application on loopback; gives its address."""
    # With its protocol named, asyncio sends small packets at once (TCP_NODELAY).
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server = _Server(config)
    task = asyncio.create_task(server.serve([listener]))
    try:
        await server.ready.wait()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


class _Server(uvicorn.Server):
    """Tells when it is ready, and leaves signals to the tests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
        await super().startup(list(sockets or ()))
        self.ready.set()
