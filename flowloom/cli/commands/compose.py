"""``flowloom compose``: from a request to a verified workflow."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowloom.cli import output
from flowloom.cli.files import check_place, read_request, write_atomically
from flowloom.cli.options import (
    BaseUrlOption,
    BuiltinOption,
    CatalogOption,
    ConfigOption,
    DataDirOption,
    EmbedderOption,
    JsonOption,
    ModelOption,
    SkipInvalidOption,
)

if TYPE_CHECKING:
    from flowloom.assembly import Assembly
    from flowloom.graph.events import Event
    from flowloom.graph.result import Result
    from flowloom.offline.explaining import Explanation
    from flowloom.workflow.document import Document

__all__ = ["EXIT_CODES", "Format", "compose", "rendered"]

EXIT_CODES = {"valid": 0, "failed": 1, "needs_input": 3}
INTERRUPTED = 130


class Format(StrEnum):
    """How a workflow is written."""

    YAML = "yaml"
    JSON = "json"
    MERMAID = "mermaid"
    TREE = "tree"


def compose(
    request: Annotated[str, typer.Argument(help="What is to be done, in plain words; - is stdin.")],
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    edit: Annotated[
        Path | None, typer.Option("--edit", help="Change this workflow instead of making one.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the workflow here.")] = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="How the workflow is written.")
    ] = None,
    as_json: JsonOption = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask on the terminal.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each stage made of the request.")
    ] = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    max_attempts: Annotated[
        int | None, typer.Option("--max-attempts", help="Drafts at most.")
    ] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds at most.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", help="Tokens at most.")] = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Compose a workflow from a request, or change one with --edit."""
    from flowloom.cli.session import assembled, settings_of

    words = read_request(request)
    if out is not None:
        check_place(out)
    document = _document(edit)
    settings = settings_of(
        config,
        model=model,
        base_url=base_url,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        max_attempts=max_attempts,
        timeout=timeout,
        max_tokens=max_tokens,
        embedder=embedder,
        data_dir=data_dir,
    ).settings
    assembly = assembled(settings)
    ask = sys.stdin.isatty() and not no_input and not as_json and request != "-"
    try:
        result = _compose(words, document, assembly, quiet=as_json, explain=explain, ask=ask)
    except KeyboardInterrupt:
        return INTERRUPTED
    if document is not None and not as_json:
        _note_changes(document, result)
    explanation = _explanation(words, document, assembly) if explain else None
    if explanation is not None and not as_json:
        for line in explanation.lines():
            output.note(line)
    _deliver(result, edit, out, format, as_json, explanation)
    return EXIT_CODES[result.status]


def _document(edit: Path | None) -> Document | None:
    if edit is None:
        return None
    from flowloom.workflow.document import read_file
    from flowloom.workflow.shape import workflow_of

    document = read_file(edit)
    workflow_of(document)
    return document


def _compose(
    words: str,
    document: Document | None,
    assembly: Assembly,
    *,
    quiet: bool,
    explain: bool,
    ask: bool,
) -> Result:
    from flowloom.cli.asking import TerminalPerson
    from flowloom.cli.reporting import report_end
    from flowloom.graph.composer import Limits
    from flowloom.graph.composer import compose as run

    settings = assembly.settings
    limits = Limits(
        max_attempts=settings.max_attempts,
        timeout=settings.timeout,
        max_tokens=settings.max_tokens,
    )
    with ExitStack() as stack:
        reporter, rest = _reporter(stack, quiet=quiet, explain=explain)
        work = run(
            words,
            composer=assembly.composer,
            document=document,
            limits=limits,
            on_event=reporter,
            ask=TerminalPerson(rest) if ask else None,
        )
        result = asyncio.run(work)
    if not quiet:
        report_end(result)
    return result


def _reporter(
    stack: ExitStack, *, quiet: bool, explain: bool
) -> tuple[Callable[[Event], None] | None, Callable[[], None]]:
    """Return what reports the events, and what makes it rest while a person is asked."""
    if quiet:
        return None, _nothing
    if sys.stderr.isatty():
        from rich.console import Console

        from flowloom.cli.live_reporting import LiveReporter

        live = stack.enter_context(LiveReporter(Console(stderr=True), explain=explain))
        return live, live.rest
    from flowloom.cli.reporting import StageReporter

    return StageReporter(explain=explain), _nothing


def _nothing() -> None:
    pass


def rendered(text: str, data: dict[str, Any], format: Format) -> str:
    """Return a workflow in a format; ``text`` is the document as it stands."""
    from flowloom.workflow.document import dump_json, dump_yaml
    from flowloom.workflow.models import Workflow

    if format is Format.MERMAID:
        from flowloom.workflow.mermaid import render_mermaid

        return render_mermaid(Workflow.model_validate(data))
    if format is Format.TREE:
        from flowloom.workflow.tree import render_tree

        return render_tree(Workflow.model_validate(data))
    if format is Format.JSON:
        return text if text.lstrip().startswith("{") else dump_json(data)
    return dump_yaml(data) if text.lstrip().startswith("{") else text


def _explanation(words: str, document: Document | None, assembly: Assembly) -> Explanation | None:
    """What each stage of the offline composer made of a request; None with a language model."""
    from flowloom.offline import OfflinePlanner

    planner = assembly.composer.planner
    return planner.explain(words, document) if isinstance(planner, OfflinePlanner) else None


def _deliver(
    result: Result,
    edit: Path | None,
    out: Path | None,
    format: Format | None,
    as_json: bool,
    explanation: Explanation | None = None,
) -> None:
    """Write the file and print what was asked for; nothing that is not valid is written."""
    written = ""
    if result.workflow is not None and result.status == "valid":
        form = format or _format_of(out or edit)
        text = rendered(result.text, result.workflow, form)
        if out is not None:
            write_atomically(out, text)
            written = str(out)
            output.note(f"written to {out}")
        elif not as_json:
            output.write_out(text)
    if as_json:
        more = {"explanation": explanation.as_data()} if explanation is not None else {}
        output.print_json({**_as_json(result, written), **more})


def _note_changes(document: Document, result: Result) -> None:
    """Say on stderr what the edit changed."""
    from flowloom.workflow.diff import diff, render_diff

    if result.workflow is not None and result.status == "valid":
        for line in render_diff(diff(document.data, result.workflow)).splitlines():
            output.note(f"changed: {line}")


def _format_of(path: Path | None) -> Format:
    return Format.JSON if path is not None and path.suffix == ".json" else Format.YAML


def _as_json(result: Result, written: str) -> dict[str, Any]:
    data = result.model_dump(mode="json", exclude={"text"})
    return {**data, "text": result.text, "written": written}
