"""``flowloom serve``: threads and single calls over HTTP, and MCP beside them."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowloom.cli import output
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
from flowloom.errors import ConfigError, MissingExtra, StorageError

if TYPE_CHECKING:
    from flowloom.service.http.tokens import Tokens
    from flowloom.settings import Settings

__all__ = ["serve"]

DRAIN_SECONDS = 30


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8765,
    tokens_file: Annotated[
        Path | None, typer.Option(help="File with NAME=TOKEN a line; or FLOWLOOM_SERVE_TOKENS.")
    ] = None,
    hosts: Annotated[
        list[str] | None, typer.Option("--allowed-host", help="Name under which MCP is called.")
    ] = None,
    database: DatabaseOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Serve threads, single calls and MCP over HTTP until stopped (Ctrl-C)."""
    from flowloom.cli.session import assembled, settings_of

    settings = settings_of(
        config,
        database=database,
        model=model,
        base_url=base_url,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        embedder=embedder,
        data_dir=data_dir,
    ).settings
    try:
        import uvicorn

        from flowloom.service.http.app import ServeOptions, create_app
        from flowloom.service.http.listening import Server
    except ImportError as error:
        raise MissingExtra(error.name or "fastapi", "serve") from None
    tokens = _tokens(settings, tokens_file)
    if not _is_loopback(host) and not tokens.by_name:
        raise ConfigError(
            f"Without tokens the server listens on loopback only, not on {host!r}.",
            hint="Set FLOWLOOM_SERVE_TOKENS=NAME=TOKEN, or give --tokens-file.",
        )
    asyncio.run(_check_database(settings))
    options = ServeOptions(tokens=tokens, hosts=tuple(hosts or ()))
    app = create_app(assembled(settings), options)
    listening = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = Server(listening, lambda at: output.note(f"serving on {at} (Ctrl-C stops)"))
    # Uvicorn has ended in order when it raises the signal again that told it to.
    with suppress(KeyboardInterrupt):
        server.run()
    return 0


async def _check_database(settings: Settings) -> None:
    """Tell in one line what is wrong with the database, before the server starts."""
    from flowloom.settings import prepare_data_directory
    from flowloom.storage.database import open_database

    directory = prepare_data_directory(settings.data_dir)
    async with open_database(directory, settings.database):
        pass


def _tokens(settings: Settings, file: Path | None) -> Tokens:
    from flowloom.service.http.tokens import parse_tokens

    if file is None:
        return parse_tokens(settings.serve_tokens.get_secret_value())
    try:
        return parse_tokens(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"Cannot read the tokens in {str(file)!r}: {error}.") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
