"""Threads in the database. Only the one run that holds a thread's lock writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from flowloom.errors import Conflict, NotFound, nearest
from flowloom.storage.database import Database, events, messages, threads, versions
from flowloom.storage.records import (
    StoredEvent,
    StoredMessage,
    StoredThread,
    StoredVersion,
    first_part,
    now,
)

__all__ = ["ThreadStore"]

MAX_EVENTS = 1_000


@dataclass(frozen=True)
class ThreadStore:
    """Reads and writes threads; every method is one transaction.

    Raises:
        StorageError: the database failed.
        NotFound: the thread does not exist, or belongs to someone else.
    """

    database: Database

    async def create(self, thread_id: str, owner: str = "") -> StoredThread:
        """Make a thread.

        Raises:
            Conflict: there is one of that id.
        """
        thread = StoredThread(id=thread_id, owner=owner, created_at=now())
        async with self.database.begin() as connection:
            if await _row(connection, thread_id) is not None:
                raise Conflict(
                    f"There is a thread {thread_id!r} already.", hint="Take another id, or none."
                )
            await connection.execute(threads.insert().values(**thread.model_dump(mode="json")))
        return thread

    async def get(self, thread_id: str, owner: str = "") -> StoredThread:
        """Return a thread."""
        async with self.database.read() as connection:
            row = await _row(connection, thread_id)
            if row is None or row["owner"] != owner:
                names = [str(name) for name in await connection.scalars(_ids(owner))]
                raise NotFound(f"There is no thread {thread_id!r}.", hint=nearest(thread_id, names))
        return StoredThread.model_validate(dict(row))

    async def list(self, owner: str = "", limit: int = 100) -> tuple[StoredThread, ...]:
        """Return the threads of an owner, newest first."""
        query = (
            threads.select()
            .where(threads.c.owner == owner)
            .order_by(threads.c.created_at.desc(), threads.c.id)
            .limit(limit)
        )
        return tuple(StoredThread.model_validate(dict(row)) for row in await self._rows(query))

    async def delete(self, thread_id: str) -> None:
        """Delete a thread with all that belongs to it."""
        async with self.database.begin() as connection:
            for table in (messages, versions, events):
                await connection.execute(table.delete().where(table.c.thread == thread_id))
            await connection.execute(threads.delete().where(threads.c.id == thread_id))

    async def unfinished(self) -> tuple[StoredThread, ...]:
        """Return the threads whose turn was running when its process ended."""
        query = threads.select().where(threads.c.turn_state == "running").order_by(threads.c.id)
        return tuple(StoredThread.model_validate(dict(row)) for row in await self._rows(query))

    async def ask_to_cancel(self, thread_id: str, turn: str) -> None:
        """Mark a turn, so that the process that runs it ends it; the one write without its lock."""
        begun = first_part(turn)
        where = (threads.c.id == thread_id, threads.c.turn.startswith(begun, autoescape=True))
        async with self.database.begin() as connection:
            mark = threads.update().where(*where).values(cancel=begun)
            await connection.execute(mark)

    async def to_cancel(self, thread_ids: Sequence[str]) -> tuple[str, ...]:
        """Return those of the threads whose turn is marked."""
        if not thread_ids:
            return ()
        query = threads.select().where(threads.c.id.in_(thread_ids), threads.c.cancel.is_not(None))
        found = (StoredThread.model_validate(dict(row)) for row in await self._rows(query))
        return tuple(thread.id for thread in found if thread.is_to_be_cancelled)

    async def change(
        self,
        thread_id: str,
        *,
        said: Sequence[StoredMessage] = (),
        version: StoredVersion | None = None,
        happened: Sequence[StoredEvent] = (),
        **values: Any,
    ) -> None:
        """Add messages, a version and events, and set columns, all in one transaction.

        Args:
            values: columns of the thread, such as ``current`` or ``turn_state``.
        """
        async with self.database.begin() as connection:
            for table, records in ((messages, said), (versions, [version]), (events, happened)):
                rows = [
                    {"thread": thread_id, **record.model_dump(mode="json")}
                    for record in records
                    if record is not None
                ]
                if rows:
                    await connection.execute(table.insert(), rows)
            if values:
                statement = threads.update().where(threads.c.id == thread_id).values(**values)
                await connection.execute(statement)

    async def messages(self, thread_id: str, after: int = 0) -> tuple[StoredMessage, ...]:
        """Return the messages with a higher number, oldest first."""
        found = await self._numbered(messages, thread_id, after)
        return tuple(map(StoredMessage.model_validate, found))

    async def versions(self, thread_id: str, after: int = 0) -> tuple[StoredVersion, ...]:
        """Return the versions with a higher number, oldest first."""
        found = await self._numbered(versions, thread_id, after)
        return tuple(map(StoredVersion.model_validate, found))

    async def version(self, thread_id: str, number: int) -> StoredVersion:
        """Return one version.

        Raises:
            NotFound: there is none of that number.
        """
        found = await self._numbered(versions, thread_id, number - 1, limit=1)
        if not found or found[0]["number"] != number:
            raise NotFound(f"The thread {thread_id!r} has no version {number}.")
        return StoredVersion.model_validate(found[0])

    async def events(
        self, thread_id: str, after: int = 0, limit: int = MAX_EVENTS
    ) -> tuple[StoredEvent, ...]:
        """Return at most ``limit`` events with a higher number, oldest first."""
        found = await self._numbered(events, thread_id, after, limit)
        return tuple(map(StoredEvent.model_validate, found))

    async def last_numbers(self, thread_id: str) -> tuple[int, int, int]:
        """Return the highest numbers of messages, versions and events; 0 where there is none."""
        counts = [
            sa.select(sa.func.max(table.c.number))
            .where(table.c.thread == thread_id)
            .scalar_subquery()
            for table in (messages, versions, events)
        ]
        async with self.database.read() as connection:
            row = (await connection.execute(sa.select(*counts))).one()
        first, second, third = (int(number or 0) for number in row)
        return first, second, third

    async def _numbered(
        self, table: sa.Table, thread_id: str, after: int, limit: int | None = None
    ) -> list[dict[str, Any]]:
        query = (
            table.select()
            .where(table.c.thread == thread_id, table.c.number > after)
            .order_by(table.c.number)
            .limit(limit)
        )
        return [dict(row) for row in await self._rows(query)]

    async def _rows(self, query: sa.Select[Any]) -> Sequence[sa.RowMapping]:
        async with self.database.read() as connection:
            return (await connection.execute(query)).mappings().all()


async def _row(connection: AsyncConnection, thread_id: str) -> sa.RowMapping | None:
    query = threads.select().where(threads.c.id == thread_id)
    return (await connection.execute(query)).mappings().one_or_none()


def _ids(owner: str) -> sa.Select[tuple[str]]:
    return sa.select(threads.c.id).where(threads.c.owner == owner).limit(1_000)
