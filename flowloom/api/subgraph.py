"""The composer as a compiled LangGraph graph, to be a node of your own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from flowloom.api.assembling import CatalogLike, Options, assembly_of, limits_of, settings_of

if TYPE_CHECKING:
    from flowloom.graph.subgraph import WorkflowGraph
    from flowloom.settings import Settings

__all__ = ["workflow_graph"]


def workflow_graph(
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    **options: Unpack[Options],
) -> WorkflowGraph:
    """Return the graph; its keys are those of ``flowloom.graph.subgraph.Composed``.

    A parent whose state has ``request``, ``workflow`` and ``status`` adds it as it is::

        parent.add_node("composer", workflow_graph())

    The arguments and errors are those of ``flowloom.compose``.
    """
    from flowloom.graph.subgraph import build_subgraph

    chosen = settings_of(model, catalog, settings, options)
    return build_subgraph(assembly_of(chosen, catalog).composer, limits_of(chosen))
