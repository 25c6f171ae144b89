"""One adapter between LangGraph's streaming and the rest of flowloom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flowloom.graph.builder import ComposeGraph, recursion_limit
from flowloom.graph.events import Event
from flowloom.graph.limits import Limits
from flowloom.graph.state import ComposeState

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

__all__ = ["run"]


async def run(
    graph: ComposeGraph,
    start: ComposeState,
    limits: Limits,
    on_event: Callable[[Event], None],
    thread_id: str = "",
) -> ComposeState:
    """Run a graph to its end; the context and a small recursion limit are always passed.

    Returns:
        The last state.
    """
    config: RunnableConfig = {"recursion_limit": recursion_limit(limits)}
    if thread_id:
        config["configurable"] = {"thread_id": thread_id}
    last: ComposeState | None = None
    async for part in graph.astream(
        start, config, context=limits, stream_mode=["custom", "values"], version="v2"
    ):
        if part["type"] == "custom":
            on_event(part["data"])
        elif part["type"] == "values":
            last = part["data"]
    if last is None:
        raise RuntimeError("The graph gave no state.")
    return last
