"""Errors as problem details (RFC 9457) with stable codes; nothing of an unknown error is told."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from flowloom.errors import (
    BudgetExceeded,
    Conflict,
    FlowloomError,
    ModelError,
    NotFound,
    StorageError,
    UserError,
)

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

__all__ = ["PROBLEMS", "Problem", "add_problem_handlers", "problem_response"]

MEDIA_TYPE = "application/problem+json"
_STATUS: tuple[tuple[type[FlowloomError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (StorageError, 503),
    (UserError, 422),
    (ModelError, 502),
    (BudgetExceeded, 504),
    (FlowloomError, 500),
)


class Problem(BaseModel):
    """One error.

    Attributes:
        code: stable name of its kind.
    """

    type: str = Field(description="urn:flowloom:problem: and the code")
    title: str
    status: int
    code: str
    detail: str = ""
    hint: str = ""


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 404, 409, 412, 413, 422, 429, 500, 502, 503)
}
"""What each operation may answer beside its own, for the OpenAPI document."""


def problem_response(
    status: int, code: str, detail: str = "", hint: str = "", **headers: str
) -> Response:
    """Return an error as a response.

    Args:
        headers: with ``_`` for ``-``.
    """
    from starlette.responses import JSONResponse

    problem = Problem(
        type=f"urn:flowloom:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        hint=hint,
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(problem.model_dump(), status, named, media_type=MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Make an application answer every error as problem details."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    async def own(_: Request, error: Exception) -> Response:
        assert isinstance(error, FlowloomError)
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return problem_response(status, error.code, error.message, error.hint)

    async def wrong_input(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        lines = [_wrong(item) for item in error.errors()[:5]]
        return problem_response(422, "invalid_request", "; ".join(lines))

    async def plain(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        phrase = HTTPStatus(error.status_code).phrase
        headers = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
        code = phrase.lower().replace(" ", "_")
        return problem_response(error.status_code, code, str(error.detail), **headers)

    async def unknown(_: Request, __: Exception) -> Response:
        return problem_response(500, "internal_error", "Something failed that should not.")

    app.add_exception_handler(FlowloomError, own)
    app.add_exception_handler(RequestValidationError, wrong_input)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, unknown)


def _wrong(item: Mapping[str, Any]) -> str:
    if item["type"] == "json_invalid":
        return f"The body is not JSON (character {item['loc'][-1]})."
    return f"{_place(item['loc'])}: {item['msg']}"


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location[1:])) or str(location[0])
