"""The graph that ``langgraph.json`` names, for LangGraph Studio; made from the user's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowloom.graph.builder import ComposeGraph

__all__ = ["graph"]


def graph() -> ComposeGraph:
    """Return the compiled graph; Studio gives the request and, as context, the limits."""
    from flowloom.assembly import assemble
    from flowloom.graph.builder import build_graph
    from flowloom.settings import load_settings

    return build_graph(assemble(load_settings().settings).composer)
