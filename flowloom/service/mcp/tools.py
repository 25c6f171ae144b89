"""The tools: what an agent calls. Their docstrings and field texts are what it reads of them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, TextContent
from pydantic import Field

from flowloom.api.answers import (
    Answer,
    ComponentAnswer,
    SearchAnswer,
    VerifyAnswer,
    WorkflowAnswer,
    component_answer,
    search_answer,
    verify_answer,
    workflow_answer,
)
from flowloom.api.assembling import limits_of
from flowloom.api.composing import events_of
from flowloom.api.explaining import explanation
from flowloom.graph.limits import MAX_REQUEST
from flowloom.roles import AnswerTask
from flowloom.service.mcp.asking import (
    MAX_ROUNDS,
    Asked,
    GivenAnswer,
    ask,
    ask_by_return,
    asked_before,
    can_ask,
    ends_to_ask,
    replies,
    with_answers,
)
from flowloom.service.mcp.progress import Progress
from flowloom.service.mcp.saved import SavedAnswer, SavedListAnswer, saved_answer, saved_list
from flowloom.service.mcp.workbench import Workbench, told
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, read_document

if TYPE_CHECKING:
    from flowloom.graph.events import Event
    from flowloom.graph.result import Result

__all__ = ["ExplainAnswer", "Tools"]

MAX_TEXT = 200_000
Request: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=MAX_REQUEST, description="In plain words.")
]
Text: TypeAlias = Annotated[
    str, Field(max_length=MAX_TEXT, description="The whole workflow document, YAML or JSON.")
]
Full: TypeAlias = Annotated[bool, Field(description="Everything, instead of few words.")]
Answers: TypeAlias = Annotated[
    list[GivenAnswer],
    Field(max_length=10, description="Answers to the questions of an earlier needs_input."),
]
WorkflowReply: TypeAlias = Annotated[CallToolResult, WorkflowAnswer]


class ExplainAnswer(Answer):
    """What a workflow does."""

    text: str
    valid: bool = Field(description="Whether the full verifier found no error.")


class Tools:
    """The eight calls over one workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self._bench = workbench

    async def compose_workflow(
        self,
        request: Request,
        context: Context,
        answers: Answers = [],  # noqa: B006 - read by Pydantic, copied for each call
        full: Full = False,
    ) -> WorkflowReply | InputRequiredResult:
        """Make a workflow from a request in plain words; what is valid has passed the verifier."""
        with told():
            return await self._composed(request, None, answers, full, context)

    async def edit_workflow(
        self,
        workflow: Text,
        request: Request,
        context: Context,
        answers: Answers = [],  # noqa: B006 - read by Pydantic, copied for each call
        full: Full = False,
    ) -> WorkflowReply | InputRequiredResult:
        """Change a workflow as a request says; what is not concerned stays byte for byte."""
        with told():
            document = read_document(workflow)
            return await self._composed(request, document, answers, full, context)

    async def verify_workflow(
        self, workflow: Text, full: Full = False
    ) -> Annotated[CallToolResult, VerifyAnswer]:
        """Check a workflow as a compiler does; it is not run and not changed."""
        with told():
            verdict = verify(read_document(workflow), self._bench.assembly.catalog)
            return _reply(verify_answer(verdict, full=full))

    async def search_components(
        self,
        query: Annotated[str, Field(max_length=2_000, description="The need, in words.")],
        limit: Annotated[int, Field(ge=1, le=50)] = 8,
        full: Full = False,
    ) -> Annotated[CallToolResult, SearchAnswer]:
        """Find what a step's or a trigger's `uses` can name; full adds descriptions."""
        with told():
            return _reply(search_answer(self._bench.assembly, query, limit=limit, full=full))

    async def describe_component(
        self,
        component: Annotated[str, Field(max_length=600, description="Its id.")],
        full: Full = False,
    ) -> Annotated[CallToolResult, ComponentAnswer]:
        """Tell a component's inputs and output; full adds the whole JSON Schemas."""
        with told():
            found = self._bench.assembly.catalog[component]
            return _reply(component_answer(found, full=full))

    async def explain_workflow(
        self,
        workflow: Text,
        question: Annotated[
            str, Field(max_length=2_000, description="Empty: what it does altogether.")
        ] = "",
    ) -> Annotated[CallToolResult, ExplainAnswer]:
        """Tell what a workflow does, or answer a question about it."""
        with told():
            document = read_document(workflow)
            catalog = self._bench.assembly.catalog
            verdict = verify(document, catalog)
            answerer = self._bench.answerer
            if answerer is None or not question:
                text = explanation(document, catalog, verdict)
            else:
                task = AnswerTask(question=question, document=document, verdict=verdict)
                text = (await answerer.answer(task)).text
            return _reply(ExplainAnswer(text=text, valid=verdict.valid))

    async def list_workflows(self) -> Annotated[CallToolResult, SavedListAnswer]:
        """List the saved workflows by name."""
        with told():
            return _reply(saved_list(await self._bench.saved.entries(self._bench.owner)))

    async def get_workflow(
        self, name: Annotated[str, Field(max_length=200)]
    ) -> Annotated[CallToolResult, SavedAnswer]:
        """Return a saved workflow."""
        with told():
            return _reply(saved_answer(await self._bench.saved.get(self._bench.owner, name)))

    async def _composed(
        self,
        request: str,
        document: Document | None,
        answers: list[GivenAnswer],
        full: bool,
        context: Context,
    ) -> CallToolResult | InputRequiredResult:
        known, rounds = list(answers), 0
        asked = asked_before(context)
        if asked is not None:
            given = replies(context, asked)
            if given is None:
                return _reply(asked.answer)
            known, rounds = [*asked.answers, *given], asked.rounds
        while True:
            result = await self._run(with_answers(request, known), document, context)
            answer = workflow_answer(result, document, full=full)
            rounds += 1
            if rounds > MAX_ROUNDS or not can_ask(context) or not _is_new(answer, known):
                return _reply(answer)
            if ends_to_ask(context):
                return ask_by_return(
                    Asked(
                        answers=tuple(known),
                        questions=answer.questions,
                        answer=answer,
                        rounds=rounds,
                    )
                )
            given = await ask(context, answer.questions)
            if given is None:
                return _reply(answer)
            known += given

    async def _run(self, words: str, document: Document | None, context: Context) -> Result:
        assembly = self._bench.assembly
        progress = Progress(context)
        events = events_of(assembly, words, document, limits_of(assembly.settings))
        async with aclosing(events):
            return await _followed(events, progress)


def _is_new(answer: WorkflowAnswer, known: Sequence[GivenAnswer]) -> bool:
    """Say whether there is a question that has not been answered in vain before."""
    told_before = {item.question for item in known}
    return any(item.question not in told_before for item in answer.questions)


async def _followed(events: AsyncGenerator[Event], progress: Progress) -> Result:
    """Report every stage; return the result, which is the last event."""
    async for event in events:
        if event.type == "result":
            return event.result
        await progress.report(event)
    raise ToolError("The run ended without a result.")


def _reply(answer: Answer) -> CallToolResult:
    """Return an answer as structured content, and as the same JSON in text for older clients."""
    data: dict[str, Any] = answer.compact()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return CallToolResult(content=[TextContent(text=text)], structured_content=data)
