"""The source of truth of an index: entries, hashes and vectors in one SQLite file.

Everything else in an index directory (lexical index, vector index) is derived from it and can be
built again without embedding anything.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from flowloom.errors import StorageError
from flowloom.retrieval.entry import Entry

__all__ = ["SCHEMA_VERSION", "Store", "text_key"]

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    text_key BLOB NOT NULL,
    provider TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE vectors (text_key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""
_CHUNK = 500
"""Values in one ``IN`` list; old builds of SQLite take 999."""


class Store:
    """One index's SQLite file. Cheap to open; each call opens, commits and closes by itself."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises:
            StorageError: It cannot be used, or a newer flowloom wrote it.
        """
        self.path = path
        with self._open() as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version > SCHEMA_VERSION:
                raise StorageError(
                    f"The index {str(path)!r} was written by a newer flowloom (format {version}, "
                    f"this one reads up to {SCHEMA_VERSION}).",
                    hint="Update flowloom, or choose another index directory.",
                )
            if version == 0:
                _create(db)

    # -- state ---------------------------------------------------------------------------

    def meta(self, key: str) -> str:
        """A stored setting; empty if it was never set."""
        with self._open() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def hashes(self) -> dict[str, str]:
        """Content hash by id, in the order of the catalog."""
        with self._open() as db:
            return dict(db.execute("SELECT id, hash FROM entries ORDER BY position"))

    def count(self) -> int:
        """Number of entries."""
        with self._open() as db:
            return int(db.execute("SELECT count(*) FROM entries").fetchone()[0])

    # -- entries -------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """All entries in the order of the catalog."""
        with self._open() as db:
            rows = db.execute("SELECT record FROM entries ORDER BY position").fetchall()
        return [_entry(row[0]) for row in rows]

    def at(self, positions: Iterable[int]) -> dict[int, Entry]:
        """The entries at some positions."""
        rows = self._select("SELECT position, record FROM entries WHERE position", list(positions))
        return {int(position): _entry(record) for position, record in rows}

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """The positions of some ids; unknown ids are left out."""
        return dict(self._select("SELECT id, position FROM entries WHERE id", list(ids)))

    def providers(self) -> list[str]:
        """The provider of each entry, by position."""
        with self._open() as db:
            rows = db.execute("SELECT provider FROM entries ORDER BY position").fetchall()
        return [row[0] for row in rows]

    def replace(self, entries: Sequence[Entry], meta: Mapping[str, str]) -> None:
        """Make ``entries`` the whole content, in one transaction; drop vectors no longer used."""
        rows = [
            (at, e.id, e.content_hash, text_key(e.dense_text), e.provider, _record(e))
            for at, e in enumerate(entries)
        ]
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM entries")
            db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
            db.execute("DELETE FROM vectors WHERE text_key NOT IN (SELECT text_key FROM entries)")
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(meta.items()))
            db.execute("COMMIT")

    # -- vectors -------------------------------------------------------------------------

    def missing_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of ``keys`` that have no vector yet."""
        wanted = set(keys)
        with self._open() as db:
            return wanted - {row[0] for row in db.execute("SELECT text_key FROM vectors")}

    def add_vectors(self, keys: Sequence[bytes], vectors: npt.NDArray[np.float32]) -> None:
        """Keep one vector per key and commit."""
        rows = [(k, np.asarray(v, "<f4").tobytes()) for k, v in zip(keys, vectors, strict=True)]
        with self._open() as db, db:
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def start_embedder(self, name: str) -> None:
        """Make ``name`` the embedder of this index; vectors of another one are dropped."""
        with self._open() as db, db:
            db.execute(
                "DELETE FROM vectors WHERE NOT EXISTS "
                "(SELECT 1 FROM meta WHERE key = 'embedder' AND value = ?)",
                (name,),
            )
            db.execute("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", (name,))

    def vector(self, position: int) -> tuple[str, npt.NDArray[np.float32]]:
        """Id and vector, shape (1, dimension), of the entry at a position."""
        with self._open() as db:
            key, vector = db.execute(
                "SELECT id, vector FROM entries JOIN vectors USING (text_key) WHERE position = ?",
                (position,),
            ).fetchone()
        return key, np.frombuffer(vector, "<f4").reshape(1, -1)

    def vector_hashes(self) -> dict[str, str]:
        """For each id, by position, the hash of the text that its vector stands for."""
        with self._open() as db:
            return dict(db.execute("SELECT id, hex(text_key) FROM entries ORDER BY position"))

    def matrix(self) -> npt.NDArray[np.float32]:
        """The vectors of all entries, shape (entries, dimension), by position.

        Raises:
            StorageError: An entry has no vector.
        """
        with self._open() as db:
            rows = db.execute(
                "SELECT vector FROM entries LEFT JOIN vectors USING (text_key) ORDER BY position"
            ).fetchall()
        if any(row[0] is None for row in rows):
            raise StorageError(
                f"The index {str(self.path)!r} has entries without vectors.",
                hint="Delete the file and index again.",
            )
        if not rows:
            return np.zeros((0, 0), np.float32)
        return np.frombuffer(b"".join(row[0] for row in rows), "<f4").reshape(len(rows), -1)

    # -- SQLite --------------------------------------------------------------------------

    def _select(self, statement: str, values: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
        with self._open() as db:
            for start in range(0, len(values), _CHUNK):
                some = values[start : start + _CHUNK]
                marks = ",".join("?" * len(some))
                yield from db.execute(f"{statement} IN ({marks})", some).fetchall()

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = NORMAL")
                yield db
        except sqlite3.Error as error:
            raise StorageError(
                f"The index {str(self.path)!r} cannot be used: {error}.",
                hint="Check disk space and permissions; a damaged index may be deleted: "
                "it is built again from the catalog.",
            ) from error


def text_key(text: str) -> bytes:
    """What a vector is filed under: 16 bytes of the SHA-256 of the embedded text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _create(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")


def _record(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=True, separators=(",", ":"))


def _entry(record: str) -> Entry:
    values: dict[str, Any] = json.loads(record)
    for key in ("requires", "produces"):
        values[key] = tuple(values[key])
    return Entry(**values)
