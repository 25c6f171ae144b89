"""What the person's answers do to a run: pure functions from state and answers to an update."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.graph.state import ComposeState, Update
from flowloom.workflow.outline import Question

__all__ = [
    "answered",
    "answers_in_words",
    "does_a_part",
    "from_the_start",
    "is_no",
    "is_yes",
    "left_out",
]


def answered(state: ComposeState, answers: Sequence[str]) -> Update:
    """Return how a run goes on that has asked: with the answers beside the request.

    A workflow that does a part of what was asked is taken as it is, or left.
    """
    first = answers[0] if answers else ""
    if does_a_part(state) and is_yes(first):
        return {
            "status": "valid",
            "reason": "",
            "questions": [],
            "target": "finish",
            "assumptions": [*state.assumptions, *left_out(state)],
        }
    if does_a_part(state) and is_no(first):
        return {"target": "finish"}
    lines = [first] if does_a_part(state) else answers_in_words(state.questions, answers)
    request = "\n".join([state.request, *lines])
    return {**from_the_start(), "request": request, "rounds": state.rounds + 1}


def answers_in_words(questions: Sequence[Question], answers: Sequence[str]) -> list[str]:
    """Return each question with its answer; what has none takes the default."""
    given = [*answers, *[""] * len(questions)]
    return [
        f"{question.text} {answer.strip() or _default(question)}".strip()
        for question, answer in zip(questions, given, strict=False)
    ]


def _default(question: Question) -> str:
    return question.default or (question.suggestions[0] if question.suggestions else "")


def does_a_part(state: ComposeState) -> bool:
    """Say whether a good workflow waits that does not do all of what was asked."""
    unsupported = bool(state.outline and state.outline.unsupported)
    return unsupported and state.best is not None and not state.best.errors


def left_out(state: ComposeState) -> list[str]:
    """Return a sentence for each thing that the workflow does not do."""
    return [f"Left out: {item}" for item in (state.outline.unsupported if state.outline else ())]


def is_yes(text: str) -> bool:
    """Say whether an answer takes what is offered."""
    return text.strip().lower().rstrip(".!") in ("yes", "y", "ok", "okay", "sure")


def is_no(text: str) -> bool:
    """Say whether an answer leaves what is offered; no answer does."""
    return text.strip().lower().rstrip(".!") in ("no", "n", "")


def from_the_start() -> Update:
    """Return a run's beginning: nothing is left of it but what it has cost."""
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
