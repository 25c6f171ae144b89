"""What a screen can do, and the texts that the plain and the rich one share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter

from flowloom.cli.chat.blocks import Block
from flowloom.graph.events import Event
from flowloom.workflow.outline import Outline, OutlineEdit, OutlineStep, Question

if TYPE_CHECKING:
    from flowloom.storage.records import StoredEvent
    from flowloom.verification.diagnostic import Verdict

__all__ = [
    "PLAN_QUESTION",
    "Screen",
    "event_of",
    "plan_rows",
    "reply_hint",
    "suggestion_lines",
    "verdict_line",
]

PLAN_QUESTION = "Shall it be done so? Say yes, no, or what to change."
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Screen(Protocol):
    """Shows a conversation."""

    def said(self, text: str) -> None:
        """Show a message of the person, where it cannot be seen otherwise."""
        ...

    def happened(self, event: StoredEvent) -> None:
        """Show progress."""
        ...

    def turn_ended(self, blocks: tuple[Block, ...]) -> None:
        """Show what a turn came to."""
        ...

    def show(self, blocks: tuple[Block, ...]) -> None:
        """Show what a command found, what went wrong, or what waits."""
        ...

    def remark(self, text: str) -> None:
        """Show a remark of the program, which is no part of the conversation."""
        ...


def event_of(stored: StoredEvent) -> Event:
    """Return a stored event as its record."""
    return _EVENT.validate_python(stored.data)


def suggestion_lines(question: Question) -> Iterator[str]:
    """Yield the suggested answers, numbered, with what an empty line takes marked."""
    for number, text in enumerate(question.suggestions, 1):
        yield f"{number}) {text}{' (default)' if text == question.default else ''}"
    if question.default and question.default not in question.suggestions:
        yield f"default: {question.default}"


def reply_hint(count: int) -> str:
    """Return how several questions are answered at once."""
    return f"Answer all {count} in one line: numbers, or words with ';' between them."


def plan_rows(outline: Outline) -> Iterator[tuple[str, str]]:
    """Yield step and work of each planned step, nested ones further in; then what it leaves."""
    if outline.trigger.text:
        yield "starts", outline.trigger.text
    for step in outline.steps:
        yield from _step_rows(step, "")
    for edit in outline.edits:
        yield edit.target or edit.op, _edit_work(edit)
        for step in edit.steps:
            yield from _step_rows(step, "  ")
    yield from (("assumed", text) for text in outline.assumptions)
    yield from (("cannot", text) for text in outline.unsupported)


def _edit_work(edit: OutlineEdit) -> str:
    """Return an edit in words; its kind stands in front where its target is named already."""
    place = f"{edit.where} {edit.anchor}" if edit.anchor else ""
    return ": ".join(part for part in (edit.op if edit.target else "", place, edit.text) if part)


def _step_rows(step: OutlineStep, indent: str) -> Iterator[tuple[str, str]]:
    kind = "" if step.kind == "call" else step.kind
    service = f" ({step.service})" if step.service else ""
    yield f"{indent}{step.id}", ": ".join(part for part in (kind, step.text) if part) + service
    for block in step.blocks:
        yield f"{indent}  {block.label}", block.condition
        for inner in block.steps:
            yield from _step_rows(inner, indent + "    ")


def verdict_line(verdict: Verdict) -> str:
    """Return a verdict in one sentence."""
    found = [item.severity for item in verdict.diagnostics]
    counts = ", ".join(
        f"{found.count(name)} {name}{'s' if found.count(name) != 1 else ''}"
        for name in ("error", "warning", "note")
    )
    return f"It is {'valid' if verdict.valid else 'not valid'}: {counts}."
