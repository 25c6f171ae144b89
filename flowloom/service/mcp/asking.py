"""Questions to the person behind the client: by elicitation where the client can.

Until protocol version 2025-11-25 the server asks while the call is open. Since 2026-07-28 the call
ends with ``input_required``, and the client calls again with the answers and a sealed state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp import MCPError
from mcp.server.mcpserver import Context
from mcp.types import (
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, ConfigDict, Field

from flowloom.api.answers import OpenQuestion, WorkflowAnswer, plain_line

__all__ = [
    "MAX_ROUNDS",
    "Asked",
    "GivenAnswer",
    "ask",
    "ask_by_return",
    "asked_before",
    "can_ask",
    "ends_to_ask",
    "replies",
    "with_answers",
]

MAX_ROUNDS = 3
_KEY = "questions"
_MESSAGE = "To build the workflow, flowloom must know:"


class GivenAnswer(BaseModel):
    """The person's answer to a question of an earlier call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(max_length=2_000)
    answer: str = Field(max_length=2_000)


class Asked(BaseModel):
    """What a call that ended to ask must know when it comes again; sealed, so it is our own."""

    answers: tuple[GivenAnswer, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    answer: WorkflowAnswer
    rounds: int = 1


def with_answers(request: str, answers: Sequence[GivenAnswer]) -> str:
    """Return the request with the answers behind it."""
    return "\n".join([request, *(f"{item.question} {item.answer}" for item in answers)])


def can_ask(context: Context) -> bool:
    """Say whether the client shows forms to a person, and can be reached to do so."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    # Before there were modes, an empty object meant forms.
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return ends_to_ask(context) or context.session.can_send_request


def ends_to_ask(context: Context) -> bool:
    """Say whether the client's protocol asks by ending the call."""
    version = context.protocol_version
    return version is not None and is_version_at_least(version, "2026-07-28")


async def ask(context: Context, questions: Sequence[OpenQuestion]) -> list[GivenAnswer] | None:
    """Ask while the call is open; None if the person does not answer or cannot be asked."""
    try:
        reply = await context.session.elicit_form(
            _MESSAGE, _form(questions), related_request_id=context.request_id
        )
    except MCPError:
        return None  # The client failed to ask; what was found so far is still worth having.
    return _answers_of(reply, questions)


def ask_by_return(asked: Asked) -> InputRequiredResult:
    """Return what ends the call and asks."""
    form = ElicitRequestFormParams(message=_MESSAGE, requested_schema=_form(asked.questions))
    return InputRequiredResult(
        input_requests={_KEY: ElicitRequest(params=form)}, request_state=asked.model_dump_json()
    )


def asked_before(context: Context) -> Asked | None:
    """Return what the first part of this call asked; None if this is the first part."""
    state = context.request_state
    return Asked.model_validate_json(state) if state else None


def replies(context: Context, asked: Asked) -> list[GivenAnswer] | None:
    """Return the answers to ``asked``; None if the person does not want to answer."""
    reply = (context.input_responses or {}).get(_KEY)
    return _answers_of(reply, asked.questions) if isinstance(reply, ElicitResult) else None


def _answers_of(reply: ElicitResult, questions: Sequence[OpenQuestion]) -> list[GivenAnswer] | None:
    if reply.action != "accept":
        return None
    content = reply.content or {}
    found = [
        GivenAnswer(question=question.question, answer=_text(content.get(_field(number))))
        for number, question in enumerate(questions, 1)
    ]
    return [item for item in found if item.answer] or None


def _form(questions: Sequence[OpenQuestion]) -> dict[str, Any]:
    fields = {_field(number): _input(item) for number, item in enumerate(questions, 1)}
    return {"type": "object", "properties": fields, "required": list(fields)}


def _input(question: OpenQuestion) -> dict[str, Any]:
    # No enumeration: a suggestion is one answer among many.
    suggested = f" Such as: {', '.join(question.suggestions)}" if question.suggestions else ""
    shown = plain_line(question.question + suggested, 600)
    field = {"type": "string", "title": plain_line(question.question, 200), "description": shown}
    return {**field, "default": question.default} if question.default else field


def _field(number: int) -> str:
    return f"answer_{number}"


def _text(value: object) -> str:
    return "" if value is None else plain_line(str(value), 2_000)
