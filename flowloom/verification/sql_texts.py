"""Whether a text is SQL that parses; sqlglot is loaded when the first such text is seen."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

__all__ = ["sql_problem"]

_DIALECTS = ("", "postgres", "mysql", "sqlite", "tsql", "oracle", "bigquery", "snowflake", "duckdb")
_DRIVER_PARAMETER = re.compile(r"%\(\w+\)s|%s\b")
_LITERAL = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_STATEMENTS = """
    Select SetOperation Union Except Intersect Subquery Values Insert Update Delete Merge Create
    Drop Alter Command Pragma Describe Show Set Use Transaction Commit Rollback Copy TruncateTable
    Grant Revoke Comment Analyze Attach Detach Cache Uncache Refresh Kill LoadData Export Block
    Execute Declare Semicolon Summarize With Query DDL DML Install
"""
_KNOWN = frozenset(_STATEMENTS.split())
_OTHERS = """
    call checkpoint cluster discard do exec execute flush handler import listen lock notify optimize
    perform prepare reindex release rename reset savepoint signal undrop upsert vacuum
"""
_NOT_READ = frozenset(_OTHERS.split())
"""Words that begin statements of single databases, which the parser does not read."""
_MOST = 20_000


@lru_cache(maxsize=1024)
def sql_problem(text: str, dialect: str = "") -> str | None:
    """Return why a text is no SQL, None if it is or if that cannot be told.

    Args:
        text: one statement or several; ``?``, ``:name``, ``@name``, ``$1``, ``%s`` and
            ``%(name)s`` may stand for values.
        dialect: the one that it is written in; where none is given, any of the common ones may be.
    """
    if not text.strip():
        return "it is empty"
    if len(text) > _MOST or text.split()[0].lower() in _NOT_READ:
        return None
    plain = _with_plain_parameters(text)
    tries = (dialect,) if dialect else _DIALECTS
    said = ""
    for name in tries:
        found = _said(plain, name)
        if found is None:
            return None
        said = said or found
    return said


def _with_plain_parameters(text: str) -> str:
    """Write a driver's ``%s`` as ``?``, outside of literals."""
    if "%" not in text:
        return text
    parts = _LITERAL.split(text)
    literals = _LITERAL.findall(text)
    plain = [_DRIVER_PARAMETER.sub("?", part) for part in parts]
    return "".join(part + literal for part, literal in zip(plain, [*literals, ""], strict=True))


def _said(text: str, dialect: str) -> str | None:
    import sqlglot
    from sqlglot.errors import SqlglotError

    # It would write a line to standard error for every statement that it only half knows.
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        statements = sqlglot.parse(text, read=dialect or None)
    except SqlglotError as error:
        return _first_line(str(error))
    except (ValueError, RecursionError):
        return None  # An unknown dialect, or too deep for the parser: nothing can be told.
    first = statements[0] if statements else None
    if first is None:
        return "it is empty"
    kinds = {base.__name__ for base in type(first).__mro__}
    return None if kinds & _KNOWN else f"it begins with {text.split()[0]!r:.30}, no statement"


def _first_line(said: str) -> str:
    line = re.sub(r"\x1b\[[0-9;]*m", "", said.splitlines()[0]).strip().rstrip(".")
    line = re.sub(r"<class '[\w.]*?(\w+)'>", r"\1", line)
    return re.sub(r"<Token token_type: [^,]*, text: ([^,]*),.*?>", r"'\1'", line)
