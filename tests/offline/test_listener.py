"""The offline listener over its development set, and what no list of messages can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from flowloom.intents import (
    Answers,
    Approve,
    EditWorkflow,
    GoTo,
    Intent,
    NewWorkflow,
    Redo,
    Reject,
    Unclear,
    Undo,
)
from flowloom.offline.talking.listener import NEW_OR_EDIT, OfflineListener
from flowloom.offline.talking.replies import answers_in
from flowloom.roles import IntentTask
from flowloom.workflow.document import document_of
from flowloom.workflow.outline import Outline, OutlineStep, Question
from tests.offline.stand_ins import CATALOG, search

DOCUMENT = document_of(
    {
        "name": "demo",
        "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1"}},
        "steps": [
            {"id": "issues", "uses": "hub.issues.list", "with": {"state": "open"}},
            {
                "id": "each",
                "for_each": "${{ steps.issues.output }}",
                "as": "issue",
                "do": [
                    {
                        "id": "post",
                        "uses": "chatter.messages.post",
                        "with": {"channel": "#eng", "text": "${{ issue.title }}"},
                    }
                ],
            },
        ],
    }
)
PLAN = Outline(summary="post the issues", steps=(OutlineStep(id="post", text="post a message"),))
LISTENER = OfflineListener(CATALOG, search)


def task_of(says: str, context: dict[str, Any]) -> IntentTask:
    asked = [NEW_OR_EDIT] if context.get("asked") == "new_or_edit" else []
    questions = [*asked, *(Question.model_validate(item) for item in context.get("questions", ()))]
    return IntentTask(
        message=says,
        document=DOCUMENT if context.get("workflow") else None,
        questions=tuple(questions),
        plan=PLAN if context.get("plan") else None,
        versions=context.get("versions", 0),
        recent=tuple((role, text) for role, text in context.get("recent", ())),
    )


def messages(name: str) -> Iterator[Any]:
    groups = YAML(typ="safe").load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    for number, group in enumerate(groups, 1):
        for message in group["messages"]:
            label = f"{number}: {message['says'][:60]}"
            yield pytest.param(group["context"], message, id=label)


@pytest.mark.parametrize(
    ("context", "message"),
    [
        *messages("messages.yaml"),
        *messages("messages_held_out.yaml"),
        *messages("messages_second_held_out.yaml"),
    ],
)
async def test_messages_mean_what_they_mean(
    context: dict[str, Any], message: dict[str, Any]
) -> None:
    heard = await LISTENER.listen(task_of(message["says"], context))
    found = heard.intent.model_dump(mode="json")
    wanted = {key: value for key, value in message.items() if key not in ("says", "means", "rest")}
    assert heard.rest == message.get("rest", "")
    assert found["kind"] == message["means"]
    assert {key: found[key] for key in wanted} == wanted
    assert heard.usage.model_calls == 0
    if isinstance(heard.intent, Unclear):
        assert heard.intent.question.text


async def intent_of(says: str, **context: Any) -> Intent:
    return (await LISTENER.listen(task_of(says, context))).intent


@pytest.mark.parametrize(
    ("says", "request_text"),
    [
        ("make a new workflow that reads the feed and mails it", "read the feed and mail it"),
        ("I need another workflow. It should translate a text.", "translate a text."),
        ("Now a different one: when a mail arrives, log it", "when a mail arrives, log it"),
        ("Start over: fetch the page and count its words", "fetch the page and count its words"),
        ("create a second workflow which backs up the files", "back up the files"),
    ],
)
async def test_a_new_workflow_is_asked_for_in_the_words_of_what_it_does(
    says: str, request_text: str
) -> None:
    assert await intent_of(says, workflow=True) == NewWorkflow(request=request_text)


@pytest.mark.parametrize(
    ("says", "request_text"),
    [
        ("no, use e-mail", "use e-mail"),
        ("Great! Now also mail it to Bob.", "also mail it to Bob."),
        ("what about sending it to Desk instead?", "send it to Desk instead"),
        ("could you please add a step?", "add a step"),
    ],
)
async def test_an_edit_is_asked_for_without_what_is_said_around_it(
    says: str, request_text: str
) -> None:
    assert await intent_of(says, workflow=True) == EditWorkflow(request=request_text)


async def test_a_change_of_a_plan_is_an_edit_without_the_yes_or_no() -> None:
    found = await intent_of("looks good, but post to #ops", plan=True)
    assert found == EditWorkflow(request="post to #ops")


async def test_put_it_back_is_a_redo_after_an_undo_only() -> None:
    says = "put it back"
    assert await intent_of(says, workflow=True) == Undo()
    after = [("person", "undo"), ("assistant", "Now at version 1."), ("person", says)]
    assert await intent_of(says, workflow=True, recent=after) == Redo()


async def test_everything_undone_is_the_first_version() -> None:
    assert await intent_of("undo everything", workflow=True, versions=7) == GoTo(version=1)


async def test_commands_among_other_words_are_no_commands() -> None:
    for says in ("undo the booking in the calendar", "restore the backup of the database"):
        assert (await intent_of(says, workflow=True)).kind not in ("undo", "redo", "go_to")


async def test_a_reply_to_a_question_of_ours_is_a_message_of_its_own() -> None:
    first = await intent_of("the slack step", workflow=True)
    assert isinstance(first, Unclear)
    task = replace(task_of("3", {"workflow": True}), questions=(first.question,))
    assert (await LISTENER.listen(task)).intent == Undo()
    task = replace(task, message="remove the loop")
    assert (await LISTENER.listen(task)).intent == EditWorkflow(request="remove the loop")


_WORDS = st.lists(
    st.sampled_from(
        [
            "yes",
            "no",
            "undo",
            "the",
            "version",
            "3",
            "workflow",
            "make",
            "a",
            "new",
            "that",
            "posts",
            "it",
            "#eng",
            "1:",
            "2)",
            "default",
            "what",
            "if",
            "why",
            "step",
            "list,",
            "show",
            "yaml",
            "check",
            "cancel",
            "add",
            "also",
            "instead",
            "every",
            "Monday",
            "at",
            "9",
            "?",
            ".",
            "thanks",
            "hello",
        ]
    ),
    max_size=8,
).map(" ".join)


@given(
    st.one_of(_WORDS, st.text(max_size=40)),
    st.booleans(),
    st.booleans(),
    st.lists(
        st.builds(
            Question,
            text=st.sampled_from(["Which channel?", "Should it?", "What should be different?"]),
            suggestions=st.sampled_from([(), ("#a", "#b"), ("yes", "no")]),
            default=st.sampled_from(["", "#a"]),
        ),
        max_size=3,
    ),
)
async def test_every_message_has_an_intent_that_fits_what_waits(
    says: str, has_workflow: bool, has_plan: bool, questions: list[Question]
) -> None:
    task = IntentTask(
        message=says,
        document=DOCUMENT if has_workflow else None,
        questions=tuple(questions),
        plan=PLAN if has_plan else None,
        versions=3,
    )
    found = (await LISTENER.listen(task)).intent
    match found:
        case Answers(texts=texts):
            assert len(texts) == len(questions) > 0
        case Approve() | Reject():
            assert questions or has_plan
        case EditWorkflow(request=request):
            assert request
            assert has_workflow or has_plan or questions
        case NewWorkflow(request=request):
            assert request
        case _:
            assert found.kind


@given(st.text(max_size=60), st.lists(st.builds(Question, text=st.text(max_size=20)), min_size=1))
def test_answers_stand_in_the_order_of_the_questions(says: str, questions: list[Question]) -> None:
    assert len(answers_in(says, questions)) == len(questions)


async def test_a_long_message_is_told_by_its_beginning_and_kept_whole() -> None:
    text = "Fetch the page and count its words. " + "It is about cats. " * 200
    assert await intent_of(text) == NewWorkflow(request=text)
    edit = "Also log this text: " + "x" * 50_000
    assert await intent_of(edit, workflow=True) == EditWorkflow(request=edit)
    asked = [{"text": "Which text?"}]
    assert await intent_of("x" * 5_000, questions=asked) == Answers(texts=("x" * 5_000,))
