"""OpenAPI documents and components for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowloom.catalog.component import Component
from flowloom.catalog.entries import Entries
from flowloom.catalog.openapi import read_openapi
from flowloom.catalog.source_text import SourceText

__all__ = ["document", "only", "read"]


def document(operation: dict[str, Any], path: str = "/things", **more: Any) -> dict[str, Any]:
    """Return a document with one operation, ``POST`` unless ``method`` says another."""
    method = more.pop("method", "post")
    return {
        "openapi": more.pop("openapi", "3.1.0"),
        "info": {"title": "Test API", "version": "1"},
        "servers": [{"url": more.pop("server", "https://api.example")}],
        "paths": {path: {method: {"operationId": "things", "responses": {}, **operation}}},
        **more,
    }


def read(document: Any, directory: Path | None = None) -> Entries:
    """Read a document that is given as data."""
    return read_openapi(SourceText("api.json", json.dumps(document)), directory)


def only(document: Any, directory: Path | None = None) -> Component:
    """Return the only component of a document."""
    entries = read(document, directory)
    assert not entries.skipped, entries.skipped
    (component,) = entries.components
    return component
