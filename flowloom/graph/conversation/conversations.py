"""Threads at work: messages in, events out; the one place where the faces meet conversations."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from flowloom.agents.verifier import Verifier
from flowloom.errors import Conflict, FlowloomError, StorageError, UserError
from flowloom.graph.context import Composer
from flowloom.graph.conversation.builder import ConversationGraph, build_conversation
from flowloom.graph.conversation.event_log import EventLog
from flowloom.graph.conversation.nodes import Roles
from flowloom.graph.conversation.outcome import diff_lines, history_of, position_of
from flowloom.graph.conversation.savers import open_saver
from flowloom.graph.conversation.state import PersonAnswer
from flowloom.graph.conversation.work import TurnWork
from flowloom.graph.events import Event, VersionMade
from flowloom.graph.limits import MAX_REQUEST, Limits
from flowloom.intents import Intent
from flowloom.storage.database import open_database
from flowloom.storage.locks import ThreadLocks
from flowloom.storage.records import (
    Author,
    StoredEvent,
    StoredThread,
    StoredVersion,
    now,
)
from flowloom.storage.threads import ThreadStore
from flowloom.verification.diagnostic import Verdict
from flowloom.workflow.document import Document, read_document

__all__ = ["Conversations", "open_conversations"]

logger = logging.getLogger(__name__)

CANCEL_STEP = 0.1
RESUME_SECONDS = 15.0
"""How often a server looks for turns whose process has ended."""
TRY_SECONDS, MAX_TRIES = 0.02, 250
POLL_SECONDS = 0.5
"""How often it is looked for events of a turn that another process runs, and for its wishes."""


@dataclass
class Conversations:
    """All threads of one database, and the turns that this process runs.

    Attributes:
        watch: called with every event of every turn, as it comes.
        cancel_seconds: how long another process may take to end a turn that is cancelled here.
    """

    graph: ConversationGraph
    verifier: Verifier
    saver: BaseCheckpointSaver[Any]
    store: ThreadStore
    locks: ThreadLocks
    limits: Limits = field(default_factory=Limits)
    watch: Callable[[Event], None] = lambda _: None
    cancel_seconds: float = 10.0
    _watching: asyncio.Task[None] | None = None
    _turns: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, "asyncio.Task[None]"])
    _cancelled: set[str] = field(default_factory=set[str])
    _ended: set[str] = field(default_factory=set[str])
    _news: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])

    async def create(self, thread_id: str = "", owner: str = "") -> StoredThread:
        """Make a thread; without an id it gets a new one.

        Raises:
            Conflict: there is one of that id.
        """
        return await self.store.create(thread_id or uuid.uuid4().hex, owner)

    async def start(
        self,
        thread_id: str,
        text: str,
        *,
        owner: str = "",
        intent: Intent | None = None,
        approve_plan: bool = False,
    ) -> StoredThread:
        """Take a message and begin its turn; the turn goes on whoever listens.

        Args:
            intent: what the message wants, where the face knows it.
            approve_plan: whether the plan waits for approval.

        Returns:
            The thread as it was before the message.

        Raises:
            UserError: the message is empty or too long.
            Conflict: the thread is at work.
            NotFound: there is no such thread.
        """
        if intent is None:
            text = _checked(text)
        thread = await self.store.get(thread_id, owner)
        answer = PersonAnswer(text=text, intent=intent)
        await self._begin(thread, lambda work: work.message(answer, approve_plan))
        return thread

    async def resume(self, thread_id: str, owner: str = "") -> bool:
        """Go on with a turn whose process ended; False if there is none."""
        thread = await self.store.get(thread_id, owner)
        if thread.turn_state != "running":
            return False
        await self._begin(thread, lambda work: work.unfinished())
        return True

    async def resume_all(self) -> tuple[str, ...]:
        """Go on with every turn whose process ended; those that another one runs are left."""
        resumed: list[str] = []
        for thread in await self.store.unfinished():
            with suppress(Conflict):
                await self.resume(thread.id, thread.owner)
                resumed.append(thread.id)
        return tuple(resumed)

    async def keep_resuming(self, seconds: float = RESUME_SECONDS) -> None:
        """Go on with turns whose process ends while this one lives, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.resume_all()
            except StorageError as error:
                logger.warning("turns of other processes cannot be looked for: %s", error)

    async def wait(self, thread_id: str) -> None:
        """Wait until the turn that this process runs has ended or asks."""
        turn = self._turns.get(thread_id)
        if turn is not None:
            await asyncio.wait([turn])

    async def cancel(self, thread_id: str, owner: str = "") -> bool:
        """Stop the turn of a thread, also one that waits for an answer; False if there is none.

        A turn that another process runs is marked, and ended there.

        Raises:
            Conflict: the process that runs it does not end it in time; the mark stays.
        """
        thread = await self.store.get(thread_id, owner)
        turn = self._turns.get(thread_id)
        if turn is not None:
            self._cancelled.add(thread_id)
            turn.cancel()
            await asyncio.wait([turn])
            return True
        if not thread.turn:
            return False
        try:
            async with self._alone(thread_id, owner):
                left = await self.store.get(thread_id, owner)
                if left.turn:
                    await (await self._work(left)).cancelled()
                return bool(left.turn)
        except Conflict:
            await self._cancelled_elsewhere(thread)
        return True

    @asynccontextmanager
    async def _alone(self, thread_id: str, owner: str) -> AsyncGenerator[None]:
        """Hold a thread's lock; a turn that has ended keeps it for a moment, which is waited for.

        Raises:
            Conflict: a turn runs.
        """
        async with AsyncExitStack() as stack:
            for tries_left in range(MAX_TRIES, -1, -1):
                try:
                    await stack.enter_async_context(self.locks.hold(thread_id))
                    break
                except Conflict:
                    thread = await self.store.get(thread_id, owner)
                    if thread.turn_state == "running" or not tries_left:
                        raise
                    await asyncio.sleep(TRY_SECONDS)
            yield

    async def _cancelled_elsewhere(self, thread: StoredThread) -> None:
        await self.store.ask_to_cancel(thread.id, thread.turn)
        for _ in range(int(self.cancel_seconds / CANCEL_STEP) + 1):
            if not (await self.store.get(thread.id, thread.owner)).is_to_be_cancelled:
                return
            await asyncio.sleep(CANCEL_STEP)
        raise Conflict(
            f"Another process runs the turn of the thread {thread.id!r} and has not ended it"
            f" in {self.cancel_seconds:.0f} s.",
            hint="The turn is marked: it ends when that process goes on, or at its next start."
            " If that process was stopped on another machine, the database frees the thread when"
            " it gives the connection up.",
        )

    async def put(self, thread_id: str, text: str, owner: str = "") -> StoredVersion:
        """Take a person's own text as the next version, with the verdict over it.

        Raises:
            DocumentError: it is no workflow document.
            Conflict: the thread is at work, or waits for an answer.
        """
        document = read_document(text)
        verdict = self.verifier.verdict(document)
        return await self._add(thread_id, owner, "person", "Put in by hand.", document, verdict)

    async def mend(self, thread_id: str, owner: str = "") -> StoredVersion | None:
        """Mend the workflow at hand by rule; None if no rule applies.

        Raises:
            NotFound: there is no workflow yet.
            Conflict: the thread is at work, or waits for an answer.
        """
        thread = await self.store.get(thread_id, owner)
        at_hand = await self.store.version(thread_id, thread.current)
        document = read_document(at_hand.text, format=at_hand.format)
        checked = self.verifier.check(document, outline=None, request="")
        if not checked.mends:
            return None
        message = " ".join(item.message for item in checked.mends)
        return await self._add(thread_id, owner, "rule", message, checked.document, checked.verdict)

    async def _add(
        self,
        thread_id: str,
        owner: str,
        author: Author,
        message: str,
        document: Document,
        verdict: Verdict,
    ) -> StoredVersion:
        async with self._alone(thread_id, owner):
            thread = await self.store.get(thread_id, owner)
            if thread.turn:
                raise Conflict(
                    f"The thread {thread_id!r} waits for an answer.",
                    hint="Answer it, or cancel it.",
                )
            work = await self._work(thread)
            versions = await self.store.versions(thread_id)
            before = next((item for item in versions if item.number == thread.current), None)
            version = StoredVersion(
                number=len(versions) + 1,
                parent=thread.current,
                author=author,
                at=now(),
                message=message,
                text=document.text,
                format=document.format,
                verdict=verdict.model_dump(mode="json"),
                diff=diff_lines(before.text if before else "", document),
            )
            work.log(VersionMade(number=version.number, made=True))
            await work.log.flush(
                version=version, **position_of(history_of(thread, versions).added())
            )
        return version

    async def delete(self, thread_id: str, owner: str = "") -> None:
        """Stop the turn of a thread and delete all of it.

        Raises:
            Conflict: another process runs its turn.
        """
        await self.cancel(thread_id, owner)
        async with self._alone(thread_id, owner):
            await self.store.delete(thread_id)

    async def follow(
        self, thread_id: str, after: int = 0, owner: str = ""
    ) -> AsyncGenerator[StoredEvent]:
        """Yield the events after a number: those stored, then as they come, until the turn ends."""
        await self.store.get(thread_id, owner)
        while True:
            news = self._news.setdefault(thread_id, asyncio.Event())
            found = await self.store.events(thread_id, after)
            for event in found:
                after = event.number
                yield event
            if found and not _is_end(found[-1]):
                continue
            if (await self.store.get(thread_id, owner)).turn_state != "running":
                # What came between the two looks is the rest of it.
                for event in await self.store.events(thread_id, after):
                    yield event
                return
            if thread_id in self._turns:
                await news.wait()
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), POLL_SECONDS)

    async def close(self) -> None:
        """Stop the turns of this process; they are resumed at the next start."""
        turns = list(self._turns.values())
        for turn in turns:
            turn.cancel()
        if turns:
            await asyncio.wait(turns)
        if self._watching is not None:
            await asyncio.wait([self._watching])
        await self.locks.close()

    async def _begin(
        self, thread: StoredThread, run: Callable[[TurnWork], Awaitable[None]]
    ) -> None:
        """Start a task that holds the thread's lock; return when it has the lock."""
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def whole() -> None:
            try:
                async with self._alone(thread.id, thread.owner):
                    work = await self._work(await self.store.get(thread.id, thread.owner))
                    work.begun = begun
                    await work.run(run, lambda: thread.id in self._cancelled)
            except FlowloomError as error:
                if begun.done():
                    raise
                begun.set_exception(error)
            finally:
                self._turns.pop(thread.id, None)
                self._cancelled.discard(thread.id)
                self._ended.discard(thread.id)
                self._tell(thread.id)
                if not begun.done():
                    begun.cancel()

        ending = self._turns.get(thread.id)
        if ending is not None and thread.id in self._ended:
            await asyncio.wait([ending])
        if thread.id in self._turns:
            raise Conflict(
                f"The thread {thread.id!r} is at work on another message.",
                hint="Wait until it has ended, or cancel it.",
            )
        turn = asyncio.create_task(whole(), name=f"turn of {thread.id}")
        turn.add_done_callback(_log_defect)
        self._turns[thread.id] = turn
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch_cancels())
            self._watching.add_done_callback(_log_defect)
        await begun

    async def _watch_cancels(self) -> None:
        """End the turns of this process that another one wants cancelled, as long as any runs."""
        while self._turns:
            await asyncio.wait(list(self._turns.values()), timeout=POLL_SECONDS)
            with suppress(StorageError):  # A turn that cannot be stored says so itself.
                for thread_id in await self.store.to_cancel(tuple(self._turns)):
                    if (turn := self._turns.get(thread_id)) and thread_id not in self._ended:
                        self._cancelled.add(thread_id)
                        turn.cancel()

    async def _work(self, thread: StoredThread) -> TurnWork:
        said, _, happened = await self.store.last_numbers(thread.id)
        log = EventLog(
            self.store,
            thread.id,
            thread.turn,
            happened,
            watch=self.watch,
            stored=lambda: self._tell(thread.id),
        )
        return TurnWork(
            self.graph,
            self.saver,
            self.limits,
            self.store,
            thread,
            log,
            said,
            ends=lambda ends: self._mark(thread.id, ends),
        )

    def _mark(self, thread_id: str, ends: bool) -> None:
        (self._ended.add if ends else self._ended.discard)(thread_id)

    def _tell(self, thread_id: str) -> None:
        news = self._news.pop(thread_id, None)
        if news is not None:
            news.set()


