"""Progress notifications from the events of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.mcpserver import Context

if TYPE_CHECKING:
    from flowloom.graph.events import Event

__all__ = ["Progress"]


class Progress:
    """Tells the client of each stage; how many there will be is not known before."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._count = 0

    async def report(self, event: Event) -> None:
        """Report one event, if it says something new; silent if the client asked for nothing."""
        message = _message(event)
        if message:
            self._count += 1
            await self._context.report_progress(self._count, message=message)


def _message(event: Event) -> str:
    match event.type:
        case "stage_started":
            again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
            return f"{event.stage}{again}"
        case "diagnostics":
            errors = sum(item.severity == "error" for item in event.diagnostics)
            return f"found {errors} error{'' if errors == 1 else 's'}"
        case _:
            return ""
