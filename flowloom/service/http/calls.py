"""Single calls: compose, verify, search, health, metrics."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from flowloom import __version__
from flowloom.api.answers import (
    ComponentAnswer,
    SearchAnswer,
    VerifyAnswer,
    WorkflowAnswer,
    component_answer,
    search_answer,
    verify_answer,
    workflow_answer,
)
from flowloom.api.composing import events_of
from flowloom.errors import FlowloomError, NotFound, nearest
from flowloom.graph.events import ErrorRaised, Event, ResultReady
from flowloom.graph.result import Result
from flowloom.service.http.gate import OWNER
from flowloom.service.http.metrics import CONTENT_TYPE
from flowloom.service.http.problems import PROBLEMS
from flowloom.service.http.requests import (
    ComposeRequest,
    Health,
    IdempotencyKey,
    VerifyRequest,
)
from flowloom.service.http.service import Service
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, read_document

__all__ = ["owner_of", "router", "service_of"]

router = APIRouter(responses=PROBLEMS)


def service_of(request: Request) -> Service:
    """Return what the server works with."""
    service: Service = request.app.state.service
    return service


def owner_of(request: Request) -> str:
    """Return whose request it is."""
    owner: str = request.scope["state"][OWNER]
    return owner


def document_of_body(body: ComposeRequest) -> Document | None:
    """Return the workflow to change.

    Raises:
        DocumentError: it is none.
    """
    return read_document(body.workflow) if body.workflow else None


BaseDocument: TypeAlias = Annotated[Document | None, Depends(document_of_body)]


@router.get("/health", tags=["server"])
async def health(request: Request) -> Health:
    """Say that the server is up; needs no token."""
    assembly = service_of(request).assembly
    return Health(
        version=__version__, model=assembly.composer.model, components=len(assembly.catalog)
    )


@router.get(
    "/metrics",
    tags=["server"],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """Return numbers for Prometheus."""
    return Response(service_of(request).metrics.text(), media_type=CONTENT_TYPE)


@router.post("/v1/compose", tags=["calls"], response_model_exclude_defaults=True)
async def compose(
    request: Request,
    response: Response,
    body: ComposeRequest,
    document: BaseDocument,
    idempotency_key: IdempotencyKey = None,
) -> WorkflowAnswer:
    """Compose a workflow, or change the given one, and wait for the outcome."""
    service, owner = service_of(request), owner_of(request)
    if idempotency_key is None:
        return await _composed(service, body, document)
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    known = await service.replies.begin(owner, idempotency_key, digest)
    if known is not None:
        response.headers["Idempotent-Replayed"] = "true"
        return WorkflowAnswer.model_validate(known)
    finished = False
    try:
        answer = await _composed(service, body, document)
        await service.replies.finish(owner, idempotency_key, answer.model_dump(mode="json"))
        finished = True
    finally:
        if not finished:
            await service.replies.give_up(owner, idempotency_key)
    return answer


@router.post("/v1/compose/events", tags=["calls"], response_class=EventSourceResponse)
async def compose_events(
    request: Request, body: ComposeRequest, document: BaseDocument
) -> AsyncIterator[ServerSentEvent]:
    """Compose as ``/v1/compose`` does, and send every event; the last is a result or an error."""
    number = 0
    async with aclosing(_told(_events(service_of(request), body, document))) as events:
        async for event in events:
            number += 1
            data = event.model_dump(mode="json")
            yield ServerSentEvent(data=data, event=event.type, id=str(number))


async def _told(events: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
    """An answer that has begun cannot become an error: the error is its last event."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except FlowloomError as error:
        yield ErrorRaised(code=error.code, message=error.message, hint=error.hint)


async def _composed(
    service: Service, body: ComposeRequest, document: Document | None
) -> WorkflowAnswer:
    result: Result | None = None
    async with aclosing(_events(service, body, document)) as events:
        async for event in events:
            if isinstance(event, ResultReady):
                result = event.result
    if result is None:
        raise RuntimeError("the run gave no result")
    return workflow_answer(result, document, full=body.full)


async def _events(
    service: Service, body: ComposeRequest, document: Document | None
) -> AsyncGenerator[Event]:
    async with aclosing(
        events_of(service.assembly, body.request, document, service.limits)
    ) as events:
        async for event in events:
            service.metrics.happened(event)
            yield event


@router.post("/v1/verify", tags=["calls"], response_model_exclude_defaults=True)
def verify_workflow(request: Request, body: VerifyRequest) -> VerifyAnswer:
    """Check a workflow as a compiler does; it is not run and not changed."""
    verdict = verify(read_document(body.workflow), service_of(request).assembly.catalog)
    return verify_answer(verdict, full=body.full)


@router.get("/v1/components", tags=["catalog"], response_model_exclude_defaults=True)
def search_components(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=2_000, description="The need, in words.")],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
    full: bool = False,
) -> SearchAnswer:
    """Find what a step or a trigger can use."""
    return search_answer(service_of(request).assembly, q, limit=limit, full=full)


@router.get("/v1/components/{component}", tags=["catalog"], response_model_exclude_defaults=True)
def get_component(request: Request, component: str) -> ComponentAnswer:
    """Return one component with its inputs and its output."""
    catalog = service_of(request).assembly.catalog
    found = catalog.get(component)
    if found is None:
        hint = nearest(component, (item.id for item in catalog))
        raise NotFound(f"There is no component {component!r}.", hint=hint)
    return component_answer(found)
