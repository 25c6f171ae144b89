"""Messages that want several things, and messages that are no answer while a question waits."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.graph.conversation.conversations import Conversations
from flowloom.graph.conversation.state import PersonAnswer
from flowloom.intents import Approve, CheckWorkflow, Intent, Reject, SmallTalk, Unclear, Undo
from flowloom.roles import Draft
from flowloom.workflow.edits import SetValue
from flowloom.workflow.outline import Outline, OutlineEdit, Question
from tests.graph.conversation.stand_ins import ByWord, Home, opened, roles
from tests.graph.conversation.talk import say, texts, types
from tests.graph.stand_ins import OUTLINE, Findings, ScriptedGenerator, ScriptedPlanner, workflow

EDIT = Outline(edits=(OutlineEdit(op="change", target="post", text="say more"),))
WHICH = Question(text="Which channel?", suggestions=("#eng",), default="#eng")
ASKING = OUTLINE.model_copy(update={"questions": (WHICH,)})
WHAT = Question(text="What should change?", suggestions=("Undo", "Nothing"))
KNOWN: dict[str, Intent] = {
    "undo": Undo(),
    "check": CheckWorkflow(),
    "hello": SmallTalk(),
    "hm": Unclear(question=WHAT),
    "no": Reject(),
    "yes": Approve(),
}


def change(text: str) -> Draft:
    return Draft(changes=(SetValue(id="post", path="with.text", value=text),))


def listening() -> Any:
    return roles(listener=ByWord(KNOWN))


async def edited_once(conversations: Conversations) -> None:
    await conversations.create("t")
    await say(conversations, "new post")
    await say(conversations, "edit b")


def editing() -> dict[str, Any]:
    return {
        "generator": ScriptedGenerator([Draft(workflow=workflow()), change("b"), change("c")]),
        "planner": ScriptedPlanner([OUTLINE, EDIT]),
        "given": listening(),
    }


async def test_the_parts_of_a_message_are_done_in_order(home: Home) -> None:
    async with opened(home, **editing()) as conversations:
        await edited_once(conversations)
        events = await say(conversations, "undo | edit c | ask what now?")
        assert texts(events)[0] == "Now at version 1."
        assert "'text' of 'post'" in texts(events)[1]
        assert texts(events)[2] == "About what now?"
        assert types(events).count("turn_ended") == 1
        assert [item["number"] for item in events if item["type"] == "version"] == [1, 3]
        version = await conversations.store.version("t", 3)
        assert (version.parent, version.message) == (1, "c")
        said = await conversations.store.messages("t")
        assert [item.role for item in said[-4:]] == ["person", *["assistant"] * 3]
        assert said[-4].text == "undo | edit c | ask what now?"
        numbers = [event.number for event in await conversations.store.events("t")]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_part_is_heard_with_what_the_part_before_it_did(home: Home) -> None:
    parts = editing()
    async with opened(home, **parts) as conversations:
        await edited_once(conversations)
        await say(conversations, "undo | edit c")
        heard = parts["given"].listener.tasks[-1]
        assert heard.message == "edit c"
        assert heard.document.data == workflow()
        assert heard.recent[-2:] == (
            ("person", "undo | edit c"),
            ("assistant", "Now at version 1."),
        )


async def test_what_is_left_comes_after_the_question_of_a_part_is_answered(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner, given=listening()) as conversations:
        await conversations.create("t")
        asked = await say(conversations, "new post | ask what now?")
        assert asked[-1]["state"] == "waiting"
        answered = await say(conversations, "#ops")
        assert texts(answered)[-1] == "About what now?"
        assert answered[-1]["state"] == "done"
        assert planner.tasks[1].request == "post\nWhich channel? #ops"


async def test_what_is_not_done_is_said(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, ASKING, OUTLINE])
    async with opened(home, planner=planner, given=listening()) as conversations:
        await conversations.create("t")
        await say(conversations, "new post | ask what now?")
        left = await say(conversations, "no")
        assert texts(left) == ["Left as it was.\nNot done: 'ask what now?'."]
        await say(conversations, "new post | ask what now?")
        other = await say(conversations, "new other")
        assert "Not done: 'post'.\nNot done: 'ask what now?'." in texts(other)[0]
        assert other[-1]["state"] == "done"


async def test_a_failure_says_what_else_is_not_done(home: Home) -> None:
    generator = ScriptedGenerator([ModelError("The server is down.")])
    async with opened(home, generator=generator) as conversations:
        await conversations.create("t")
        events = await say(conversations, "new post | ask what now?")
        assert events[-1]["state"] == "failed"
        said = await conversations.store.messages("t")
        assert said[-1].text.endswith("Not done: 'ask what now?'.")


async def test_more_parts_than_are_done_are_said(home: Home) -> None:
    async with opened(home) as conversations:
        await conversations.create("t")
        events = await say(conversations, " | ".join(f"ask {number}" for number in range(6)))
        assert texts(events) == [*(f"About {n}" for n in range(4)), "Not done: 'ask 4 | ask 5'."]
        assert events[-1]["state"] == "done"


async def test_a_stopped_process_goes_on_with_the_part_that_it_was_at(home: Home) -> None:
    async with opened(home, **editing()) as conversations:
        await edited_once(conversations)
        # What a process has stored that ends after the first part.
        given = {"answer": PersonAnswer(text="ask what now?").model_dump(), "part": 2}
        await conversations.store.change(
            "t", turn="abc-2", turn_state="running", turn_input=given, current=1
        )
    async with opened(home, given=listening()) as conversations:
        assert await conversations.resume("t")
        await conversations.wait("t")
        stored = await conversations.store.events("t")
        assert texts([event.data for event in stored])[-1] == "About what now?"
        assert (await conversations.store.get("t")).turn_state == "idle"


async def test_an_unclear_message_asks_as_an_event(home: Home) -> None:
    async with opened(home, given=listening()) as conversations:
        await conversations.create("t")
        events = await say(conversations, "hm")
        assert types(events) == ["message", "question", "text", "turn_ended"]
        assert events[-3]["question"]["text"] == "What should change?"


@pytest.mark.parametrize(
    ("says", "reply"),
    [
        ("ask why?", "About why?"),
        ("check", "There is no workflow yet: say what it is to do."),
        ("hm", "What should change?"),
        ("hello", "Say what the workflow is to do, what to change, or ask about it."),
    ],
)
async def test_a_question_is_asked_again_after_an_aside(home: Home, says: str, reply: str) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    async with opened(home, planner=planner, given=listening()) as conversations:
        await conversations.create("t")
        first = await say(conversations, "new post")
        assert types(first).count("question") == 1
        aside = await say(conversations, says)
        assert texts(aside) == [reply, "Which channel? (#eng) [#eng]"]
        assert types(aside)[-3:] == ["question", "text", "turn_ended"]
        assert aside[-1]["state"] == "waiting"
        assert (await conversations.store.messages("t"))[-1].text == "\n".join(texts(aside))
        answered = await say(conversations, "#ops")
        assert answered[-1]["state"] == "done"
        assert planner.tasks[1].request == "post\nWhich channel? #ops"


async def test_a_plan_still_waits_after_a_question_about_it(home: Home) -> None:
    generator = ScriptedGenerator()
    async with opened(home, generator=generator, given=listening()) as conversations:
        await conversations.create("t")
        await say(conversations, "new post", approve_plan=True)
        for _ in range(7):  # more often than a turn may ask by itself
            aside = await say(conversations, "ask why?")
            assert aside[-1]["state"] == "waiting"
        assert generator.tasks == []
        assert (await say(conversations, "yes"))[-1]["state"] == "done"
        assert (await conversations.store.get("t")).current == 1


async def test_an_undo_while_a_question_waits_puts_the_request_aside(home: Home) -> None:
    parts = editing()
    parts["planner"] = ScriptedPlanner([OUTLINE, EDIT, ASKING])
    async with opened(home, **parts) as conversations:
        await edited_once(conversations)
        assert (await say(conversations, "edit c"))[-1]["state"] == "waiting"
        undone = await say(conversations, "undo")
        assert texts(undone) == ["Now at version 1.\nNot done: 'c'."]
        assert undone[-1]["state"] == "done"


async def test_an_edit_while_a_question_waits_is_added_to_the_request(home: Home) -> None:
    planner = ScriptedPlanner([ASKING, ASKING, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post")
        again = await say(conversations, "edit also mail it")
        assert again[-1]["state"] == "waiting"
        assert planner.tasks[1].request == "post\nalso mail it"
        await say(conversations, "#ops")
        assert planner.tasks[2].request == "post\nalso mail it\nWhich channel? #ops"


async def test_other_words_than_yes_do_not_take_a_part(home: Home) -> None:
    partial = OUTLINE.model_copy(update={"unsupported": ("No fax.",)})
    planner = ScriptedPlanner([partial, OUTLINE])
    async with opened(home, planner=planner) as conversations:
        await conversations.create("t")
        await say(conversations, "new post and fax")
        await say(conversations, "use e-mail instead")
        assert planner.tasks[1].request == "post and fax\nuse e-mail instead"
        assert (await conversations.store.get("t")).current == 1


class Noting(Findings):
    """A verifier that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def __call__(self, document: Any, catalog: Any, **more: Any) -> Any:
        self.told.append(more)
        return super().__call__(document, catalog, **more)


async def test_the_verifier_knows_what_the_person_said_before(home: Home) -> None:
    noting = Noting()
    async with opened(home, findings=noting) as conversations:
        await conversations.create("t")
        await say(conversations, "ask can you post to #ops?")
        await say(conversations, "new post | new other")
        composing = [told["said"] for told in noting.told if told["request"]]
        assert composing[0] == "ask can you post to #ops?"
        assert composing[1] == "ask can you post to #ops?\nnew post | new other"
