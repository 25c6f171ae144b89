"""Saved workflows as an agent is told of them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from flowloom.api.answers import Answer
from flowloom.storage.saved_workflows import SavedWorkflow

__all__ = ["SavedAnswer", "SavedListAnswer", "SavedName", "saved_answer", "saved_list"]


class SavedName(Answer):
    """A saved workflow without its text."""

    name: str
    etag: str = Field(description="Changes when the text does.")
    saved_at: str


class SavedListAnswer(Answer):
    """The saved workflows, by name."""

    workflows: tuple[SavedName, ...]


class SavedAnswer(Answer):
    """A saved workflow."""

    name: str
    workflow: str = Field(description="The workflow document.")
    etag: str
    saved_at: str


def saved_list(found: Iterable[SavedWorkflow]) -> SavedListAnswer:
    """Return a list of what is saved."""
    names = (SavedName(name=item.name, etag=item.etag, saved_at=item.saved_at) for item in found)
    return SavedListAnswer(workflows=tuple(names))


def saved_answer(found: SavedWorkflow) -> SavedAnswer:
    """Return one of them."""
    return SavedAnswer(
        name=found.name, workflow=found.text, etag=found.etag, saved_at=found.saved_at
    )
