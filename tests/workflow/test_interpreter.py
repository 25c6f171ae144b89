"""What a workflow means when it runs: the interpreter over effects that only remember."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from pydantic import JsonValue

from flowloom.workflow.interpreter.effects import (
    ComponentCall,
    Outcome,
    Pause,
    PersonAsked,
    StepFailed,
)
from flowloom.workflow.interpreter.run import run_workflow
from flowloom.workflow.models import Workflow

Answer = Callable[[ComponentCall], JsonValue]


def echo(call: ComponentCall) -> JsonValue:
    return dict(call.inputs)


class Recorder:
    """Effects that remember what was asked of them; a call's output is what ``answer`` says."""

    def __init__(self, answer: Answer | None = None, replies: Sequence[str | None] = ()) -> None:
        self.answer = answer or echo
        self.replies = list(replies)
        self.log: list[str] = []
        self.asked: list[PersonAsked] = []
        self.limits: list[int] = []

    async def call(self, call: ComponentCall) -> JsonValue:
        rounds = "".join(f"[{number}]" for number in call.rounds)
        self.log.append(f"{call.step.id}{rounds}")
        return self.answer(call)

    async def wait(self, pause: Pause) -> None:
        self.log.append(f"wait {pause.until}")

    async def ask(self, asked: PersonAsked) -> str | None:
        self.log.append(f"ask {asked.step.id}")
        self.asked.append(asked)
        return self.replies.pop(0)

    async def together(self, work: Sequence[Awaitable[None]], limit: int) -> None:
        self.limits.append(limit)
        await asyncio.gather(*work)


def fail_at(*ids: str) -> Answer:
    def answer(call: ComponentCall) -> JsonValue:
        if call.step.id in ids:
            raise StepFailed("boom", f"{call.step.id} broke")
        return dict(call.inputs)

    return answer


async def run(
    effects: Recorder,
    *steps: dict[str, Any],
    outputs: dict[str, Any] | None = None,
    inputs: dict[str, Any] | None = None,
) -> Outcome:
    data = {"name": "x", "steps": list(steps), "outputs": outputs or {}}
    return await run_workflow(
        Workflow.model_validate(data),
        effects,
        inputs=inputs or {},
        run={"id": "r1", "started_at": "2026-01-05T09:30:00Z"},
    )


def call(step_id: str, **given: Any) -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.do", "with": given}


async def test_outputs_flow_from_step_to_step_and_keep_their_type() -> None:
    effects = Recorder()
    ended = await run(
        effects,
        call("a", rows=[1, 2]),
        call("b", count="${{ size(steps.a.output.rows) }}", text="n=${{ inputs.n }}"),
        outputs={"all": {"b": "${{ steps.b.output }}"}, "run": "${{ run.id }}"},
        inputs={"n": 4},
    )
    assert ended.status == "succeeded"
    assert ended.outputs == {"all": {"b": {"count": 2, "text": "n=4"}}, "run": "r1"}


@pytest.mark.parametrize(("n", "ran"), [(1, "one"), (2, "two"), (3, "other")])
async def test_if_takes_the_first_branch_that_holds(n: int, ran: str) -> None:
    effects = Recorder()
    step = {
        "id": "c",
        "if": "inputs.n == 1",
        "then": [call("one")],
        "elif": [{"if": "inputs.n == 2", "then": [call("two")]}],
        "else": [call("other")],
    }
    await run(effects, step, inputs={"n": n})
    assert effects.log == [ran]


@pytest.mark.parametrize(
    ("value", "ran"), [("a", ["x"]), ("c", ["y"]), (True, ["t"]), (1, []), ("z", [])]
)
async def test_switch_compares_literals_and_true_is_not_one(value: Any, ran: list[str]) -> None:
    effects = Recorder()
    cases = [
        {"when": "a", "do": [call("x")]},
        {"when": ["b", "c"], "do": [call("y")]},
        {"when": True, "do": [call("t")]},
    ]
    await run(effects, {"id": "s", "switch": "inputs.v", "cases": cases}, inputs={"v": value})
    assert effects.log == ran


async def test_for_each_collects_in_order_and_keeps_its_steps_to_the_round() -> None:
    effects = Recorder()
    loop = {
        "id": "each",
        "for_each": "inputs.names",
        "as": "number",
        "concurrency": 3,
        "do": [call("greet", text="${{ string(index) + number }}")],
        "collect": "steps.greet.output.text",
    }
    outputs = {"all": "${{ steps.each.output }}", "left": "${{ has(steps.greet) }}"}
    ended = await run(effects, loop, outputs=outputs, inputs={"names": ["a", "b"]})
    assert ended.outputs == {"all": ["0a", "1b"], "left": False}
    assert effects.log == ["greet[0]", "greet[1]"]
    assert effects.limits == [3]


