"""A small catalog, a search by shared words, and short ways to compose with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.offline.composer import OfflineComposer
from flowloom.retrieval.query import Hit, Query
from flowloom.workflow.document import Document, document_of
from flowloom.workflow.edits import apply_changes

__all__ = ["CATALOG", "changed", "composed", "composer", "document", "uses"]

ISSUE = {
    "type": "object",
    "properties": {
        "number": {"type": "integer"},
        "title": {"type": "string"},
        "score": {"type": "number"},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "labels": {"type": "array", "items": {"type": "string"}},
    },
}


def _component(component_id: str, title: str, provider: str, **more: Any) -> Component:
    inputs: dict[str, Any] = more.pop("inputs", {})
    required: list[str] = more.pop("required", [])
    schema = {"type": "object", "properties": inputs, "required": required}
    return Component(id=component_id, title=title, provider=provider, input=schema, **more)


TEXT = {"type": "string"}
CATALOG = Catalog(
    [
        _component("core.schedule", "Start on a schedule", "", kind="trigger",
                   inputs={"cron": TEXT, "timezone": TEXT}, required=["cron"]),
        _component("mail.received", "Start on a new e-mail", "", kind="trigger",
                   output={"type": "object", "properties": {"subject": TEXT, "text": TEXT}}),
        _component("hub.issues.list", "List issues", "Hub",
                   inputs={"state": {"type": "string", "enum": ["open", "closed"]}},
                   output={"type": "array", "items": ISSUE}),
        _component("hub.issues.create", "Create an issue", "Hub", effect="write",
                   inputs={"title": TEXT}, required=["title"], output=ISSUE),
        _component("hub.issues.close", "Close an issue", "Hub", effect="write",
                   inputs={"issue_number": {"type": "integer"}}, required=["issue_number"]),
        _component("hub.issues.delete", "Delete an issue", "Hub", effect="destructive",
                   inputs={"issue_number": {"type": "integer"}}, required=["issue_number"]),
        _component("chatter.messages.post", "Post a message", "Chatter", effect="write",
                   inputs={"channel": TEXT, "text": TEXT}, required=["channel", "text"]),
        _component("desk.tickets.create", "Create a ticket", "Desk", effect="write"),
        _component("mail.send", "Send an e-mail", "Mail", effect="write",
                   keywords=("email",),
                   inputs={"to": {"type": "string", "format": "email"}, "subject": TEXT,
                           "body": TEXT}, required=["to", "subject", "body"]),
        _component("files.folders.create", "Create a folder", "Files", effect="write"),
        _component("files.files.list", "List files", "Files",
                   output={"type": "array", "items": {}}),
    ]
)  # fmt: skip


def search(query: Query) -> Sequence[Hit]:
    """Every component whose title shares a word with the query, those with most words first."""
    words = set(query.text.lower().split())
    shared = {item.id: len(words & set(item.title.lower().split())) for item in CATALOG}
    best = sorted((name for name in shared if shared[name]), key=lambda name: -shared[name])
    return [Hit(name, 1.0 / rank, dense_rank=rank) for rank, name in enumerate(best, 1)][: query.k]


def composer() -> OfflineComposer:
    """A composer over the small catalog."""
    return OfflineComposer(CATALOG, search)


def composed(request: str) -> dict[str, Any]:
    """The workflow for a request."""
    found = composer().compose(request)
    assert found.workflow is not None
    return found.workflow


def document(*steps: dict[str, Any]) -> Document:
    """A document with these steps."""
    return document_of({"name": "demo", "steps": list(steps)})


def changed(request: str, *steps: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps after a change."""
    base = document(*steps)
    found = composer().change(request, base.data)
    return apply_changes(base, found.changes).data["steps"]


def uses(steps: list[dict[str, Any]]) -> list[Any]:
    """What steps use, nested blocks as lists behind what holds them."""
    found: list[Any] = []
    for step in steps:
        if "for_each" in step:
            found += ["for_each", uses(step["do"])]
        elif "if" in step:
            found += ["if", uses(step["then"])]
            for branch in step.get("elif", []):
                found += ["elif", uses(branch["then"])]
            if "else" in step:
                found += ["else", uses(step["else"])]
        else:
            found.append(step.get("uses") or "ask")
    return found
