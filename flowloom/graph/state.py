"""The state of one run, as the nodes hand it on and a checkpointer keeps it.

It holds texts and ids, no catalogs and no parsed documents: every step stores the state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypedDict

from pydantic import BaseModel, ConfigDict

from flowloom.agents.verifier import Mend
from flowloom.roles import Usage
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.outline import Outline, Question

__all__ = ["CandidateIds", "ComposeState", "Stage", "Target", "Update", "Version"]

Stage: TypeAlias = Literal[
    "listener", "planner", "retriever", "generator", "verifier", "answerer", "summarizer"
]
Target: TypeAlias = Literal["planner", "retriever", "generator", "verifier", "finish"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class CandidateIds(_Frozen):
    """Ids of the components that the retriever found; see ``flowloom.roles.Candidates``."""

    by_step: dict[str, tuple[str, ...]] = {}
    always: tuple[str, ...] = ()


class Version(_Frozen):
    """A draft with the verdict over exactly this text."""

    text: str
    verdict: Verdict

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What makes it invalid."""
        return self.verdict.errors

    @property
    def rank(self) -> tuple[int, int, int]:
        """How far it is from good: errors that a person need not mend, all errors, warnings."""
        warnings = sum(item.severity == "warning" for item in self.verdict.diagnostics)
        mendable = sum(item.mender != "person" for item in self.errors)
        return mendable, len(self.errors), warnings

    def is_worse_than(self, earlier: Version) -> bool:
        """Say whether changes made it worse: more errors, and some of the earlier ones still there.

        Where all earlier ones are gone, the new ones may have been hidden by them.
        """
        kept = {item.key for item in earlier.errors}.intersection(item.key for item in self.errors)
        return bool(kept) and len(self.errors) > len(earlier.errors)


@dataclass(kw_only=True)
class ComposeState:
    """What is known so far.

    Attributes:
        context: what was said and decided earlier, where the run is part of a conversation.
        said_before: what the person said before the request, word by word.
        original: text of the workflow that the request changes; empty for a new one.
        format: format of ``original``, and of what is returned.
        draft: text of the newest draft; empty before the first.
        verdict: the verdict over ``draft``.
        best: the draft with the lowest rank so far; of equals the first.
        worse: what the newest draft brought where it was taken back for being worse than ``best``.
        seen: signatures of the sets of errors that were found, oldest first.
        attempts: drafts that the generator made.
        seconds: time spent by stage.
        rounds: how often the person was asked.
        target: the node that the router goes to next.
        reason: why the run ended without a valid workflow.
    """

    request: str = ""
    context: str = ""
    said_before: str = ""
    original: str = ""
    format: Literal["yaml", "json"] = "yaml"
    outline: Outline | None = None
    candidates: CandidateIds = field(default_factory=CandidateIds)
    draft: str = ""
    verdict: Verdict | None = None
    best: Version | None = None
    worse: list[Diagnostic] = field(default_factory=list[Diagnostic])
    seen: list[str] = field(default_factory=list[str])
    attempts: int = 0
    mends: list[Mend] = field(default_factory=list[Mend])
    assumptions: list[str] = field(default_factory=list[str])
    questions: list[Question] = field(default_factory=list[Question])
    usage: Usage = field(default_factory=Usage)
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    rounds: int = 0
    target: Target = "planner"
    status: Literal["running", "valid", "needs_input", "failed"] = "running"
    reason: str = ""


class Update(TypedDict, total=False):
    """What a node may change: the same fields as ``ComposeState``, all optional."""

    request: str
    rounds: int
    outline: Outline | None
    candidates: CandidateIds
    draft: str
    verdict: Verdict | None
    best: Version | None
    worse: list[Diagnostic]
    seen: list[str]
    attempts: int
    mends: list[Mend]
    assumptions: list[str]
    questions: list[Question]
    usage: Usage
    seconds: dict[str, float]
    target: Target
    status: Literal["running", "valid", "needs_input", "failed"]
    reason: str
