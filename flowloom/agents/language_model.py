"""A chat model with a name, called within the budget in force and with one retry layer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from flowloom.agents.budget import budget_in_force
from flowloom.agents.retry_policy import RetryPolicy, model_error, retry_on
from flowloom.errors import FlowloomError
from flowloom.prompts.components import estimated_tokens
from flowloom.roles import Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

__all__ = ["LanguageModel", "Message", "Reply"]

Message: TypeAlias = tuple[Literal["system", "human", "ai"], str]


@dataclass(frozen=True)
class Reply:
    """One answer of a model.

    Attributes:
        usage: as the server reports it; estimated from the texts where it does not.
        cut: whether the server ended it at its length limit.
    """

    text: str
    usage: Usage
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """Any LangChain chat model.

    Attributes:
        name: as the user wrote it, such as ``openai:gpt-5``.
    """

    name: str
    chat: BaseChatModel = field(repr=False)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def call(self, messages: Sequence[Message], *, agent: str) -> Reply:
        """Send messages and return the answer.

        Args:
            agent: who asks; it is sent along as metadata, for traces and scripts.

        Raises:
            ModelError: the server failed, or the wait it asks for is longer than the budget.
        """
        tried = 0
        while True:
            tried += 1
            try:
                message = await self.chat.ainvoke(
                    list(messages), config={"metadata": {"agent": agent}, "run_name": agent}
                )
                return _reply(messages, message)
            except FlowloomError:
                raise
            except Exception as error:
                # Each provider has errors of its own; this is the one place that meets them.
                delay = self.policy.delay(error, tried)
                left = budget_in_force().seconds_left
                late = left is not None and delay >= left
                if tried >= self.policy.tries or not retry_on(error) or late:
                    raise model_error(error, self.name, tried) from error
            await self.sleep(delay)


def _reply(messages: Sequence[Message], message: AIMessage) -> Reply:
    text = str(message.text)
    told = message.usage_metadata
    sent = sum(estimated_tokens(item) for _, item in messages)
    usage = Usage(
        model_calls=1,
        input_tokens=told["input_tokens"] if told else sent,
        output_tokens=told["output_tokens"] if told else estimated_tokens(text),
    )
    ended = message.response_metadata.get("finish_reason") or message.response_metadata.get(
        "stop_reason"
    )
    return Reply(text=text, usage=usage, cut=ended in ("length", "max_tokens"))
