"""Answers by idempotency key: a call that is made again gets the answer of the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flowloom.errors import Conflict, UserError
from flowloom.storage.database import Database, replies
from flowloom.storage.records import now

__all__ = ["Replies"]


@dataclass(frozen=True)
class Replies:
    """Keeps the answers of one database; keys belong to their owner."""

    database: Database

    async def begin(self, owner: str, key: str, request: str) -> dict[str, Any] | None:
        """Claim a key for a request.

        Args:
            request: hash of what is asked for.

        Returns:
            The answer that was given already; None if this call is the first, which then says
            ``finish`` or ``give_up``.

        Raises:
            UserError: the key was used for another request.
            Conflict: the first call is still at work.
        """
        values = {"owner": owner, "key": key, "request": request, "answer": None, "at": now()}
        try:
            async with self.database.engine.begin() as connection:
                await connection.execute(replies.insert().values(**values))
        except IntegrityError:
            return await self._known(owner, key, request)
        return None

    async def finish(self, owner: str, key: str, answer: dict[str, Any]) -> None:
        """Keep the answer of a claimed key."""
        async with self.database.begin() as connection:
            statement = replies.update().where(*_is(owner, key)).values(answer=answer)
            await connection.execute(statement)

    async def give_up(self, owner: str, key: str) -> None:
        """Free a claimed key: the call failed, and may be made again."""
        async with self.database.begin() as connection:
            await connection.execute(replies.delete().where(*_is(owner, key)))

    async def _known(self, owner: str, key: str, request: str) -> dict[str, Any]:
        async with self.database.begin() as connection:
            query = replies.select().where(*_is(owner, key))
            row = (await connection.execute(query)).mappings().one()
        if row["request"] != request:
            raise UserError(
                f"The idempotency key {key!r} was used for another request.",
                hint="Take a new key for each request.",
            )
        if row["answer"] is None:
            raise Conflict(
                f"The first call with the key {key!r} is still at work.",
                hint="Make it again when that has ended.",
            )
        answer: dict[str, Any] = row["answer"]
        return answer


def _is(owner: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (replies.c.owner == owner, replies.c.key == key)
