"""What each agent is asked and what it answers.

``agents/`` plays these roles with a language model, ``offline/`` with rules; ``graph/`` wires them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flowloom.catalog.component import Component
from flowloom.intents import Intent
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.document import Document
from flowloom.workflow.edits import Change
from flowloom.workflow.outline import Outline, Question

__all__ = [
    "AnswerTask",
    "Answered",
    "Answerer",
    "Candidates",
    "Draft",
    "GenerateTask",
    "Generator",
    "Heard",
    "IntentTask",
    "Listener",
    "PlanTask",
    "Planned",
    "Planner",
    "Summarized",
    "Summarizer",
    "SummaryTask",
    "Usage",
]


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What language-model calls cost; the offline composer's is all zero."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            model_calls=self.model_calls + other.model_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, kw_only=True)
class PlanTask:
    """What the planner is asked.

    Attributes:
        document: the workflow as it stands, for an edit or a repair.
        context: what was said and decided earlier in the conversation, if it is part of one.
        outline: the plan so far, when diagnostics sent the work back.
        diagnostics: what the verifier says the planner can mend.
    """

    request: str
    document: Document | None = None
    context: str = ""
    outline: Outline | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The planner's answer."""

    outline: Outline
    usage: Usage = Usage()


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What the retriever found.

    Attributes:
        by_step: components for each planned step (by its id), best first; the trigger's stand
            under ``trigger``.
        always: components that any workflow may need: control flow and transforms, and those
            that the workflow at hand uses already.
    """

    by_step: Mapping[str, tuple[Component, ...]] = field(
        default_factory=dict[str, tuple[Component, ...]]
    )
    always: tuple[Component, ...] = ()

    @property
    def all(self) -> tuple[Component, ...]:
        """Every candidate once, those of the steps first."""
        found = {item.id: item for items in self.by_step.values() for item in items}
        return tuple({**found, **{item.id: item for item in self.always}}.values())


@dataclass(frozen=True, kw_only=True)
class GenerateTask:
    """What the generator is asked.

    Attributes:
        document: the workflow to change (an edit), or the draft to repair.
        diagnostics: what the verifier says the generator can mend; empty at the first attempt.
        worse: what the last changes led to, where they were taken back for being no better.
        editing: whether the request itself is a change of an existing workflow.
    """

    request: str
    outline: Outline
    candidates: Candidates
    document: Document | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    worse: tuple[Diagnostic, ...] = ()
    editing: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The generator's answer: a whole workflow, or changes to the one at hand.

    Attributes:
        workflow: plain data of a workflow document; None where ``changes`` are given.
        assumptions: what was taken for granted while generating, a sentence each.
        questions: what only the person can say; with any, the composer stops and asks.
    """

    workflow: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    usage: Usage = Usage()


@dataclass(frozen=True, kw_only=True)
class IntentTask:
    """What the listener is asked.

    Attributes:
        document: the workflow at hand, if there is one.
        questions: what the person was asked and has not answered yet.
        plan: the outline that waits for approval, if one does.
        versions: how many versions there are.
        recent: the last messages, oldest first, as (role, text).
    """

    message: str
    document: Document | None = None
    questions: tuple[Question, ...] = ()
    plan: Outline | None = None
    versions: int = 0
    recent: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The listener's answer.

    Attributes:
        rest: what the message wants beyond the intent, in its own words: it is heard as a message
            of its own when the intent has been done.
    """

    intent: Intent
    rest: str = ""
    usage: Usage = Usage()


@dataclass(frozen=True, kw_only=True)
class AnswerTask:
    """What the answerer is asked.

    Attributes:
        document: the workflow at hand, if there is one.
        verdict: the verdict over it.
        summary: what was said and decided earlier.
    """

    question: str
    document: Document | None = None
    verdict: Verdict | None = None
    summary: str = ""
    recent: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answerer's answer, in a few sentences."""

    text: str
    usage: Usage = Usage()


@dataclass(frozen=True, kw_only=True)
class SummaryTask:
    """What is to be made shorter: the summary so far and the messages that it does not hold yet.

    Attributes:
        decisions: what was decided, a sentence each; they are kept word by word elsewhere.
        max_tokens: most tokens of the new summary.
    """

    summary: str
    messages: tuple[tuple[str, str], ...]
    decisions: tuple[str, ...] = ()
    max_tokens: int = 500


@dataclass(frozen=True, kw_only=True)
class Summarized:
    """The summary of everything before the messages that stay in full."""

    text: str
    usage: Usage = Usage()


class Listener(Protocol):
    """Says what a message in a conversation wants."""

    async def listen(self, task: IntentTask) -> Heard:
        """Return the intent of a message."""
        ...


class Answerer(Protocol):
    """Answers questions about a workflow from the workflow, the verifier and the catalog."""

    async def answer(self, task: AnswerTask) -> Answered:
        """Return the answer; it says so where it does not know."""
        ...


class Summarizer(Protocol):
    """Shortens a long conversation."""

    async def summarize(self, task: SummaryTask) -> Summarized:
        """Return the new summary."""
        ...


class Planner(Protocol):
    """Turns a request into an outline."""

    async def plan(self, task: PlanTask) -> Planned:
        """Return the outline for a task."""
        ...


class Generator(Protocol):
    """Turns an outline and candidates into a workflow, or into changes of one."""

    async def generate(self, task: GenerateTask) -> Draft:
        """Return the draft for a task."""
        ...
