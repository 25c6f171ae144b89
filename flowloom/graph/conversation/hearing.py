"""What follows from a message: pure functions from state and intent to the turn's next work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flowloom.errors import NotFound
from flowloom.graph.answering import (
    answers_in_words,
    does_a_part,
    from_the_start,
    is_no,
    is_yes,
    left_out,
)
from flowloom.graph.conversation.state import ConversationState, ConversationUpdate, Pending
from flowloom.intents import (
    Answers,
    Approve,
    AskAbout,
    CheckWorkflow,
    EditWorkflow,
    Export,
    Intent,
    NewWorkflow,
    Redo,
    Reject,
    SmallTalk,
    Unclear,
    Undo,
)
from flowloom.intents import GoTo as GoToVersion
from flowloom.workflow.outline import Outline, Question

__all__ = ["heard", "not_done", "pending_of"]

MAX_ROUNDS = 5
"""Questions that one turn asks at most, one after the other; those asked again do not count."""

LAST_MESSAGES = 6
MAX_QUOTED = 100
_ASIDES = (AskAbout, CheckWorkflow, Export, SmallTalk, Unclear)
"""What can be answered while a question waits, without losing it."""

_NOTHING_WAITS = "Nothing waits for an answer."
_LEFT = "Left as it was."


def heard(state: ConversationState, intent: Intent, rest: str = "") -> ConversationUpdate:
    """Return what a message changes; ``next`` says which node goes on.

    Args:
        rest: what the message wants beyond the intent.
    """
    base: ConversationUpdate = {
        "waiting": None,
        "given": None,
        "composed": False,
        "questions": [],
        "reply": "",
        "left": [],
        "rest": rest,
    }
    return {**base, "intent": intent, **_following(state, intent, rest)}


def _following(state: ConversationState, intent: Intent, rest: str) -> ConversationUpdate:
    if state.waiting is None:
        return _fresh(state, intent)
    answered = _answer(state, state.waiting, intent)
    if answered is not None:
        # What was left of the first message comes after the answer's own.
        more = "\n".join(filter(None, (rest, state.rest)))
        dropped = isinstance(intent, Reject)
        put_aside = not_done(state.rest) if dropped else []
        return {**answered, "rest": rest if dropped else more, "left": put_aside}
    if state.waiting.kind != "intent" and isinstance(intent, _ASIDES):
        return _aside(state, state.waiting, intent, rest)
    return {**_fresh(state, intent), "left": _put_aside(state)}


def _aside(
    state: ConversationState, waiting: Pending, intent: Intent, rest: str
) -> ConversationUpdate:
    """Answer what is no answer; then what waits is asked again."""
    update: ConversationUpdate = _fresh(state, intent)
    if isinstance(intent, Unclear):
        update = ConversationUpdate(next="reply", reply=intent.question.text)
    update["waiting"], update["asides"] = waiting, state.asides + 1
    update["rest"], update["left"] = state.rest, not_done(rest)
    return update


def _put_aside(state: ConversationState) -> list[str]:
    """Say which work is given up for another message; a message that was not clear is none."""
    if state.waiting is None or state.waiting.kind == "intent":
        return []
    return not_done(state.said or state.request, state.rest)


def not_done(*texts: str) -> list[str]:
    """Return a sentence for each text that is not empty."""
    return [f"Not done: {_short(text)!r}." for text in texts if text.strip()]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_QUOTED else f"{flat[: MAX_QUOTED - 1].rstrip()}…"


def _fresh(state: ConversationState, intent: Intent) -> ConversationUpdate:
    match intent:
        case NewWorkflow(request=request):
            return _composing(request, "", state)
        case EditWorkflow(request=request):
            return _composing(request, state.current, state)
        case AskAbout():
            return {"next": "answerer"}
        case Undo() | Redo() | GoToVersion():
            return _moved(state, intent)
        case Unclear(question=question):
            return {"next": "ask", "questions": [question], "said": state.said or state.message}
        case Answers() | Approve() | Reject():
            return {"next": "reply", "reply": _NOTHING_WAITS}
        case _:
            return {"next": "act"}


def _answer(
    state: ConversationState, waiting: Pending, intent: Intent
) -> ConversationUpdate | None:
    """Return what an answer to a question does; None if the message is none."""
    if isinstance(intent, Reject):
        return {"next": "reply", "reply": _LEFT}
    match waiting.kind, intent:
        case "partial", Answers(texts=(first, *_)) if is_no(first):
            return {"next": "reply", "reply": _LEFT}
        case "partial", Answers(texts=(first, *_)) if not is_yes(first):
            return _again(state, [first])
        case "partial", Answers() | Approve():
            return _accepted(state)
        case (("partial" | "questions"), EditWorkflow(request=request)):
            return _again(state, [request])
        case "plan", Approve():
            return {"next": "retriever", "approved": True, "composed": True}
        case "plan", Answers(texts=texts):
            return _replanned(state, ("Change of the plan:", *texts))
        case "plan", EditWorkflow(request=request):
            return _replanned(state, ("Change of the plan:", request))
        case "questions", Answers(texts=texts):
            return _answered(state, waiting.questions, texts)
        case "questions", Approve():
            return _answered(state, waiting.questions, ())
        case "intent", Answers(texts=texts):
            return _composing(" ".join((state.said, *texts)), state.current, state)
        case _:
            return None


def _composing(request: str, original: str, state: ConversationState) -> ConversationUpdate:
    """Start composing from nothing of this turn but what it has cost."""
    update = cast(ConversationUpdate, from_the_start())
    update["request"] = update["said"] = request.strip()
    update["context"] = _context(state)
    update["original"] = original
    update["format"] = state.current_format if original else "yaml"
    return {**update, "composed": True, "approved": False, "next": "planner"}


def _context(state: ConversationState) -> str:
    """Return what a planner must know of the conversation."""
    lines = [
        *([state.summary] if state.summary else []),
        *(f"Decided: {d}" for d in state.decisions),
    ]
    said = (f"{role}: {text}" for role, text in state.earlier[-LAST_MESSAGES:])
    return "\n".join([*lines, *said])


def _answered(
    state: ConversationState, questions: Sequence[Question], texts: Sequence[str]
) -> ConversationUpdate:
    """Compose again, with the answers beside the request; what has none takes the default."""
    return _again(state, answers_in_words(questions, texts))


def _replanned(state: ConversationState, words: Sequence[str]) -> ConversationUpdate:
    return _again(state, [" ".join(words)])


def _again(state: ConversationState, lines: list[str]) -> ConversationUpdate:
    request = "\n".join([state.request or state.said, *lines])
    return {
        **_composing(request, state.original, state),
        "said": state.said,
        "decisions": list(dict.fromkeys((*state.decisions, *lines))),
    }


def _accepted(state: ConversationState) -> ConversationUpdate:
    """Take a workflow that does a part of what was asked; what it lacks is an assumption."""
    left = left_out(state)
    return {
        "next": "reply",
        "composed": True,
        "status": "valid",
        "reason": "",
        "assumptions": [*state.assumptions, *left],
        "decisions": [*state.decisions, *left],
    }


def _moved(state: ConversationState, intent: Undo | Redo | GoToVersion) -> ConversationUpdate:
    try:
        match intent:
            case Undo(count=count):
                history = state.history.undo(count)
            case Redo(count=count):
                history = state.history.redo(count)
            case GoToVersion(version=number):
                history = state.history.restore(number)
    except NotFound as error:
        return {"next": "reply", "reply": str(error)}
    at = f"version {history.current}" if history.current else "the start, without a workflow"
    return {"next": "reply", "history": history, "reply": f"Now at {at}."}


def pending_of(state: ConversationState) -> Pending:
    """Return what the turn is to ask the person, or to ask again.

    Raises:
        ValueError: there is nothing to ask.
    """
    if state.waiting is not None:
        return state.waiting
    questions = tuple(state.questions)
    if isinstance(state.intent, Unclear):
        return Pending(kind="intent", questions=questions)
    if state.status == "needs_input":
        kind = "partial" if does_a_part(state) else "questions"
        return Pending(kind=kind, questions=questions)
    plan: Outline | None = state.outline
    if plan is None:
        raise ValueError("there is nothing to ask")
    return Pending(kind="plan", plan=plan)
