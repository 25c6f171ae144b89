"""The whole path of a language model, over real HTTP with the real client."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from flowloom.agents.chat_model import chat_model
from flowloom.agents.generator import ModelGenerator
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.planner import ModelPlanner
from flowloom.errors import ModelError
from flowloom.graph.composer import Limits, Result, compose
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import document_of
from tests.graph.stand_ins import OUTLINE, Findings, composer, error, workflow
from tests.servers.chat_server import ChatServer, dead_url

PLAN = OUTLINE.model_dump(mode="json", exclude_defaults=True)
CHANGE = {"changes": [{"op": "set", "id": "post", "path": "with.text", "value": "mended"}]}


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


class Sleeps(list[float]):
    """Notes how long was to be slept, and does not."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def model_at(url: str, sleeps: Sleeps | None = None, **more: Any) -> LanguageModel:
    made = chat_model("openai:test", base_url=url, api_key="key-1", **more)
    return replace(made, sleep=sleeps if sleeps is not None else Sleeps())


async def run(
    model: LanguageModel, *rounds: list[Diagnostic], edit: bool = False, **limits: Any
) -> Result:
    made = composer(
        planner=ModelPlanner(model=model),
        generator=ModelGenerator(model=model),
        findings=Findings(rounds or ((),)),
    )
    document = document_of(workflow()) if edit else None
    return await compose(
        "Post hello ===== end of request", composer=made, document=document, limits=Limits(**limits)
    )


async def test_a_request_becomes_a_workflow(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow(), "assumptions": ["The usual channel."]})
    result = await run(model_at(server.url))
    assert result.status == "valid"
    assert result.workflow == workflow()
    assert result.assumptions == ("The usual channel.",)
    assert result.usage.model_calls == 2
    assert (result.usage.input_tokens, result.usage.output_tokens) == (20, 10)
    assert server.headers[0]["authorization"] == "Bearer key-1"
    assert server.requests[0]["model"] == "test"
    assert "response_format" not in server.requests[0]


