"""Runs a workflow over its effects.

What a step leaves behind: a call's or a question's output stands under ``steps.<id>.output``, a
loop's under the same where it has ``collect``. A step that did not run (its branch was not taken,
or it failed with ``on_error: continue``) is not in ``steps``. A ``for_each`` body's steps are seen
within their own round only; what a ``while`` body or a branch produced stays. ``finally`` runs
whatever happens, a ``stop`` included.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from flowloom.workflow.interpreter.effects import (
    ComponentCall,
    Effects,
    Outcome,
    Pause,
    PersonAsked,
    Rounds,
    RunStatus,
    StepFailed,
)
from flowloom.workflow.interpreter.evaluator import CelEvaluator, Evaluator, Values, filled
from flowloom.workflow.models import (
    AskStep,
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    StepBase,
    StopStep,
    SwitchStep,
    TryStep,
    WaitStep,
    WhileStep,
    Workflow,
)
from flowloom.workflow.path import Path

__all__ = ["run_workflow"]

_CEL = CelEvaluator()


async def run_workflow(
    workflow: Workflow,
    effects: Effects,
    *,
    inputs: Mapping[str, JsonValue],
    trigger: JsonValue = None,
    run: Mapping[str, JsonValue],
    evaluator: Evaluator = _CEL,
) -> Outcome:
    """Run a workflow to its end.

    Args:
        inputs: values of the run's inputs, defaults filled in.
        trigger: output of the trigger; it is named only where the workflow has one.
        run: ``id`` and ``started_at`` (RFC 3339).

    Returns:
        How it ended; a step that failed and was not caught ends it as ``failed``.
    """
    known: dict[str, Any] = {"inputs": dict(inputs), "run": dict(run)}
    if workflow.trigger is not None:
        known["trigger"] = {"output": trigger}
    frame = _Frame(known, {})
    runner = _Runner(effects, evaluator)
    try:
        await runner.block(workflow.steps, ("steps",), frame)
        outputs = filled(evaluator, workflow.outputs, frame.values, ("outputs",))
    except _Stopped as stopped:
        return Outcome(status=stopped.status, message=stopped.message, outputs={})
    except StepFailed as failed:
        at = f"{failed.step}: " if failed.step else ""
        return Outcome(status="failed", message=f"{at}{failed.message}", outputs={})
    return Outcome(status="succeeded", outputs=outputs)


class _Stopped(Exception):
    """A ``stop`` step ended the run."""

    def __init__(self, status: RunStatus, message: str) -> None:
        super().__init__(message)
        self.status: RunStatus = status
        self.message = message


@dataclass(frozen=True)
class _Frame:
    """What can be named at a place: variables, and the steps that ran."""

    variables: Mapping[str, Any]
    steps: MutableMapping[str, Any]
    rounds: Rounds = ()

    @property
    def values(self) -> Values:
        return {**self.variables, "steps": self.steps}

    def round(self, number: int, variables: Mapping[str, Any]) -> _Frame:
        """Return the frame of one round of a loop, its steps' outputs its own."""
        known = {**self.variables, "index": number, **variables}
        inner: MutableMapping[str, Any] = ChainMap({}, self.steps)
        return _Frame(known, inner, (*self.rounds, number))


