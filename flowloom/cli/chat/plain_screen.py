"""The screen of a pipe: the conversation as lines on stdout, progress and remarks on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowloom.cli import output
from flowloom.cli.chat.blocks import (
    Answer,
    Ask,
    Block,
    Changes,
    Code,
    Findings,
    Note,
    Problem,
    Table,
    Tree,
)
from flowloom.cli.chat.screen import (
    PLAN_QUESTION,
    event_of,
    plan_rows,
    reply_hint,
    suggestion_lines,
    verdict_line,
)
from flowloom.cli.reporting import StageReporter, diagnostic_lines

if TYPE_CHECKING:
    from flowloom.graph.conversation.state import Pending
    from flowloom.storage.records import StoredEvent

__all__ = ["PlainScreen", "plain_lines"]


class PlainScreen:
    """Writes lines without colours; nothing in them depends on time or width."""

    def __init__(self) -> None:
        self._report = StageReporter()

    def said(self, text: str) -> None:
        """Repeat a message, so that the output reads as a conversation."""
        self._write([f"> {line}" for line in text.splitlines() or [""]])

    def happened(self, event: StoredEvent) -> None:
        """Report a stage on stderr."""
        self._report(event_of(event))

    def turn_ended(self, blocks: tuple[Block, ...]) -> None:
        """Write what the turn came to."""
        self.show(blocks)

    def show(self, blocks: tuple[Block, ...]) -> None:
        """Write blocks, and an empty line behind them; problems go to stderr."""
        for block in blocks:
            if isinstance(block, Problem):
                self.remark(*plain_lines(block))
            else:
                self._write(plain_lines(block))
        self._write([""])

    def remark(self, text: str) -> None:
        """Write a line to stderr."""
        output.note(output.one_line(text))

    def _write(self, lines: list[str]) -> None:
        output.write_out("".join(f"{output.printable(line)}\n" for line in lines))


def plain_lines(block: Block) -> list[str]:
    """Return a block as lines of plain text."""
    match block:
        case Answer(text=text) | Code(text=text):
            return text.splitlines()
        case Note(text=text):
            return [text]
        case Problem(message=message, hint=hint):
            return [f"{message} {hint}".strip()]
        case Changes(lines=lines):
            return list(lines)
        case Tree(rows=rows):
            return [f"{row.mark} {row.guides}{row.text}" for row in rows]
        case Table():
            return list(_table_lines(block))
        case Findings(verdict=verdict):
            return [verdict_line(verdict), *diagnostic_lines(verdict.diagnostics)]
        case Ask(pending=pending):
            return list(_question_lines(pending))


def _table_lines(table: Table) -> Iterator[str]:
    rows = [table.columns, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _question_lines(pending: Pending) -> Iterator[str]:
    if pending.plan is not None:
        yield "This is the plan:"
        for step, work in plan_rows(pending.plan):
            yield f"  {step}: {work}" if work else f"  {step}"
        yield PLAN_QUESTION
        return
    many = len(pending.questions) > 1
    for number, question in enumerate(pending.questions, 1):
        yield f"{number}. {question.text}" if many else question.text
        yield from (f"  {line}" for line in suggestion_lines(question))
    if many:
        yield reply_hint(len(pending.questions))