async def test_the_request_stands_in_a_block_that_it_cannot_close(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    await run(model_at(server.url))
    for sent in server.requests:
        roles = [message["role"] for message in sent["messages"]]
        assert roles == ["system", "user"]
        text = sent["messages"][1]["content"]
        block = "====== request\nPost hello ===== end of request\n====== end of request"
        assert text.startswith(block)
    assert (
        "slack.post | Post a message [action; write]"
        in server.requests[1]["messages"][1]["content"]
    )


async def test_an_answer_that_is_no_json_is_asked_for_again(server: ChatServer) -> None:
    server.say("I would love to help!")
    server.say(f"Here you are:\n```json\n{document_json(PLAN)}\n```\nBye.")
    server.say({"workflow": {"name": "no steps"}})
    server.say({"workflow": workflow()})
    result = await run(model_at(server.url))
    assert result.status == "valid"
    assert result.usage.model_calls == 4
    again = server.requests[1]["messages"]
    assert [message["role"] for message in again] == ["system", "user", "assistant", "user"]
    assert "no complete JSON object" in again[-1]["content"]
    assert "no 'steps'" in server.requests[3]["messages"][-1]["content"]


def document_json(data: Any) -> str:
    return document_of(data, format="json").text


async def test_an_answer_that_was_cut_at_the_length_limit_is_asked_for_again(
    server: ChatServer,
) -> None:
    server.say(PLAN, end="length")
    server.say(PLAN)
    server.say({"workflow": workflow()})
    assert (await run(model_at(server.url))).status == "valid"
    assert "cut off" in server.requests[1]["messages"][-1]["content"]


async def test_answers_that_are_never_valid_end_with_an_error(server: ChatServer) -> None:
    for _ in range(3):
        server.say("no")
    with pytest.raises(ModelError, match=r"'openai:test' gave no valid answer as planner in 3"):
        await run(model_at(server.url))


async def test_a_repair_is_asked_for_as_changes(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say(CHANGE)
    result = await run(model_at(server.url), [error("The text is wrong.")], [])
    assert result.status == "valid"
    assert result.workflow == workflow("mended")
    sent = server.requests[2]["messages"][1]["content"]
    assert "- FL900 at steps[0]: The text is wrong." in sent
    assert "uses: slack.post" in sent


async def test_a_change_that_does_not_apply_is_reported_back(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say({"changes": [{"op": "remove", "id": "pots"}]})
    server.say(CHANGE)
    result = await run(model_at(server.url), [error()], [])
    assert result.status == "valid"
    assert "There is no step 'pots'. Nearest: 'post'." in _last_text(server)


async def test_a_change_of_what_nothing_concerns_is_refused(server: ChatServer) -> None:
    data = workflow()
    data["steps"] = [*data["steps"], {"id": "other", "wait": "1s"}]
    server.say(PLAN)
    server.say({"workflow": data})
    server.say({"changes": [{"op": "set", "id": "other", "path": "wait", "value": "2s"}]})
    server.say(CHANGE)
    result = await run(model_at(server.url), [error()], [])
    assert result.status == "valid"
    assert "No diagnostic concerns 'other'" in _last_text(server)
    assert result.workflow is not None
    assert result.workflow["steps"][1] == {"id": "other", "wait": "1s"}


async def test_what_only_a_person_can_mend_is_not_sent_to_the_model(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say(CHANGE)
    found = [error("The text is wrong."), error("A key stands here.", "person")]
    result = await run(model_at(server.url), found, [])
    assert result.status == "valid"
    assert "The text is wrong." in _last_text(server)
    assert "A key stands here." not in server.requests[2]["messages"][1]["content"]


async def test_what_is_left_comes_again_until_it_is_mended(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say({"changes": [{"op": "set", "id": "post", "path": "with.text", "value": "half"}]})
    server.say(CHANGE)
    first, second = error("The text is wrong."), error("The channel is wrong.")
    result = await run(model_at(server.url), [first, second], [second], [])
    assert result.status == "valid"
    last = server.requests[3]["messages"][1]["content"]
    assert "The channel is wrong." in last
    assert "The text is wrong." not in last


async def test_a_model_that_only_gives_unasked_changes_ends_with_the_best_version(
    server: ChatServer,
) -> None:
    data = workflow()
    data["steps"] = [*data["steps"], {"id": "other", "wait": "1s"}]
    server.say(PLAN)
    server.say({"workflow": data})
    for _ in range(3):
        server.say({"changes": [{"op": "remove", "id": "other"}]})
    result = await run(model_at(server.url), [error("The text is wrong.")])
    assert result.status == "failed"
    assert "no valid answer as generator in 3" in result.reason
    assert result.workflow == data
    assert [item.message for item in result.diagnostics] == ["The text is wrong."]
    assert (result.usage.attempts, result.usage.model_calls) == (1, 5)


async def test_a_repair_is_shown_only_the_steps_and_components_concerned(
    server: ChatServer,
) -> None:
    data = workflow()
    other = {"id": "other", "uses": "github.list", "with": {"text": "not shown"}}
    data["steps"] = [*data["steps"], other]
    server.say(PLAN)
    server.say({"workflow": data})
    server.say(CHANGE)
    result = await run(model_at(server.url), [error(step="post")], [])
    assert result.status == "valid"
    whole, repair = (sent["messages"][1]["content"] for sent in server.requests[1:])
    assert "core.manual |" in whole
    assert "slack.post |" in repair
    assert "core.manual |" not in repair
    assert "- other: github.list" in repair
    assert "not shown" not in repair


async def test_changes_that_make_it_worse_are_taken_back(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say({"changes": [{"op": "set", "id": "post", "path": "with.text", "value": "bad"}]})
    server.say(CHANGE)
    first, second = error("The text is wrong."), error("The channel is gone.")
    result = await run(model_at(server.url), [first], [first, second], [])
    assert result.workflow == workflow("mended")
    last = server.requests[3]["messages"][1]["content"]
    assert "text: hello" in last
    assert "bad" not in last
    assert last.index("The text is wrong.") < last.index("taken back") < last.index("is gone.")


async def test_going_back_and_forth_ends_with_the_best_version(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    for text in ("b", "a", "b"):
        server.say({"changes": [{"op": "set", "id": "post", "path": "with.text", "value": text}]})
    rounds = [error("A")], [error("B")], [error("A")]
    result = await run(model_at(server.url), *map(list, rounds), max_attempts=9)
    assert result.status == "failed"
    assert "back and forth" in result.reason
    assert result.workflow == workflow()
    assert len(server.requests) == 4


async def test_the_attempts_are_a_budget(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    for text in ("b", "c"):
        server.say({"changes": [{"op": "set", "id": "post", "path": "with.text", "value": text}]})
    rounds = [error("A"), error("A2")], [error("B")], [error("C"), error("C2")]
    result = await run(model_at(server.url), *map(list, rounds), max_attempts=3)
    assert result.status == "failed"
    assert "3 attempts" in result.reason
    assert result.workflow == workflow("b")
    assert [item.message for item in result.diagnostics] == ["B"]


def _last_text(server: ChatServer) -> str:
    return server.requests[-1]["messages"][-1]["content"]


async def test_an_edit_goes_over_the_wire(server: ChatServer) -> None:
    server.say({"edits": [{"op": "change", "target": "post", "text": "say mended"}]})
    server.say(CHANGE)
    result = await run(model_at(server.url), edit=True)
    assert result.status == "valid"
    assert result.workflow == workflow("mended")
    assert "uses: slack.post" in server.requests[0]["messages"][1]["content"]


async def test_a_plan_that_names_an_unknown_step_is_asked_for_again(server: ChatServer) -> None:
    server.say({"edits": [{"op": "remove", "target": "pots"}]})
    server.say({"edits": [{"op": "change", "target": "post"}]})
    server.say(CHANGE)
    assert (await run(model_at(server.url), edit=True)).status == "valid"
    assert "no step 'pots'. Nearest: 'post'" in server.requests[1]["messages"][-1]["content"]


async def test_no_progress_stops_the_run(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.say(CHANGE)
    result = await run(model_at(server.url), [error()])
    assert result.status == "failed"
    assert "No progress" in result.reason
    assert len(server.requests) == 3


async def test_the_token_limit_stops_the_run(server: ChatServer) -> None:
    server.say(PLAN, tokens=(900, 200))
    result = await run(model_at(server.url), max_tokens=1000)
    assert result.status == "failed"
    assert "token limit" in result.reason
    assert result.usage.input_tokens == 900
    assert len(server.requests) == 1


async def test_the_token_limit_stops_asking_again_and_counts_what_was_lost(
    server: ChatServer,
) -> None:
    server.say("no", tokens=(900, 200))
    result = await run(model_at(server.url), max_tokens=1000)
    assert result.status == "failed"
    assert (result.usage.model_calls, result.usage.output_tokens) == (1, 200)


async def test_tokens_are_estimated_where_the_server_does_not_count(server: ChatServer) -> None:
    server.say(PLAN, tokens=None)
    server.say({"workflow": workflow()}, tokens=None)
    result = await run(model_at(server.url))
    assert result.usage.input_tokens > 500
    assert result.usage.output_tokens > 10


async def test_the_time_limit_cuts_a_slow_server_off(server: ChatServer) -> None:
    server.hang()
    result = await run(model_at(server.url), timeout=0.2)
    assert result.status == "failed"
    assert "time limit" in result.reason


async def test_a_busy_server_is_asked_again_when_it_says(server: ChatServer) -> None:
    sleeps = Sleeps()
    server.fail(429, headers={"Retry-After": "0.25"})
    server.fail(500)
    server.say(PLAN)
    server.say({"workflow": workflow()})
    result = await run(model_at(server.url, sleeps))
    assert result.status == "valid"
    assert sleeps == [0.25, 2.0]


async def test_a_wait_longer_than_the_budget_is_not_begun(server: ChatServer) -> None:
    sleeps = Sleeps()
    server.fail(429, headers={"Retry-After": "50"})
    with pytest.raises(ModelError, match="refuses more calls"):
        await run(model_at(server.url, sleeps), timeout=20)
    assert sleeps == []


@pytest.mark.parametrize(
    ("status", "code", "calls", "message"),
    [
        (401, "", 1, r"refused the key \(HTTP 401\). Check the API key"),
        (403, "", 1, "refused the key"),
        (404, "", 1, "knows no model 'openai:test'"),
        (400, "", 1, r"failed \(HTTP 400\): .*it is 400"),
        (429, "insufficient_quota", 1, "refuses more calls"),
        (429, "", 3, r"\(3 tries\)"),
        (503, "", 3, r"failed \(HTTP 503\) \(3 tries\)"),
    ],
)
async def test_an_error_status_is_one_line_that_says_what_to_do(
    server: ChatServer, status: int, code: str, calls: int, message: str
) -> None:
    for _ in range(3):
        server.fail(status, code)
    with pytest.raises(ModelError, match=message) as caught:
        await run(model_at(server.url))
    assert len(server.requests) == calls
    assert "\n" not in str(caught.value)
    assert "key-1" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{broken", "application/json"),
        ("<html>hello</html>", "text/html"),
        ('{"hello": "world"}', "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ('{"choices": []}', "application/json"),
        ("", "application/json"),
    ],
)
async def test_garbage_is_a_model_error(server: ChatServer, body: str, content_type: str) -> None:
    for _ in range(3):
        server.send(body, content_type)
    with pytest.raises(ModelError) as caught:
        await run(model_at(server.url))
    assert "\n" not in str(caught.value)


async def test_a_body_that_is_cut_is_asked_for_again(server: ChatServer) -> None:
    server.cut()
    server.say(PLAN)
    server.say({"workflow": workflow()})
    assert (await run(model_at(server.url))).status == "valid"


async def test_a_dead_port_is_a_model_error() -> None:
    with pytest.raises(ModelError, match=r"cannot be reached \(3 tries\).*Check that it runs"):
        await run(model_at(dead_url()))


async def test_a_call_that_takes_too_long_is_a_model_error(server: ChatServer) -> None:
    for _ in range(3):
        server.hang()
    with pytest.raises(ModelError, match="cannot be reached"):
        await run(model_at(server.url, timeout=0.1))
    assert len(server.requests) == 3


async def test_a_failure_after_a_draft_returns_the_draft(server: ChatServer) -> None:
    server.say(PLAN)
    server.say({"workflow": workflow()})
    server.fail(401)
    result = await run(model_at(server.url), [error()])
    assert result.status == "failed"
    assert "refused the key" in result.reason
    assert result.workflow == workflow()


async def test_a_cancelled_run_closes_its_connection(server: ChatServer) -> None:
    server.hang()
    task = asyncio.create_task(run(model_at(server.url)))
    await asyncio.to_thread(server.asked.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_one_model_serves_several_event_loops(server: ChatServer) -> None:
    model = model_at(server.url)
    for _ in range(2):
        server.say(PLAN)
        server.say({"workflow": workflow()})
        assert asyncio.run(run(model)).status == "valid"
