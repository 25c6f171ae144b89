"""Listeners and answerers for tests of conversations: they say what they are told to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowloom.graph.conversation.conversations import Conversations, open_conversations
from flowloom.graph.conversation.nodes import Roles
from flowloom.intents import Answers, AskAbout, EditWorkflow, Intent, NewWorkflow, SmallTalk
from flowloom.roles import Answered, AnswerTask, Heard, IntentTask, Summarized, SummaryTask
from tests.graph.stand_ins import composer

__all__ = ["ByWord", "Echo", "FirstWords", "Home", "opened", "roles"]


@dataclass(frozen=True)
class Home:
    """Where conversations are kept: a directory, and an address where it is Postgres."""

    directory: Path
    address: str = ""


@dataclass
class ByWord:
    """The first word says what is wanted: ``new``, ``edit``, ``ask``; else an answer or talk.

    What stands behind `` | `` is the rest of the message.
    """

    known: Mapping[str, Intent] = field(default_factory=dict[str, Intent])
    tasks: list[IntentTask] = field(default_factory=list[IntentTask])

    async def listen(self, task: IntentTask) -> Heard:
        self.tasks.append(task)
        message, _, left = task.message.partition(" | ")
        if message in self.known:
            return Heard(intent=self.known[message], rest=left)
        word, _, rest = message.partition(" ")
        match word:
            case "new":
                intent: Intent = NewWorkflow(request=rest)
            case "edit":
                intent = EditWorkflow(request=rest)
            case "ask":
                intent = AskAbout(question=rest)
            case _:
                intent = Answers(texts=(message,)) if task.questions else SmallTalk()
        return Heard(intent=intent, rest=left)


@dataclass
class Echo:
    """Answers with the question."""

    tasks: list[AnswerTask] = field(default_factory=list[AnswerTask])

    async def answer(self, task: AnswerTask) -> Answered:
        self.tasks.append(task)
        return Answered(text=f"About {task.question}")


@dataclass
class FirstWords:
    """Keeps the first word of each message."""

    tasks: list[SummaryTask] = field(default_factory=list[SummaryTask])

    async def summarize(self, task: SummaryTask) -> Summarized:
        self.tasks.append(task)
        words = [text.split()[0] for _, text in task.messages if text]
        return Summarized(text=" ".join([task.summary, *words]).strip())


def roles(**more: object) -> Roles:
    """The stand-ins together."""
    given = {"listener": ByWord(), "answerer": Echo(), "summarizer": FirstWords(), **more}
    return Roles(**given)  # type: ignore[arg-type]  # names of the fields only


@asynccontextmanager
async def opened(
    home: Home, *, given: Roles | None = None, **parts: Any
) -> AsyncGenerator[Conversations]:
    """Open the conversations of a home over a composer of stand-ins."""
    async with open_conversations(
        composer(**parts), given or roles(), home.directory, address=home.address
    ) as conversations:
        yield conversations
