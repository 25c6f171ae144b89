"""The words of a turn's end: what was made, what is asked, why it did not work."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.graph.conversation.state import ConversationState, Pending
from flowloom.workflow.changes_in_words import changes_in_words
from flowloom.workflow.diff import Difference, diff
from flowloom.workflow.document import read_document
from flowloom.workflow.outline import OutlineStep, Question

__all__ = ["composed_reply", "differences_of", "question_text"]

MAX_LINES = 5


def composed_reply(state: ConversationState, differences: Sequence[Difference]) -> str:
    """Return what composing came to, in a few sentences."""
    if state.status != "valid" or state.best is None:
        return _not_valid(state)
    if state.original:
        lines = [changes_in_words(differences)]
    else:
        data = read_document(state.best.text, format=state.format).data
        count = sum(item.kind == "added" for item in differences)
        lines = [f"Made the workflow {data.get('name', '')!r} with {_steps(count)}."]
    warnings = [item for item in state.best.verdict.diagnostics if item.severity == "warning"]
    lines += [f"Assumed: {item}" for item in state.assumptions[:MAX_LINES]]
    lines += [f"Warning {item.code}: {item.message}" for item in warnings[:MAX_LINES]]
    return "\n".join(lines)


def differences_of(state: ConversationState) -> tuple[Difference, ...]:
    """Return what a turn changed; of a new workflow, the steps that it has."""
    if state.best is None:
        return ()
    after = read_document(state.best.text, format=state.format).data
    if not state.original:
        return tuple(item for item in diff({}, after) if item.kind == "added")
    return diff(read_document(state.original, format=state.format).data, after)


def _not_valid(state: ConversationState) -> str:
    errors = state.best.errors if state.best else ()
    lines = [f"It did not work: {state.reason}" if state.reason else "It did not work."]
    lines += [f"{item.code} {item.path}: {item.message}" for item in errors[:MAX_LINES]]
    at_hand = "the workflow at hand is as it was" if state.current else "there is no workflow yet"
    return "\n".join([*lines, f"Nothing was changed: {at_hand}."])


def _steps(count: int) -> str:
    return f"{count} step{'s' if count != 1 else ''}"


def question_text(pending: Pending) -> str:
    """Return what is asked, a numbered line each with suggestions and default."""
    if pending.plan is not None:
        lines = ["This is the plan:", *map(_planned, pending.plan.walk())]
        return "\n".join([*lines, "Shall it be done so? Say yes, no, or what to change."])
    numbered = len(pending.questions) > 1
    return "\n".join(
        f"{f'{number}. ' if numbered else ''}{_question(question)}"
        for number, question in enumerate(pending.questions, 1)
    )


def _planned(step: OutlineStep) -> str:
    service = f" ({step.service})" if step.service else ""
    return f"- {step.text or step.kind}{service}"


def _question(question: Question) -> str:
    suggestions = f" ({' / '.join(question.suggestions)})" if question.suggestions else ""
    default = f" [{question.default}]" if question.default else ""
    return f"{question.text}{suggestions}{default}"
