"""The graph of one run that stops for what only a person can say, and goes on with the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from flowloom.graph.answering import answered
from flowloom.graph.builder import ComposeGraph, wire
from flowloom.graph.context import Composer
from flowloom.graph.events import ResultReady
from flowloom.graph.limits import Limits
from flowloom.graph.nodes import Nodes
from flowloom.graph.result import result_of
from flowloom.graph.state import ComposeState, Update

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

__all__ = ["after_ask", "after_finish", "build_asking_graph"]

MAX_ROUNDS = 3
"""How often one run asks."""


def build_asking_graph(composer: Composer, checkpointer: BaseCheckpointSaver[Any]) -> ComposeGraph:
    """Return the graph of ``build_graph`` with a node that asks.

    Its interrupts hold the questions as plain data; it is resumed with a list of answers.
    """
    graph = wire(Nodes(composer), ends=False)

    # LangGraph reads these annotations when the node is added: only names of the module's top.
    async def ask(state: ComposeState, runtime: Runtime[Limits]) -> Update:
        asked = [question.model_dump(mode="json") for question in state.questions]
        # From here on the node is run twice: what is above is done again when the answers come.
        update = answered(state, interrupt(asked, response_schema=list[str]))
        if update.get("target") == "finish":
            ended = replace(state, **update)
            runtime.stream_writer(ResultReady(result=result_of(ended, composer.model)))
        return update

    graph.add_node("ask", ask)
    graph.add_conditional_edges("finish", after_finish)
    graph.add_conditional_edges("ask", after_ask)
    return graph.compile(checkpointer=checkpointer, name="flowloom")


def after_finish(state: ComposeState) -> Literal["ask", "__end__"]:
    """Ask what only a person can say, a limited number of times; or end."""
    asks = state.status == "needs_input" and bool(state.questions)
    return "ask" if asks and state.rounds < MAX_ROUNDS else "__end__"


def after_ask(state: ComposeState) -> Literal["planner", "__end__"]:
    """Plan again with the answers, or end."""
    return "planner" if state.target == "planner" else "__end__"
