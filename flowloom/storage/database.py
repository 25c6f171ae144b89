"""The database: its tables, and the engine that is SQLite by default and Postgres by address."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from flowloom.errors import ConfigError, MissingExtra, StorageError

__all__ = [
    "SETUP_KEY",
    "TABLES",
    "Database",
    "events",
    "messages",
    "open_database",
    "replies",
    "threads",
    "versions",
    "workflows",
]

SETUP_KEY = 7_226_391_842
"""Postgres' advisory lock that is held while tables are made: two processes may start at once."""

TABLES = sa.MetaData()

threads = sa.Table(
    "flowloom_threads",
    TABLES,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("current", sa.Integer, nullable=False),
    sa.Column("undone", sa.JSON, nullable=False),
    sa.Column("decisions", sa.JSON, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("summarized", sa.Integer, nullable=False),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("turn_state", sa.String(16), nullable=False),
    sa.Column("turn_input", sa.JSON, nullable=False),
    sa.Column("behind", sa.JSON(none_as_null=True)),
    sa.Column("cancel", sa.String(64)),
)
messages = sa.Table(
    "flowloom_messages",
    TABLES,
    sa.Column("thread", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
versions = sa.Table(
    "flowloom_versions",
    TABLES,
    sa.Column("thread", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("parent", sa.Integer, nullable=False),
    sa.Column("author", sa.String(16), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("format", sa.String(8), nullable=False),
    sa.Column("verdict", sa.JSON, nullable=False),
    sa.Column("diff", sa.JSON, nullable=False),
)
events = sa.Table(
    "flowloom_events",
    TABLES,
    sa.Column("thread", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)
workflows = sa.Table(
    "flowloom_workflows",
    TABLES,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("etag", sa.String(80), nullable=False),
    sa.Column("saved_at", sa.String(40), nullable=False),
)
replies = sa.Table(
    "flowloom_replies",
    TABLES,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("request", sa.String(80), nullable=False),
    sa.Column("answer", sa.JSON),
    sa.Column("at", sa.String(40), nullable=False),
)


@dataclass(frozen=True)
class Database:
    """An open database with all tables.

    Attributes:
        address: as given, such as ``postgresql://user@host/name``; empty for SQLite.
        engine: the engine behind it.
    """

    address: str
    engine: AsyncEngine

    @property
    def is_postgres(self) -> bool:
        """Whether several machines can share it."""
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction: committed at the end, rolled back by an exception.

        Raises:
            StorageError: the database refused it.
        """
        with _told():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """Open a connection for single reads: no transaction is begun and ended around them.

        Raises:
            StorageError: the database refused it.
        """
        with _told():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(
            f"The database failed: {_first_line(error)}.",
            hint="Check that it runs and that its disk is not full.",
        ) from error


@asynccontextmanager
async def open_database(directory: Path, address: str = "") -> AsyncGenerator[Database]:
    """Open the database, making what is missing.

    Args:
        directory: holds the SQLite file where no address is given.
        address: ``postgresql://…``; empty for SQLite.

    Raises:
        ConfigError: the address is of no known kind.
        StorageError: it cannot be opened.
    """
    engine = _engine(directory, address)
    database = Database(address, engine)
    try:
        async with database.begin() as connection:
            await connection.run_sync(_prepare_tables)
        yield database
    finally:
        await engine.dispose()


def _engine(directory: Path, address: str) -> AsyncEngine:
    if not address:
        engine = create_async_engine(f"sqlite+aiosqlite:///{directory / 'conversations.sqlite'}")
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        return engine
    scheme, _, rest = address.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise ConfigError(
            f"The database address starts with {scheme!r}.",
            hint="Give postgresql://USER@HOST/NAME, or nothing for a SQLite file.",
        )
    try:
        return create_async_engine(f"postgresql+psycopg://{rest}", pool_size=10, max_overflow=20)
    except ImportError as error:
        raise MissingExtra(error.name or "psycopg", "postgres") from None


def _prepare_tables(connection: sa.Connection) -> None:
    """Make the tables, and the columns that a database of an earlier release lacks."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": SETUP_KEY})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    TABLES.create_all(connection)
    inspector = sa.inspect(connection)
    for table in TABLES.sorted_tables:
        known = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                kind = column.type.compile(connection.dialect)
                add = f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"
                connection.exec_driver_sql(add)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _first_line(error: SQLAlchemyError) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__
