"""Questions to the person: by elicitation in both generations, or as ``needs_input``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp.types import (
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    ErrorData,
    InputRequiredResult,
    TextContent,
)

from flowloom.service.mcp.server import mcp_server
from flowloom.service.mcp.workbench import Workbench
from tests.service.bench import AskingPlanner, data_of, planned_by

Mode = Literal["auto", "legacy"]
modes = pytest.mark.parametrize("mode", ["auto", "legacy"])
REQUEST = {"request": 'post "hi" in Slack'}


class Person:
    """Answers forms, and keeps what was asked."""

    def __init__(self, action: Literal["accept", "decline", "cancel"], **content: str) -> None:
        self.forms: list[dict[str, Any]] = []
        self._reply = ElicitResult(action=action, content=dict(content) or None)

    async def __call__(
        self, context: ClientRequestContext, params: ElicitRequestParams
    ) -> ElicitResult:
        self.forms.append(params.model_dump())
        return self._reply


@pytest.fixture
def planner() -> AskingPlanner:
    return AskingPlanner()


@pytest.fixture
def asking(workbench: Workbench, planner: AskingPlanner) -> Workbench:
    return replace(workbench, assembly=planned_by(workbench.assembly, planner))


async def call(asking: Workbench, mode: Mode, person: Person | None, **more: Any) -> dict[str, Any]:
    async with Client(mcp_server(asking), mode=mode, elicitation_callback=person) as client:
        return data_of(await client.call_tool("compose_workflow", {**REQUEST, **more}))


@modes
async def test_the_person_is_asked_and_the_answer_taken(
    asking: Workbench, planner: AskingPlanner, mode: Mode
) -> None:
    person = Person("accept", answer_1="#eng")
    answer = await call(asking, mode, person)
    assert answer["status"] == "valid", answer
    field = person.forms[0]["requested_schema"]["properties"]["answer_1"]
    assert field["title"] == "Which channel?"
    assert field["default"] == "#eng"
    assert [task.request for task in planner.tasks] == [
        REQUEST["request"],
        REQUEST["request"] + "\nWhich channel? #eng",
    ]


@modes
@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_who_does_not_answer_gets_the_questions(
    asking: Workbench,
    planner: AskingPlanner,
    mode: Mode,
    action: Literal["decline", "cancel"],
) -> None:
    answer = await call(asking, mode, Person(action))
    assert answer["status"] == "needs_input"
    assert answer["questions"][0]["question"] == "Which channel?"
    # The work that was done before the question is not done again to say so.
    assert len(planner.tasks) == 1


@modes
async def test_a_client_without_forms_gets_the_questions(asking: Workbench, mode: Mode) -> None:
    answer = await call(asking, mode, None)
    assert answer["status"] == "needs_input"
    asked = [{"question": "Which channel?", "suggestions": ["#eng"], "default": "#eng"}]
    assert answer["questions"] == asked


@modes
async def test_it_answers_with_the_next_call(asking: Workbench, mode: Mode) -> None:
    given = [{"question": "Which channel?", "answer": "#eng"}]
    answer = await call(asking, mode, None, answers=given)
    assert answer["status"] == "valid", answer


@modes
async def test_nobody_is_asked_the_same_for_ever(
    asking: Workbench, planner: AskingPlanner, mode: Mode
) -> None:
    person = Person("accept", answer_1="somewhere")
    answer = await call(asking, mode, person)
    assert answer["status"] == "needs_input"
    assert len(person.forms) == 1
    assert len(planner.tasks) == 2


@modes
async def test_an_empty_answer_is_none(asking: Workbench, mode: Mode) -> None:
    answer = await call(asking, mode, Person("accept", answer_1=" "))
    assert answer["status"] == "needs_input"


async def test_a_client_that_fails_to_ask_gets_the_questions(asking: Workbench) -> None:
    async def failing(context: ClientRequestContext, params: ElicitRequestParams) -> ErrorData:
        return ErrorData(code=-32000, message="no window is open")

    server = mcp_server(asking)
    async with Client(server, mode="legacy", elicitation_callback=failing) as client:
        answer = data_of(await client.call_tool("compose_workflow", REQUEST))
    assert answer["status"] == "needs_input"
    assert answer["questions"]


async def test_a_forged_state_is_refused(asking: Workbench) -> None:
    async with Client(mcp_server(asking)) as client:
        with pytest.raises(MCPError, match="Invalid"):
            await client.call_tool("compose_workflow", REQUEST, request_state='{"rounds": 0}')


async def state_of(bench: Workbench, keys: list[bytes]) -> str:
    """Return what the server gives a client to carry to the next call."""
    server = mcp_server(bench, state_keys=keys)
    async with Client(server, elicitation_callback=Person("decline")) as client:
        result = await client.session.call_tool(
            "compose_workflow", REQUEST, allow_input_required=True
        )
    assert isinstance(result, InputRequiredResult)
    assert result.request_state
    return result.request_state


async def answered(bench: Workbench, keys: list[bytes], state: str) -> CallToolResult:
    reply = ElicitResult(action="accept", content={"answer_1": "#eng"})
    async with Client(mcp_server(bench, state_keys=keys)) as client:
        try:
            return await client.call_tool(
                "compose_workflow",
                REQUEST,
                input_responses={"questions": reply},
                request_state=state,
            )
        except MCPError as error:
            return CallToolResult(content=[TextContent(text=error.message)], is_error=True)


async def test_another_process_with_the_same_key_takes_the_answer(asking: Workbench) -> None:
    key = b"k" * 32
    state = await state_of(asking, [key])
    assert "Which channel" not in state
    assert data_of(await answered(asking, [key], state))["status"] == "valid"
    assert (await answered(asking, [b"x" * 32], state)).is_error


async def test_nobody_takes_over_anothers_question(asking: Workbench) -> None:
    def somebody_else(request: object) -> str:
        return "somebody else"

    key = b"k" * 32
    state = await state_of(asking, [key])
    assert (await answered(replace(asking, owner_of=somebody_else), [key], state)).is_error
