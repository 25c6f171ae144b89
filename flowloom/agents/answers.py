"""The forms of the models' answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowloom.workflow.edits import Change
from flowloom.workflow.outline import Question

__all__ = ["ChangesAnswer", "WorkflowAnswer", "at_most_three_questions"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    assumptions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


class WorkflowAnswer(_Answer):
    """A whole workflow, or questions."""

    workflow: dict[str, Any] = Field(default_factory=dict[str, Any])


class ChangesAnswer(_Answer):
    """Changes of the workflow at hand, or questions."""

    changes: tuple[Change, ...] = ()


def at_most_three_questions(data: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without the questions beyond the third: not worth asking again."""
    questions = data.get("questions")
    return {**data, "questions": questions[:3]} if isinstance(questions, list) else data
