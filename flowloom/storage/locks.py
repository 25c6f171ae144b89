"""One run at a time per thread, across tasks and processes; a lock dies with its process."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.ext.asyncio import AsyncConnection

from flowloom.errors import Conflict
from flowloom.storage.database import Database

__all__ = ["ThreadLocks"]


@dataclass
class ThreadLocks:
    """The locks of one process: Postgres advisory locks, or lock files beside SQLite.

    Attributes:
        directory: where lock files stand; not used with Postgres.
    """

    database: Database
    directory: Path
    _held: set[str] = field(default_factory=set[str])
    _connection: AsyncConnection | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def hold(self, thread_id: str) -> AsyncGenerator[None]:
        """Hold the lock of a thread.

        Raises:
            Conflict: someone else holds it; nothing is waited for.
        """
        if thread_id in self._held:
            raise _busy(thread_id)
        self._held.add(thread_id)
        try:
            held = self._advisory if self.database.is_postgres else self._file
            async with held(thread_id):
                yield
        finally:
            self._held.discard(thread_id)

    async def close(self) -> None:
        """Give back the connection that holds Postgres locks."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    @asynccontextmanager
    async def _file(self, thread_id: str) -> AsyncGenerator[None]:
        folder = self.directory / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(thread_id.encode()).hexdigest()[:32]
        lock = FileLock(folder / f"{name}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise _busy(thread_id) from None
        try:
            yield
        finally:
            lock.release()

    @asynccontextmanager
    async def _advisory(self, thread_id: str) -> AsyncGenerator[None]:
        key = int.from_bytes(hashlib.sha256(thread_id.encode()).digest()[:8], signed=True)
        if not await self._ask("SELECT pg_try_advisory_lock(:key)", key):
            raise _busy(thread_id)
        try:
            yield
        finally:
            await self._ask("SELECT pg_advisory_unlock(:key)", key)

    async def _ask(self, statement: str, key: int) -> bool:
        # One connection holds all locks of the process: Postgres frees them when it goes.
        async with self._asking:
            if self._connection is None:
                engine = self.database.engine.execution_options(isolation_level="AUTOCOMMIT")
                self._connection = await engine.connect()
            return bool(await self._connection.scalar(sa.text(statement), {"key": key}))


def _busy(thread_id: str) -> Conflict:
    return Conflict(
        f"The thread {thread_id!r} is at work on another message.",
        hint="Wait until it has ended, or cancel it.",
    )
