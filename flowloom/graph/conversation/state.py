"""The state of one turn: that of composing, and what the conversation adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from flowloom.graph.conversation.history import History
from flowloom.graph.state import ComposeState, Update
from flowloom.intents import Intent
from flowloom.workflow.outline import Outline, Question

__all__ = [
    "ConversationState",
    "ConversationUpdate",
    "Next",
    "Pending",
    "PendingKind",
    "PersonAnswer",
    "Said",
]

PendingKind: TypeAlias = Literal["questions", "plan", "partial", "intent"]
Next: TypeAlias = Literal["planner", "retriever", "answerer", "act", "ask", "reply"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Said(_Frozen):
    """One earlier message."""

    role: Literal["person", "assistant"]
    text: str


class Pending(_Frozen):
    """What the turn waits for.

    Attributes:
        kind: ``questions`` that must be answered, a ``plan`` to approve, a workflow that does
            only a part of what was asked (``partial``), or a message that was not clear
            (``intent``).
    """

    kind: PendingKind
    questions: tuple[Question, ...] = ()
    plan: Outline | None = None


class PersonAnswer(BaseModel):
    """How a waiting turn is resumed: a message, or an intent that needs no understanding."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=100_000)
    intent: Intent | None = None


@dataclass(kw_only=True)
class ConversationState(ComposeState):
    """What one turn knows.

    Attributes:
        message: the newest message.
        given: its intent where the face knows it, such as ``/undo``.
        intent: what the message wants.
        said: what the turn was first asked for, without the answers to questions.
        current: text of the workflow at hand; empty if there is none.
        current_format: its format.
        history: where the thread stands; at the end where it is to stand.
        decisions: what was decided so far, and in this turn.
        summary: the earlier messages in few words.
        recent: the messages after them, the newest one last.
        approve_plan: whether plans wait for approval.
        approved: whether this turn's plan was approved.
        waiting: what the newest message answers, or what is asked again after a question aside.
        rest: what the message wants beyond its intent, to be done afterwards as a message.
        left: what is not done, a sentence each.
        asides: how often something was asked again because the message was no answer.
        rounds: how often this turn has asked.
        reply: the answer in words.
        composed: whether the turn made a workflow, so that status and best count.
    """

    message: str = ""
    given: Intent | None = None
    intent: Intent | None = None
    said: str = ""
    current: str = ""
    current_format: Literal["yaml", "json"] = "yaml"
    history: History = field(default_factory=History)
    decisions: list[str] = field(default_factory=list[str])
    summary: str = ""
    recent: list[Said] = field(default_factory=list[Said])
    approve_plan: bool = False
    approved: bool = False
    waiting: Pending | None = None
    rest: str = ""
    left: list[str] = field(default_factory=list[str])
    asides: int = 0
    reply: str = ""
    composed: bool = False
    next: Next = "reply"

    @property
    def earlier(self) -> tuple[tuple[str, str], ...]:
        """The recent messages before the newest, as (role, text)."""
        return tuple((item.role, item.text) for item in self.recent[:-1])


class ConversationUpdate(Update, total=False):
    """What a node may change: the fields of ``ConversationState``, all optional."""

    context: str
    original: str
    format: Literal["yaml", "json"]
    message: str
    given: Intent | None
    intent: Intent | None
    said: str
    history: History
    decisions: list[str]
    approved: bool
    waiting: Pending | None
    rest: str
    left: list[str]
    asides: int
    reply: str
    composed: bool
    next: Next
    summary: str
    recent: list[Said]
