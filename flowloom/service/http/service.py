"""What the server works with: one assembly, its threads and what is saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from flowloom.assembly import Assembly
from flowloom.graph.conversation.conversations import Conversations, open_conversations
from flowloom.graph.conversation.nodes import Roles
from flowloom.graph.limits import Limits
from flowloom.service.http.metrics import Metrics
from flowloom.storage.replies import Replies
from flowloom.storage.saved_workflows import SavedWorkflows

__all__ = ["Service", "open_service"]


@dataclass(frozen=True, kw_only=True)
class Service:
    """Shared by every request of one server."""

    assembly: Assembly
    conversations: Conversations
    saved: SavedWorkflows
    replies: Replies
    metrics: Metrics
    limits: Limits
    roles: Roles


@asynccontextmanager
async def open_service(
    assembly: Assembly, metrics: Metrics, roles: Roles
) -> AsyncGenerator[Service]:
    """Open the database of an assembly's settings, and go on with turns that other processes left.

    Raises:
        StorageError: the database cannot be opened.
    """
    settings = assembly.settings
    limits = Limits(
        max_attempts=settings.max_attempts,
        timeout=settings.timeout,
        max_tokens=settings.max_tokens,
    )
    async with open_conversations(
        assembly.composer,
        roles,
        settings.data_dir,
        address=settings.database,
        limits=limits,
        watch=metrics.happened,
    ) as conversations:
        await conversations.resume_all()
        database = conversations.store.database
        resuming = asyncio.create_task(conversations.keep_resuming())
        try:
            yield Service(
                assembly=assembly,
                conversations=conversations,
                saved=SavedWorkflows(database),
                replies=Replies(database),
                metrics=metrics,
                limits=limits,
                roles=roles,
            )
        finally:
            resuming.cancel()
            await asyncio.wait([resuming])
