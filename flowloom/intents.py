"""What a message in a conversation wants: a small union of records, told apart by ``kind``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from flowloom.workflow.outline import Question

__all__ = [
    "Answers",
    "Approve",
    "AskAbout",
    "CheckWorkflow",
    "EditWorkflow",
    "Export",
    "GoTo",
    "Intent",
    "NewWorkflow",
    "Redo",
    "Reject",
    "SmallTalk",
    "Unclear",
    "Undo",
]


class _Intent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewWorkflow(_Intent):
    """Make a workflow; one at hand is put aside, its versions stay."""

    kind: Literal["new"] = "new"
    request: str


class EditWorkflow(_Intent):
    """Change the workflow at hand."""

    kind: Literal["edit"] = "edit"
    request: str


class AskAbout(_Intent):
    """Answer a question about the workflow at hand, a component or flowloom."""

    kind: Literal["question"] = "question"
    question: str


class Answers(_Intent):
    """The message answers what was asked; ``texts`` stand in the order of the questions."""

    kind: Literal["answers"] = "answers"
    texts: tuple[str, ...]


class Approve(_Intent):
    """Take the plan that was shown."""

    kind: Literal["approve"] = "approve"


class Reject(_Intent):
    """Do not take the plan that was shown, or leave what was asked."""

    kind: Literal["reject"] = "reject"


class Undo(_Intent):
    """Go back to earlier versions."""

    kind: Literal["undo"] = "undo"
    count: int = Field(default=1, ge=1)


class Redo(_Intent):
    """Take back an undo."""

    kind: Literal["redo"] = "redo"
    count: int = Field(default=1, ge=1)


class GoTo(_Intent):
    """Make a version the current one; versions count from 1."""

    kind: Literal["go_to"] = "go_to"
    version: int = Field(ge=1)


class CheckWorkflow(_Intent):
    """Verify the workflow at hand and say what was found."""

    kind: Literal["verify"] = "verify"


class Export(_Intent):
    """Give the workflow at hand as text."""

    kind: Literal["export"] = "export"
    format: Literal["yaml", "json", "mermaid"] = "yaml"


class SmallTalk(_Intent):
    """Thanks, greetings: nothing is to be done."""

    kind: Literal["talk"] = "talk"


class Unclear(_Intent):
    """Only the person can say what is wanted."""

    kind: Literal["unclear"] = "unclear"
    question: Question


Intent: TypeAlias = Annotated[
    NewWorkflow
    | EditWorkflow
    | AskAbout
    | Answers
    | Approve
    | Reject
    | Undo
    | Redo
    | GoTo
    | CheckWorkflow
    | Export
    | SmallTalk
    | Unclear,
    Field(discriminator="kind"),
]
