"""What a turn leaves in the thread: a message, a version, a position, decisions, a summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowloom.graph.conversation.hearing import not_done
from flowloom.graph.conversation.history import History, lineage
from flowloom.graph.conversation.replies import differences_of, question_text
from flowloom.graph.conversation.state import ConversationState, Pending, PersonAnswer
from flowloom.graph.conversation.turn import TurnEnd
from flowloom.graph.events import Event, QuestionAsked, TextSaid, TurnEnded, VersionMade
from flowloom.storage.records import StoredMessage, StoredThread, StoredVersion, now
from flowloom.workflow.diff import diff, render_diff
from flowloom.workflow.document import Document, read_document

__all__ = ["diff_lines", "history_of", "outcome_of", "position_of", "version_of"]


MAX_PARTS = 4
"""Parts of one message that are done one after the other."""


def outcome_of(
    end: TurnEnd, thread: StoredThread, first: int, part: int = 1
) -> tuple[list[Event], dict[str, Any]]:
    """Return the last events of a turn, and what is stored with them.

    Args:
        first: number of the next message.
        part: which part of the person's message it was, from 1. What is left of the message is the
            next turn's, under the same lock.
    """
    if end.pending is not None:
        return _asked(end.pending, end.state, thread, first)
    state = end.state
    following, last = _next_part(state, thread, part)
    said = "\n".join([state.reply, *(item.text for item in last if isinstance(item, TextSaid))])
    change: dict[str, Any] = {
        "said": [_message(first, thread.turn, said)],
        **following,
        "decisions": list(state.decisions),
        **_summary(state, thread, first),
    }
    history = state.history
    events = []
    if state.composed and state.status == "valid" and state.best is not None:
        history = history.added()
        change["version"] = version_of(state, history.count, thread.turn)
        events.append(VersionMade(number=history.current, made=True))
    elif history.current != thread.current:
        events.append(VersionMade(number=history.current, made=False))
    change |= position_of(history)
    return [*events, *last], change


def _next_part(
    state: ConversationState, thread: StoredThread, part: int
) -> tuple[dict[str, Any], list[Event]]:
    """Return how the thread goes on: with what is left of the message, or not at all."""
    if state.rest and part < MAX_PARTS:
        answer = PersonAnswer(text=state.rest).model_dump(mode="json")
        given = {"answer": answer, "approve_plan": state.approve_plan, "part": part + 1}
        turn = f"{thread.turn.partition('-')[0]}-{part + 1}"
        return {"turn": turn, "turn_state": "running", "turn_input": given}, []
    left = [TextSaid(text=text) for text in not_done(state.rest)]
    idle = {"turn": "", "turn_state": "idle", "turn_input": {}}
    return idle, [*left, TurnEnded(state="done")]


def _asked(
    pending: Pending, state: ConversationState, thread: StoredThread, first: int
) -> tuple[list[Event], dict[str, Any]]:
    text = question_text(pending)
    again = state.waiting is not None
    # What composing asks it has told by itself, the first time.
    asked = pending.questions if again or pending.kind == "intent" else ()
    events: list[Event] = [QuestionAsked(question=item) for item in asked]
    events += [TextSaid(text=text), TurnEnded(state="waiting")]
    whole = f"{state.reply}\n{text}" if again else text
    return events, {"said": [_message(first, thread.turn, whole)], "turn_state": "waiting"}


def history_of(thread: StoredThread, versions: Sequence[StoredVersion]) -> History:
    """Return where a thread stands among its versions."""
    parents = tuple(item.parent for item in versions)
    behind = thread.behind
    if behind is None:
        behind = lineage(parents, thread.current)
    return History(parents=parents, current=thread.current, undone=thread.undone, behind=behind)


def position_of(history: History) -> dict[str, Any]:
    """Return the columns of a thread that say where it stands."""
    return {
        "current": history.current,
        "undone": list(history.undone),
        "behind": list(history.behind),
    }


def version_of(state: ConversationState, number: int, turn: str) -> StoredVersion:
    """Return the best version of a turn as the next version of the thread."""
    if state.best is None:
        raise ValueError("the turn made no workflow")
    return StoredVersion(
        number=number,
        turn=turn,
        parent=state.history.current,
        author="composer",
        at=now(),
        message=state.said,
        text=state.best.text,
        format=state.format,
        verdict=state.best.verdict.model_dump(mode="json"),
        diff=tuple(render_diff(differences_of(state)).splitlines()),
    )


def diff_lines(before: str, after: Document) -> tuple[str, ...]:
    """Return the differences to an earlier text, a line each; of a first version its steps."""
    if not before:
        found = (item for item in diff({}, after.data) if item.kind == "added")
        return tuple(render_diff(list(found)).splitlines())
    return tuple(render_diff(diff(read_document(before).data, after.data)).splitlines())


def _summary(state: ConversationState, thread: StoredThread, first: int) -> dict[str, Any]:
    """A new summary holds every message before the reply."""
    if state.summary == thread.summary:
        return {}
    return {"summary": state.summary, "summarized": first - 1}


def _message(number: int, turn: str, text: str) -> StoredMessage:
    return StoredMessage(number=number, turn=turn, role="assistant", text=text, at=now())
