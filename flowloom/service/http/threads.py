"""Threads over HTTP: messages in, events out with resume."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from flowloom.service.http.calls import owner_of, service_of
from flowloom.service.http.problems import PROBLEMS
from flowloom.service.http.requests import (
    After,
    MessageRequest,
    MessageTaken,
    SavedWorkflowText,
    ThreadId,
    ThreadRequest,
    ThreadSummary,
    ThreadView,
)
from flowloom.storage.records import StoredEvent, StoredThread, StoredVersion

__all__ = ["router"]

router = APIRouter(prefix="/v1/threads", tags=["threads"], responses=PROBLEMS)


async def known_thread(request: Request, thread: ThreadId) -> StoredThread:
    """Return the thread of a path: what is wrong is told before an answer begins.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    return await service_of(request).conversations.store.get(thread, owner_of(request))


KnownThread: TypeAlias = Annotated[StoredThread, Depends(known_thread)]


@router.post("", status_code=201)
async def create_thread(request: Request, body: ThreadRequest) -> ThreadSummary:
    """Make a thread."""
    conversations = service_of(request).conversations
    return ThreadSummary.of(await conversations.create(body.id, owner_of(request)))


@router.get("")
async def list_threads(
    request: Request, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> tuple[ThreadSummary, ...]:
    """Return the threads, newest first."""
    found = await service_of(request).conversations.store.list(owner_of(request), limit)
    return tuple(map(ThreadSummary.of, found))


@router.get("/{thread}")
async def get_thread(request: Request, thread: KnownThread) -> ThreadView:
    """Return a thread with its messages, versions and current workflow."""
    store = service_of(request).conversations.store
    messages, versions = await store.messages(thread.id), await store.versions(thread.id)
    return ThreadView.of(thread, messages, versions)


@router.delete("/{thread}", status_code=204)
async def delete_thread(request: Request, thread: ThreadId) -> None:
    """Stop a thread's turn and delete all of it."""
    await service_of(request).conversations.delete(thread, owner_of(request))


@router.post("/{thread}/messages", status_code=202)
async def send_message(request: Request, thread: ThreadId, body: MessageRequest) -> MessageTaken:
    """Begin a turn, or answer the question that one waits with; read what comes from the events."""
    conversations = service_of(request).conversations
    owner = owner_of(request)
    await conversations.store.get(thread, owner)
    _, _, last = await conversations.store.last_numbers(thread)
    await conversations.start(
        thread, body.text, owner=owner, intent=body.intent, approve_plan=body.approve_plan
    )
    return MessageTaken(thread=thread, after=last)


@router.post("/{thread}/cancel")
async def cancel_turn(request: Request, thread: ThreadId) -> ThreadSummary:
    """Stop the turn that runs or waits; without one nothing happens."""
    conversations = service_of(request).conversations
    await conversations.cancel(thread, owner_of(request))
    return ThreadSummary.of(await conversations.store.get(thread, owner_of(request)))


@router.get("/{thread}/events")
async def list_events(
    request: Request,
    thread: ThreadId,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 1_000,
) -> tuple[StoredEvent, ...]:
    """Return what has happened after a number."""
    store = service_of(request).conversations.store
    await store.get(thread, owner_of(request))
    return await store.events(thread, after, limit)


@router.get("/{thread}/events/stream", response_class=EventSourceResponse)
async def stream_events(
    request: Request,
    thread: ThreadId,
    _: KnownThread,
    after: After = 0,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,9}$")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Send events as they come, from a number on, until the turn has ended or asks."""
    conversations = service_of(request).conversations
    begin = int(last_event_id) if last_event_id else after
    owner = owner_of(request)
    async with aclosing(conversations.follow(thread, begin, owner)) as events:
        async for event in events:
            kind = str(event.data["type"])
            yield ServerSentEvent(data=event.data, event=kind, id=str(event.number))


@router.put("/{thread}/workflow")
async def put_workflow(
    request: Request, thread: ThreadId, body: SavedWorkflowText
) -> StoredVersion:
    """Take a person's own text as the next version, with the verdict over it."""
    conversations = service_of(request).conversations
    return await conversations.put(thread, body.workflow, owner_of(request))


@router.post("/{thread}/mend")
async def mend_workflow(request: Request, thread: ThreadId) -> StoredVersion | None:
    """Mend the current version by rule; null where no rule applies."""
    return await service_of(request).conversations.mend(thread, owner_of(request))


@router.get("/{thread}/versions/{number}")
async def get_version(request: Request, thread: ThreadId, number: int) -> StoredVersion:
    """Return one version with its text and its verdict."""
    store = service_of(request).conversations.store
    await store.get(thread, owner_of(request))
    return await store.version(thread, number)
