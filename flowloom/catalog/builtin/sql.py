"""SQL databases, any that SQLAlchemy has a driver for. The connection's ``url`` names one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import Row, Rows, Sql
from flowloom.catalog.python_functions import Account, component
from flowloom.errors import ComponentError, nearest

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__: list[str] = []


class Changed(TypedDict):
    """What a statement changed.

    Attributes:
        rows: how many rows were inserted, changed or deleted.
    """

    rows: int


@contextmanager
def _engine(connection: Mapping[str, str]) -> Generator[Engine]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(connection["url"])
    except (KeyError, SQLAlchemyError, ImportError) as error:
        raise ComponentError(
            "The connection of type 'sql' has no usable 'url'.",
            hint="Set one such as sqlite:///shop.db or postgresql+psycopg://user:pw@host/db.",
        ) from error
    try:
        yield engine
    except SQLAlchemyError as error:
        # The message without SQLAlchemy's link; the statement itself is in the workflow.
        reason = getattr(error, "orig", None) or error
        raise ComponentError(f"The database refused the statement: {reason}.") from error
    finally:
        engine.dispose()


def _plain(value: Any) -> Any:
    """Turn what a driver returns into what JSON can say."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return (
        value if isinstance(value, (str, int, float, bool, type(None), list, dict)) else str(value)
    )


@component(
    id="sql.query",
    title="Query a database",
    keywords=["select", "database", "postgres", "mysql", "sqlite", "look up records", "table"],
    provider="SQL",
    connection="sql",
)
def query(
    query: Sql,
    parameters: Row | None = None,
    limit: Annotated[int, Field(ge=1)] = 10_000,
    *,
    connection: Account,
) -> Rows:
    """Run a SELECT on a database, and return its rows; nothing it changes is kept.

    Args:
        query: the statement; values stand in it as :name.
        parameters: the values by name.
        limit: how many rows are returned at most.
    """
    from sqlalchemy import text

    with _engine(connection) as engine, engine.connect() as link:
        result = link.execute(text(query), parameters or {})
        if not result.returns_rows:
            raise ComponentError("The statement returns no rows.", hint="Use 'sql.execute' for it.")
        rows = result.mappings().fetchmany(limit)
        return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


@component(
    id="sql.execute",
    title="Change a database",
    keywords=["update", "delete", "insert", "database", "statement", "create table"],
    provider="SQL",
    connection="sql",
    effect="destructive",
)
def execute(statement: Sql, parameters: Row | None = None, *, connection: Account) -> Changed:
    """Run an INSERT, UPDATE, DELETE or other statement, and return how many rows changed.

    Args:
        statement: the statement; values stand in it as :name.
        parameters: the values by name.
    """
    from sqlalchemy import text

    with _engine(connection) as engine, engine.begin() as link:
        return {"rows": max(0, link.execute(text(statement), parameters or {}).rowcount)}


@component(
    id="sql.insert_rows",
    title="Insert rows into a table",
    keywords=["save to database", "store records", "bulk insert", "load table", "add rows"],
    provider="SQL",
    connection="sql",
    effect="write",
)
def insert_rows(table: str, items: Rows, *, connection: Account) -> Changed:
    """Insert a list of rows into a database table, all or none.

    Args:
        table: the table's name.
        items: the rows, each an object with the table's columns.
    """
    from sqlalchemy import MetaData, Table, inspect
    from sqlalchemy.exc import NoSuchTableError

    if not items:
        return {"rows": 0}
    with _engine(connection) as engine:
        try:
            target = Table(table, MetaData(), autoload_with=engine)
        except NoSuchTableError as error:
            known = inspect(engine).get_table_names()
            raise ComponentError(
                f"There is no table {table!r}.", hint=nearest(table, known)
            ) from error
        unknown = sorted({name for row in items for name in row} - set(target.columns.keys()))
        if unknown:
            raise ComponentError(
                f"The table {table!r} has no column {unknown[0]!r}.",
                hint=nearest(unknown[0], target.columns.keys()),
            )
        # Executing with a list takes its columns from the first row: give all rows the same.
        names = list(dict.fromkeys(name for row in items for name in row))
        with engine.begin() as link:
            link.execute(
                target.insert(), [{name: row.get(name) for name in names} for row in items]
            )
    return {"rows": len(items)}


@component(
    id="sql.list_tables",
    title="List database tables",
    keywords=["schema", "columns", "database structure"],
    provider="SQL",
    connection="sql",
)
def list_tables(*, connection: Account) -> list[str]:
    """Return the names of a database's tables."""
    from sqlalchemy import inspect

    with _engine(connection) as engine:
        return sorted(inspect(engine).get_table_names())
