"""``flowloom schema``: the language's JSON Schema."""

from __future__ import annotations

from flowloom.cli import output
from flowloom.cli.options import JsonOption

__all__ = ["schema"]


def schema(as_json: JsonOption = False) -> int:
    """Print the JSON Schema of a workflow document (always JSON)."""
    from flowloom.workflow.json_schema import workflow_schema

    output.print_json(workflow_schema())
    return 0
