"""What a message wants that needs no model: a verdict, the workflow as text, small talk."""

from __future__ import annotations

from collections import Counter

from flowloom.agents.verifier import Verifier
from flowloom.graph.conversation.state import ConversationState, ConversationUpdate
from flowloom.intents import CheckWorkflow, Export
from flowloom.verification.diagnostic import Verdict
from flowloom.workflow.document import Document, dump_json, dump_yaml
from flowloom.workflow.mermaid import render_mermaid
from flowloom.workflow.models import Workflow

__all__ = ["acted", "as_text", "verdict_in_words"]

MAX_SHOWN = 5
_NOTHING = "There is no workflow yet: say what it is to do."
_POLITE = "Say what the workflow is to do, what to change, or ask about it."


def acted(
    state: ConversationState, document: Document | None, verifier: Verifier
) -> ConversationUpdate:
    """Return the reply to an intent that neither composes nor asks a model."""
    match state.intent:
        case CheckWorkflow():
            text = verdict_in_words(verifier.verdict(document)) if document else _NOTHING
        case Export(format=format):
            text = as_text(document, format) if document else _NOTHING
        case _:
            text = _POLITE
    return {"reply": text}


def as_text(document: Document, format: str) -> str:
    """Return a workflow in ``yaml``, ``json`` or ``mermaid``; its own format as it stands."""
    if format == document.format:
        return document.text
    if format == "mermaid":
        return render_mermaid(Workflow.model_validate(document.data))
    return dump_json(document.data) if format == "json" else dump_yaml(document.data)


def verdict_in_words(verdict: Verdict) -> str:
    """Return a verdict in a sentence and a line for each of the first findings."""
    counts = Counter(item.severity for item in verdict.diagnostics)
    numbers = ", ".join(f"{counts[kind]} {kind}s" for kind in ("error", "warning", "note"))
    first = f"It is {'valid' if verdict.valid else 'not valid'}: {numbers}."
    shown = verdict.diagnostics[:MAX_SHOWN]
    lines = [f"{item.code} {item.path or 'workflow'}: {item.message} {item.hint}" for item in shown]
    more = len(verdict.diagnostics) - len(shown)
    return "\n".join([first, *map(str.strip, lines), *([f"and {more} more"] if more else [])])
