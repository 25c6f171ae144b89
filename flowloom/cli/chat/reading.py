"""Where messages come from: lines of a pipe, or a prompt with history and completion."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flowloom.cli.chat.interrupts import interruptible_read
from flowloom.errors import StorageError, UserError

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History
    from prompt_toolkit.shortcuts import PromptSession

__all__ = ["Left", "LineReader", "PromptReader", "Reader"]


class Left(Exception):
    """Nothing more is typed; ``interrupted`` says whether by Ctrl-C in a pipe."""

    def __init__(self, *, interrupted: bool = False) -> None:
        super().__init__("left")
        self.interrupted = interrupted


class Reader(Protocol):
    """Gives messages, one after the other."""

    async def read(self) -> str:
        """Return the next one.

        Raises:
            Left: there is none.
        """
        ...


class LineReader:
    """Each line of stdin that is not empty is a message."""

    async def read(self) -> str:
        """Return the next line.

        Raises:
            Left: stdin has ended.
            UserError: it is no text.
        """
        while True:
            try:
                with interruptible_read():
                    line = sys.stdin.readline()
            except KeyboardInterrupt:
                raise Left(interrupted=True) from None
            except UnicodeDecodeError:
                raise UserError(
                    "The input is not text in UTF-8.", hint="Give plain words."
                ) from None
            if not line:
                raise Left
            if line.strip():
                return line.strip()


class PromptReader:
    """A line editor with history and completion; Ctrl-C and Ctrl-D leave.

    Args:
        history: the file of earlier messages.
        status: what the line below the prompt says.
    """

    def __init__(self, history: Path, completer: Completer, status: Callable[[], str]) -> None:
        from prompt_toolkit.completion import ThreadedCompleter
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.shortcuts import PromptSession

        session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=ThreadedCompleter(completer),
            # A menu that opens at every word of a sentence would be in the way: Tab opens it.
            complete_while_typing=Condition(lambda: session.default_buffer.text.startswith("/")),
            bottom_toolbar=status,
        )
        self._session = session

    async def read(self) -> str:
        """Return what was typed, an empty line too.

        Raises:
            Left: Ctrl-C or Ctrl-D.
        """
        try:
            return await self._session.prompt_async("> ")
        except (KeyboardInterrupt, EOFError):
            raise Left from None


def _history(file: Path) -> History:
    from prompt_toolkit.history import FileHistory

    try:
        file.touch(mode=0o600)
    except OSError as error:
        raise StorageError(
            f"Cannot write the history {str(file)!r}: {error.strerror or error}.",
            hint="Make it writable, or give another directory with --data-dir.",
        ) from None
    return FileHistory(str(file))
