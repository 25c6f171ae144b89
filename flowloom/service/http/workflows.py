"""Saved workflows over HTTP, with ETags."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from flowloom.service.http.calls import owner_of, service_of
from flowloom.service.http.problems import PROBLEMS
from flowloom.service.http.requests import (
    IfMatch,
    IfNoneMatch,
    SavedWorkflowText,
    WorkflowName,
)
from flowloom.service.mcp.saved import SavedAnswer, SavedListAnswer, saved_answer, saved_list
from flowloom.storage.saved_workflows import ABSENT

__all__ = ["router"]

router = APIRouter(prefix="/v1/workflows", tags=["workflows"], responses=PROBLEMS)


@router.get("")
async def list_workflows(request: Request) -> SavedListAnswer:
    """Return the saved workflows by name, without their texts."""
    return saved_list(await service_of(request).saved.entries(owner_of(request)))


@router.get("/{name}", responses={304: {"description": "Not Modified"}})
async def get_workflow(
    request: Request, response: Response, name: WorkflowName, if_none_match: IfNoneMatch = None
) -> SavedAnswer:
    """Return a saved workflow."""
    found = await service_of(request).saved.get(owner_of(request), name)
    if _tag(if_none_match) == found.etag:
        return Response(status_code=304, headers={"ETag": _quoted(found.etag)})  # type: ignore[return-value]  # FastAPI sends a response as it is
    response.headers["ETag"] = _quoted(found.etag)
    return saved_answer(found)


@router.put("/{name}")
async def save_workflow(
    request: Request,
    response: Response,
    name: WorkflowName,
    body: SavedWorkflowText,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> SavedAnswer:
    """Save a workflow document, valid or not, under a name."""
    expected = ABSENT if if_none_match == "*" else _tag(if_match)
    saved = await service_of(request).saved.save(
        owner_of(request), name, body.workflow, expected=expected
    )
    response.headers["ETag"] = _quoted(saved.etag)
    return saved_answer(saved)


@router.delete("/{name}", status_code=204)
async def delete_workflow(request: Request, name: WorkflowName, if_match: IfMatch = None) -> None:
    """Delete a saved workflow."""
    service = service_of(request)
    await service.saved.delete(owner_of(request), name, expected=_tag(if_match))


def _tag(header: str | None) -> str | None:
    if header is None or header.strip() == "*":
        return None
    return header.strip().removeprefix("W/").strip('"')


def _quoted(etag: str) -> str:
    return f'"{etag}"'
