"""What a run reports while it works: a small union of frozen records, told apart by ``type``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from flowloom.agents.verifier import Mend
from flowloom.graph.result import Result, UsageReport
from flowloom.graph.state import Stage
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.diff import DifferenceKind
from flowloom.workflow.outline import Outline, Question

__all__ = [
    "CandidatesFound",
    "DiagnosticsFound",
    "ErrorRaised",
    "Event",
    "Mended",
    "MessageReceived",
    "PlanMade",
    "QuestionAsked",
    "ResultReady",
    "StageFinished",
    "StageStarted",
    "StepChanged",
    "TextSaid",
    "TurnEnded",
    "UsageReported",
    "VersionMade",
]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)


class StageStarted(_Event):
    """An agent starts; ``attempt`` counts the drafts, from 1."""

    type: Literal["stage_started"] = "stage_started"
    stage: Stage
    attempt: int


class StageFinished(_Event):
    """An agent is done, or has failed."""

    type: Literal["stage_finished"] = "stage_finished"
    stage: Stage
    seconds: float


class PlanMade(_Event):
    """The planner's outline."""

    type: Literal["plan"] = "plan"
    outline: Outline


class CandidatesFound(_Event):
    """Ids of the components found, by planned step."""

    type: Literal["candidates"] = "candidates"
    by_step: dict[str, tuple[str, ...]]


class DiagnosticsFound(_Event):
    """What the verifier found in a draft, after the mends."""

    type: Literal["diagnostics"] = "diagnostics"
    attempt: int
    diagnostics: tuple[Diagnostic, ...]


class Mended(_Event):
    """A slip that a rule has mended."""

    type: Literal["mend"] = "mend"
    mend: Mend


class QuestionAsked(_Event):
    """What only the person can say."""

    type: Literal["question"] = "question"
    question: Question


class UsageReported(_Event):
    """What the run has cost so far."""

    type: Literal["usage"] = "usage"
    usage: UsageReport


class ResultReady(_Event):
    """What composing came to."""

    type: Literal["result"] = "result"
    result: Result


class MessageReceived(_Event):
    """A person's message, the start of a turn or the answer to its question."""

    type: Literal["message"] = "message"
    text: str


class StepChanged(_Event):
    """One difference between the workflow before and the one that is offered."""

    type: Literal["step"] = "step"
    change: DifferenceKind
    step: str
    text: str


class VersionMade(_Event):
    """The workflow has a new version, or another one is the current one; 0 is none."""

    type: Literal["version"] = "version"
    number: int
    made: bool


class TextSaid(_Event):
    """The answer to the person, in words."""

    type: Literal["text"] = "text"
    text: str


class ErrorRaised(_Event):
    """The turn could not be finished; ``code`` is the name of the error's kind."""

    type: Literal["error"] = "error"
    code: str
    message: str
    hint: str = ""


class TurnEnded(_Event):
    """Nothing more comes of this turn, or not before the person has answered (``waiting``)."""

    type: Literal["turn_ended"] = "turn_ended"
    state: Literal["done", "waiting", "failed", "cancelled"]


Event: TypeAlias = Annotated[
    StageStarted
    | StageFinished
    | PlanMade
    | CandidatesFound
    | DiagnosticsFound
    | Mended
    | QuestionAsked
    | UsageReported
    | ResultReady
    | MessageReceived
    | StepChanged
    | VersionMade
    | TextSaid
    | ErrorRaised
    | TurnEnded,
    Field(discriminator="type"),
]
