"""What a person at a terminal sees of a run: a live line for the stage at work, lines above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.text import Text

from flowloom.cli.output import printable
from flowloom.cli.reporting import StageReporter

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

    from flowloom.graph.events import Event

__all__ = ["LiveReporter"]


class LiveReporter:
    """Writes what ``StageReporter`` writes, but the stage at work as a line that moves.

    Args:
        console: of the terminal that stderr is.
    """

    def __init__(self, console: Console, *, explain: bool = False) -> None:
        self._console = console
        self._plain = StageReporter(explain=explain)
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rest()

    def __call__(self, event: Event) -> None:
        """Report one event."""
        if event.type == "stage_started":
            again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
            self._live(f"{event.stage}{again} …")
            return
        if event.type == "result":
            self.rest()
        for line in self._plain.lines(event):
            # Words of a request, a model or a catalog are never markup.
            self._console.print(Text(printable(line), overflow="fold"), highlight=False)

    def rest(self) -> None:
        """Take the live line away, until the next stage starts."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _live(self, stage: str) -> None:
        line = Text(stage, style="dim", overflow="ellipsis", no_wrap=True)
        if self._status is None:
            self._status = self._console.status(line)
            self._status.start()
        else:
            self._status.update(line)
