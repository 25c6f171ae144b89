"""The wiring of a conversation's turn: the composing nodes, and those around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from langgraph.graph import START, StateGraph

from flowloom.graph.builder import recursion_limit as composing_limit
from flowloom.graph.context import Composer
from flowloom.graph.conversation.hearing import MAX_ROUNDS
from flowloom.graph.conversation.nodes import ConversationNodes, Roles
from flowloom.graph.conversation.state import ConversationState, Next
from flowloom.graph.limits import Limits
from flowloom.graph.routing import after_generator, after_retriever, after_verifier

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

__all__ = [
    "ConversationGraph",
    "after_finish",
    "after_listen",
    "after_plan",
    "build_conversation",
    "recursion_limit",
    "wire",
]

ConversationGraph: TypeAlias = (
    "CompiledStateGraph[ConversationState, Limits, ConversationState, ConversationState]"
)


def wire(
    nodes: ConversationNodes,
) -> StateGraph[ConversationState, Limits, ConversationState, ConversationState]:
    """Return the graph over a set of nodes, not compiled yet."""
    graph = StateGraph(ConversationState, context_schema=Limits)
    graph.add_node("listen", nodes.listen)
    graph.add_node("planner", nodes.planner)
    graph.add_node("retriever", nodes.retriever)
    graph.add_node("generator", nodes.generator)
    graph.add_node("verifier", nodes.verifier)
    graph.add_node("finish", nodes.finish)
    graph.add_node("answerer", nodes.answerer)
    graph.add_node("act", nodes.act)
    graph.add_node("ask", nodes.ask)
    graph.add_node("reply", nodes.reply)
    graph.add_node("remember", nodes.remember)
    graph.add_edge(START, "listen")
    graph.add_conditional_edges("listen", after_listen)
    graph.add_conditional_edges("planner", after_plan)
    graph.add_conditional_edges("retriever", after_retriever)
    graph.add_conditional_edges("generator", after_generator)
    graph.add_conditional_edges("verifier", after_verifier)
    graph.add_conditional_edges("finish", after_finish)
    graph.add_edge("answerer", "reply")
    graph.add_edge("act", "reply")
    graph.add_edge("ask", "listen")
    graph.add_conditional_edges("reply", nodes.after_reply)
    graph.set_finish_point("remember")
    return graph


def build_conversation(
    composer: Composer | None,
    roles: Roles | None,
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> ConversationGraph:
    """Return the compiled graph of one turn.

    Args:
        composer, roles: None gives a graph that can be drawn, not run.
        checkpointer: keeps the state after every node; a turn that asks cannot go on without.
    """
    return wire(ConversationNodes(composer, roles)).compile(
        checkpointer=checkpointer, name="conversation"
    )


def after_listen(state: ConversationState) -> Next:
    """Do what the message wants."""
    return state.next


def after_plan(state: ConversationState) -> Literal["retriever", "ask", "finish"]:
    """Search for the planned steps, show the plan first, or end."""
    if state.target == "finish":
        return "finish"
    return "ask" if state.approve_plan and not state.approved else "retriever"


def after_finish(state: ConversationState) -> Literal["ask", "reply"]:
    """Ask what only the person can say, a limited number of times; or tell the end."""
    asks = state.status == "needs_input" and bool(state.questions)
    return "ask" if asks and state.rounds - state.asides < MAX_ROUNDS else "reply"


def recursion_limit(limits: Limits) -> int:
    """Return the most steps that a turn within the limits can take without being resumed."""
    return composing_limit(limits) + 8
