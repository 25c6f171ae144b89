"""Messages to the thread ``t``, and what its events say."""

from __future__ import annotations

from typing import Any

from flowloom.graph.conversation.conversations import Conversations

__all__ = ["say", "texts", "types"]


async def say(conversations: Conversations, text: str, **more: Any) -> list[dict[str, Any]]:
    """Send a message to the thread ``t`` and return the events of its turn."""
    _, _, last = await conversations.store.last_numbers("t")
    await conversations.start("t", text, **more)
    return [event.data async for event in conversations.follow("t", last)]


def types(events: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of the events, without the stages."""
    return [event["type"] for event in events if not event["type"].startswith("stage")]


def texts(events: list[dict[str, Any]]) -> list[str]:
    """Return what was said to the person."""
    return [event["text"] for event in events if event["type"] == "text"]