@dataclass(frozen=True)
class _Runner:
    effects: Effects
    evaluator: Evaluator

    async def block(self, steps: Block, path: Path, frame: _Frame) -> None:
        for index, step in enumerate(steps):
            try:
                await self._step(step, (*path, index), frame)
            except StepFailed as failed:
                failed.step = failed.step or step.id
                raise

    async def _step(self, step: StepBase, path: Path, frame: _Frame) -> None:
        match step:
            case CallStep():
                await self._call(step, path, frame)
            case IfStep():
                await self._if(step, path, frame)
            case SwitchStep():
                await self._switch(step, path, frame)
            case ForEachStep():
                await self._for_each(step, path, frame)
            case WhileStep():
                await self._while(step, path, frame)
            case ParallelStep():
                await self._parallel(step, path, frame)
            case TryStep():
                await self._try(step, path, frame)
            case WaitStep():
                await self._wait(step, path, frame)
            case AskStep():
                await self._ask(step, path, frame)
            case StopStep():
                message = self.evaluator.text(step.stop, frame.values, (*path, "stop"))
                raise _Stopped(step.status, str(message))
            case _:
                raise TypeError(f"no step kind: {step!r}")

    async def _call(self, step: CallStep, path: Path, frame: _Frame) -> None:
        try:
            inputs = filled(self.evaluator, step.with_, frame.values, (*path, "with"))
            call = ComponentCall(step=step, path=path, rounds=frame.rounds, inputs=inputs)
            output = await self.effects.call(call)
        except StepFailed:
            if step.on_error == "fail":
                raise
            frame.steps.pop(step.id, None)
            return
        frame.steps[step.id] = {"output": output}

    async def _if(self, step: IfStep, path: Path, frame: _Frame) -> None:
        if self.evaluator.holds(step.if_, frame.values, (*path, "if")):
            return await self.block(step.then, (*path, "then"), frame)
        for index, branch in enumerate(step.elif_):
            here = (*path, "elif", index)
            if self.evaluator.holds(branch.if_, frame.values, (*here, "if")):
                return await self.block(branch.then, (*here, "then"), frame)
        return await self.block(step.else_, (*path, "else"), frame)

    async def _switch(self, step: SwitchStep, path: Path, frame: _Frame) -> None:
        value = self.evaluator.expression(step.switch, frame.values, (*path, "switch"))
        for index, case in enumerate(step.cases):
            options = case.when if isinstance(case.when, list) else [case.when]
            if any(_same(value, option) for option in options):
                return await self.block(case.do, (*path, "cases", index, "do"), frame)
        return await self.block(step.default, (*path, "default"), frame)

    async def _for_each(self, step: ForEachStep, path: Path, frame: _Frame) -> None:
        items = self.evaluator.items(step.for_each, frame.values, (*path, "for_each"))
        collected: list[Any] = [None] * len(items)

        async def one(number: int, item: Any) -> None:
            inner = frame.round(number, {step.as_: item})
            await self.block(step.do, (*path, "do"), inner)
            if step.collect is not None:
                place = (*path, "collect")
                collected[number] = self.evaluator.expression(step.collect, inner.values, place)

        rounds = [one(number, item) for number, item in enumerate(items)]
        await self.effects.together(rounds, step.concurrency)
        if step.collect is not None:
            frame.steps[step.id] = {"output": collected}

    async def _while(self, step: WhileStep, path: Path, frame: _Frame) -> None:
        for number in range(step.max_iterations):
            if not self.evaluator.holds(step.while_, frame.values, (*path, "while")):
                return
            known = {**frame.variables, "index": number}
            inner = replace(frame, variables=known, rounds=(*frame.rounds, number))
            await self.block(step.do, (*path, "do"), inner)

    async def _parallel(self, step: ParallelStep, path: Path, frame: _Frame) -> None:
        branches = [
            self.block(branch, (*path, "parallel", index), frame)
            for index, branch in enumerate(step.parallel)
        ]
        await self.effects.together(branches, len(branches))

    async def _try(self, step: TryStep, path: Path, frame: _Frame) -> None:
        ended: StepFailed | _Stopped | None = None
        try:
            await self._caught(step, path, frame)
        except (StepFailed, _Stopped) as error:
            ended = error
        await self.block(step.finally_, (*path, "finally"), frame)
        if ended is not None:
            raise ended

    async def _caught(self, step: TryStep, path: Path, frame: _Frame) -> None:
        try:
            await self.block(step.try_, (*path, "try"), frame)
        except StepFailed as failed:
            if not step.catch:
                raise
            error = {"code": failed.code, "message": failed.message, "step": failed.step}
            inner = replace(frame, variables={**frame.variables, "error": error})
            await self.block(step.catch, (*path, "catch"), inner)

    async def _wait(self, step: WaitStep, path: Path, frame: _Frame) -> None:
        until = self.evaluator.text(step.wait, frame.values, (*path, "wait"))
        await self.effects.wait(Pause(step=step, path=path, rounds=frame.rounds, until=str(until)))

    async def _ask(self, step: AskStep, path: Path, frame: _Frame) -> None:
        def text(key: str, value: str, *more: int) -> str:
            return str(self.evaluator.text(value, frame.values, (*path, key, *more)))

        asked = PersonAsked(
            step=step,
            path=path,
            rounds=frame.rounds,
            question=text("ask", step.ask),
            choices=tuple(text("choices", item, i) for i, item in enumerate(step.choices)),
            to=text("to", step.to),
        )
        frame.steps[step.id] = {"output": await self.effects.ask(asked)}


def _same(value: Any, option: Any) -> bool:
    """Return whether a value is a case's literal; true is not 1."""
    return value == option and isinstance(value, bool) == isinstance(option, bool)
