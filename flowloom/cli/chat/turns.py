"""One turn at the terminal: events as they come, Ctrl-C, and what there is to show at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowloom.cli.chat.blocks import Answer, Ask, Block, Changes, Note, Problem, Tree
from flowloom.cli.chat.interrupts import on_signals
from flowloom.cli.chat.session import OWNER, ChatSession, document_of
from flowloom.cli.chat.tree_marks import differences_of, marked_tree
from flowloom.errors import Conflict
from flowloom.workflow.diff import render_diff

if TYPE_CHECKING:
    from flowloom.intents import Intent
    from flowloom.storage.records import StoredEvent
    from flowloom.workflow.document import Document

__all__ = ["Turn", "follow_turn", "run_turn", "turn_blocks"]

_CANCELLED = "Cancelled; the workflow is as it was."
_ELSEWHERE = "Another process runs this turn; it goes on there."


@dataclass
class Turn:
    """What a turn came to.

    Attributes:
        before: the workflow at hand when it began.
        state: its last event's state; ``left`` if the program was told to end, ``elsewhere`` if
            another process runs it and it was not waited for.
        status: what composing came to, if the turn composed; ``failed`` if any part of it did.
    """

    before: Document | None = None
    texts: list[str] = field(default_factory=list[str])
    problems: list[Problem] = field(default_factory=list[Problem])
    version: int = 0
    moved: bool = False
    state: str = ""
    status: str = ""

    @property
    def failed(self) -> bool:
        """Whether it did not do what was asked."""
        return self.state == "failed" or (self.state == "done" and self.status == "failed")

    def take(self, data: dict[str, Any]) -> None:
        """Remember what an event says."""
        match data["type"]:
            case "text":
                self.texts.append(str(data["text"]))
            case "error":
                self.problems.append(Problem(str(data["message"]), str(data["hint"])))
            case "version":
                self.version, self.moved = int(data["number"]), True
            case "result":
                # Of several parts, one that failed is not made good by the next.
                if self.status != "failed":
                    self.status = str(data["result"]["status"])
            case "turn_ended":
                self.state = str(data["state"])
            case _:
                return


async def run_turn(
    session: ChatSession,
    text: str,
    on_event: Callable[[StoredEvent], None],
    intent: Intent | None = None,
) -> Turn:
    """Send a message and see its turn through; Ctrl-C cancels it, termination leaves it.

    Raises:
        UserError: the message cannot be taken; nothing has happened.
    """
    await session.prepare()
    after = await session.last_event()
    begin = session.conversations.start(
        session.thread_id, text, owner=OWNER, intent=intent, approve_plan=session.approve_plan
    )
    return await _seen_through(session, after, on_event, begin)


async def follow_turn(
    session: ChatSession, after: int, on_event: Callable[[StoredEvent], None]
) -> Turn:
    """See a turn through that runs already, here or in another process."""
    return await _seen_through(session, after, on_event, None)


async def _seen_through(
    session: ChatSession, after: int, on_event: Callable[[StoredEvent], None], begin: Any
) -> Turn:
    turn = Turn(before=await session.at_hand())
    cancelling: list[asyncio.Task[None]] = []
    following = asyncio.create_task(_follow(session, after, on_event, turn, begin))

    def leave(state: str) -> None:
        turn.state = state
        following.cancel()

    async def cancel() -> None:
        try:
            await session.conversations.cancel(session.thread_id, OWNER)
        except Conflict:
            leave("elsewhere")

    with on_signals(
        lambda: cancelling.append(asyncio.create_task(cancel())), lambda: leave("left")
    ):
        try:
            await following
        except asyncio.CancelledError:
            # The turn was stopped before it began, or is not waited for any more.
            if not (cancelling or turn.state == "left"):
                raise
            turn.state = turn.state or "cancelled"
        await asyncio.gather(*cancelling)
    return turn


async def _follow(
    session: ChatSession,
    after: int,
    on_event: Callable[[StoredEvent], None],
    turn: Turn,
    begin: Any,
) -> None:
    if begin is not None:
        await begin
    events: AsyncGenerator[StoredEvent] = session.conversations.follow(
        session.thread_id, after, OWNER
    )
    async with aclosing(events):
        async for event in events:
            turn.take(event.data)
            on_event(event)


async def turn_blocks(session: ChatSession, turn: Turn) -> tuple[Block, ...]:
    """Return what is shown of a turn that has ended or asks."""
    match turn.state:
        case "waiting":
            *said, _ = turn.texts  # The last text is the question, which is shown by itself.
            shown = (*map(Answer, said), *await _workflow_blocks(session, turn))
            pending = await session.pending()
            return (*shown, Ask(pending)) if pending else _answers(turn)
        case "failed":
            return tuple(turn.problems)
        case "cancelled":
            return (Note(_CANCELLED),)
        case "left":
            return ()
        case "elsewhere":
            return (Note(_ELSEWHERE),)
        case _:
            return (*_answers(turn), *await _workflow_blocks(session, turn))


def _answers(turn: Turn) -> tuple[Block, ...]:
    return tuple(Answer(text) for text in turn.texts)


async def _workflow_blocks(session: ChatSession, turn: Turn) -> tuple[Block, ...]:
    """Return the changes and the tree, where another version is the current one."""
    if not turn.moved or not turn.version:
        return ()
    version = await session.version(turn.version)
    after = document_of(version).data
    found = differences_of(turn.before.data if turn.before else None, after)
    title = f"{after.get('name', '')} (version {version.number})"
    tree = Tree(marked_tree(after, found, title))
    return (Changes(tuple(render_diff(found).splitlines())), tree) if found else (tree,)
