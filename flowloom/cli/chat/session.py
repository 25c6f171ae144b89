"""One thread at a terminal: its conversations, where it stands, and what it runs with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.errors import NotFound, UserError
from flowloom.graph.conversation.state import Pending
from flowloom.workflow.document import Document, read_document

if TYPE_CHECKING:
    from flowloom.graph.context import Composer
    from flowloom.graph.conversation.conversations import Conversations
    from flowloom.settings import Settings
    from flowloom.storage.records import StoredThread, StoredVersion

__all__ = [
    "NO_WORKFLOW",
    "OWNER",
    "ChatSession",
    "check_thread_id",
    "document_of",
    "new_thread_id",
]

OWNER = "local"
"""Who threads of the terminal belong to."""

MAX_ID = 64
NO_WORKFLOW = "There is no workflow yet."


@dataclass
class ChatSession:
    """The thread that is talked in; it is made with its first message.

    Attributes:
        composer: what composes and verifies in this thread at the moment.
        settings: with the model and the approval of plans as they are set at the moment.
    """

    conversations: Conversations
    composer: Composer
    settings: Settings
    thread_id: str

    @property
    def approve_plan(self) -> bool:
        """Whether plans wait for approval."""
        return self.settings.approve_plan

    def set_approve_plan(self, on: bool) -> None:
        """Say whether plans wait for approval from the next message on."""
        self.settings = self.settings.model_copy(update={"approve_plan": on})

    async def thread(self) -> StoredThread | None:
        """Return the thread as it is stored; None before its first message."""
        try:
            return await self.conversations.store.get(self.thread_id, OWNER)
        except NotFound:
            return None

    async def prepare(self) -> StoredThread:
        """Return the thread, which is made if it is not there yet."""
        return await self.thread() or await self.conversations.create(self.thread_id, OWNER)

    async def last_event(self) -> int:
        """Return the number of the newest event; 0 before the first."""
        _, _, last = await self.conversations.store.last_numbers(self.thread_id)
        return last

    async def versions(self) -> tuple[StoredVersion, ...]:
        """Return all versions, oldest first."""
        return await self.conversations.store.versions(self.thread_id)

    async def version(self, number: int = 0) -> StoredVersion:
        """Return one version; 0 is the current one.

        Raises:
            UserError: there is no workflow yet.
            NotFound: there is no version of that number.
        """
        thread = await self.thread()
        wanted = number or (thread.current if thread else 0)
        if not wanted:
            raise UserError(NO_WORKFLOW, hint="Say what it is to do.")
        return await self.conversations.store.version(self.thread_id, wanted)

    async def at_hand(self) -> Document | None:
        """Return the current workflow, if there is one."""
        thread = await self.thread()
        if thread is None or not thread.current:
            return None
        return document_of(await self.version(thread.current))

    async def pending(self) -> Pending | None:
        """Return what the thread waits for, if it waits."""
        thread = await self.thread()
        if thread is None or thread.turn_state != "waiting":
            return None
        kept = await self.conversations.graph.aget_state(
            {"configurable": {"thread_id": thread.turn}}
        )
        return Pending.model_validate(kept.interrupts[0].value) if kept.interrupts else None


def document_of(version: StoredVersion) -> Document:
    """Return the workflow of a version."""
    return read_document(version.text, format=version.format)


def new_thread_id() -> str:
    """Return an id that is short enough to be typed."""
    return secrets.token_hex(4)


def check_thread_id(thread_id: str) -> str:
    """Return the id of a thread as it was given.

    Raises:
        UserError: it is none.
    """
    plain = thread_id.replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and len(thread_id) <= MAX_ID):
        raise UserError(
            f"A thread cannot have the id {thread_id!r:.80}.",
            hint=f"Use letters, digits, '_' and '-', at most {MAX_ID}.",
        )
    return thread_id
