"""One run from request to result, with stand-ins for the agents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from flowloom.agents.verifier import Mend, Verifier
from flowloom.catalog.catalog import Catalog
from flowloom.errors import EditError, ModelError, UserError
from flowloom.graph.composer import MAX_REQUEST, Limits, Result, compose, compose_sync
from flowloom.graph.context import Composer
from flowloom.graph.events import Event, StageFinished, StageStarted
from flowloom.roles import Draft, Planned, PlanTask, Usage
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.document import Document, content_hash, document_of, read_document
from flowloom.workflow.edits import SetValue, apply_changes
from flowloom.workflow.outline import Outline, OutlineEdit, OutlineStep, Question
from tests.graph.stand_ins import (
    CATALOG,
    OUTLINE,
    Findings,
    ScriptedGenerator,
    ScriptedPlanner,
    composer,
    error,
    no_mend,
    search,
    workflow,
)


async def run(made: Composer, **more: object) -> tuple[Result, list[Event]]:
    events: list[Event] = []
    limits = Limits(**more)  # type: ignore[arg-type]  # names of limits only
    result = await compose("post a message", composer=made, on_event=events.append, limits=limits)
    return result, events


def stages(events: Sequence[Event]) -> list[str]:
    return [event.stage for event in events if isinstance(event, StageStarted)]


async def test_a_valid_draft_ends_the_run() -> None:
    result, events = await run(composer())
    assert result.status == "valid"
    assert result.workflow == workflow()
    assert result.reason == ""
    assert result.plan == OUTLINE
    assert stages(events) == ["planner", "retriever", "generator", "verifier"]
    assert [event.type for event in events[-2:]] == ["usage", "result"]


async def test_every_started_stage_is_finished_with_its_seconds() -> None:
    result, events = await run(composer())
    finished = [event.stage for event in events if isinstance(event, StageFinished)]
    assert finished == stages(events)
    assert set(result.usage.seconds) == set(finished)
    assert all(seconds >= 0 for seconds in result.usage.seconds.values())


@pytest.mark.parametrize(
    ("mender", "between"),
    [
        ("generator", ["generator"]),
        ("rule", ["generator"]),
        ("retriever", ["retriever", "generator"]),
        ("planner", ["planner", "retriever", "generator"]),
    ],
)
async def test_findings_go_to_who_can_mend_them(mender: str, between: list[str]) -> None:
    finding = error().model_copy(update={"mender": mender})
    result, events = await run(composer(findings=Findings([[finding], []])))
    assert result.status == "valid"
    assert result.usage.attempts == 2
    assert stages(events)[4:] == [*between, "verifier"]


async def test_the_generator_repairs_its_own_draft_with_the_findings() -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow("a")), Draft(changes=(change("b"),))])
    result, _ = await run(composer(generator=generator, findings=Findings([[error()], []])))
    second = generator.tasks[1]
    assert second.document is not None
    assert second.document.data == workflow("a")
    assert second.diagnostics == (error(),)
    assert not second.editing
    assert result.workflow == workflow("b")


def change(text: str) -> SetValue:
    return SetValue(id="post", path="with.text", value=text)


async def test_the_planner_is_told_only_what_it_can_mend() -> None:
    planner = ScriptedPlanner()
    findings = Findings([[error("a", "planner"), error("b", "generator")], []])
    await run(composer(planner=planner, findings=findings))
    assert planner.tasks[0].diagnostics == ()
    assert planner.tasks[1].diagnostics == (error("a", "planner"),)
    assert planner.tasks[1].outline == OUTLINE


async def test_the_same_findings_twice_stop_the_run() -> None:
    result, _ = await run(composer(findings=Findings([[error("a"), error("b")]])))
    assert result.status == "failed"
    assert result.usage.attempts == 2
    assert "No progress" in result.reason
    assert {item.message for item in result.diagnostics} == {"a", "b"}


async def test_going_back_and_forth_stops_the_run() -> None:
    rounds = [[error("a")], [error("b")], [error("a")], []]
    result, _ = await run(composer(findings=Findings(rounds)), max_attempts=10)
    assert result.usage.attempts == 3
    assert "back and forth" in result.reason


async def test_attempts_are_limited() -> None:
    rounds = [[error(str(number))] for number in range(20)]
    result, _ = await run(composer(findings=Findings(rounds)), max_attempts=3)
    assert result.status == "failed"
    assert result.usage.attempts == 3
    assert "3 attempts" in result.reason


async def test_the_longest_way_stays_within_the_recursion_limit() -> None:
    rounds = [[error(str(number), "planner")] for number in range(20)]
    result, _ = await run(composer(findings=Findings(rounds)), max_attempts=7)
    assert result.usage.attempts == 7


async def test_the_best_version_is_returned() -> None:
    drafts = [Draft(workflow=workflow(text)) for text in ("one", "two", "three")]
    rounds = [[error("a"), error("b")], [error("c")], [error("d"), error("e")]]
    made = composer(generator=ScriptedGenerator(drafts), findings=Findings(rounds))
    result, _ = await run(made, max_attempts=3)
    assert result.workflow == workflow("two")
    assert [item.message for item in result.diagnostics] == ["c"]


async def test_a_worse_draft_is_taken_back_and_the_generator_told_why() -> None:
    drafts = [Draft(workflow=workflow(text)) for text in ("one", "two", "three")]
    generator = ScriptedGenerator(drafts)
    rounds = [[error("a")], [error("a"), error("b")], []]
    result, _ = await run(composer(generator=generator, findings=Findings(rounds)))
    third = generator.tasks[2]
    assert third.document is not None
    assert third.document.data == workflow("one")
    assert third.diagnostics == (error("a"),)
    assert third.worse == (error("b"),)
    assert result.status == "valid"


async def test_more_errors_after_all_earlier_ones_are_gone_are_progress() -> None:
    drafts = [Draft(workflow=workflow(text)) for text in ("one", "two", "three")]
    generator = ScriptedGenerator(drafts)
    rounds = [[error("a")], [error("b"), error("c")], []]
    await run(composer(generator=generator, findings=Findings(rounds)))
    third = generator.tasks[2]
    assert third.document is not None
    assert third.document.data == workflow("two")
    assert third.worse == ()


async def test_of_equal_errors_the_version_with_fewer_warnings_is_the_best() -> None:
    warning = error("w").model_copy(update={"severity": "warning"})
    drafts = [Draft(workflow=workflow(text)) for text in ("one", "two")]
    rounds = [[error("a"), warning], [error("b")]]
    made = composer(generator=ScriptedGenerator(drafts), findings=Findings(rounds))
    result, _ = await run(made, max_attempts=2)
    assert result.workflow == workflow("two")


async def test_the_verifier_of_an_edit_knows_the_workflow_before() -> None:
    seen: list[Document | None] = []

    def verify(document: Document, catalog: Catalog, **more: Any) -> Verdict:
        seen.append(more["original"])
        return Verdict(content_hash=content_hash(document.data))

    made = composer(generator=ScriptedGenerator([Draft(changes=(change("b"),))]))
    made = replace(made, verifier=Verifier(CATALOG, verify, no_mend))
    await compose("say b", composer=made, document=document_of(workflow("a")))
    await compose("say b", composer=made_new(made))
    assert [item.data if item else None for item in seen] == [workflow("a"), None]


def made_new(made: Composer) -> Composer:
    return replace(made, generator=ScriptedGenerator())


async def test_tokens_are_limited_and_counted() -> None:
    usage = Usage(model_calls=1, input_tokens=60, output_tokens=50)
    made = composer(planner=ScriptedPlanner(usage=usage))
    result, events = await run(made, max_tokens=100)
    assert result.status == "failed"
    assert "token limit" in result.reason
    assert result.usage.model_calls == 1
    assert (result.usage.input_tokens, result.usage.output_tokens) == (60, 50)
    assert stages(events) == ["planner", "retriever"]


async def test_a_planner_that_never_answers_is_cut_off() -> None:
    class Waiting:
        async def plan(self, task: PlanTask) -> Planned:
            await asyncio.Event().wait()
            raise AssertionError("the event is never set")

    result, events = await run(composer(planner=Waiting()), timeout=0.01)
    assert result.status == "failed"
    assert "time limit" in result.reason
    assert result.workflow is None
    assert isinstance(events[1], StageFinished)


async def test_questions_of_the_planner_stop_the_run() -> None:
    question = Question(text="Which channel?", suggestions=("#eng",), default="#eng")
    planner = ScriptedPlanner([OUTLINE.model_copy(update={"questions": (question,)})])
    result, events = await run(composer(planner=planner))
    assert result.status == "needs_input"
    assert result.questions == (question,)
    assert stages(events) == ["planner"]


async def test_questions_of_the_generator_stop_the_run() -> None:
    question = Question(text="Which repository?")
    generator = ScriptedGenerator([Draft(questions=(question,))])
    result, _ = await run(composer(generator=generator))
    assert result.status == "needs_input"
    assert result.questions == (question,)


async def test_what_only_a_person_can_mend_becomes_questions() -> None:
    finding = error("No connection is named.", "person", candidates=("work", "home"))
    result, _ = await run(composer(findings=Findings([[finding]])))
    assert result.status == "needs_input"
    assert result.questions[0].text == "No connection is named."
    assert result.questions[0].suggestions == ("work", "home")
    assert result.workflow == workflow()


async def test_what_cannot_be_done_is_not_passed_over() -> None:
    planner = ScriptedPlanner([OUTLINE.model_copy(update={"unsupported": ("No fax.",)})])
    result, _ = await run(composer(planner=planner))
    assert result.status == "needs_input"
    assert "No fax." in result.reason
    assert result.workflow == workflow()


async def test_a_request_of_which_nothing_can_be_done_fails() -> None:
    planner = ScriptedPlanner([Outline(unsupported=("No fax.",))])
    result, events = await run(composer(planner=planner))
    assert (result.status, result.reason) == ("failed", "No fax.")
    assert stages(events) == ["planner"]


async def test_a_second_plan_that_is_none_keeps_the_first_and_the_draft() -> None:
    planner = ScriptedPlanner([OUTLINE, Outline(unsupported=("Not by rules.",))])
    findings = Findings([[error(mender="planner")]])
    result, _ = await run(composer(planner=planner, findings=findings))
    assert (result.status, result.reason) == ("failed", "Not by rules.")
    assert result.plan == OUTLINE
    assert result.workflow == workflow()


async def test_warnings_do_not_make_a_workflow_invalid() -> None:
    warning = error().model_copy(update={"severity": "warning"})
    result, _ = await run(composer(findings=Findings([[warning]])))
    assert result.status == "valid"
    assert result.diagnostics == (warning,)


async def test_a_verdict_over_another_version_is_not_valid() -> None:
    def verify(document: Document, catalog: Catalog, **more: Any) -> Verdict:
        return Verdict(content_hash=content_hash({**document.data, "name": "other"}))

    made = composer()
    verifier = Verifier(CATALOG, verify, no_mend)
    other = replace(made, verifier=verifier)
    result, _ = await run(other)
    assert result.status == "failed"
    assert "another version" in result.reason


async def test_the_verdict_is_over_the_mended_workflow() -> None:
    def mend(
        document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
    ) -> tuple[Document, tuple[Mend, ...]]:
        if not diagnostics:
            return document, ()
        log = Mend(code="FL900", path="steps[0].with.text", message="Mended.")
        return apply_changes(document, [change("mended")]), (log,)

    made = composer(findings=Findings([[error()], []]))
    other = replace(made, verifier=Verifier(CATALOG, made.verifier.verify, mend))
    result, events = await run(other)
    assert result.status == "valid"
    assert result.workflow == workflow("mended")
    assert [item.path for item in result.mends] == ["steps[0].with.text"]
    assert "mend" in [event.type for event in events]
    assert result.usage.attempts == 1


async def test_a_model_error_before_any_draft_is_raised() -> None:
    generator = ScriptedGenerator([ModelError("The server is down.")])
    with pytest.raises(ModelError, match="down"):
        await run(composer(generator=generator))


async def test_a_model_error_after_a_draft_keeps_the_draft() -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow()), ModelError("The server is down.")])
    result, _ = await run(composer(generator=generator, findings=Findings([[error()]])))
    assert (result.status, result.reason) == ("failed", "The server is down.")
    assert result.workflow == workflow()


async def test_changes_that_do_not_apply_end_the_run_with_the_reason() -> None:
    bad = SetValue(id="nowhere", path="with.text", value="x")
    generator = ScriptedGenerator([Draft(workflow=workflow()), Draft(changes=(bad,))])
    result, _ = await run(composer(generator=generator, findings=Findings([[error()]])))
    assert result.status == "failed"
    assert "'nowhere'" in result.reason


async def test_an_unexpected_error_passes_through() -> None:
    generator = ScriptedGenerator([EditError("a"), RuntimeError("a bug")])
    with pytest.raises(RuntimeError, match="a bug"):
        await compose("x", composer=composer(generator=ScriptedGenerator([RuntimeError("a bug")])))
    result, _ = await run(composer(generator=generator))
    assert result.status == "failed"


EDIT = Outline(edits=(OutlineEdit(op="change", target="post", text="say b"),))


async def test_an_edit_changes_only_what_was_asked() -> None:
    text = "name: demo # kept\nsteps:\n  - id: post\n    uses: slack.post\n    with: {text: a}\n"
    document = read_document(text)
    generator = ScriptedGenerator([Draft(changes=(change("b"),))])
    made = composer(planner=ScriptedPlanner([EDIT]), generator=generator)
    result = await compose("say b", composer=made, document=document)
    assert result.status == "valid"
    assert result.text == text.replace("text: a", "text: b")
    assert generator.tasks[0].editing


async def test_an_edit_that_changes_nothing_is_not_valid() -> None:
    generator = ScriptedGenerator([Draft()])
    made = composer(planner=ScriptedPlanner([EDIT]), generator=generator)
    result = await compose("say a", composer=made, document=document_of(workflow("a")))
    assert result.status == "failed"
    assert "changed nothing" in result.reason


async def test_json_stays_json() -> None:
    generator = ScriptedGenerator([Draft(changes=(change("b"),))])
    made = composer(planner=ScriptedPlanner([EDIT]), generator=generator)
    document = document_of(workflow("a"), format="json")
    result = await compose("say b", composer=made, document=document)
    assert result.text.startswith("{")
    assert result.workflow == workflow("b")


async def test_assumptions_are_collected_once() -> None:
    planner = ScriptedPlanner([OUTLINE.model_copy(update={"assumptions": ("a",)})])
    generator = ScriptedGenerator([Draft(workflow=workflow(), assumptions=("a", "b"))])
    result, _ = await run(composer(planner=planner, generator=generator))
    assert result.assumptions == ("a", "b")


@pytest.mark.parametrize("request_text", ["", "  \n", "x" * (MAX_REQUEST + 1)])
async def test_an_empty_or_endless_request_is_refused(request_text: str) -> None:
    with pytest.raises(UserError) as caught:
        await compose(request_text, composer=composer())
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_compose_from_code_without_an_event_loop() -> None:
    assert compose_sync("post a message", composer=composer()).status == "valid"


async def test_each_planned_step_is_searched() -> None:
    steps = (OutlineStep(id="post", text="post it"), OutlineStep(id="issues", text="list them"))
    planner = ScriptedPlanner([OUTLINE.model_copy(update={"steps": steps})])
    generator = ScriptedGenerator()
    made = composer(planner=planner, generator=generator, index=search)
    await run(made)
    found = generator.tasks[0].candidates
    assert [item.id for item in found.by_step["post"]] == ["slack.post"]
    assert [item.id for item in found.by_step["issues"]] == ["github.list"]
    assert [item.id for item in found.by_step["trigger"]] == ["core.manual"]


async def test_cancelling_a_run_cancels_it() -> None:
    started = asyncio.Event()

    class Waiting:
        async def plan(self, task: PlanTask) -> Planned:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError("the event is never set")

    task = asyncio.create_task(compose("x", composer=composer(planner=Waiting())))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
