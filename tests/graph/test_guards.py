"""What LangGraph lets pass silently is held here."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from flowloom.agents.verifier import Mend
from flowloom.errors import ConfigError
from flowloom.graph import routing
from flowloom.graph.asking import build_asking_graph
from flowloom.graph.builder import build_graph, recursion_limit, wire
from flowloom.graph.checkpoints import STATE_TYPES, checkpoint_serializer
from flowloom.graph.composer import compose
from flowloom.graph.drawing import mermaid
from flowloom.graph.limits import Limits
from flowloom.graph.nodes import Nodes
from flowloom.graph.result import result_of
from flowloom.graph.running import run
from flowloom.graph.state import ComposeState, Update, Version
from flowloom.workflow.outline import Question
from tests.graph.stand_ins import Findings, composer, error

NODES = {"planner", "retriever", "generator", "verifier", "finish"}
ROUTERS = {name: getattr(routing, name) for name in dir(routing) if name.startswith("after_")}


def test_each_routers_range_lies_within_the_nodes() -> None:
    assert len(ROUTERS) == 4
    for router in ROUTERS.values():
        assert set(get_args(get_type_hints(router)["return"])) <= NODES


def test_routers_follow_the_state_within_their_range() -> None:
    for router in ROUTERS.values():
        for target in get_args(get_type_hints(router)["return"]):
            state = ComposeState(target=target)
            assert router(state) in get_args(get_type_hints(router)["return"])
            assert (router(state) == "finish") == (target == "finish")
    with pytest.raises(ValueError, match="itself"):
        routing.after_verifier(ComposeState(target="verifier"))


def test_every_node_is_reached_and_reaches_the_end() -> None:
    drawn = build_graph(None).get_graph()
    assert set(drawn.nodes) == {*NODES, "__start__", "__end__"}
    forward = [(edge.source, edge.target) for edge in drawn.edges]
    assert _reached("__start__", forward) == set(drawn.nodes)
    assert _reached("__end__", [(b, a) for a, b in forward]) == set(drawn.nodes)


def _reached(start: str, edges: list[tuple[str, str]]) -> set[str]:
    found = {start}
    while more := {b for a, b in edges if a in found} - found:
        found |= more
    return found


def test_a_node_has_one_routing_style() -> None:
    graph = wire(Nodes(None))
    fixed = {source for source, _ in graph.edges}
    assert not fixed & set(graph.branches)
    assert "Command" not in inspect.getsource(Nodes)


def test_update_keys_are_fields_of_the_state() -> None:
    known = {item.name for item in fields(ComposeState)}
    assert set(Update.__annotations__) <= known


def test_the_real_updates_have_only_known_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(Update.__annotations__)
    seen: set[str] = set()
    for name in NODES:
        _record(monkeypatch, name, seen)
    findings = Findings([[error("a")], [error("b", "planner")], [error("c", "retriever")], []])
    graph = build_graph(composer(findings=findings))
    start = ComposeState(request="post")
    asyncio.run(run(graph, start, Limits(), lambda event: None))
    assert seen
    assert seen <= known


def _record(monkeypatch: pytest.MonkeyPatch, name: str, seen: set[str]) -> None:
    original = getattr(Nodes, name)

    async def recorded(self: Nodes, state: ComposeState, runtime: Any) -> Update:
        update: Update = await original(self, state, runtime)
        seen.update(update)
        return update

    recorded.__annotations__ = original.__annotations__
    monkeypatch.setattr(Nodes, name, recorded)


def test_the_recursion_limit_is_small_and_grows_with_the_attempts() -> None:
    assert recursion_limit(Limits(max_attempts=1)) < 10
    assert recursion_limit(Limits(max_attempts=4)) < 30


async def test_the_limits_reach_the_nodes() -> None:
    rounds = [[error(str(number))] for number in range(9)]
    graph = build_graph(composer(findings=Findings(rounds)))
    start = ComposeState(request="post")
    end = await run(graph, start, Limits(max_attempts=2), lambda event: None)
    assert end.attempts == 2


async def test_a_caller_who_passes_no_context_gets_the_default_limits() -> None:
    rounds = [[error(str(number))] for number in range(9)]
    graph = build_graph(composer(findings=Findings(rounds)))
    values = await graph.ainvoke(ComposeState(request="post"), {"recursion_limit": 30})
    assert values["attempts"] == Limits().max_attempts


@pytest.mark.parametrize("name", ["max_attempts", "timeout", "max_tokens"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_limit_must_be_positive(name: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=name):
        Limits(**{name: value})


def test_no_node_interrupts_without_a_checkpointer() -> None:
    root = Path(inspect.getfile(Nodes)).parent
    asking = {
        path.name for path in root.glob("*.py") if "interrupt(" in path.read_text(encoding="utf-8")
    }
    assert asking == {"asking.py"}  # Its graph is not built without one.
    saver = inspect.signature(build_asking_graph).parameters["checkpointer"]
    assert saver.default is inspect.Parameter.empty


def test_a_graph_without_a_composer_can_be_drawn_not_run() -> None:
    text = mermaid()
    assert text.startswith("flowchart TD\n")
    assert "request --> planner" in text
    assert "verifier -.-> retriever" in text
    with pytest.raises(RuntimeError, match="drawn, not run"):
        Nodes(None)._composer  # noqa: B018  # pyright: ignore[reportPrivateUsage] - the guard


def test_a_run_that_has_not_ended_has_no_result() -> None:
    with pytest.raises(ValueError, match="not ended"):
        result_of(ComposeState(), "offline")


async def test_the_state_comes_back_from_a_checkpoint(caplog: pytest.LogCaptureFixture) -> None:
    findings = Findings([[error("a")], [error("b", "person")]])
    saver = InMemorySaver(serde=checkpoint_serializer())
    graph = build_graph(composer(findings=findings), saver)
    mends = [Mend(code="FL1", path="", message="m")]
    start = ComposeState(request="post", mends=mends)
    end = await run(graph, start, Limits(), lambda event: None, "thread")
    kept = await graph.aget_state({"configurable": {"thread_id": "thread"}})
    assert ComposeState(**kept.values) == end
    assert isinstance(end.best, Version)
    assert isinstance(end.questions[0], Question)
    assert caplog.text == ""


def test_the_serializer_knows_every_type_of_the_state() -> None:
    hints = str(get_type_hints(ComposeState))
    named = {item.__name__ for item in STATE_TYPES}
    assert set(re.findall(r"flowloom[\w.]*\.(\w+)", hints)) == named


def test_other_types_do_not_come_back() -> None:
    serializer = checkpoint_serializer()
    kind, data = serializer.dumps_typed({"limits": Limits()})
    assert not isinstance(serializer.loads_typed((kind, data))["limits"], Limits)


async def test_a_new_run_on_a_thread_starts_anew() -> None:
    saver = InMemorySaver(serde=checkpoint_serializer())
    made = composer(findings=Findings([[error("a")], [error("b")], []]))
    first = await compose("post", composer=made, checkpointer=saver, thread_id="t")
    second = await compose("post", composer=made, checkpointer=saver, thread_id="t")
    assert (first.usage.attempts, second.usage.attempts) == (3, 1)


async def test_a_thread_needs_a_checkpointer_and_the_other_way_round() -> None:
    with pytest.raises(ValueError, match="go together"):
        await compose("post", composer=composer(), thread_id="t")
    with pytest.raises(ValueError, match="go together"):
        await compose("post", composer=composer(), checkpointer=InMemorySaver())


def test_the_state_comes_back_in_strict_mode() -> None:
    code = "from tests.graph.test_guards import check_strict; check_strict()"
    env = {**os.environ, "LANGGRAPH_STRICT_MSGPACK": "true"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == {"outline": "Outline", "best": "Version", "usage": "Usage"}


def check_strict() -> None:
    """Print the types of what a strict checkpointer gives back; run in a fresh interpreter."""

    async def kept() -> dict[str, Any]:
        graph = build_graph(composer(findings=Findings([[error("a")], []])), InMemorySaver())
        await run(graph, ComposeState(request="post"), Limits(), lambda event: None, "thread")
        state = await graph.aget_state({"configurable": {"thread_id": "thread"}})
        return state.values

    values = asyncio.run(kept())
    print(json.dumps({key: type(values[key]).__name__ for key in ("outline", "best", "usage")}))
