"""Many conversations at once on one server process: nothing lost, nothing doubled, how fast.

    python -m benchmarks.serve_load [--threads N] [--model-seconds S] [--ramp S] [--json]

A real ``uvicorn`` on loopback serves threads over SQLite, with a model that takes its time (each
answer half to one and a half times ``--model-seconds``). Every thread gets one message and a client
follows its events; the messages come evenly over ``--ramp`` seconds, and a turn takes longer than
that, so that all turns are under way at once. The own time of a turn is the time from the message
to the last event without the time of the model. Beside that: what HTTP and MCP cost over the
Python call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from flowloom.assembly import Assembly, assemble, roles_of
from flowloom.catalog.sources import builtin_catalog
from flowloom.graph.composer import compose
from flowloom.intents import NewWorkflow
from flowloom.roles import (
    Draft,
    GenerateTask,
    Generator,
    Heard,
    IntentTask,
    Planned,
    Planner,
    PlanTask,
)
from flowloom.service.http.app import ServeOptions, create_app
from flowloom.service.http.listening import Server
from flowloom.settings import Settings

REQUEST = 'Every day at 9, post "hello" to #general in Slack'


@dataclass
class Slow:
    """Planner, generator and listener that wait before the offline ones answer."""

    planner: Planner
    generator: Generator
    seconds: float
    waited: list[float] = field(default_factory=list[float])

    async def plan(self, task: PlanTask) -> Planned:
        await self._wait()
        return await self.planner.plan(task)

    async def generate(self, task: GenerateTask) -> Draft:
        await self._wait()
        return await self.generator.generate(task)

    async def listen(self, task: IntentTask) -> Heard:
        return Heard(intent=NewWorkflow(request=task.message))

    async def _wait(self) -> None:
        seconds = self.seconds * random.uniform(0.5, 1.5)
        self.waited.append(seconds)
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Turn:
    """What one thread saw."""

    numbers: tuple[int, ...]
    state: str
    started: float
    seconds: float
    model_seconds: float


async def main_async(options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        assembly = assemble(Settings(data_dir=Path(folder)), catalog=builtin_catalog())
        load = await _load(assembly, options)
        overhead = await _overhead(assembly, options.calls)
    return {**load, **overhead}


async def _load(assembly: Assembly, options: argparse.Namespace) -> dict[str, Any]:
    composer = assembly.composer
    slow = Slow(composer.planner, composer.generator, options.model_seconds)
    slowed = replace(assembly, composer=replace(composer, planner=slow, generator=slow))
    roles = replace(roles_of(assembly), listener=slow)
    app = create_app(slowed, ServeOptions(mcp=False, per_minute=100_000, at_once=1_000), roles)
    before = _memory()
    async with (
        _Running(app) as address,
        httpx.AsyncClient(
            base_url=address, timeout=600, limits=httpx.Limits(max_connections=None)
        ) as client,
    ):
        started = time.perf_counter()
        step = options.ramp / options.threads
        turns = await asyncio.gather(*(_turn(client, n, n * step) for n in range(options.threads)))
        seconds = time.perf_counter() - started
    own = sorted(turn.seconds - turn.model_seconds for turn in turns)
    return {
        "threads": len(turns),
        "seconds": seconds,
        "lost_or_doubled": sum(
            turn.numbers != tuple(range(1, len(turn.numbers) + 1)) for turn in turns
        ),
        "not_done": sum(turn.state != "done" for turn in turns),
        "most_at_once": _most_at_once(turns),
        "own_median_ms": 1000 * statistics.median(own),
        "own_p95_ms": 1000 * own[int(0.95 * (len(own) - 1))],
        "memory_mb_before": before,
        "memory_mb_after": _memory(),
    }


async def _turn(client: httpx.AsyncClient, number: int, after: float) -> Turn:
    await asyncio.sleep(after)
    name = f"thread{number}"
    (await client.post("/v1/threads", json={"id": name})).raise_for_status()
    started = time.perf_counter()
    sent = await client.post(f"/v1/threads/{name}/messages", json={"text": REQUEST})
    sent.raise_for_status()
    numbers: list[int] = []
    state, model_seconds = "", 0.0
    async with client.stream("GET", f"/v1/threads/{name}/events/stream") as response:
        async for line in response.aiter_lines():
            if line.startswith("id:"):
                numbers.append(int(line[3:]))
            elif line.startswith("data:"):
                event = json.loads(line[5:])
                if event["type"] == "turn_ended":
                    state = event["state"]
                if event["type"] == "stage_finished" and event["stage"] in ("planner", "generator"):
                    model_seconds += event["seconds"]
    return Turn(tuple(numbers), state, started, time.perf_counter() - started, model_seconds)


def _most_at_once(turns: Sequence[Turn]) -> int:
    return max(
        sum(one.started <= turn.started < one.started + one.seconds for one in turns)
        for turn in turns
    )


async def _overhead(assembly: Assembly, calls: int) -> dict[str, Any]:
    """Return medians and p95 of one composition by Python, HTTP and MCP, in turn."""
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    app = create_app(assembly, ServeOptions(per_minute=100_000), roles_of(assembly))
    times: dict[str, list[float]] = {"python": [], "http": [], "mcp": []}
    async with (
        _Running(app) as address,
        httpx.AsyncClient(base_url=address) as http,
        Client(streamable_http_client(f"{address}/mcp")) as mcp,
    ):
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "python": lambda: compose(REQUEST, composer=assembly.composer),
            "http": lambda: http.post("/v1/compose", json={"request": REQUEST}),
            "mcp": lambda: mcp.call_tool("compose_workflow", {"request": REQUEST}),
        }
        for _ in range(calls):
            for name, way in ways.items():
                started = time.perf_counter()
                await way()
                times[name].append(1000 * (time.perf_counter() - started))
    figures: dict[str, Any] = {}
    for name, found in times.items():
        ordered = sorted(found[1:])
        figures[f"{name}_median_ms"] = statistics.median(ordered)
        figures[f"{name}_p95_ms"] = ordered[int(0.95 * (len(ordered) - 1))]
    return figures


class _Running:
    """A server on a free port of loopback, in this process."""

    def __init__(self, app: Any) -> None:
        import uvicorn

        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        config = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
        self._server = Server(config, self._ready.set_result)

    async def __aenter__(self) -> str:
        self._task = asyncio.create_task(self._server.serve())
        return await self._ready

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit code 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--threads", type=int, default=200)
    parser.add_argument("--model-seconds", type=float, default=20.0)
    parser.add_argument("--ramp", type=float, default=20.0, metavar="SECONDS")
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    figures = asyncio.run(main_async(options))
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(
                f"{name:<20}{value:>12.1f}"
                if isinstance(value, float)
                else f"{name:<20}{value:>12}"
            )
    return int(figures["lost_or_doubled"] > 0 or figures["not_done"] > 0)


if __name__ == "__main__":
    sys.exit(main())
