"""A language model whose replies are kept, whose cost is counted, and that waits with others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from flowloom.agents.language_model import LanguageModel, Message, Reply
from flowloom.evaluation.prices import PriceTable
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.runner.trials import content_key
from flowloom.evaluation.samples import Spent
from flowloom.roles import Usage

__all__ = ["Brake", "Meter", "MeteredModel"]


@dataclass
class Meter:
    """What a run has really spent; kept replies cost nothing.

    Attributes:
        unpriced: models that were called and have no price.
    """

    prices: PriceTable
    usd: float = 0.0
    calls: int = 0
    kept: int = 0
    unpriced: set[str] = field(default_factory=set[str])

    def count(self, model: str, usage: Usage) -> None:
        """Count one real call."""
        spent = Spent(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
        cost = self.prices.cost(model, spent)
        self.calls += usage.model_calls
        self.usd += cost or 0.0
        if cost is None:
            self.unpriced.add(model)


@dataclass
class Brake:
    """Lets every call wait while a server has asked one of them to."""

    until: float = 0.0

    async def sleep(self, seconds: float) -> None:
        """Wait before a call is tried again, and let the others wait as long."""
        self.until = max(self.until, asyncio.get_running_loop().time() + seconds)
        await asyncio.sleep(seconds)

    async def wait(self) -> None:
        """Wait as long as a server has asked another call to."""
        left = self.until - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)


@dataclass(frozen=True, kw_only=True)
class MeteredModel(LanguageModel):
    """A chat model for one repeat of a run.

    Attributes:
        store: where replies are kept; None asks anew each time, as timing needs it.
        repeat: repeats get replies of their own.
        sampling: what is sent along, such as temperature and seed; part of a request's hash.
    """

    meter: Meter
    brake: Brake
    store: RunStore | None = None
    repeat: int = 0
    sampling: str = ""

    async def call(self, messages: Sequence[Message], *, agent: str) -> Reply:
        """Return the kept reply to exactly these messages, or ask; see ``LanguageModel.call``."""
        if self.store is None:
            return await self._asked(messages, agent)
        key = content_key([self.name, self.sampling, self.repeat, list(messages)])
        kept = self.store.reply(key)
        if kept is not None:
            self.meter.kept += 1
            return kept
        reply = await self._asked(messages, agent)
        self.store.save_reply(key, reply)
        return reply

    async def _asked(self, messages: Sequence[Message], agent: str) -> Reply:
        await self.brake.wait()
        reply = await super().call(messages, agent=agent)
        self.meter.count(self.name, reply.usage)
        return reply
