"""Inputs that are a text in a structure of their own, such as a document with paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["as_document", "flattened", "is_document"]


def is_document(schema: Mapping[str, Any]) -> bool:
    """Return whether an input is a text that is written as a structure."""
    names: Mapping[str, Any] = schema.get("properties") or {}
    if names.get("type", {}).get("const") == "doc":
        return True
    return _runs(schema) is not None


def _runs(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the part of an item that holds the text of a list of runs of text."""
    items = schema.get("items")
    names: Mapping[str, Any] = items.get("properties") or {} if isinstance(items, dict) else {}
    inner: Mapping[str, Any] = names.get("text") or {}
    content: Mapping[str, Any] = (inner.get("properties") or {}).get("content") or {}
    return inner if kind_of_schema(content) == "string" else None


def as_document(schema: Mapping[str, Any], text: Any) -> Any:
    """Return a text in the structure that the schema asks for."""
    if not isinstance(text, str):
        return text
    if _runs(schema) is not None:
        return [{"text": {"content": text}}]
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def flattened(component: Component) -> Component:
    """Return a component whose structured texts are plain ones, to be filled like any text."""
    inputs = component.inputs
    documents = [name for name, schema in inputs.items() if is_document(schema)]
    if not documents:
        return component
    plain = {
        name: {"type": "string", "description": schema.get("description", ""), "x-text": True}
        if name in documents else schema
        for name, schema in inputs.items()
    }  # fmt: skip
    return component.model_copy(update={"input": {**component.input, "properties": plain}})
