"""A workflow as a program has it: text, a file, data, a document or a result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from flowloom.errors import DocumentError
from flowloom.workflow.document import Document, document_of, read_document, read_file

if TYPE_CHECKING:
    from flowloom.graph.result import Result

__all__ = ["WorkflowLike", "document_from"]

WorkflowLike: TypeAlias = "str | Path | Mapping[str, Any] | Document | Result"
"""YAML or JSON text, the path of a file, plain data, a document, or what ``compose`` returned."""


def document_from(workflow: WorkflowLike) -> Document:
    """Return the document.

    Raises:
        DocumentError: it is no workflow document, or a result without a workflow.
        StorageError: the file cannot be read.
    """
    if isinstance(workflow, Document):
        return workflow
    if isinstance(workflow, str):
        return read_document(workflow)
    if isinstance(workflow, Path):
        return read_file(workflow)
    if isinstance(workflow, Mapping):
        return document_of(workflow)
    if not workflow.text:
        raise DocumentError(
            f"The result has no workflow; it is {workflow.status!r}.",
            hint=workflow.reason or "Compose again.",
        )
    return read_document(workflow.text)
