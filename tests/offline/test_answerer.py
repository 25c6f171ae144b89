"""The offline answerer: what it says agrees with the workflow, and with how it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, Connection
from flowloom.offline.reading.language import NOT_ENGLISH
from flowloom.offline.talking.answerer import OfflineAnswerer
from flowloom.retrieval.query import Hit, Query
from flowloom.roles import AnswerTask
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of
from flowloom.workflow.interpreter.effects import ComponentCall, Pause, PersonAsked, StepFailed
from flowloom.workflow.interpreter.run import run_workflow
from flowloom.workflow.shape import workflow_of
from tests.offline.stand_ins import CATALOG as SMALL

CATALOG = Catalog(
    [
        *SMALL,
        Component(
            id="sms.send",
            title="Send an SMS",
            provider="Phone",
            effect="write",
            connection=Connection(type="phone"),
            input={
                "type": "object",
                "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
                "required": ["to", "text"],
            },
            output={"type": "object", "properties": {"sent": {"type": "boolean"}}},
        ),
    ]
)


def search(query: Query) -> Sequence[Hit]:
    """Every component whose title shares a word with the query."""
    words = set(query.text.lower().split())
    found = [item.id for item in CATALOG if words & set(item.title.lower().split())]
    return [Hit(name, 1.0) for name in found][: query.k]


ANSWERER = OfflineAnswerer(CATALOG, search)

POST = {"id": "post", "uses": "chatter.messages.post",
        "with": {"channel": "#eng", "text": "${{ issue.title }}"}}  # fmt: skip
SMS = {"id": "text_anna", "uses": "sms.send", "connection": "my_phone",
       "with": {"to": "${{ inputs.number }}", "text": "Done"}}  # fmt: skip
WHOLE: dict[str, Any] = {
    "name": "digest",
    "description": "Post the open issues and text Anna",
    "inputs": {"number": {"type": "string", "description": "Anna's phone"}},
    "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1", "timezone": "UTC"}},
    "steps": [
        {"id": "issues", "uses": "hub.issues.list", "with": {"state": "open"}},
        {
            "id": "check",
            "if": "size(steps.issues.output) > 5",
            "then": [{"id": "ticket", "uses": "desk.tickets.create"}],
            "else": [{"id": "folder", "uses": "files.folders.create"}],
        },
        {
            "id": "guarded",
            "try": [
                {"id": "each", "for_each": "steps.issues.output", "as": "issue", "do": [POST]}
            ],
            "catch": [
                {"id": "warn", "uses": "mail.send",
                 "with": {"to": "ops@example.com", "subject": "failed", "body": "x"}}
            ],
        },
        SMS,
    ],
    "outputs": {"count": "${{ size(steps.issues.output) }}"},
}  # fmt: skip


async def ask(question: str, data: dict[str, Any] | None = WHOLE, **more: Any) -> str:
    document = document_of(data) if data else None
    verdict = verify(document, CATALOG) if document else None
    task = AnswerTask(question=question, document=document, verdict=verdict, **more)
    return (await ANSWERER.answer(task)).text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When does it run?", ["It runs every Monday at 9:00 (UTC)."]),
        ("how often is this run", ["every Monday at 9:00"]),
        ("what starts it?", ["every Monday"]),
        ("What does this workflow do?",
         ["every Monday at 9:00 (UTC). Its steps:", "1. issues: List issues (state \"open\")",
          "if the result of 'issues' has more than 5 items:", "otherwise:", "2.2. folder",
          "on an error:", "It gives 'count'"]),
        ("what happens if the list is empty?",
         ["If the result of 'issues' is empty", "The condition of 'check' does not hold",
          "'ticket' is not run", "The loop 'each' runs zero times: 'post' is not run",
          "'folder'", "'text_anna'", "run as always"]),
        ("What if posting fails?",
         ["If 'post' fails", "the loop 'each' ends with it", "'guarded' catches it", "'warn' runs",
          "the run goes on after that"]),
        ("what happens when text_anna fails", ["If 'text_anna' fails", "ends there as failed."]),
        ("what if the issues cannot be listed, on an error?",
         ["If 'issues' fails", "'check', 'guarded' and 'text_anna' are not run"]),
        ("What if there are fewer than 6 issues?",
         ["if the result of 'issues' has more than 5 items, 'ticket' runs",
          "otherwise 'folder' runs and the run goes on with 'guarded'"]),
        ("What connections does it need?",
         ["'text_anna' needs a connection of type 'phone' (it is called 'my_phone' here)"]),
        ("which inputs do I have to give?", ["number (string) - Anna's phone"]),
        ("what does the second step do?", ["Step 2, 'check'"]),
        ("what does the last step need?", ["'text_anna'", "connection of type 'phone'"]),
        ("what does step issues give?", ["hub.issues.list", "It gives [{", "use its result"]),
        ("which step sends the mail?", ["'warn': Send an e-mail"]),
        ("why is there a loop?",
         ["For each issue it runs 'post'", "Its description says: Post the open issues"]),
        ("who gets the text message?", ["The to of 'text_anna' is the input 'number'"]),
        ("Which channel is used?", ['The channel of \'post\' is "#eng".']),
        ("where does the text of the post come from?", ["the title of the issue"]),
        ("how many messages are posted?", ["'post' runs once for each item of the result of"]),
        ("how many steps are there?", ["9 steps"]),
        ("what are the outputs?", ["'count'"]),
        ("is it valid?", ["It is valid"]),
        ("which component can send an SMS?", ["sms.send: Send an SMS (Phone)"]),
        ("do you support Phone?", ["sms.send"]),
        ("which triggers are there?", ["core.schedule", "mail.received"]),
        ("what does sms.send need?", ["must be given to (string), text (string)", "phone"]),
        ("what can you do?", ["12 components"]),
        ("does it also delete issues?", ["'issues'", "cannot tell without a language model"]),
        ("what is the meaning of life?", ["cannot tell without a language model", "1. issues"]),
    ],
)  # fmt: skip
async def test_questions_are_answered_from_the_workflow(question: str, parts: list[str]) -> None:
    text = await ask(question)
    for part in parts:
        assert part in text


async def test_another_language_is_said_to_be_one() -> None:
    text = await ask("Warum gibt es hier eine Schleife und was macht sie genau?")
    assert text == NOT_ENGLISH


async def test_without_a_workflow() -> None:
    assert (await ask("when does it run?", None)).startswith("There is no workflow yet.")
    assert "sms.send" in await ask("is there a component to send an SMS?", None)


async def test_what_is_not_valid_is_told_with_place_and_message() -> None:
    broken = {"name": "x", "steps": [{"id": "a", "uses": "sms.sned", "with": {}}]}
    text = await ask("why is it not valid?", broken)
    assert "It is not valid: 1 error." in text
    assert "'sms.sned'" in text


async def test_a_document_that_is_no_workflow_is_answered_with_the_verdict() -> None:
    text = await ask("what does it do?", {"name": "x", "steps": [{"id": "a"}]})
    assert "cannot be read" in text


async def test_what_changed_is_the_last_answer() -> None:
    recent = (("person", "add a log"), ("assistant", "Added 'log'."))
    assert await ask("what did you change?", recent=recent) == "The last answer was: Added 'log'."


async def test_on_error_and_retry_are_told() -> None:
    goes_on = {**SMS, "on_error": "continue", "retry": {"max_attempts": 4}}
    after = {"id": "log", "if": "steps.text_anna.output.sent", "then": [POST]}
    data = {"name": "x", "inputs": WHOLE["inputs"], "steps": [goes_on, after]}
    text = await ask("what if text_anna fails?", data)
    assert "tried 4 times in all" in text
    assert "the run goes on without its result. 'log' uses it" in text


async def test_a_list_that_an_index_needs_ends_the_run() -> None:
    first = {**POST, "with": {"channel": "#a", "text": "${{ steps.issues.output[0].title }}"}}
    data = {"name": "x", "steps": [WHOLE["steps"][0], first, SMS]}
    text = await ask("what happens if there are no issues?", data)
    assert "'post' fails, since its 'text' cannot be worked out" in text
    assert "ends there as failed" in text


async def test_a_collected_list_stays_empty_for_the_steps_after_it() -> None:
    loop = {"id": "each", "for_each": "steps.issues.output", "as": "issue", "do": [POST],
            "collect": "issue.title"}  # fmt: skip
    told = {"id": "tell", "uses": "chatter.messages.post",
            "with": {"channel": "#a", "text": "${{ steps.each.output.join(\", \") }}"}}  # fmt: skip
    text = await ask(
        "what if the list is empty?", {"name": "x", "steps": [WHOLE["steps"][0], loop, told]}
    )
    assert "it collects an empty list" in text
    assert "'tell' still runs; its 'text' is empty then" in text


async def test_what_passes_an_empty_list_on_is_followed() -> None:
    same = Component(
        id="lists.sort",
        title="Sort a list",
        kind="transform",
        input={"type": "object", "properties": {"items": {"type": "array"}}},
        output={"x-same-as": "items"},
    )
    catalog = Catalog([*CATALOG, same])
    sort = {"id": "sort", "uses": "lists.sort", "with": {"items": "${{ steps.issues.output }}"}}
    first = {"id": "first", "uses": "chatter.messages.post",
             "with": {"channel": "#a", "text": "${{ steps.sort.output[0].title }}"}}  # fmt: skip
    document = document_of({"name": "x", "steps": [WHOLE["steps"][0], sort, first]})
    task = AnswerTask(question="what if the list is empty?", document=document)
    text = (await OfflineAnswerer(catalog, search).answer(task)).text
    assert "'sort' still runs; its 'items' is empty then." in text
    assert "'first' fails, since its 'text' cannot be worked out. The run ends there" in text


async def test_what_the_catalog_does_not_know_is_said_to_be_unknown() -> None:
    inputs = {"channel": "#a", "text": '${{ steps.list.output.map(e, e.a).join(",") }}'}
    listed = {"id": "list", "uses": "gone.list"}
    data = {"name": "x", "steps": [listed, {**POST, "with": inputs}]}
    assert "What 'list' may need I cannot tell" in await ask("what does it need?", data)
    text = await ask("what if the list is empty?", data)
    assert "If the result of 'list' is empty: 'post' still runs; its 'text' is empty then." in text


class Effects:
    """Every list is empty; a step can be told to fail. The steps that ran are kept."""

    def __init__(self, failing: str = "") -> None:
        self.ran: list[str] = []
        self.failing = failing

    async def call(self, call: ComponentCall) -> Any:
        self.ran.append(call.step.id)
        if call.step.id == self.failing:
            raise StepFailed("component", "told to", path=call.path)
        return [{"title": "one"}] if self.failing and call.step.id == "issues" else []

    async def ask(self, asked: PersonAsked) -> str:
        return ""

    async def wait(self, pause: Pause) -> None:
        pass

    async def together(self, work: Sequence[Awaitable[None]], limit: int) -> None:
        for one in work:
            await one


async def ran(document: Document, failing: str = "") -> list[str]:
    effects = Effects(failing)
    await run_workflow(
        workflow_of(document), effects, inputs={"number": "1"}, trigger={}, run={"id": "1"}
    )
    return effects.ran


async def test_an_empty_list_does_what_the_answer_says() -> None:
    assert await ran(document_of(WHOLE)) == ["issues", "folder", "text_anna"]
    text = await ask("what happens if the list is empty?")
    assert all(f"'{name}' is not run" in text for name in ("ticket", "post"))


@pytest.mark.parametrize(
    ("failing", "left"),
    [("post", []), ("issues", ["check", "guarded", "text_anna"]), ("text_anna", [])],
)
async def test_a_failing_step_does_what_the_answer_says(failing: str, left: list[str]) -> None:
    steps = await ran(document_of(WHOLE), failing)
    text = await ask(f"what happens if the step {failing} fails?")
    assert ("warn" in steps) == ("'warn' runs" in text)
    assert ("text_anna" in steps and failing != "text_anna") == ("goes on" in text)
    assert all(repr(name) in text for name in left)


BROKEN = st.sampled_from(
    [
        "${{ x",
        "(",
        "",
        "steps.issues.output",
        "size(",
        "${{ }}",
        "a.b.c",
        "steps.gone.output[0] > 1",
    ]
)


@given(
    st.one_of(
        st.text(min_size=1, max_size=40),
        st.sampled_from(
            [
                "what happens if the list is empty?",
                "what if it fails?",
                "what if the condition is false?",
                "what does it do?",
                "what does the last step need?",
                "how many messages are there?",
                "who gets it?",
                "why?",
                "which step is it?",
            ]
        ),
    ),
    BROKEN,
)
async def test_every_question_about_any_workflow_has_an_answer(question: str, text: str) -> None:
    other = {"if": text or "a", "then": []}
    check = {"id": "check", "if": text or "true", "then": [POST], "elif": [other]}
    loop = {"id": "each", "for_each": text or "[]", "do": [SMS], "collect": text or "1"}
    switch = {"id": "kind", "switch": text or "1", "cases": [{"when": [1, "a"], "do": [check]}]}
    tried = {"id": "tried", "try": [switch], "catch": [], "finally": [loop]}
    both = {"id": "both", "parallel": [[tried], [{"id": "w", "wait": text or "1s"}]]}
    asks = {"id": "asks", "ask": text or "?", "to": text}
    rounds = {"id": "rounds", "while": text or "true", "do": [{"id": "end", "stop": text}]}
    steps = [WHOLE["steps"][0], both, asks, rounds]
    assert await ask(question, {"name": "x", "description": text, "steps": steps})
