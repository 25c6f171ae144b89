"""The composer as a node of somebody else's graph: plain keys in, plain keys out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from flowloom.graph.composer import Composer, Limits, compose
from flowloom.graph.events import Event
from flowloom.workflow.document import read_document

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["Composed", "WorkflowGraph", "build_subgraph"]


class Composed(TypedDict, total=False):
    """The keys that the subgraph shares with its parent.

    Attributes:
        request: what the workflow is to do, or what is to change.
        workflow: text of the workflow: given, it is changed; afterwards the one that was made.
        status: ``valid``, ``needs_input`` or ``failed``.
        result: the whole result as JSON data, see ``flowloom.Result``.
    """

    request: str
    workflow: str
    status: Literal["valid", "needs_input", "failed"]
    result: dict[str, Any]


WorkflowGraph: TypeAlias = "CompiledStateGraph[Composed, None, Composed, Composed]"


def build_subgraph(composer: Composer, limits: Limits | None = None) -> WorkflowGraph:
    """Return a compiled graph with the keys of ``Composed``, to be added as a node.

    Its inner stages are a subgraph: ``stream_mode="custom"`` with ``subgraphs=True`` gives every
    event, and a checkpointer of the parent keeps their state.
    """
    within = limits or Limits()

    # LangGraph reads these annotations when the node is added: only names of the module's top.
    async def flowloom(state: Composed, runtime: Runtime[None]) -> Composed:
        return await _compose(composer, state, within, runtime.stream_writer)

    graph = StateGraph(Composed)
    graph.add_node("flowloom", flowloom)
    graph.add_edge(START, "flowloom")
    graph.add_edge("flowloom", END)
    return graph.compile(name="flowloom_workflow")


async def _compose(
    composer: Composer, state: Composed, limits: Limits, on_event: Callable[[Event], None]
) -> Composed:
    given = state.get("workflow", "")
    result = await compose(
        state.get("request", ""),
        composer=composer,
        document=read_document(given) if given else None,
        limits=limits,
        on_event=on_event,
    )
    return {
        "workflow": result.text,
        "status": result.status,
        "result": result.model_dump(mode="json"),
    }
