"""``flowloom mcp``: the calls as tools of an MCP server, over stdin and stdout."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from types import FrameType
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from flowloom.assembly import Assembly

__all__ = ["mcp"]

INTERRUPTED = 130


def mcp(
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
    """Serve MCP on stdin and stdout, for a client that starts this command."""
    from flowloom.cli.session import assembled, settings_of

    # stdout belongs to the protocol; MCP's own library would draw tracebacks in boxes.
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    settings = settings_of(
        config,
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
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    asyncio.run(_serve(assembly))
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    # A thread waits for the next line of stdin, and nothing but a line or its end can wake it: an
    # orderly end would wait for the client. What is saved is saved whole by the database.
    os._exit(INTERRUPTED)


async def _serve(assembly: Assembly) -> None:
    from flowloom.assembly import roles_of
    from flowloom.service.mcp.server import mcp_server
    from flowloom.service.mcp.workbench import Workbench
    from flowloom.storage.database import open_database
    from flowloom.storage.saved_workflows import SavedWorkflows

    settings = assembly.settings
    async with open_database(settings.data_dir, settings.database) as database:
        workbench = Workbench(
            assembly=assembly,
            saved=SavedWorkflows(database),
            answerer=roles_of(assembly).answerer,
        )
        await mcp_server(workbench).run_stdio_async()
