"""One turn of a thread through the graph: started, resumed after a kill, or answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langgraph.types import Command

from flowloom.graph.conversation.builder import ConversationGraph, recursion_limit
from flowloom.graph.conversation.state import ConversationState, Pending, PersonAnswer
from flowloom.graph.events import Event
from flowloom.graph.limits import Limits

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

__all__ = [
    "TurnEnd",
    "answer_turn",
    "asked_rounds",
    "continue_turn",
    "left_to_do",
    "start_turn",
]

OnEvent = Callable[[Event], None]


@dataclass(frozen=True)
class TurnEnd:
    """How far a turn came: to its end, or to a question (``pending``)."""

    state: ConversationState
    pending: Pending | None = None


async def start_turn(
    graph: ConversationGraph,
    turn: str,
    start: ConversationState,
    limits: Limits,
    on_event: OnEvent,
) -> TurnEnd:
    """Run a turn from the start."""
    return await _run(graph, turn, start, limits, on_event)


async def answer_turn(
    graph: ConversationGraph,
    turn: str,
    answer: PersonAnswer,
    limits: Limits,
    on_event: OnEvent,
) -> TurnEnd:
    """Go on with a turn that waits for the person.

    Raises:
        ValueError: the turn does not wait.
    """
    kept = await graph.aget_state(_config(turn))
    if not kept.interrupts:
        raise ValueError(f"the turn {turn!r} does not wait for an answer")
    command: Any = Command(resume=answer.model_dump(mode="json"))
    return await _run(graph, turn, command, limits, on_event)


async def asked_rounds(graph: ConversationGraph, turn: str) -> int | None:
    """Return how often a turn that waits has asked before; None if it does not wait."""
    kept = await graph.aget_state(_config(turn))
    return int(kept.values.get("rounds", 0)) if kept.interrupts else None


async def left_to_do(graph: ConversationGraph, turn: str) -> str:
    """Return what is left of the message of a turn that cannot go on."""
    kept = await graph.aget_state(_config(turn))
    return str(kept.values.get("rest", ""))


async def continue_turn(
    graph: ConversationGraph, turn: str, limits: Limits, on_event: OnEvent
) -> TurnEnd | None:
    """Go on after the last finished stage of a turn whose process ended.

    Returns:
        None if nothing of the turn was kept: it must be started anew.
    """
    kept = await graph.aget_state(_config(turn))
    if not kept.values:
        return None
    if not kept.next or kept.interrupts:
        return await _end(graph, turn)
    return await _run(graph, turn, None, limits, on_event)


async def _run(
    graph: ConversationGraph, turn: str, given: Any, limits: Limits, on_event: OnEvent
) -> TurnEnd:
    config: RunnableConfig = {**_config(turn), "recursion_limit": recursion_limit(limits)}
    async for part in graph.astream(
        given, config, context=limits, stream_mode=["custom"], version="v2", durability="sync"
    ):
        if part["type"] == "custom":
            on_event(part["data"])
    return await _end(graph, turn)


async def _end(graph: ConversationGraph, turn: str) -> TurnEnd:
    kept = await graph.aget_state(_config(turn))
    state = ConversationState(**kept.values)
    pending = Pending.model_validate(kept.interrupts[0].value) if kept.interrupts else None
    return TurnEnd(state, pending)


def _config(turn: str) -> RunnableConfig:
    return {"configurable": {"thread_id": turn}}
