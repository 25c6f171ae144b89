"""The composer's own graph as a Mermaid diagram, drawn from the compiled graph."""

from __future__ import annotations

from flowloom.graph.builder import build_graph

__all__ = ["mermaid"]

_NAMES = {"__start__": "request", "__end__": "result"}


def mermaid() -> str:
    """Return the state machine as Mermaid text; dotted lines are taken if a router says so."""
    drawn = build_graph(None).get_graph()
    lines = ["flowchart TD"]
    for node in drawn.nodes:
        name = _NAMES.get(node, node)
        lines.append(f"    {name}([{name}])" if node in _NAMES else f"    {name}[{name}]")
    for edge in drawn.edges:
        arrow = "-.->" if edge.conditional else "-->"
        source, target = (_NAMES.get(item, item) for item in (edge.source, edge.target))
        lines.append(f"    {source} {arrow} {target}")
    return "\n".join(lines) + "\n"
