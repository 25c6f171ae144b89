"""``flowloom chat``: build a workflow by talking."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from flowloom.cli.options import (
    BaseUrlOption,
    BuiltinOption,
    CatalogOption,
    ConfigOption,
    DatabaseOption,
    DataDirOption,
    EmbedderOption,
    ModelOption,
    SkipInvalidOption,
)

__all__ = ["chat"]

INTERRUPTED = 130


def chat(
    thread: Annotated[
        str | None, typer.Option("--thread", help="Thread to open, or to make under this id.")
    ] = None,
    approve_plan: Annotated[
        bool | None,
        typer.Option(
            "--approve-plan/--no-approve-plan",
            help="Show each plan and wait.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Lines of stdin are messages; print one event a line.")
    ] = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    database: DatabaseOption = None,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Build a workflow by talking; piped, each line of stdin is a message."""
    from flowloom.cli.chat.opening import talk_at_terminal, talk_in_pipe
    from flowloom.cli.chat.session import check_thread_id, new_thread_id
    from flowloom.cli.session import assembled, settings_of

    thread_id = new_thread_id() if thread is None else check_thread_id(thread)
    settings = settings_of(
        config,
        approve_plan=approve_plan,
        model=model,
        base_url=base_url,
        database=database,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        embedder=embedder,
        data_dir=data_dir,
    ).settings
    assembly = assembled(settings)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    try:
        if at_terminal:
            return asyncio.run(talk_at_terminal(assembly, thread_id))
        return asyncio.run(talk_in_pipe(assembly, thread_id, as_json=as_json))
    except KeyboardInterrupt:
        return INTERRUPTED
