"""LangGraph's SQLite checkpointer for code with an event loop: each call is one hop to a thread.

Its own asynchronous one makes a hop for every cursor, statement and commit: two hundred a turn.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite import SqliteSaver

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.serde.base import SerializerProtocol

__all__ = ["ThreadedSqliteSaver"]


class ThreadedSqliteSaver(SqliteSaver):
    """One connection behind the lock of ``SqliteSaver``."""

    @classmethod
    def opened(cls, file: Path, serializer: SerializerProtocol) -> ThreadedSqliteSaver:
        """Open a file and make its tables."""
        connection = sqlite3.connect(file, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA synchronous=NORMAL")
        saver = cls(connection, serde=serializer)
        saver.setup()
        return saver

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Return a checkpoint; see ``get_tuple``."""
        return await asyncio.to_thread(self.get_tuple, config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint; see ``put``."""
        return await asyncio.to_thread(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep what a task wrote; see ``put_writes``."""
        await asyncio.to_thread(self.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a turn; see ``delete_thread``."""
        await asyncio.to_thread(self.delete_thread, thread_id)

    def close(self) -> None:
        """Close the connection when no thread is at work with it.

        A turn that was cancelled leaves its last write running in its thread.
        """
        with self.lock:
            self.conn.close()
