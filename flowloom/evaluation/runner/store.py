"""What a run has finished, in one SQLite file; a sample is there whole or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from flowloom.agents.language_model import Reply
from flowloom.errors import StorageError
from flowloom.evaluation.samples import Sample
from flowloom.evaluation.scores import Scores
from flowloom.roles import Usage
from flowloom.verification.diagnostic import Diagnostic

__all__ = ["Finished", "RunStore"]

_TABLES = """
CREATE TABLE IF NOT EXISTS samples (
    key TEXT PRIMARY KEY, case_id TEXT, sample TEXT NOT NULL, failed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS scores (
    key TEXT PRIMARY KEY, judge TEXT NOT NULL, scores TEXT NOT NULL, diagnostics TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS plan (position INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Finished:
    """A sample with its scores and what the verifier found in its output."""

    key: str
    sample: Sample
    scores: Scores
    diagnostics: tuple[Diagnostic, ...]


class RunStore:
    """Samples, scores and model replies by key; used from one thread.

    Raises:
        StorageError: the file cannot be opened or written, or is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None)
            # Each statement is a transaction; a process that is killed loses none that has ended.
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_TABLES)

    def __enter__(self) -> RunStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def finished_keys(self) -> set[str]:
        """Return the keys that need no new answer; an error (a server that failed) does."""
        return {str(key) for (key,) in self._all("SELECT key FROM samples WHERE failed = 0")}

    def scored_keys(self, judge: str) -> set[str]:
        """Return the keys that were scored by exactly this judge."""
        return {str(key) for (key,) in self._all("SELECT key FROM scores WHERE judge = ?", judge)}

    def save(self, key: str, sample: Sample) -> None:
        """Keep a sample."""
        failed = int(sample.output.status == "error")
        text = sample.model_dump_json(exclude_defaults=True)
        self._write(
            "INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", key, sample.case, text, failed
        )

    def sample(self, key: str) -> Sample:
        """Return a kept sample."""
        (text,) = next(self._all("SELECT sample FROM samples WHERE key = ?", key))
        return Sample.model_validate_json(str(text))

    def scores_text(self, key: str) -> str:
        """Return the kept scores of a sample as JSON text."""
        (text,) = next(self._all("SELECT scores FROM scores WHERE key = ?", key))
        return str(text)

    def save_scores(self, key: str, judge: str, scores: str, diagnostics: str) -> None:
        """Keep scores and diagnostics as JSON texts."""
        row = (key, judge, scores, diagnostics)
        self._write("INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?)", *row)

    def set_plan(self, keys: Iterable[str]) -> int:
        """Say which samples, in which order, the run is made of; return how many they are."""
        with self._told(), self._transaction():
            self._connection.execute("DELETE FROM plan")
            self._connection.executemany("INSERT INTO plan VALUES (?, ?)", enumerate(keys))
        return int(str(next(self._all("SELECT count(*) FROM plan"))[0]))

    def all_finished(self) -> Iterator[Finished]:
        """Yield every planned sample that has scores, one at a time, in the order of the plan."""
        rows = self._all(
            "SELECT s.key, s.sample, c.scores, c.diagnostics FROM plan p"
            " JOIN samples s ON s.key = p.key JOIN scores c ON c.key = p.key ORDER BY p.position"
        )
        for key, sample, scores, diagnostics in rows:
            yield Finished(
                key=str(key),
                sample=Sample.model_validate_json(str(sample)),
                scores=Scores.model_validate_json(str(scores)),
                diagnostics=tuple(map(Diagnostic.model_validate, json.loads(str(diagnostics)))),
            )

    def reply(self, key: str) -> Reply | None:
        """Return a model's reply to the same request, if there is one."""
        row = next(self._all("SELECT reply FROM replies WHERE key = ?", key), None)
        if row is None:
            return None
        data = json.loads(str(row[0]))
        return Reply(text=data["text"], usage=Usage(**data["usage"]), cut=data["cut"])

    def save_reply(self, key: str, reply: Reply) -> None:
        """Keep a model's reply."""
        data = {"text": reply.text, "usage": vars(reply.usage), "cut": reply.cut}
        self._write("INSERT OR REPLACE INTO replies VALUES (?, ?)", key, json.dumps(data))

    def _all(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        with self._told():
            yield from self._connection.execute(query, values)

    def _write(self, statement: str, *values: object) -> None:
        with self._told():
            self._connection.execute(statement, values)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"The run's file {str(self._path)!r} cannot be used: {error}.",
                hint="Free some disk space, or give another directory with --out.",
            ) from None
