"""What follows from a message: pure functions from state and intent to the turn's next work."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.errors import NotFound
from flowloom.graph.conversation.state import ConversationState, ConversationUpdate, Pending
from flowloom.intents import (
    Answers,
    Approve,
    AskAbout,
    EditWorkflow,
    Intent,
    NewWorkflow,
    Redo,
    Reject,
    Unclear,
    Undo,
)
from flowloom.intents import GoTo as GoToVersion
from flowloom.workflow.outline import Outline, Question

__all__ = ["heard", "pending_of"]

MAX_ROUNDS = 5
"""Questions that one turn asks at most, one after the other."""

LAST_MESSAGES = 6
_NOTHING_WAITS = "Nothing waits for an answer."
_LEFT = "Left as it was."


def heard(state: ConversationState, intent: Intent) -> ConversationUpdate:
    """Return what a message changes; ``next`` says which node goes on."""
    waiting = state.waiting
    update = _answer(state, waiting, intent) if waiting else None
    if update is None:
        update = _fresh(state, intent)
    base: ConversationUpdate = {"waiting": None, "given": None, "composed": False, "questions": []}
    return {**base, "intent": intent, **update}


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
        case "partial", Answers(texts=(first, *_)) if _is_no(first):
            return {"next": "reply", "reply": _LEFT}
        case "partial", Answers() | Approve():
            return _accepted(state)
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
    update = _nothing_composed()
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


def _nothing_composed() -> ConversationUpdate:
    return {
        "outline": None,
        "draft": "",
        "verdict": None,
        "best": None,
        "worse": [],
        "seen": [],
        "attempts": 0,
        "mends": [],
        "assumptions": [],
        "questions": [],
        "status": "running",
        "reason": "",
        "target": "planner",
    }


def _answered(
    state: ConversationState, questions: Sequence[Question], texts: Sequence[str]
) -> ConversationUpdate:
    """Compose again, with the answers beside the request; what has none takes the default."""
    given = [*texts, *[""] * len(questions)]
    pairs = [
        (question.text, answer.strip() or _default(question))
        for question, answer in zip(questions, given, strict=False)
    ]
    decided = [f"{text} {answer}".strip() for text, answer in pairs]
    return _again(state, decided)


def _default(question: Question) -> str:
    return question.default or (question.suggestions[0] if question.suggestions else "")


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
    left = state.outline.unsupported if state.outline else ()
    assumptions = [*state.assumptions, *(f"Left out: {item}" for item in left)]
    return {
        "next": "reply",
        "composed": True,
        "status": "valid",
        "reason": "",
        "assumptions": assumptions,
        "decisions": [*state.decisions, *(f"Left out: {item}" for item in left)],
    }


def _is_no(text: str) -> bool:
    return text.strip().lower().rstrip(".!") in ("no", "n")


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
    """Return what the turn is to ask the person.

    Raises:
        ValueError: there is nothing to ask.
    """
    questions = tuple(state.questions)
    if isinstance(state.intent, Unclear):
        return Pending(kind="intent", questions=questions)
    if state.status == "needs_input":
        partial = bool(state.outline and state.outline.unsupported and state.best)
        kind = "partial" if partial and not (state.best and state.best.errors) else "questions"
        return Pending(kind=kind, questions=questions)
    plan: Outline | None = state.outline
    if plan is None:
        raise ValueError("there is nothing to ask")
    return Pending(kind="plan", plan=plan)
