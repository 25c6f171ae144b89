"""Names of services and producers of ids, kept in a small SQLite file beside the search files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.lexical import Analyzer
from flowloom.retrieval.producers import Producer, producer_table
from flowloom.retrieval.routing import Alias, aliases

__all__ = ["Features"]

_SCHEMA = """
CREATE TABLE aliases (number INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, ordinary INTEGER);
CREATE TABLE members (number INTEGER, position INTEGER, PRIMARY KEY (number, position))
    WITHOUT ROWID;
CREATE TABLE producers (provider TEXT, object TEXT, position INTEGER, strength REAL,
    PRIMARY KEY (provider, object, position)) WITHOUT ROWID;
"""


class Features:
    """Looks up names and producers; opened once, read only."""

    def __init__(self, path: Path) -> None:
        """Open a built file."""
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @staticmethod
    def build(entries: Sequence[Entry], path: Path) -> None:
        """Derive names and producers from ``entries`` and write them."""
        with closing(sqlite3.connect(path)) as db, db:
            db.executescript(_SCHEMA)
            for number, alias in enumerate(aliases(entries)):
                db.execute(
                    "INSERT INTO aliases VALUES (?,?,?)", (number, alias.words, alias.ordinary)
                )
                db.executemany(
                    "INSERT INTO members VALUES (?, ?)", ((number, at) for at in alias.positions)
                )
            table = producer_table(entries, Analyzer())
            db.executemany(
                "INSERT INTO producers VALUES (?, ?, ?, ?)",
                ((*key, *producer) for key, found in table.items() for producer in found),
            )

    def find_aliases(self, phrases: Sequence[str]) -> list[Alias]:
        """The aliases that are written like one of ``phrases``."""
        marks = ",".join("?" * len(phrases))
        rows = self._db.execute(
            f"SELECT number, words, ordinary FROM aliases WHERE words IN ({marks})", phrases
        ).fetchall()
        return [Alias(words, bool(common), self._members(at)) for at, words, common in rows]

    def _members(self, number: int) -> tuple[int, ...]:
        rows = self._db.execute("SELECT position FROM members WHERE number = ?", (number,))
        return tuple(row[0] for row in rows)

    def producers(self, provider: str, objects: Iterable[str]) -> dict[str, list[Producer]]:
        """The producers of each object within a provider."""
        return {item: self._producers(provider, item) for item in objects}

    def _producers(self, provider: str, item: str) -> list[Producer]:
        rows = self._db.execute(
            "SELECT position, strength FROM producers WHERE provider = ? AND object = ? "
            "ORDER BY strength DESC, position",
            (provider, item),
        )
        return [Producer(position, strength) for position, strength in rows]
