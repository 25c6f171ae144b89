"""What a turn leaves in the thread: a message, a version, a position, decisions, a summary."""

from __future__ import annotations

from typing import Any

from flowloom.graph.conversation.replies import differences_of, question_text
from flowloom.graph.conversation.state import ConversationState
from flowloom.graph.conversation.turn import TurnEnd
from flowloom.graph.events import Event, TextSaid, TurnEnded, VersionMade
from flowloom.storage.records import StoredMessage, StoredThread, StoredVersion, now
from flowloom.workflow.diff import diff, render_diff
from flowloom.workflow.document import Document, read_document

__all__ = ["diff_lines", "outcome_of", "version_of"]


def outcome_of(
    end: TurnEnd, thread: StoredThread, first: int
) -> tuple[list[Event], dict[str, Any]]:
    """Return the last events of a turn, and what is stored with them.

    Args:
        first: number of the next message.
    """
    if end.pending is not None:
        text = question_text(end.pending)
        said = [_message(first, thread.turn, text)]
        events: list[Event] = [TextSaid(text=text), TurnEnded(state="waiting")]
        return events, {"said": said, "turn_state": "waiting"}
    state = end.state
    change: dict[str, Any] = {
        "said": [_message(first, thread.turn, state.reply)],
        "turn": "",
        "turn_state": "idle",
        "turn_input": {},
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
    change |= {"current": history.current, "undone": list(history.undone)}
    return [*events, TurnEnded(state="done")], change


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