@asynccontextmanager
async def open_conversations(
    composer: Composer,
    roles: Roles,
    directory: Path,
    *,
    address: str = "",
    limits: Limits | None = None,
    watch: Callable[[Event], None] | None = None,
) -> AsyncGenerator[Conversations]:
    """Open the threads of a database.

    Args:
        directory: where SQLite files and locks stand.
        address: ``postgresql://…``; empty for SQLite.
        watch: called with every event of every turn, as it comes.

    Raises:
        ConfigError, StorageError: the database cannot be opened.
    """
    async with (
        open_database(directory, address) as database,
        open_saver(directory, address) as saver,
    ):
        conversations = Conversations(
            build_conversation(composer, roles, saver),
            composer.verifier,
            saver,
            ThreadStore(database),
            ThreadLocks(database, directory),
            limits or Limits(),
            watch or (lambda _: None),
        )
        try:
            yield conversations
        finally:
            await conversations.close()


def _is_end(event: StoredEvent) -> bool:
    return event.data.get("type") == "turn_ended"


def _log_defect(turn: asyncio.Task[None]) -> None:
    if not turn.cancelled() and (error := turn.exception()) is not None:
        logger.error("the %s failed", turn.get_name(), exc_info=error)


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise UserError("The message is empty.", hint="Say what the workflow is to do.")
    if len(words) > MAX_REQUEST:
        raise UserError(
            f"The message has {len(words):,} characters, more than {MAX_REQUEST:,}.",
            hint="Say it shorter, or in several messages.",
        )
    return words
