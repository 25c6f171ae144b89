"""Conversations at a terminal over stand-ins for the agents: lines in, a screen out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from flowloom.cli.chat.plain_screen import PlainScreen
from flowloom.cli.chat.reading import Left
from flowloom.cli.chat.rich_screen import RichScreen
from flowloom.cli.chat.screen import Screen
from flowloom.cli.chat.session import ChatSession
from flowloom.cli.chat.talking import Talk
from flowloom.settings import Settings
from tests.graph.conversation.stand_ins import Home, opened
from tests.graph.stand_ins import composer

__all__ = ["Lines", "rich_screen", "session_over", "talk"]


@dataclass
class Lines:
    """A reader that gives these lines; one that can be called is called, and no line."""

    lines: Sequence[str | Callable[[], Awaitable[None]]]
    given: int = field(default=0)

    async def read(self) -> str:
        while self.given < len(self.lines):
            line = self.lines[self.given]
            self.given += 1
            if isinstance(line, str):
                return line
            await line()
        raise Left


@asynccontextmanager
async def session_over(directory: Path, **parts: Any) -> AsyncGenerator[ChatSession]:
    """Open the thread ``t`` over stand-ins."""
    settings = Settings(data_dir=directory)
    async with opened(Home(directory), **parts) as conversations:
        yield ChatSession(conversations, composer(**parts), settings, "t")


async def talk(
    directory: Path,
    *lines: str | Callable[[], Awaitable[None]],
    screen: Screen | None = None,
    **parts: Any,
) -> int:
    """Talk in the thread ``t`` and return the exit code."""
    async with session_over(directory, **parts) as session:
        return await Talk(session, Lines(lines), screen or PlainScreen()).run()


def rich_screen() -> tuple[RichScreen, StringIO]:
    """Return a screen of 100 columns without colours, and what is written to it."""
    written = StringIO()
    return RichScreen(Console(file=written, width=100, force_terminal=False)), written
