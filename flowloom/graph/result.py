"""What a run returns."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from flowloom.agents.verifier import Mend
from flowloom.graph.state import ComposeState
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import read_document
from flowloom.workflow.outline import Outline, Question

__all__ = ["Result", "UsageReport", "result_of", "usage_of"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class UsageReport(_Frozen):
    """What a run has cost; ``seconds`` by stage, ``attempts`` counts the drafts."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: dict[str, float] = {}
    attempts: int = 0


class Result(_Frozen):
    """The outcome of one run.

    Attributes:
        status: ``valid`` only if the full verifier ran on exactly ``workflow`` and found no
            error; ``needs_input`` if a person must answer ``questions`` first.
        workflow: plain data of the best version reached; None if there is none.
        text: the same as a document, with comments where it was an edit.
        diagnostics: what the verifier found in ``workflow``.
        reason: one sentence that says why the status is not ``valid``.
    """

    status: Literal["valid", "needs_input", "failed"]
    workflow: dict[str, Any] | None = None
    text: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    plan: Outline | None = None
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    mends: tuple[Mend, ...] = ()
    usage: UsageReport = UsageReport()
    model: str = ""
    reason: str = ""


def usage_of(state: ComposeState) -> UsageReport:
    """Return what a run has cost so far."""
    return UsageReport(
        model_calls=state.usage.model_calls,
        input_tokens=state.usage.input_tokens,
        output_tokens=state.usage.output_tokens,
        seconds=state.seconds,
        attempts=state.attempts,
    )


def result_of(state: ComposeState, model: str) -> Result:
    """Return the result of a run that has ended.

    Raises:
        ValueError: the run has not ended.
    """
    if state.status == "running":
        raise ValueError("the run has not ended")
    best = state.best
    return Result(
        status=state.status,
        workflow=read_document(best.text, format=state.format).data if best else None,
        text=best.text if best else "",
        diagnostics=best.verdict.diagnostics if best else (),
        plan=state.outline,
        questions=tuple(state.questions),
        assumptions=tuple(state.assumptions),
        mends=tuple(state.mends),
        usage=usage_of(state),
        model=model,
        reason=state.reason,
    )
