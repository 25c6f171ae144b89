"""The honest end of a run: its status, from the best version and its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.graph.state import ComposeState, Update, Version
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import content_hash, read_document
from flowloom.workflow.outline import Question

__all__ = ["conclude"]

MAX_QUESTIONS = 3


def conclude(state: ComposeState) -> Update:
    """Return status, reason and questions of a run that goes no further."""
    if state.questions:
        return {"status": "needs_input", "reason": "A question must be answered first."}
    if state.best is None:
        return {"status": "failed", "reason": state.reason or "No workflow was made."}
    if state.best.errors:
        return _invalid(state, state.best)
    return _verified(state, state.best)


def _invalid(state: ComposeState, best: Version) -> Update:
    if all(item.mender == "person" for item in best.errors):
        return {
            "status": "needs_input",
            "reason": state.reason or "Only a person can mend what is left.",
            "questions": [_question_of(item) for item in best.errors[:MAX_QUESTIONS]],
        }
    return {"status": "failed", "reason": state.reason or _first(best.errors)}


def _verified(state: ComposeState, best: Version) -> Update:
    found = content_hash(read_document(best.text, format=state.format).data)
    if found != best.verdict.content_hash:
        return {"status": "failed", "reason": "The verdict belongs to another version."}
    if state.original and found == _hash_of_original(state):
        return {"status": "failed", "reason": "The request changed nothing in the workflow."}
    unsupported = state.outline.unsupported if state.outline else ()
    if unsupported:
        return {
            "status": "needs_input",
            "reason": f"Not all of the request can be done: {' '.join(unsupported)}",
            "questions": [_question_about(unsupported)],
        }
    return {"status": "valid", "reason": ""}


def _hash_of_original(state: ComposeState) -> str:
    return content_hash(read_document(state.original, format=state.format).data)


def _first(errors: Sequence[Diagnostic]) -> str:
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0].message}{more}"


def _question_of(item: Diagnostic) -> Question:
    text = " ".join(part for part in (item.message, item.hint) if part)
    return Question(text=text, suggestions=item.candidates[:5])


def _question_about(unsupported: Sequence[str]) -> Question:
    return Question(
        text=f"{' '.join(unsupported)} Take the workflow without it?",
        suggestions=("yes", "no"),
        default="no",
    )
