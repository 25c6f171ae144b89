"""What a turn does under its thread's lock: run, store what came of it, free the thread."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from flowloom.errors import FlowloomError, RunError
from flowloom.graph.conversation.builder import ConversationGraph
from flowloom.graph.conversation.event_log import EventLog
from flowloom.graph.conversation.hearing import not_done
from flowloom.graph.conversation.outcome import history_of, outcome_of
from flowloom.graph.conversation.state import ConversationState, PersonAnswer, Said
from flowloom.graph.conversation.turn import (
    TurnEnd,
    answer_turn,
    asked_rounds,
    continue_turn,
    left_to_do,
    start_turn,
)
from flowloom.graph.events import ErrorRaised, MessageReceived, TurnEnded
from flowloom.graph.limits import Limits
from flowloom.storage.records import StoredMessage, StoredThread, now
from flowloom.storage.threads import ThreadStore

__all__ = ["TurnWork"]

MAX_SAID = 20_000
"""Characters of earlier messages that the verifier looks for names in."""

SEE_LOG = "What it was stands in the log of the program."


@dataclass
class TurnWork:
    """One turn under the thread's lock.

    Attributes:
        said: number of the newest message.
        ends: told before the last events are stored (True), and when the work goes on (False).
        begun: told when the turn is stored as begun.
    """

    graph: ConversationGraph
    saver: BaseCheckpointSaver[Any]
    limits: Limits
    store: ThreadStore
    thread: StoredThread
    log: EventLog
    said: int
    ends: Callable[[bool], None]
    begun: asyncio.Future[None] | None = None

    async def run(
        self, work: Callable[[TurnWork], Awaitable[None]], is_cancelled: Callable[[], bool]
    ) -> None:
        """Do the work; whatever happens, the thread can be used afterwards."""
        storing = asyncio.create_task(self.log.keep_storing())
        known = False
        try:
            await work(self)
            known = True
        except asyncio.CancelledError:
            known = True
            if not is_cancelled():
                await self.log.flush()
                raise
            await self.cancelled()
        except FlowloomError as error:
            known = True
            await self.failed(error)
        finally:
            if not known:  # A defect: the thread stays usable, and the error goes on to the log.
                await self.failed(RunError("Something failed that should not.", hint=SEE_LOG))
            storing.cancel()
            with suppress(asyncio.CancelledError):
                await storing

    async def message(self, answer: PersonAnswer, approve_plan: bool) -> None:
        """Take a message: finish what a killed process left, then answer or start a turn."""
        if self.thread.turn_state == "running":
            await self.unfinished()
            self.ends(False)
            self.thread = await self.store.get(self.thread.id, self.thread.owner)
        if self.thread.turn_state == "waiting":
            rounds = await asked_rounds(self.graph, self.thread.turn)
            given = {
                "answer": answer.model_dump(mode="json"),
                "rounds": rounds,
                "part": self._part,
            }
            self.thread = self.thread.model_copy(update={"turn_input": given})
            await self._store_message(answer)
            end = await answer_turn(self.graph, self.thread.turn, answer, self.limits, self.log)
            await self.ended(end)
            return
        turn = uuid.uuid4().hex
        given = {"answer": answer.model_dump(mode="json"), "approve_plan": approve_plan}
        self.thread = self.thread.model_copy(update={"turn": turn, "turn_input": given})
        self.log.turn = turn
        await self._store_message(answer)
        await self.ended(await self._start(answer, approve_plan))

    async def unfinished(self) -> None:
        """Go on with a turn after its last finished stage, or end it if that is wanted by now."""
        self._has_begun()
        if self.thread.turn_state != "running":
            return  # Another process has finished it in the meantime.
        if self.thread.is_to_be_cancelled:
            await self.cancelled()
            return
        given, turn = self.thread.turn_input, self.thread.turn
        answer = PersonAnswer.model_validate(given["answer"])
        rounds = await asked_rounds(self.graph, turn)
        if rounds is not None and rounds == given.get("rounds"):
            # The answer was stored, and the process ended before the graph had it.
            end = await answer_turn(self.graph, turn, answer, self.limits, self.log)
        else:
            end = await continue_turn(self.graph, turn, self.limits, self.log)
        if end is None:
            end = await self._start(answer, bool(given.get("approve_plan", False)))
        await self.ended(end)

    async def ended(self, end: TurnEnd) -> None:
        """Store what the turn came to, in one transaction with its last events.

        What is left of the person's message is done next, with what the thread holds by then.
        """
        while await self._stored(end):
            self.thread = await self.store.get(self.thread.id, self.thread.owner)
            self.log.turn = self.thread.turn
            answer = PersonAnswer.model_validate(self.thread.turn_input["answer"])
            end = await self._start(answer, bool(self.thread.turn_input["approve_plan"]))

    async def _stored(self, end: TurnEnd) -> bool:
        """Store an outcome; True if there is more to do."""
        turn, part = self.thread.turn, self._part
        events, change = outcome_of(end, self.thread, self.said + 1, part)
        for event in events:
            self.log(event)
        more = change["turn_state"] == "running"
        await (self.log.flush(**change) if more else self._last(**change))
        self.said += 1
        if end.pending is None:
            await self.saver.adelete_thread(turn)
        return more

    @property
    def _part(self) -> int:
        return int(self.thread.turn_input.get("part", 1))

    async def failed(self, error: FlowloomError) -> None:
        """Say why the turn could not be finished, and free the thread."""
        self.log(ErrorRaised(code=error.code, message=error.message, hint=error.hint))
        rest = await left_to_do(self.graph, self.thread.turn)
        text = "\n".join([str(error), *not_done(rest)])
        await self._freed("failed", text)

    async def cancelled(self) -> None:
        """Leave the turn as if it had not been begun."""
        await self._freed("cancelled", "Cancelled.")

    async def _freed(self, state: Any, text: str) -> None:
        turn = self.thread.turn
        self.log(TurnEnded(state=state))
        self.said += 1
        said = StoredMessage(number=self.said, turn=turn, role="assistant", text=text, at=now())
        await self._last(said=[said], turn="", turn_state="idle", turn_input={})
        await self.saver.adelete_thread(turn)

    async def _last(self, **change: Any) -> None:
        """Store the last events: whoever sees them may send the next message at once."""
        self.ends(True)
        await self.log.flush(**change)

    async def _start(self, answer: PersonAnswer, approve_plan: bool) -> TurnEnd:
        start = await self._state(answer, approve_plan)
        return await start_turn(self.graph, self.thread.turn, start, self.limits, self.log)

    async def _state(self, answer: PersonAnswer, approve_plan: bool) -> ConversationState:
        store, thread = self.store, self.thread
        versions = await store.versions(thread.id)
        current = next((item for item in versions if item.number == thread.current), None)
        history = history_of(thread, versions)
        messages = await store.messages(thread.id)
        return ConversationState(
            message=answer.text,
            given=answer.intent,
            current=current.text if current else "",
            current_format=current.format if current else "yaml",
            history=history,
            decisions=list(thread.decisions),
            summary=thread.summary,
            recent=self._recent(messages, answer),
            said_before=_said_by_person(messages, self._part),
            approve_plan=approve_plan,
        )

    def _recent(self, messages: Sequence[StoredMessage], answer: PersonAnswer) -> list[Said]:
        """Return the messages that no summary holds; a part of a message comes after them again."""
        recent = [
            Said(role=item.role, text=item.text) for item in messages[self.thread.summarized :]
        ]
        return recent if self._part == 1 else [*recent, Said(role="person", text=answer.text)]

    async def _store_message(self, answer: PersonAnswer) -> None:
        self.log(MessageReceived(text=answer.text))
        self.said += 1
        said = StoredMessage(
            number=self.said, turn=self.thread.turn, role="person", text=answer.text, at=now()
        )
        await self.log.flush(
            said=[said],
            turn=self.thread.turn,
            turn_state="running",
            turn_input=self.thread.turn_input,
        )
        self._has_begun()

    def _has_begun(self) -> None:
        if self.begun is not None and not self.begun.done():
            self.begun.set_result(None)


def _said_by_person(messages: Sequence[StoredMessage], part: int) -> str:
    """Return what the person said before the request, the newest words if it is long."""
    said = [item.text for item in messages if item.role == "person"]
    return "\n".join(said[:-1] if part == 1 else said)[-MAX_SAID:]
