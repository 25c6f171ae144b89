"""What a run reports while it works: a small union of frozen records, told apart by ``type``."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from flowloom.agents.verifier import Mend
from flowloom.graph.result import Result, UsageReport
from flowloom.graph.state import Stage
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.outline import Outline, Question

__all__ = [
    "CandidatesFound",
    "DiagnosticsFound",
    "Event",
    "Mended",
    "PlanMade",
    "QuestionAsked",
    "ResultReady",
    "StageFinished",
    "StageStarted",
    "UsageReported",
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
    """The end of the run."""

    type: Literal["result"] = "result"
    result: Result


Event: TypeAlias = Annotated[
    StageStarted
    | StageFinished
    | PlanMade
    | CandidatesFound
    | DiagnosticsFound
    | Mended
    | QuestionAsked
    | UsageReported
    | ResultReady,
    Field(discriminator="type"),
]
