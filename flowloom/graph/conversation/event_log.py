"""The events of one turn: numbered as they come, stored in order, and told to who follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flowloom.graph.events import Event
from flowloom.storage.records import StoredEvent
from flowloom.storage.threads import ThreadStore

__all__ = ["EventLog"]


BATCH_SECONDS = 0.02


@dataclass
class EventLog:
    """Collects the events of a turn; ``flush`` stores what has come since the last one.

    Attributes:
        last: the highest number given out so far in the thread.
        watch: called with each event as it comes.
        stored: called after events are stored.
    """

    store: ThreadStore
    thread: str
    turn: str
    last: int
    watch: Callable[[Event], None]
    stored: Callable[[], None]
    _waiting: list[StoredEvent] = field(default_factory=list[StoredEvent])
    _come: asyncio.Event = field(default_factory=asyncio.Event)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __call__(self, event: Event) -> None:
        """Take an event; its number is the next one."""
        self.last += 1
        data = event.model_dump(mode="json")
        self._waiting.append(StoredEvent(number=self.last, turn=self.turn, data=data))
        self._come.set()
        self.watch(event)

    async def keep_storing(self) -> None:
        """Store events as they come, until cancelled."""
        while True:
            await self._come.wait()
            await asyncio.sleep(BATCH_SECONDS)  # Events come in bursts: one transaction for each.
            await self.flush()

    async def flush(self, **change: Any) -> None:
        """Store what has come, with a change of the thread in the same transaction."""
        async with self._writing:
            self._come.clear()
            taken = tuple(self._waiting)
            if taken or change:
                await self.store.change(self.thread, happened=taken, **change)
            del self._waiting[: len(taken)]
        if taken:
            self.stored()
