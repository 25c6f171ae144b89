"""Threads with stand-ins for the agents, over real SQLite and real Postgres."""

from __future__ import annotations

import asyncio

import pytest

from flowloom.agents.verifier import Verifier
from flowloom.catalog.sources import builtin_catalog
from flowloom.errors import Conflict, DocumentError, ModelError, NotFound, UserError
from flowloom.graph.limits import Limits
from flowloom.intents import Approve, CheckWorkflow, Export, GoTo, Redo, Reject, Undo
from flowloom.roles import Draft, Planned, PlanTask
from flowloom.workflow.document import dump_yaml
from flowloom.workflow.edits import SetValue
from flowloom.workflow.outline import Outline, OutlineEdit, Question
from tests.graph.conversation.stand_ins import ByWord, FirstWords, Home, opened, roles
from tests.graph.conversation.talk import say, texts, types
from tests.graph.stand_ins import (
    OUTLINE,
    Findings,
    ScriptedGenerator,
    ScriptedPlanner,
    error,
    workflow,
)

EDIT = Outline(edits=(OutlineEdit(op="change", target="post", text="say more"),))


def change(text: str) -> Draft:
    return Draft(changes=(SetValue(id="post", path="with.text", value=text),))


async def test_a_message_becomes_a_workflow_and_its_first_version(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post a message")
        assert types(events)[0] == "message"
        assert types(events)[-4:] == ["step", "text", "version", "turn_ended"]
        assert texts(events) == ["Made the workflow 'demo' with 1 step."]
        version = await conversations.store.version("t", 1)
        assert (version.parent, version.author, version.message) == (
            0,
            "composer",
            "post a message",
        )
        assert version.verdict["diagnostics"] == []
        thread = await conversations.store.get("t")
        assert (thread.current, thread.turn, thread.turn_state) == (1, "", "idle")
        said = [(item.role, item.text) for item in await conversations.store.messages("t")]
        assert said == [("person", "new post a message"), ("assistant", texts(events)[0])]


async def test_an_edit_makes_another_version_and_undo_goes_back(home: Home) -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow()), change("more")])
    planner = ScriptedPlanner([OUTLINE, EDIT])
    async with opened(home, generator=generator, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        events = await say(conversations, "edit say more")
        assert [event["step"] for event in events if event["type"] == "step"] == ["post"]
        version = await conversations.store.version("t", 2)
        assert version.parent == 1
        assert version.diff == ('~ post: with.text: "hello" -> "more"',)
        undone = await say(conversations, "/undo", intent=Undo())
        assert texts(undone) == ["Now at version 1."]
        assert (await conversations.store.get("t")).current == 1
        assert texts(await say(conversations, "", intent=Redo())) == ["Now at version 2."]
        assert texts(await say(conversations, "", intent=GoTo(version=1))) == ["Now at version 1."]
        nothing = await say(conversations, "", intent=GoTo(version=7))
        assert "no version 7" in texts(nothing)[0]
        assert len(await conversations.store.versions("t")) == 2


async def test_an_edit_starts_from_the_version_at_hand(home: Home) -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow()), change("b"), change("c")])
    planner = ScriptedPlanner([OUTLINE, EDIT])
    async with opened(home, generator=generator, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        await say(conversations, "edit b")
        await say(conversations, "", intent=Undo())
        await say(conversations, "edit c")
        assert (await conversations.store.version("t", 3)).parent == 1
        assert generator.tasks[2].document is not None
        assert generator.tasks[2].document.data == workflow()


async def test_a_question_is_answered_without_a_version(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        assert texts(await say(conversations, "ask what is it?")) == ["About what is it?"]
        assert await conversations.store.versions("t") == ()


async def test_verify_and_export_need_no_model(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        assert "no workflow yet" in texts(await say(conversations, "", intent=CheckWorkflow()))[0]
        await say(conversations, "new post")
        assert "It is valid" in texts(await say(conversations, "", intent=CheckWorkflow()))[0]
        text = texts(await say(conversations, "", intent=Export(format="json")))[0]
        assert text.startswith("{")
        assert (
            "flowchart" in texts(await say(conversations, "", intent=Export(format="mermaid")))[0]
        )


ASKING = OUTLINE.model_copy(
    update={"questions": (Question(text="Which channel?", suggestions=("#eng",), default="#eng"),)}
)


async def test_a_question_waits_and_its_answer_goes_into_the_request(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post")
        assert types(events)[-2:] == ["text", "turn_ended"]
        assert texts(events) == ["Which channel? (#eng) [#eng]"]
        assert events[-1]["state"] == "waiting"
        assert (await conversations.store.get("t")).turn_state == "waiting"
        answered = await say(conversations, "#general")
        assert answered[-1]["state"] == "done"
        assert planner.tasks[1].request == "post\nWhich channel? #general"
        thread = await conversations.store.get("t")
        assert thread.decisions == ("Which channel? #general",)
        assert (await conversations.store.version("t", 1)).message == "post"
        roles_ = [item.role for item in await conversations.store.messages("t")]
        assert roles_ == ["person", "assistant"] * 2


async def test_no_answer_takes_the_default(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        await say(conversations, "fine", intent=Approve())
        assert planner.tasks[1].request == "post\nWhich channel? #eng"


async def test_a_question_can_be_left(home: Home) -> None:
    async with opened(home, planner=ScriptedPlanner([ASKING])) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        left = await say(conversations, "never mind", intent=Reject())
        assert texts(left) == ["Left as it was."]
        assert left[-1]["state"] == "done"


async def test_something_else_instead_of_an_answer_is_done(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        events = await say(conversations, "new other")
        assert events[-1]["state"] == "done"
        assert planner.tasks[1].request == "other"


async def test_a_plan_waits_for_approval(home: Home) -> None:
    generator = ScriptedGenerator()
    async with opened(home, generator=generator) as conversations:
        await conversations.create("t")
        shown = await say(conversations, "new post", approve_plan=True)
        assert shown[-1]["state"] == "waiting"
        assert "- post a message (Slack)" in texts(shown)[0]
        assert generator.tasks == []
        assert (await say(conversations, "yes", intent=Approve()))[-1]["state"] == "done"
        assert (await conversations.store.get("t")).current == 1


async def test_a_plan_is_changed_in_words_and_shown_again(home: Home) -> None:
    planner = ScriptedPlanner()
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post", approve_plan=True)
        again = await say(conversations, "edit post twice")
        assert again[-1]["state"] == "waiting"
        assert planner.tasks[1].request == "post\nChange of the plan: post twice"


async def test_a_part_is_taken_only_when_the_person_says_so(home: Home) -> None:
    planner = ScriptedPlanner([OUTLINE.model_copy(update={"unsupported": ("No fax.",)})])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        asked = await say(conversations, "new post and fax")
        assert "No fax." in texts(asked)[0]
        await say(conversations, "no")
        assert (await conversations.store.get("t")).current == 0
        await say(conversations, "new post and fax")
        taken = await say(conversations, "yes")
        assert "Left out: No fax." in texts(taken)[0]
        thread = await conversations.store.get("t")
        assert thread.current == 1
        assert thread.decisions == ("Left out: No fax.",)


async def test_what_is_not_valid_changes_nothing(home: Home) -> None:
    async with opened(home, findings=Findings([[error("Wrong.")]])) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post")
        assert "Nothing was changed" in texts(events)[0]
        assert await conversations.store.versions("t") == ()


async def test_events_are_numbered_without_gaps_and_can_be_read_again(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        await say(conversations, "ask why?")
        stored = await conversations.store.events("t")
        assert [event.number for event in stored] == list(range(1, len(stored) + 1))
        again = [event async for event in conversations.follow("t", after=3)]
        assert again == list(stored[3:])


class Held:
    """A planner that waits until it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def plan(self, task: PlanTask) -> Planned:
        self.asked.set()
        await self.go.wait()
        return Planned(outline=OUTLINE)


async def test_a_thread_does_one_thing_at_a_time(home: Home) -> None:
    planner = Held()
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await conversations.start("t", "new post")
        await planner.asked.wait()
        with pytest.raises(Conflict, match="at work on another message"):
            await conversations.start("t", "new other")
        async with opened(home) as second:
            with pytest.raises(Conflict, match="at work on another message"):
                await second.start("t", "new other")
        planner.go.set()
        await conversations.wait("t")
        assert (await say(conversations, "ask it"))[-1]["state"] == "done"


async def test_a_turn_is_cancelled_and_the_thread_usable(home: Home) -> None:
    planner = Held()
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await conversations.start("t", "new post")
        await planner.asked.wait()
        assert await conversations.cancel("t")
        events = await conversations.store.events("t")
        assert events[-1].data == {"type": "turn_ended", "state": "cancelled"}
        assert not await conversations.cancel("t")
        planner.go.set()
        assert (await say(conversations, "new post"))[-1]["state"] == "done"


async def test_a_turn_that_another_process_runs_is_cancelled_there(home: Home) -> None:
    planner = Held()
    async with opened(home, planner=planner) as running, opened(home) as second:
        await running.create("t")
        await running.start("t", "new post")
        await planner.asked.wait()
        assert await second.cancel("t")
        stored = await second.store.events("t")
        assert stored[-1].data == {"type": "turn_ended", "state": "cancelled"}
        await running.wait("t")
        planner.go.set()
        assert (await say(second, "new post"))[-1]["state"] == "done"
        assert (await say(running, "new post"))[-1]["state"] == "done"


async def test_a_process_that_does_not_answer_is_said_and_the_turn_ends_at_its_next_start(
    home: Home,
) -> None:
    held = HeldGenerator()
    async with opened(home, generator=held) as stopped:
        await stopped.create("t")
        await stopped.start("t", "new post")
        await held.asked.wait()
    async with opened(home) as second, opened(home) as silent:
        second.cancel_seconds = 0.01
        async with silent.locks.hold("t"):
            with pytest.raises(Conflict, match="has not ended it"):
                await second.cancel("t")
        assert await second.resume_all() == ("t",)
        await second.wait("t")
        stored = await second.store.events("t")
        assert stored[-1].data == {"type": "turn_ended", "state": "cancelled"}
        assert await second.store.versions("t") == ()


async def test_the_turn_of_a_process_that_has_ended_is_cancelled_at_once(home: Home) -> None:
    held = HeldGenerator()
    async with opened(home, generator=held) as stopped:
        await stopped.create("t")
        await stopped.start("t", "new post")
        await held.asked.wait()
    async with opened(home) as second:
        assert await second.cancel("t")
        assert (await second.store.get("t")).turn_state == "idle"


async def test_a_jump_to_a_version_can_be_undone(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        for name in ("new one", "new two", "new three"):
            await say(conversations, name)
        await say(conversations, "", intent=GoTo(version=1))
        assert texts(await say(conversations, "", intent=Undo())) == ["Now at version 3."]
        assert texts(await say(conversations, "", intent=Redo())) == ["Now at version 1."]
        await conversations.put("t", dump_yaml(workflow("own")))
        assert texts(await say(conversations, "", intent=Undo())) == ["Now at version 1."]
        assert texts(await say(conversations, "", intent=Undo())) == ["Now at version 3."]
        assert len(await conversations.store.versions("t")) == 4


async def test_a_waiting_turn_is_cancelled_too(home: Home) -> None:
    async with opened(home, planner=ScriptedPlanner([ASKING])) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        assert await conversations.cancel("t")
        assert (await conversations.store.get("t")).turn_state == "idle"


async def test_a_failing_model_ends_the_turn_with_a_reason(home: Home) -> None:
    generator = ScriptedGenerator([ModelError("The server is down."), Draft(workflow=workflow())])
    async with opened(home, generator=generator) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post")
        assert types(events)[-2:] == ["error", "turn_ended"]
        assert events[-2]["code"] == "model_error"
        assert (await say(conversations, "new post"))[-1]["state"] == "done"


async def test_a_model_that_is_too_slow_ends_the_turn_with_a_reason(home: Home) -> None:
    planner = Held()
    async with opened(home, planner=planner) as conversations:
        conversations.limits = Limits(timeout=0.01)
        await conversations.create("t")
        events = await say(conversations, "new post")
        assert "The time limit is reached." in texts(events)[0]
        assert events[-1]["state"] == "done"
        conversations.limits = Limits()
        planner.go.set()
        await say(conversations, "new post")
        assert (await conversations.store.get("t")).current == 1


async def test_many_threads_at_once_lose_and_double_nothing(home: Home) -> None:
    names = [f"t{number}" for number in range(40)]
    async with opened(home) as conversations:

        async def turn(name: str) -> list[int]:
            await conversations.create(name)
            await conversations.start(name, f"new post {name}")
            return [event.number async for event in conversations.follow(name)]

        numbers = await asyncio.gather(*map(turn, names))
        assert all(found == list(range(1, len(found) + 1)) for found in numbers)
        for name in names:
            assert [item.message for item in await conversations.store.versions(name)] == [
                f"post {name}"
            ]
            assert len(await conversations.store.messages(name)) == 2


async def test_a_defect_ends_the_turn_and_the_thread_stays_usable(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    generator = ScriptedGenerator([ZeroDivisionError("a bug"), Draft(workflow=workflow())])
    async with opened(home, generator=generator) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post")
        assert (events[-2]["code"], events[-1]["state"]) == ("run_error", "failed")
        assert "a bug" not in str(events)
        assert (await say(conversations, "new post"))[-1]["state"] == "done"
        assert "a bug" in caplog.text


async def test_a_stopped_process_goes_on_after_the_last_finished_stage(home: Home) -> None:
    planner = ScriptedPlanner()
    held = HeldGenerator()
    async with opened(home, planner=planner, generator=held) as conversations:
        await conversations.create("t")
        await conversations.start("t", "new post")
        await held.asked.wait()
    second = ScriptedPlanner()
    async with opened(home, planner=second) as conversations:
        assert (await conversations.store.get("t")).turn_state == "running"
        assert await conversations.resume_all() == ("t",)
        await conversations.wait("t")
        assert (await conversations.store.get("t")).current == 1
        assert second.tasks == []
        stored = await conversations.store.events("t")
        assert [event.number for event in stored] == list(range(1, len(stored) + 1))
        assert stored[-1].data["state"] == "done"


async def test_a_living_process_goes_on_with_the_turn_of_one_that_ends(home: Home) -> None:
    held = HeldGenerator()
    async with opened(home) as living:
        resuming = asyncio.create_task(living.keep_resuming(0.01))
        async with opened(home, generator=held) as ending:
            await ending.create("t")
            await ending.start("t", "new post")
            await held.asked.wait()
        events = [event.data async for event in living.follow("t")]
        assert events[-1] == {"type": "turn_ended", "state": "done"}
        assert (await living.store.get("t")).current == 1
        resuming.cancel()


async def test_a_turn_that_was_finished_in_the_meantime_is_not_resumed(home: Home) -> None:
    async with opened(home) as conversations:
        thread = await conversations.create("t")
        await say(conversations, "new post")
        work = await conversations._work(thread)  # pyright: ignore[reportPrivateUsage] - a race
        await work.unfinished()
        assert len(await conversations.store.versions("t")) == 1


async def test_an_answer_that_was_stored_before_a_kill_is_not_lost(home: Home) -> None:
    async with opened(home, planner=ScriptedPlanner([ASKING])) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        given = {"answer": {"text": "#general", "intent": None}, "rounds": 0}
        # What a process has stored that ends before the graph gets the answer.
        await conversations.store.change("t", turn_state="running", turn_input=given)
    planner = ScriptedPlanner([OUTLINE])
    async with opened(home, planner=planner) as conversations:
        assert await conversations.resume("t")
        await conversations.wait("t")
        assert planner.tasks[0].request == "post\nWhich channel? #general"
        assert (await conversations.store.get("t")).current == 1


class HeldGenerator:
    """A generator that never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def generate(self, task: object) -> Draft:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError("the event is never set")


async def test_a_long_conversation_is_shortened_with_its_decisions_kept(home: Home) -> None:
    short = FirstWords()
    listener = ByWord()
    given = roles(recent_tokens=50, summarizer=short, listener=listener)
    async with opened(home, given=given) as conversations:
        await conversations.create("t")
        for number in range(6):
            await say(conversations, f"ask {number} {'word ' * 40}")
        thread = await conversations.store.get("t")
        assert thread.summary.startswith("ask")
        assert thread.summarized > 0
        assert len(short.tasks) > 1
        assert short.tasks[1].summary
        assert sum(len(text) for _, text in listener.tasks[-1].recent) < 1_500


async def test_an_unknown_thread_and_an_empty_message_are_refused(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t", owner="ann")
        with pytest.raises(NotFound, match="no thread 'x'"):
            await conversations.start("x", "hello")
        with pytest.raises(NotFound, match="no thread 't'"):
            await conversations.start("t", "hello", owner="bob")
        with pytest.raises(UserError, match="empty"):
            await conversations.start("t", "  ", owner="ann")
        with pytest.raises(Conflict, match="already"):
            await conversations.create("t")


async def test_the_planner_knows_what_was_said_and_decided(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        await say(conversations, "#general")
        await say(conversations, "new other")
        context = planner.tasks[-1].context
        assert "Decided: Which channel? #general" in context
        assert "person: new post" in context


async def test_a_persons_own_text_and_a_mend_by_rule_are_versions_with_their_author(
    home: Home,
) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        text = dump_yaml({**workflow("mine"), "name": "own"})
        version = await conversations.put("t", text)
        assert (version.number, version.parent, version.author) == (2, 1, "person")
        assert '~ workflow: name: "demo" -> "own"' in version.diff
        assert await conversations.mend("t") is None
        await say(conversations, "", intent=Undo())
        assert (await conversations.store.get("t")).current == 1
        with pytest.raises(DocumentError):
            await conversations.put("t", "steps: [")


async def test_a_rule_is_the_author_of_what_it_mends(home: Home) -> None:
    async with opened(home) as conversations:
        conversations.verifier = Verifier(builtin_catalog())
        await conversations.create("t")
        slip = {"id": "say", "uses": "core.logg", "with": {"message": "hi"}}
        await conversations.put("t", dump_yaml({"name": "slip", "steps": [slip]}))
        mended = await conversations.mend("t")
        assert mended is not None
        assert (mended.number, mended.author) == (2, "rule")
        assert "core.log\n" in mended.text
        assert mended.verdict["diagnostics"][0]["severity"] == "note"
