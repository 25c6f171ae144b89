"""The conversation itself: a message is read, done and shown, until the person leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.cli.chat.actions import done_by, intent_of
from flowloom.cli.chat.blocks import Ask, Problem, Tree
from flowloom.cli.chat.reading import Left, Reader
from flowloom.cli.chat.replying import reply_to
from flowloom.cli.chat.screen import Screen
from flowloom.cli.chat.session import OWNER, ChatSession
from flowloom.cli.chat.slash import Slash, parse_slash
from flowloom.cli.chat.tree_marks import marked_tree
from flowloom.cli.chat.turns import Turn, follow_turn, run_turn, turn_blocks
from flowloom.errors import Conflict, FlowloomError

if TYPE_CHECKING:
    from flowloom.intents import Intent

__all__ = ["Talk"]

INTERRUPTED = 130
NEEDS_INPUT = 3
FAILED = 1


@dataclass
class Talk:
    """One conversation over one reader and one screen.

    Attributes:
        shows_workflow: whether the workflow of a thread that is opened again is shown.
        refresh: called after each turn, so that completion knows the newest workflow.
    """

    session: ChatSession
    reader: Reader
    screen: Screen
    shows_workflow: bool = True
    refresh: Callable[[], Awaitable[None]] | None = None
    _wrong: int = 0
    _turn: Turn | None = None

    async def run(self) -> int:
        """Talk until the person leaves; return the exit code for a pipe.

        130 after Ctrl-C; 2 if a line could not be carried out; 3 if a question is left open;
        1 if the last message did not come to what it asked for; else 0.
        """
        try:
            await self._open()
            while True:
                await self._refreshed()
                line = await self.reader.read()
                if not await self._done(line):
                    break
        except Left as left:
            if left.interrupted:
                return INTERRUPTED
        return await self._exit_code()

    async def _exit_code(self) -> int:
        if self._turn is not None and self._turn.state == "left":
            return INTERRUPTED
        if self._wrong:
            return self._wrong
        if await self.session.pending() is not None:
            return NEEDS_INPUT
        return FAILED if self._turn is not None and self._turn.failed else 0

    async def _refreshed(self) -> None:
        if self.refresh is not None:
            await self.refresh()

    # -- opening -------------------------------------------------------------------------------

    async def _open(self) -> None:
        """Say which thread it is, go on with a turn that was cut off, show what waits."""
        after = await self.session.last_event()
        thread = await self.session.thread()
        name = f"Thread {self.session.thread_id!r}"
        if thread is None:
            self.screen.remark(f"{name}, new. Say what the workflow is to do.")
            return
        count = len(await self.session.versions())
        at = f"version {thread.current} of {count}" if count else "no workflow yet"
        self.screen.remark(f"{name}, {at}.")
        if self.shows_workflow and (document := await self.session.at_hand()):
            self.screen.show((Tree(marked_tree(document.data, ())),))
        if thread.turn_state == "running":
            await self._go_on(after)
        elif pending := await self.session.pending():
            self.screen.show((Ask(pending),))

    async def _go_on(self, after: int) -> None:
        said = await self.session.conversations.store.messages(self.session.thread_id)
        text = next((item.text for item in reversed(said) if item.role == "person"), "")
        try:
            if await self.session.conversations.resume(self.session.thread_id, OWNER):
                self.screen.remark(f"Going on with what was cut off: {text}")
        except Conflict:
            self.screen.remark(f"Another process is at work on: {text}")
        self._turn = await follow_turn(self.session, after, self.screen.happened)
        self.screen.turn_ended(await turn_blocks(self.session, self._turn))

    # -- a line --------------------------------------------------------------------------------

    async def _done(self, line: str) -> bool:
        """Do what a line says; False if it says to leave."""
        try:
            slash = parse_slash(line)
            if slash is not None and slash.command.name == "quit":
                return False
            self.screen.said(line)
            await (self._command(slash) if slash else self._message(line))
        except FlowloomError as error:
            self._wrong = self._wrong or error.exit_code
            self.screen.show((Problem(error.message, error.hint),))
        return self._turn is None or self._turn.state != "left"

    async def _command(self, slash: Slash) -> None:
        intent = intent_of(slash)
        if intent is not None:
            await self._run(f"/{slash.command.name} {slash.argument}".strip(), intent)
            return
        self.screen.show(await done_by(self.session, slash))

    async def _message(self, line: str) -> None:
        pending = await self.session.pending()
        text, intent = reply_to(line, pending) if pending else (line, None)
        if text.strip():
            await self._run(text, intent)

    async def _run(self, text: str, intent: Intent | None) -> None:
        self._turn = await run_turn(self.session, text, self.screen.happened, intent)
        self.screen.turn_ended(await turn_blocks(self.session, self._turn))
