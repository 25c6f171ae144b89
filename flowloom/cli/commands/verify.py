"""``flowloom verify``: check a workflow as a compiler does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowloom.cli import output
from flowloom.cli.options import (
    BuiltinOption,
    CatalogOption,
    ConfigOption,
    DataDirOption,
    JsonOption,
    SkipInvalidOption,
)

if TYPE_CHECKING:
    from flowloom.verification.diagnostic import Verdict
    from flowloom.workflow.document import Document

__all__ = ["verify"]


def verify(
    file: Annotated[Path, typer.Argument(help="The workflow, YAML or JSON.")],
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Check a workflow; exit code 0 if it is valid, 1 if not."""
    from flowloom.cli.session import loaded_catalog, settings_of
    from flowloom.verification.verifier import verify as check
    from flowloom.workflow.document import read_file

    document = read_file(file)
    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        data_dir=data_dir,
    ).settings
    verdict = check(document, loaded_catalog(settings).catalog)
    if as_json:
        output.print_json(
            {
                "valid": verdict.valid,
                "file": str(file),
                "content_hash": verdict.content_hash,
                "diagnostics": [item.model_dump(mode="json") for item in verdict.diagnostics],
            }
        )
    else:
        _print(file, document, verdict)
    return 0 if verdict.valid else 1


def _print(file: Path, document: Document, verdict: Verdict) -> None:
    lines = document.text.splitlines()
    for item in verdict.diagnostics:
        place = f"{file}:{item.line}:{item.column}" if item.line else str(file)
        output.write_out(
            output.printable(f"{place}: {item.severity} {item.code}: {item.message}\n")
        )
        if 0 < item.line <= len(lines):
            output.write_out(output.printable(f"    {lines[item.line - 1].strip()}\n"))
        if item.hint:
            output.write_out(output.printable(f"    hint: {item.hint}\n"))
    counts = len(verdict.errors), len(verdict.diagnostics) - len(verdict.errors)
    word = "valid" if verdict.valid else "not valid"
    output.write_out(f"{file}: {word}, {counts[0]} errors, {counts[1]} warnings and notes\n")
