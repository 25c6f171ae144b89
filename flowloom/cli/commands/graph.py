"""``flowloom graph``: the composer's own state machine."""

from __future__ import annotations

from flowloom.cli import output
from flowloom.cli.options import JsonOption

__all__ = ["graph"]


def graph(as_json: JsonOption = False) -> int:
    """Print the composer's own graph as Mermaid."""
    from flowloom.graph.drawing import mermaid

    text = mermaid()
    if as_json:
        output.print_json({"mermaid": text})
    else:
        output.write_out(text)
    return 0
