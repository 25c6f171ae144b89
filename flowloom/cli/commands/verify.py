"""``flowloom verify``: check workflows as a compiler does, and mend slips by rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

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
from flowloom.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowloom.cli.checking.outcome import Outcome, Unreadable
    from flowloom.cli.checking.run import Task

__all__ = ["verify"]

Form: TypeAlias = Literal["text", "json", "sarif", "github"]
Codes: TypeAlias = list[str] | None
UNREADABLE = 2


def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Workflows, YAML or JSON; directories of them; - for stdin."),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend by rule what has just one mend; write the file.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", "--dry-run", help="Show what --fix would do; write nothing.")
    ] = False,
    strict: Annotated[
        bool | None,
        typer.Option("--strict/--no-strict", help="Warnings count too.", show_default=False),
    ] = None,
    select: Annotated[
        Codes, typer.Option("--select", help="Report only these codes or prefixes: FL101,FL4.")
    ] = None,
    ignore: Annotated[
        Codes, typer.Option("--ignore", help="Do not count these codes or prefixes.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How the report is written.")] = "text",
    explain: Annotated[
        str | None, typer.Option("--explain", help="Explain a code, such as FL404, and end.")
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Check workflows; exit code 0 if all are valid, 1 if not, 2 if one cannot be read."""
    from flowloom.cli.checking.explanation import explanation
    from flowloom.cli.checking.files import sources_of
    from flowloom.cli.checking.run import Task, outcomes_of
    from flowloom.cli.checking.selection import selection_of
    from flowloom.cli.session import loaded_catalog, settings_of
    from flowloom.verification.registry import rules

    if explain is not None:
        output.write_out(explanation(explain))
        return 0
    if not files:
        raise UserError("No file was named.", hint="Name a workflow, or - for stdin.")
    chosen: Form = "json" if as_json else form
    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        data_dir=data_dir,
        verify_select=select or None,
        verify_ignore=ignore or None,
        verify_strict=strict,
    ).settings
    selection = selection_of(settings.verify_select, settings.verify_ignore, rules())
    sources = sources_of(files)
    alone = len(files) == len(sources) == 1 and not files[0].is_dir()
    task = Task(
        loaded_catalog(settings).catalog,
        selection,
        fix=fix and not diff,
        show=diff,
        strict=settings.verify_strict,
        collect=not alone or chosen in ("sarif", "github"),
    )
    outcomes = outcomes_of(sources, task)
    _report(outcomes, chosen, task, alone=alone)
    return _exit_code(outcomes)


def _exit_code(outcomes: Sequence[Outcome | Unreadable]) -> int:
    from flowloom.cli.checking.outcome import Unreadable

    codes = [
        UNREADABLE if isinstance(item, Unreadable) else int(not item.passed) for item in outcomes
    ]
    return max(codes, default=0)


def _report(
    outcomes: Sequence[Outcome | Unreadable],
    form: Form,
    task: Task,
    *,
    alone: bool,
) -> None:
    from flowloom.cli.checking.run import write_json, write_sarif, write_text
    from flowloom.cli.checking.text import github_lines

    match form:
        case "json":
            write_json(outcomes, alone=alone)
        case "sarif":
            write_sarif(outcomes, task.catalog)
        case "github":
            for outcome in outcomes:
                for line in github_lines(outcome):
                    output.write_out(output.printable(line) + "\n")
        case "text":
            write_text(outcomes, would=task.show, filtered=task.fix)
