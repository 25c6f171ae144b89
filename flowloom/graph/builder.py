"""The wiring: which node follows which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from flowloom.graph.context import Composer
from flowloom.graph.limits import Limits
from flowloom.graph.nodes import Nodes
from flowloom.graph.routing import after_generator, after_planner, after_retriever, after_verifier
from flowloom.graph.state import ComposeState, Update

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["ComposeGraph", "build_graph", "recursion_limit", "wire"]

ComposeGraph: TypeAlias = "CompiledStateGraph[ComposeState, Limits, ComposeState, ComposeState]"


class NodeSet(Protocol):
    """One coroutine per node."""

    async def planner(self, state: ComposeState, runtime: Runtime[Limits]) -> Update: ...
    async def retriever(self, state: ComposeState, runtime: Runtime[Limits]) -> Update: ...
    async def generator(self, state: ComposeState, runtime: Runtime[Limits]) -> Update: ...
    async def verifier(self, state: ComposeState, runtime: Runtime[Limits]) -> Update: ...
    async def finish(self, state: ComposeState, runtime: Runtime[Limits]) -> Update: ...


def wire(
    nodes: NodeSet, *, ends: bool = True
) -> StateGraph[ComposeState, Limits, ComposeState, ComposeState]:
    """Return the graph over a set of nodes, not compiled yet.

    Args:
        ends: whether ``finish`` is the end; otherwise the caller says what follows.
    """
    graph = StateGraph(ComposeState, context_schema=Limits)
    graph.add_node("planner", nodes.planner)
    graph.add_node("retriever", nodes.retriever)
    graph.add_node("generator", nodes.generator)
    graph.add_node("verifier", nodes.verifier)
    graph.add_node("finish", nodes.finish)
    graph.add_edge(START, "planner")
    graph.add_conditional_edges("planner", after_planner)
    graph.add_conditional_edges("retriever", after_retriever)
    graph.add_conditional_edges("generator", after_generator)
    graph.add_conditional_edges("verifier", after_verifier)
    if ends:
        graph.add_edge("finish", END)
    return graph


def build_graph(
    composer: Composer | None, checkpointer: BaseCheckpointSaver[Any] | None = None
) -> ComposeGraph:
    """Return the compiled state machine of one composer.

    Args:
        composer: None gives a graph that can be drawn, not run.
        checkpointer: keeps the state after every node, so that a run can be resumed.
    """
    return wire(Nodes(composer)).compile(checkpointer=checkpointer, name="flowloom")


def recursion_limit(limits: Limits) -> int:
    """Return the most steps that a run within the limits can take."""
    return 4 * limits.max_attempts + 2
