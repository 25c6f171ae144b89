"""One adapter between LangGraph's streaming and the rest of flowloom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from langgraph.types import Command

from flowloom.graph.builder import ComposeGraph, recursion_limit
from flowloom.graph.events import Event
from flowloom.graph.limits import Limits
from flowloom.graph.state import ComposeState
from flowloom.workflow.outline import Question

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

__all__ = ["Ask", "run"]

Ask: TypeAlias = Callable[[Sequence[Question]], Awaitable[Sequence[str] | None]]
"""Asks a person; returns an answer for each question, or None if there is none to be had."""


async def run(
    graph: ComposeGraph,
    start: ComposeState,
    limits: Limits,
    on_event: Callable[[Event], None],
    thread_id: str = "",
    ask: Ask | None = None,
) -> ComposeState:
    """Run a graph to its end; the context and a small recursion limit are always passed.

    Args:
        ask: asks the person what a graph that was built with ``asks`` stops for.

    Returns:
        The last state.
    """
    config: RunnableConfig = {"recursion_limit": recursion_limit(limits)}
    if thread_id:
        config["configurable"] = {"thread_id": thread_id}
    given: Any = start
    while True:
        last = await _until_it_stops(graph, given, config, limits, on_event)
        questions = await _asked(graph, config) if ask is not None else ()
        answers = await ask(questions) if ask is not None and questions else None
        if answers is None:
            return last
        given = Command(resume=list(answers))


async def _until_it_stops(
    graph: ComposeGraph,
    given: Any,
    config: RunnableConfig,
    limits: Limits,
    on_event: Callable[[Event], None],
) -> ComposeState:
    last: ComposeState | None = None
    async for part in graph.astream(
        given, config, context=limits, stream_mode=["custom", "values"], version="v2"
    ):
        if part["type"] == "custom":
            on_event(part["data"])
        elif part["type"] == "values":
            last = part["data"]
    if last is None:
        raise RuntimeError("The graph gave no state.")
    return last


async def _asked(graph: ComposeGraph, config: RunnableConfig) -> tuple[Question, ...]:
    kept = await graph.aget_state(config)
    asked = kept.interrupts[0].value if kept.interrupts else ()
    return tuple(map(Question.model_validate, asked))
