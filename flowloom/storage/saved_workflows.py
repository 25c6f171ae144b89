"""Saved workflows: one owner's documents by name, with entity tags against lost updates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from flowloom.errors import Conflict, DocumentError, NotFound, UserError, nearest
from flowloom.storage.database import Database, workflows
from flowloom.workflow.document import read_document

__all__ = ["ABSENT", "MAX_NAME", "SavedWorkflow", "SavedWorkflows", "etag_of"]

ABSENT = ""
"""The expected tag that says: nothing may be saved under this name yet."""

MAX_NAME = 200
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_KEY = (workflows.c.owner, workflows.c.name)


@dataclass(frozen=True, kw_only=True)
class SavedWorkflow:
    """A document as it was saved.

    Attributes:
        etag: hash of the text; another text has another one.
        saved_at: when, ISO 8601 in UTC.
    """

    name: str
    text: str
    etag: str
    saved_at: str


class SavedWorkflows:
    """The saved workflows of every owner; no owner sees another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self, owner: str) -> tuple[SavedWorkflow, ...]:
        """Return an owner's workflows, by name."""
        rows = await self._rows(sa.select(workflows).where(workflows.c.owner == owner))
        # Sorted here, since databases differ in how they order texts.
        return tuple(sorted(map(_saved, rows), key=lambda item: item.name))

    async def get(self, owner: str, name: str) -> SavedWorkflow:
        """Return one workflow.

        Raises:
            NotFound: the owner has none of that name; the nearest names are listed.
        """
        found = await self._rows(sa.select(workflows).where(*_is(owner, name)), name)
        if not found:
            raise await self._missing(owner, name)
        return _saved(found[0])

    async def save(
        self, owner: str, name: str, text: str, *, expected: str | None = None
    ) -> SavedWorkflow:
        """Save a workflow document, valid or not, in place of what has that name.

        Args:
            expected: the tag that what is saved must have; ``ABSENT``: there must be nothing;
                None: whatever is there is replaced.

        Raises:
            UserError: the name is none (see ``MAX_NAME``).
            DocumentError: the text is no workflow document.
            Conflict: what is saved is not what was expected; nothing is changed.
        """
        _check_name(name)
        _check_text(text)
        values = {
            "owner": owner,
            "name": name,
            "text": text,
            "etag": etag_of(text),
            "saved_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if not await self._rows(self._writing(values, expected)):
            raise await self._conflict(owner, name)
        return _saved(values)

    async def delete(self, owner: str, name: str, *, expected: str | None = None) -> None:
        """Delete a workflow.

        Args:
            expected: the tag that it must have; None: whatever it is.

        Raises:
            NotFound: there is none of that name.
            Conflict: it is not what was expected; nothing is deleted.
        """
        statement = sa.delete(workflows).where(*_is(owner, name), *_has(expected))
        if not await self._rows(statement.returning(workflows.c.name), name):
            await self.get(owner, name)
            raise await self._conflict(owner, name)

    async def _rows(self, statement: sa.Executable, name: str = "any") -> Sequence[sa.RowMapping]:
        if not _NAME.fullmatch(name):
            return ()  # Nothing is saved as what is no name, and no database need see it.
        async with self._database.begin() as connection:
            return (await connection.execute(statement)).mappings().all()

    def _writing(self, values: dict[str, str], expected: str | None) -> sa.Executable:
        """Return one statement that checks and writes, so that nothing comes between."""
        if expected:
            return (
                sa.update(workflows)
                .where(*_is(values["owner"], values["name"]), *_has(expected))
                .values(**values)
                .returning(workflows.c.name)
            )
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        statement = insert(workflows).values(**values)
        if expected == ABSENT:
            statement = statement.on_conflict_do_nothing(index_elements=_KEY)
        else:
            statement = statement.on_conflict_do_update(index_elements=_KEY, set_=values)
        return statement.returning(workflows.c.name)

    async def _missing(self, owner: str, name: str) -> NotFound:
        names = [item.name for item in await self.entries(owner)]
        return NotFound(
            f"There is no saved workflow {name!r:.220}.",
            hint=nearest(name, names) or "None is saved.",
        )

    async def _conflict(self, owner: str, name: str) -> Conflict:
        found = {item.name: item.etag for item in await self.entries(owner)}.get(name)
        said = f"has the tag {found!r}" if found else "is not there"
        return Conflict(
            f"The saved workflow {name!r} {said}, which is not what was expected.",
            hint="Read it again, and save your change of what is there now.",
        )


def etag_of(text: str) -> str:
    """Return the entity tag of a text: SHA-256, 32 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise UserError(
            f"A workflow cannot be saved as {name!r:.220}.",
            hint=f"Use letters, digits, '.', '_' and '-', at most {MAX_NAME}.",
        )


def _check_text(text: str) -> None:
    read_document(text)
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise DocumentError("The document is not text in UTF-8.", hint="Save plain YAML or JSON.")


def _is(owner: str, name: str) -> Sequence[sa.ColumnElement[bool]]:
    return workflows.c.owner == owner, workflows.c.name == name


def _has(expected: str | None) -> Sequence[sa.ColumnElement[bool]]:
    return () if expected is None else (workflows.c.etag == expected,)


def _saved(row: Mapping[str, str] | sa.RowMapping) -> SavedWorkflow:
    return SavedWorkflow(
        name=row["name"], text=row["text"], etag=row["etag"], saved_at=row["saved_at"]
    )