async def test_while_sees_the_round_before_and_ends_at_its_limit() -> None:
    effects = Recorder(lambda call: {"next": len(call.rounds) and call.rounds[0] + 1})
    loop = {
        "id": "w",
        "while": "!has(steps.page) || steps.page.output.next < 3",
        "do": [call("page", cursor="${{ has(steps.page) ? steps.page.output.next : 0 }}")],
    }
    ended = await run(effects, loop, outputs={"last": "${{ steps.page.output.next }}"})
    assert effects.log == ["page[0]", "page[1]", "page[2]"]
    assert ended.outputs == {"last": 3}
    endless = {"id": "w", "while": "true", "max_iterations": 2, "do": [{"id": "p", "wait": "1s"}]}
    again = Recorder()
    assert (await run(again, endless)).status == "succeeded"
    assert again.log == ["wait 1s", "wait 1s"]


async def test_parallel_branches_are_all_waited_for() -> None:
    effects = Recorder()
    ended = await run(
        effects,
        {"id": "p", "parallel": [[call("a", v=1)], [call("b", v=2)]]},
        outputs={"sum": "${{ steps.a.output.v + steps.b.output.v }}"},
    )
    assert ended.outputs == {"sum": 3}
    assert effects.limits == [2]


async def test_catch_sees_the_error_and_finally_always_runs() -> None:
    effects = Recorder(fail_at("a"))
    step = {
        "id": "t",
        "try": [call("a"), call("never")],
        "catch": [call("c", said="${{ error.step + ': ' + error.message + error.code }}")],
        "finally": [call("f")],
    }
    ended = await run(effects, step, outputs={"said": "${{ steps.c.output.said }}"})
    assert effects.log == ["a", "c", "f"]
    assert ended.outputs == {"said": "a: a brokeboom"}


async def test_what_nobody_catches_ends_the_run_after_finally() -> None:
    effects = Recorder(fail_at("a"))
    step = {"id": "t", "try": [call("a")], "finally": [call("f")]}
    ended = await run(effects, step, call("never"), outputs={"x": 1})
    assert (ended.status, ended.message, ended.outputs) == ("failed", "a: a broke", {})
    assert effects.log == ["a", "f"]


async def test_stop_ends_the_run_and_finally_still_runs() -> None:
    effects = Recorder()
    stop = {"id": "s", "stop": "no ${{ inputs.what }}", "status": "failed"}
    step = {"id": "t", "try": [stop], "catch": [call("c")], "finally": [call("f")]}
    ended = await run(effects, step, call("never"), inputs={"what": "bread"})
    assert (ended.status, ended.message) == ("failed", "no bread")
    assert effects.log == ["f"]


async def test_a_step_that_may_fail_is_absent_afterwards() -> None:
    effects = Recorder(fail_at("a"))
    step = {**call("a"), "on_error": "continue"}
    ended = await run(effects, step, outputs={"ran": "${{ has(steps.a) }}"})
    assert ended.outputs == {"ran": False}


async def test_a_person_is_asked_and_the_answer_is_the_output() -> None:
    effects = Recorder(replies=["no", None])
    first = {"id": "q", "ask": "Send ${{ inputs.n }}?", "choices": ["yes", "no"], "to": "ann"}
    ended = await run(
        effects,
        first,
        {"id": "r", "ask": "Sure?", "timeout": "1h"},
        outputs={"both": ["${{ steps.q.output }}", "${{ steps.r.output }}"]},
        inputs={"n": 3},
    )
    assert ended.outputs == {"both": ["no", None]}
    asked = effects.asked[0]
    assert (asked.question, asked.choices, asked.to) == ("Send 3?", ("yes", "no"), "ann")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"id": "c", "if": "inputs.n", "then": [call("a")]}, "not true or false"),
        ({"id": "c", "for_each": "inputs.n", "do": [call("a")]}, "no list"),
        (call("c", text="${{ inputs.n / 0 }}"), "failed"),
        (call("c", text="all: ${{ inputs }}"), "an object"),
    ],
)
async def test_an_expression_that_fails_ends_the_run_with_the_step(
    step: dict[str, Any], words: str
) -> None:
    ended = await run(Recorder(), step, inputs={"n": 3})
    assert ended.status == "failed"
    assert ended.message.startswith("c: ")
    assert words in ended.message
