"""A database of each kind: SQLite in a file, and Postgres as a real server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from flowloom.storage.database import Database, open_database
from tests.servers.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def database(address: str, tmp_path: Path) -> AsyncGenerator[Database]:
    """Return an open database."""
    async with open_database(tmp_path, address) as opened:
        yield opened
