"""The OpenAPI document: what FastAPI derives, made true to what the server answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from flowloom.service.http.problems import Problem

__all__ = ["describe"]

_METHODS = ("get", "put", "post", "delete")


def describe(app: FastAPI, *, with_tokens: bool) -> None:
    """Replace the application's OpenAPI document.

    Args:
        with_tokens: whether requests need a token.
    """
    derived = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made_true(derived(), with_tokens)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _made_true(document: dict[str, Any], with_tokens: bool) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    if with_tokens:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations and path == "/health":
                operations[method]["security"] = []
    return document
