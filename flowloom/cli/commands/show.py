"""``flowloom show``: draw a workflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flowloom.cli import output
from flowloom.cli.commands.compose import Format, rendered
from flowloom.cli.options import JsonOption

__all__ = ["show"]


def show(
    file: Annotated[Path, typer.Argument(help="The workflow, YAML or JSON.")],
    format: Annotated[Format, typer.Option("--format", help="How it is drawn.")] = Format.TREE,
    as_json: JsonOption = False,
) -> int:
    """Draw a workflow as a tree, as Mermaid, or write it as YAML or JSON."""
    from flowloom.workflow.document import read_file
    from flowloom.workflow.shape import workflow_of

    document = read_file(file)
    workflow_of(document)
    if as_json:
        output.print_json(document.data)
    else:
        output.write_out(rendered(document.text, document.data, format))
    return 0
