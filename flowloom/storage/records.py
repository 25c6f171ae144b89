"""What is stored of a conversation, as frozen records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Author",
    "StoredEvent",
    "StoredMessage",
    "StoredThread",
    "StoredVersion",
    "TurnState",
    "first_part",
    "now",
]

Author: TypeAlias = Literal["person", "composer", "rule"]
TurnState: TypeAlias = Literal["idle", "running", "waiting"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class StoredMessage(_Record):
    """One message; ``number`` counts from 1 within the thread."""

    number: int
    turn: str
    role: Literal["person", "assistant"]
    text: str
    at: str


class StoredVersion(_Record):
    """One version of the workflow; versions are only ever added.

    Attributes:
        number: counts from 1 within the thread.
        parent: the version that it was made from; 0 if from none.
        author: who made it: a person's own text, the composer, or the mending rules.
        message: what was asked for.
        text: the whole document.
        verdict: plain data of the verdict over exactly this text.
        diff: the differences to its parent, a line each.
    """

    number: int
    turn: str = ""
    parent: int
    author: Author
    at: str
    message: str
    text: str
    format: Literal["yaml", "json"] = "yaml"
    verdict: dict[str, Any]
    diff: tuple[str, ...] = ()


class StoredThread(_Record):
    """A thread without its messages, versions and events.

    Attributes:
        owner: who may see it; empty for the person at the terminal.
        current: number of the current version; 0 before the first.
        undone: versions that a redo brings back, the next one last.
        behind: versions that an undo goes back to, the next one last; None where an earlier
            release made the thread, which knew the versions' parents only.
        decisions: what was decided, a sentence each; kept word by word.
        summary: the first ``summarized`` messages in few words.
        turn: id of the turn that runs or waits for the person; empty if none does.
        turn_input: what the turn was started with, to start it anew if nothing of it was kept.
        cancel: the turn (see ``first_part``) that is to be cancelled by whoever runs it; None if
            none is.
    """

    id: str
    owner: str = ""
    created_at: str
    current: int = 0
    undone: tuple[int, ...] = ()
    behind: tuple[int, ...] | None = None
    decisions: tuple[str, ...] = ()
    summary: str = ""
    summarized: int = 0
    turn: str = ""
    turn_state: TurnState = "idle"
    turn_input: dict[str, Any] = {}
    cancel: str | None = None

    @property
    def is_to_be_cancelled(self) -> bool:
        """Whether the turn was marked, or an earlier part of the same message."""
        return bool(self.turn) and first_part(self.turn) == self.cancel


class StoredEvent(_Record):
    """One event; ``number`` counts from 1 within the thread, without gaps."""

    number: int
    turn: str
    data: dict[str, Any]


def first_part(turn: str) -> str:
    """Return the turn that began a message; the others do what is left of it: ``ID-2``, …"""
    return turn.partition("-")[0]


def now() -> str:
    """Return the time as text, in UTC with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
