"""Where the state of a turn under way is kept: beside the threads, in SQLite or Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, get_args

from langgraph.checkpoint.base import BaseCheckpointSaver

from flowloom.errors import MissingExtra
from flowloom.graph.checkpoints import checkpoint_serializer
from flowloom.graph.conversation.history import History
from flowloom.graph.conversation.state import Pending, Said
from flowloom.intents import Intent
from flowloom.storage.database import SETUP_KEY

__all__ = ["CONVERSATION_TYPES", "open_saver"]

CONVERSATION_TYPES: tuple[type, ...] = (History, Pending, Said, *get_args(get_args(Intent)[0]))
"""What stands in ``ConversationState`` beside the types of ``ComposeState``."""

POOL_SIZE = 10
ASK_AGAIN_SECONDS = 0.1


@asynccontextmanager
async def open_saver(
    directory: Path, address: str = ""
) -> AsyncGenerator[BaseCheckpointSaver[Any]]:
    """Open the checkpointer and make its tables.

    Args:
        directory: holds the SQLite file where no address is given.
        address: ``postgresql://…``; empty for SQLite.
    """
    opened = _postgres(address) if address else _sqlite(directory)
    async with opened as saver:
        yield saver


@asynccontextmanager
async def _sqlite(directory: Path) -> AsyncGenerator[BaseCheckpointSaver[Any]]:
    from flowloom.graph.conversation.sqlite_saver import ThreadedSqliteSaver

    file = directory / "turns.sqlite"
    serializer = checkpoint_serializer(*CONVERSATION_TYPES)
    saver = await asyncio.to_thread(ThreadedSqliteSaver.opened, file, serializer)
    try:
        yield saver
    finally:
        await asyncio.to_thread(saver.close)


@asynccontextmanager
async def _postgres(address: str) -> AsyncGenerator[BaseCheckpointSaver[Any]]:
    try:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
        from psycopg.rows import dict_row
        from psycopg_pool import AsyncConnectionPool
    except ImportError as error:
        raise MissingExtra(error.name or "psycopg", "postgres") from None

    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool: Any = AsyncConnectionPool(address, max_size=POOL_SIZE, kwargs=options, open=False)
    async with pool:
        saver = AsyncPostgresSaver(pool, serde=checkpoint_serializer(*CONVERSATION_TYPES))
        async with _alone(pool):
            await saver.setup()
        yield saver


@asynccontextmanager
async def _alone(pool: Any) -> AsyncGenerator[None]:
    """Make tables in one process at a time.

    The lock is asked for again and again: who waits for it in a statement would be waited for by
    ``CREATE INDEX CONCURRENTLY``, for ever.
    """
    key = {"key": SETUP_KEY + 1}
    async with pool.connection() as connection:
        while True:
            asked = await connection.execute("SELECT pg_try_advisory_lock(%(key)s) AS held", key)
            if (await asked.fetchone())["held"]:
                break
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%(key)s)", key)
