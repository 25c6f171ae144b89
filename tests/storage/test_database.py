"""Opening a database: tables, those of an earlier release, two processes at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa

from flowloom.graph.conversation.savers import open_saver
from flowloom.storage.database import Database, open_database
from flowloom.storage.threads import ThreadStore


async def test_a_database_of_an_earlier_release_gets_the_columns_that_it_lacks(
    address: str, tmp_path: Path
) -> None:
    async with open_database(tmp_path, address) as database:
        await ThreadStore(database).create("t")
        for column in ("behind", "cancel"):
            await _run(database, f"ALTER TABLE flowloom_threads DROP COLUMN {column}")
    async with open_database(tmp_path, address) as database:
        thread = await ThreadStore(database).get("t")
        assert (thread.id, thread.behind, thread.cancel) == ("t", None, None)


async def _run(database: Database, statement: str) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text(statement))


async def test_several_processes_can_open_an_empty_database_at_once(
    address: str, tmp_path: Path
) -> None:
    async def opened() -> bool:
        async with open_database(tmp_path, address) as database, open_saver(tmp_path, address):
            return await ThreadStore(database).list() == ()

    assert await asyncio.gather(*(opened() for _ in range(4))) == [True] * 4
