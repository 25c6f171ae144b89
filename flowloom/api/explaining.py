"""What a workflow does, without a model: its tree, what it touches, and what the verifier says."""

from __future__ import annotations

from flowloom.catalog.catalog import Catalog
from flowloom.verification.diagnostic import Verdict
from flowloom.workflow.document import Document
from flowloom.workflow.models import CallStep, walk
from flowloom.workflow.shape import workflow_of
from flowloom.workflow.tree import one_line, render_tree

__all__ = ["explanation"]

MAX_ERRORS = 5
_WORDS = {"read": "reads with", "write": "writes with", "destructive": "may destroy with"}


def explanation(document: Document, catalog: Catalog, verdict: Verdict) -> str:
    """Return the explanation as text.

    Raises:
        DocumentError: the document has not the shape of a workflow.
    """
    tree = render_tree(workflow_of(document)).rstrip()
    return "\n".join([tree, *_effects(document, catalog), _verdict_text(verdict)])


def _effects(document: Document, catalog: Catalog) -> list[str]:
    used: dict[str, list[str]] = {}
    for _, step in walk(workflow_of(document).steps):
        if isinstance(step, CallStep):
            component = catalog.get(step.uses)
            effect = component.effect if component is not None else "read"
            used.setdefault(effect, []).append(f"{one_line(step.uses, 120)} ({step.id})")
    return [f"It {_WORDS[name]}: {', '.join(used[name])}." for name in _WORDS if name in used]


def _verdict_text(verdict: Verdict) -> str:
    if verdict.valid:
        return "The verifier finds no error in it."
    found = [f"{item.code} {one_line(item.message, 200)}" for item in verdict.errors[:MAX_ERRORS]]
    return f"The verifier finds {len(verdict.errors)} errors in it: {' '.join(found)}"
