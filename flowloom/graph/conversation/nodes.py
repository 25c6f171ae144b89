"""The nodes that a conversation adds to those that compose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from flowloom.agents.budget import Budget
from flowloom.graph.context import Composer
from flowloom.graph.conversation.acting import acted
from flowloom.graph.conversation.hearing import heard, pending_of
from flowloom.graph.conversation.replies import composed_reply, differences_of, question_text
from flowloom.graph.conversation.state import (
    ConversationState,
    ConversationUpdate,
    PersonAnswer,
    Said,
)
from flowloom.graph.events import StepChanged, TextSaid
from flowloom.graph.limits import Limits
from flowloom.graph.nodes import Nodes, run_stage
from flowloom.intents import AskAbout
from flowloom.prompts.components import estimated_tokens
from flowloom.roles import Answerer, AnswerTask, IntentTask, Listener, Summarizer, SummaryTask
from flowloom.workflow.diff import Difference, render_diff
from flowloom.workflow.document import Document, read_document

__all__ = ["ConversationNodes", "Roles"]


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Who understands, answers and shortens.

    Attributes:
        recent_tokens: messages that together have more are shortened.
        summary_tokens: most tokens of the summary.
    """

    listener: Listener
    answerer: Answerer
    summarizer: Summarizer
    recent_tokens: int = 2_000
    summary_tokens: int = 500


class ConversationNodes(Nodes):
    """The nodes of a conversation: those that compose, and those around them."""

    def __init__(self, composer: Composer | None, roles: Roles | None) -> None:
        super().__init__(composer)
        self._given_roles = roles

    @property
    def _roles(self) -> Roles:
        if self._given_roles is None:
            raise RuntimeError("A graph without roles can be drawn, not run.")
        return self._given_roles

    async def listen(
        self, state: ConversationState, runtime: Runtime[Limits]
    ) -> ConversationUpdate:
        """Say what the newest message wants, and what follows from it."""
        if state.given is not None:
            return heard(state, state.given)
        task = IntentTask(
            message=state.message,
            document=document_at_hand(state),
            questions=state.waiting.questions if state.waiting else (),
            plan=state.waiting.plan if state.waiting else None,
            versions=state.history.count,
            recent=state.earlier,
        )

        async def work(budget: Budget) -> ConversationUpdate:
            answer = await self._roles.listener.listen(task)
            budget.charge(answer.usage)
            return heard(state, answer.intent, answer.rest.strip())

        return await run_stage("listener", state, runtime, work)

    async def ask(self, state: ConversationState) -> ConversationUpdate:
        """Wait for the person; this node is run again from the top when the answer comes."""
        pending = pending_of(state)
        value = interrupt(pending.model_dump(mode="json"), response_schema=PersonAnswer)
        answer = PersonAnswer.model_validate(value)
        asked = Said(role="assistant", text=question_text(pending))
        said = Said(role="person", text=answer.text)
        return {
            "message": answer.text,
            "given": answer.intent,
            "waiting": pending,
            "rounds": state.rounds + 1,
            "next": "reply",
            "recent": [*state.recent, asked, said],
        }

    async def answerer(
        self, state: ConversationState, runtime: Runtime[Limits]
    ) -> ConversationUpdate:
        """Answer a question from the workflow, the verifier and the catalog."""
        intent = state.intent
        question = intent.question if isinstance(intent, AskAbout) else state.message
        document = document_at_hand(state)
        verifier = self._composer.verifier
        task = AnswerTask(
            question=question,
            document=document,
            verdict=verifier.verdict(document) if document else None,
            summary="\n".join([state.summary, *state.decisions]).strip(),
            recent=state.earlier,
        )

        async def work(budget: Budget) -> ConversationUpdate:
            answer = await self._roles.answerer.answer(task)
            budget.charge(answer.usage)
            return {"reply": answer.text}

        return await run_stage("answerer", state, runtime, work)

    async def act(self, state: ConversationState) -> ConversationUpdate:
        """Do what needs no model: verify, give as text, be polite."""
        return acted(state, document_at_hand(state), self._composer.verifier)

    async def reply(self, state: ConversationState, runtime: Runtime[Limits]) -> ConversationUpdate:
        """Say what has come of the message, and what changed."""
        text = state.reply
        if state.composed:
            differences = _differences(state)
            for item in differences:
                line = render_diff([item]).strip()
                runtime.stream_writer(StepChanged(change=item.kind, step=item.step, text=line))
            text = composed_reply(state, differences)
        text = "\n".join([text or state.reason, *state.left])
        runtime.stream_writer(TextSaid(text=text))
        return {"reply": text}

    async def remember(
        self, state: ConversationState, runtime: Runtime[Limits]
    ) -> ConversationUpdate:
        """Shorten the messages before this turn."""
        task = SummaryTask(
            summary=state.summary,
            messages=tuple((item.role, item.text) for item in state.recent),
            decisions=tuple(state.decisions),
            max_tokens=self._roles.summary_tokens,
        )

        async def work(budget: Budget) -> ConversationUpdate:
            answer = await self._roles.summarizer.summarize(task)
            budget.charge(answer.usage)
            return {"summary": answer.text, "recent": []}

        return await run_stage("summarizer", state, runtime, work)

    def after_reply(self, state: ConversationState) -> Literal["ask", "remember", "__end__"]:
        """Ask again what still waits; shorten the conversation when it has outgrown its budget."""
        if state.waiting is not None:
            return "ask"
        tokens = sum(estimated_tokens(item.text) for item in state.recent)
        return "remember" if tokens > self._roles.recent_tokens else "__end__"


def document_at_hand(state: ConversationState) -> Document | None:
    """Return the workflow at hand."""
    return read_document(state.current, format=state.current_format) if state.current else None


def _differences(state: ConversationState) -> tuple[Difference, ...]:
    if state.best is None or state.status != "valid":
        return ()
    return differences_of(state)
