"""The nodes: each calls one agent and says what has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from langgraph.runtime import Runtime

from flowloom.agents.budget import Budget
from flowloom.agents.retriever import RetrieveTask
from flowloom.errors import BudgetExceeded, DocumentError, EditError, ModelError
from flowloom.graph.context import Composer
from flowloom.graph.ending import conclude
from flowloom.graph.events import (
    CandidatesFound,
    DiagnosticsFound,
    Mended,
    PlanMade,
    QuestionAsked,
    ResultReady,
    StageFinished,
    StageStarted,
    UsageReported,
)
from flowloom.graph.limits import Limits
from flowloom.graph.result import result_of, usage_of
from flowloom.graph.routing import decide, mender_of, signature
from flowloom.graph.state import CandidateIds, ComposeState, Stage, Update, Version
from flowloom.roles import Candidates, Draft, GenerateTask, PlanTask, Usage
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.document import Document, document_of, read_document
from flowloom.workflow.edits import apply_changes

__all__ = ["Nodes", "run_stage"]

AnyUpdate = TypeVar("AnyUpdate", bound=Update)


class Nodes:
    """The five nodes over one composer; without one, the graph can only be drawn."""

    def __init__(self, composer: Composer | None) -> None:
        self._given = composer

    @property
    def _composer(self) -> Composer:
        if self._given is None:
            raise RuntimeError("A graph without a composer can be drawn, not run.")
        return self._given

    async def planner(self, state: ComposeState, runtime: Runtime[Limits]) -> Update:
        """Turn the request into an outline."""
        task = PlanTask(
            request=state.request,
            document=_current(state),
            context=state.context,
            outline=state.outline,
            diagnostics=_errors(state.verdict, "planner"),
        )

        async def work(budget: Budget) -> Update:
            planned = await self._composer.planner.plan(task)
            budget.charge(planned.usage)
            runtime.stream_writer(PlanMade(outline=planned.outline))
            return _planned(state, planned.outline)

        return await run_stage("planner", state, runtime, work)

    async def retriever(self, state: ComposeState, runtime: Runtime[Limits]) -> Update:
        """Find components for the planned steps."""
        task = RetrieveTask(
            request=state.request,
            outline=_outline(state),
            document=_current(state),
            diagnostics=_errors(state.verdict, "retriever"),
        )

        async def work(budget: Budget) -> Update:
            found = _ids_of(await self._composer.retriever.retrieve(task))
            runtime.stream_writer(CandidatesFound(by_step=found.by_step))
            return {"candidates": found, "target": "generator"}

        return await run_stage("retriever", state, runtime, work)

    async def generator(self, state: ComposeState, runtime: Runtime[Limits]) -> Update:
        """Write a draft, or change the one at hand."""
        base = _current(state)
        task = GenerateTask(
            request=state.request,
            outline=_outline(state),
            candidates=self._candidates(state.candidates),
            document=base,
            diagnostics=_mendable(state.verdict),
            worse=tuple(state.worse),
            editing=bool(state.original),
        )

        async def work(budget: Budget) -> Update:
            draft = await self._composer.generator.generate(task)
            budget.charge(draft.usage)
            return _drafted(state, base, draft)

        return await run_stage("generator", state, runtime, work)

    async def verifier(self, state: ComposeState, runtime: Runtime[Limits]) -> Update:
        """Check the draft, mend slips by rule, and decide who mends the rest."""
        limits = _limits(runtime)

        async def work(budget: Budget) -> Update:
            document = read_document(state.draft, format=state.format)
            original = _document(state.original, state)
            checked = self._composer.verifier.check(
                document,
                outline=state.outline,
                request=state.request,
                original=original,
                said=state.said_before,
            )
            for mend in checked.mends:
                runtime.stream_writer(Mended(mend=mend))
            found = DiagnosticsFound(
                attempt=state.attempts, diagnostics=checked.verdict.diagnostics
            )
            runtime.stream_writer(found)
            version = Version(text=checked.document.text, verdict=checked.verdict)
            update = _judged(state, version, limits)
            return {**update, "mends": [*state.mends, *checked.mends]}

        return await run_stage("verifier", state, runtime, work, limited=False)

    async def finish(self, state: ComposeState, runtime: Runtime[Limits]) -> Update:
        """Say honestly how the run ended."""
        update = conclude(state)
        ended = replace(state, **update)
        for question in ended.questions:
            runtime.stream_writer(QuestionAsked(question=question))
        runtime.stream_writer(UsageReported(usage=usage_of(ended)))
        runtime.stream_writer(ResultReady(result=result_of(ended, self._composer.model)))
        return update

    def _candidates(self, ids: CandidateIds) -> Candidates:
        catalog = self._composer.catalog
        return Candidates(
            by_step={
                step: tuple(map(catalog.__getitem__, names)) for step, names in ids.by_step.items()
            },
            always=tuple(map(catalog.__getitem__, ids.always)),
        )


async def run_stage(
    stage: Stage,
    state: ComposeState,
    runtime: Runtime[Limits],
    work: Callable[[Budget], Awaitable[AnyUpdate]],
    *,
    limited: bool = True,
) -> AnyUpdate:
    """Run one agent within what is left of the limits; report its start, end and cost."""
    budget = _budget(state, _limits(runtime)) if limited else Budget()
    runtime.stream_writer(StageStarted(stage=stage, attempt=state.attempts + (stage != "verifier")))
    started = time.monotonic()
    try:
        update = await _within(budget, work)
    except (BudgetExceeded, DocumentError, EditError, ModelError) as error:
        if isinstance(error, ModelError) and state.best is None:
            raise
        update = cast(AnyUpdate, Update(target="finish", reason=str(error)))
    finally:
        seconds = time.monotonic() - started
        runtime.stream_writer(StageFinished(stage=stage, seconds=seconds))
    total = state.seconds.get(stage, 0.0) + seconds
    update["usage"] = state.usage + budget.spent
    update["seconds"] = {**state.seconds, stage: total}
    return update


async def _within(budget: Budget, work: Callable[[Budget], Awaitable[AnyUpdate]]) -> AnyUpdate:
    budget.check()
    timeout = asyncio.timeout(budget.seconds_left)
    try:
        with budget.in_force():
            async with timeout:
                return await work(budget)
    except TimeoutError:
        if not timeout.expired():
            raise
        raise BudgetExceeded("The time limit is reached.", hint="Raise --timeout.") from None


def _limits(runtime: Runtime[Limits]) -> Limits:
    # LangGraph gives None where a caller of the compiled graph passes no context.
    context: Limits | None = runtime.context
    return context or Limits()


def _budget(state: ComposeState, limits: Limits) -> Budget:
    used: Usage = state.usage
    return Budget(
        tokens=limits.max_tokens - used.input_tokens - used.output_tokens,
        seconds=limits.timeout - sum(state.seconds.values()),
    )


def _current(state: ComposeState) -> Document | None:
    return _document(state.draft or state.original, state)


def _document(text: str, state: ComposeState) -> Document | None:
    return read_document(text, format=state.format) if text else None


def _outline(state: ComposeState) -> Any:
    if state.outline is None:
        raise ValueError("the planner has not run")
    return state.outline


def _errors(verdict: Verdict | None, mender: str) -> tuple[Diagnostic, ...]:
    errors = verdict.errors if verdict else ()
    return tuple(item for item in errors if item.mender == mender)


def _mendable(verdict: Verdict | None) -> tuple[Diagnostic, ...]:
    """Return what the generator is told: planner and retriever have done their part before it."""
    errors = verdict.errors if verdict else ()
    return tuple(item for item in errors if item.mender != "person")


def _ids_of(found: Candidates) -> CandidateIds:
    return CandidateIds(
        by_step={step: tuple(item.id for item in items) for step, items in found.by_step.items()},
        always=tuple(item.id for item in found.always),
    )


def _planned(state: ComposeState, outline: Any) -> Update:
    assumptions = list(dict.fromkeys((*state.assumptions, *outline.assumptions)))
    update: Update = {"outline": outline, "assumptions": assumptions, "target": "retriever"}
    if outline.questions:
        return {**update, "questions": list(outline.questions), "target": "finish"}
    if not outline.steps and not outline.edits and outline.unsupported:
        # A second plan that is none does not hide the first.
        update["outline"] = state.outline or outline
        return {**update, "reason": " ".join(outline.unsupported), "target": "finish"}
    return update


def _drafted(state: ComposeState, base: Document | None, draft: Draft) -> Update:
    assumptions = list(dict.fromkeys((*state.assumptions, *draft.assumptions)))
    update: Update = {"attempts": state.attempts + 1, "assumptions": assumptions}
    if draft.questions:
        return {**update, "questions": list(draft.questions), "target": "finish"}
    document = _document_of(state, base, draft)
    if document is None:
        return {**update, "reason": "The generator gave no workflow.", "target": "finish"}
    return {**update, "draft": document.text, "target": "verifier"}


def _document_of(state: ComposeState, base: Document | None, draft: Draft) -> Document | None:
    if draft.workflow is not None:
        return document_of(draft.workflow, format=state.format)
    return apply_changes(base, draft.changes) if base else None


def _judged(state: ComposeState, version: Version, limits: Limits) -> Update:
    decision = decide(version.errors, state.seen, state.attempts, limits)
    best = state.best
    if best is None or version.rank < best.rank:
        best = version
    update: Update = {
        "draft": version.text,
        "verdict": version.verdict,
        "best": best,
        "worse": [],
        "seen": [*state.seen, signature(version.errors)],
        "target": decision.target,
        "reason": decision.reason,
    }
    if decision.target != "finish" and version.is_worse_than(best):
        return {**update, **_taken_back(best, version)}
    return update


def _taken_back(best: Version, worse: Version) -> Update:
    """Go on from the best version; who mends next is told what the changes led to."""
    known = {item.key for item in best.errors}
    return {
        "draft": best.text,
        "verdict": best.verdict,
        "worse": [item for item in worse.errors if item.key not in known],
        "target": mender_of(best.errors),
    }
