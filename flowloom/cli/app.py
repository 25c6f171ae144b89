"""The commands put together, and what happens to errors and signals."""

from __future__ import annotations

import io
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Annotated, Any

import typer
from typer.main import get_command

from flowloom import __version__
from flowloom.cli import INTERRUPTED, output
from flowloom.cli.commands import (
    catalog,
    chat,
    compose,
    config,
    doctor,
    evaluate,
    graph,
    index,
    mcp,
    schema,
    serve,
    show,
    verify,
)
from flowloom.errors import FlowloomError

__all__ = ["app", "run"]


app = typer.Typer(
    name="flowloom",
    help="From a request in plain words to a verified workflow.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("compose")(compose.compose)
app.command("chat")(chat.chat)
app.command("verify")(verify.verify)
app.command("show")(show.show)
app.command("schema")(schema.schema)
app.add_typer(catalog.app, name="catalog")
app.add_typer(evaluate.app, name="eval")
app.command("index")(index.index)
app.command("mcp")(mcp.mcp)
app.command("serve")(serve.serve)
app.command("graph")(graph.graph)
app.command("config")(config.config)
app.command("doctor")(doctor.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.write_out(f"flowloom {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction] registered by its decorator
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """From a request in plain words to a verified workflow."""


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command; every error ends as one line on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _write_any_character()
    _take_termination_as_interrupt()
    try:
        code: Any = get_command(app).main(
            args=arguments, prog_name="flowloom", standalone_mode=False
        )
    except FlowloomError as error:
        return _fail(arguments, type(error).__name__, error.message, error.hint, error.exit_code)
    except typer.TyperException as error:
        return _wrong_use(arguments, error)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except ImportError as error:
        if not _comes_of_interrupt(error):
            raise
        code = INTERRUPTED
    if code == INTERRUPTED:
        output.note("flowloom: interrupted; nothing was left half written.")
    return code if isinstance(code, int) else 0


def _comes_of_interrupt(error: BaseException | None) -> bool:
    """Say whether a signal met a library while it was loaded, which then says that it failed."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _wrong_use(arguments: Sequence[str], error: typer.TyperException) -> int:
    message = error.format_message()
    if not message or "\n" in message:  # No command was given: the message is the help.
        output.note(message)
        return error.exit_code
    return _fail(arguments, "WrongUse", message, "See: flowloom --help", error.exit_code)


def _fail(arguments: Sequence[str], name: str, message: str, hint: str, code: int) -> int:
    output.note(output.one_line(f"flowloom: {message} {hint}"))
    if "--json" in arguments:
        error = {"type": name, "message": message, "hint": hint, "exit_code": code}
        output.print_json({"status": "error", "error": error})
    return code


def _write_any_character() -> None:
    # A terminal that knows only ASCII gets escapes, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _take_termination_as_interrupt() -> None:
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    # As SIGINT, which asyncio turns into an orderly end of what runs.
    signal.raise_signal(signal.SIGINT)
