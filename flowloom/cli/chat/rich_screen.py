"""The screen of a terminal: colours, tables, and one live line while a turn runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table as RichTable
from rich.text import Text

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
from flowloom.cli.output import printable
from flowloom.cli.reporting import diagnostic_lines

if TYPE_CHECKING:
    from rich.status import Status

    from flowloom.cli.chat.tree_marks import TreeRow
    from flowloom.graph.conversation.state import Pending
    from flowloom.graph.events import Event
    from flowloom.storage.records import StoredEvent
    from flowloom.workflow.outline import Outline

__all__ = ["RichScreen"]

_MARKS = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}
_SEVERITIES = {"error": "red", "warning": "yellow", "note": "dim"}
_ROWS = {"assumed": "dim", "cannot": "yellow"}
_STARTS = {"Warning": "yellow", "Assumed": "dim", "Left out": "yellow"}


class RichScreen:
    """Writes to a terminal; what comes from messages, models and catalogs is never markup."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._done: list[str] = []
        self._plan: Outline | None = None
        self._said = ""

    def said(self, text: str) -> None:
        """Remember what was typed: a plan that only repeats it has no title."""
        self._said = text

    def happened(self, event: StoredEvent) -> None:
        """Bring the live line up to date; a plan and mends stay on the screen."""
        self._take(event_of(event))

    def turn_ended(self, blocks: tuple[Block, ...]) -> None:
        """Take the live line away, and show what the turn came to."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._done:
            self._print(Text("  ".join(self._done), style="dim"))
        self._done = []
        self.show(blocks)

    def show(self, blocks: tuple[Block, ...]) -> None:
        """Write blocks, and an empty line behind them."""
        for block in blocks:
            for part in self._rendered(block):
                self._print(part)
        self._console.print()

    def remark(self, text: str) -> None:
        """Write a line that stays in the background."""
        self._print(_text(text, "dim"))

    def _print(self, part: RenderableType) -> None:
        if isinstance(part, Text):
            part.overflow = part.overflow or "fold"
        self._console.print(part, highlight=False)

    def _take(self, event: Event) -> None:
        match event.type:
            case "stage_started":
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                self._live(f"{event.stage}{again}")
            case "stage_finished":
                self._done.append(f"{event.stage} {_duration(event.seconds)}")
            case "plan":
                self._plan = event.outline
                self._print(_plan_table(event.outline, self._said))
            case "mend":
                self._print(_text(f"mended by rule: {event.mend.message}", "dim"))
            case _:
                return

    def _live(self, stage: str) -> None:
        line = Text("  ".join([*self._done, f"{stage} …"]), style="dim", overflow="ellipsis")
        line.no_wrap = True
        if self._status is None:
            self._status = self._console.status(line)
            self._status.start()
        else:
            self._status.update(line)

    def _rendered(self, block: Block) -> Iterator[RenderableType]:
        match block:
            case Answer(text=text):
                yield from map(_answer_line, text.splitlines())
            case Note(text=text):
                yield _text(text, "dim")
            case Problem(message=message, hint=hint):
                yield Text.assemble((printable(message), "bold red"), " ", printable(hint))
            case Changes(lines=lines):
                yield from (_text(line, _MARKS.get(line[:1], "")) for line in lines)
            case Tree(rows=rows):
                yield from map(_tree_line, rows)
            case Code(text=text, language=language):
                self._console.print(_code(text, language), soft_wrap=True)
            case Table():
                yield _table(block)
            case Findings(verdict=verdict):
                yield _text(verdict_line(verdict), "bold green" if verdict.valid else "bold red")
                for line in diagnostic_lines(verdict.diagnostics):
                    yield _text(line, _SEVERITIES.get(line.partition(" ")[0], ""))
            case Ask(pending=pending):
                yield from self._question(pending)

    def _question(self, pending: Pending) -> Iterator[RenderableType]:
        if pending.plan is not None:
            if pending.plan != self._plan:
                yield _plan_table(pending.plan, self._said)
            yield _text(PLAN_QUESTION, "bold")
            return
        many = len(pending.questions) > 1
        for number, question in enumerate(pending.questions, 1):
            yield _text(f"{number}. {question.text}" if many else question.text, "bold")
            for line in suggestion_lines(question):
                yield _text(f"  {line}", "cyan")
        if many:
            yield _text(reply_hint(len(pending.questions)), "dim")


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)


def _answer_line(line: str) -> Text:
    style = next((style for start, style in _STARTS.items() if line.startswith(start)), "")
    return _text(line, style)


def _tree_line(row: TreeRow) -> Text:
    style = _MARKS.get(row.mark, "")
    line = Text.assemble(
        (f"{row.mark} ", f"bold {style}".strip()), (row.guides, "dim"), (printable(row.text), style)
    )
    line.no_wrap, line.overflow = True, "ellipsis"
    return line


def _code(text: str, language: str) -> Text:
    # There is no lexer for Mermaid.
    lexer = language if language in ("yaml", "json") else "text"
    return Syntax("", lexer, background_color="default").highlight(printable(text.rstrip()))


def _table(table: Table) -> RenderableType:
    shown = RichTable(box=None, header_style="bold", pad_edge=False)
    for column in table.columns:
        shown.add_column(column, overflow="fold", no_wrap=column != table.columns[-1])
    for row in table.rows:
        style = "bold" if row[0].startswith(">") else ""
        shown.add_row(*(_text(cell) for cell in row), style=style)
    return shown


def _plan_table(outline: Outline, said: str) -> RenderableType:
    summary = "" if _flat(outline.summary) == _flat(said) else outline.summary
    shown = RichTable(
        title=_text(summary, "dim") if summary else None,
        title_justify="left",
        box=None,
        header_style="dim",
        pad_edge=False,
    )
    shown.add_column("plan", no_wrap=True, style="cyan")
    shown.add_column("what it does", overflow="fold")
    for step, work in plan_rows(outline):
        shown.add_row(_text(step), _text(work), style=_ROWS.get(step, ""))
    return Padding(shown, (0, 0, 0, 2))


def _flat(text: str) -> list[str]:
    return text.replace("'", '"').split()


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
