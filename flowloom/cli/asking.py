"""Questions of a run, asked at the terminal; stdout stays free for the workflow."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flowloom.cli.chat.interrupts import interruptible_read
from flowloom.cli.output import printable

if TYPE_CHECKING:
    from flowloom.workflow.outline import Question

__all__ = ["TerminalPerson"]


class TerminalPerson:
    """Writes each question to stderr and reads a line of stdin for it.

    Args:
        before: called before each round, such as to take a live line away.
    """

    def __init__(self, before: Callable[[], None]) -> None:
        self._before = before

    async def __call__(self, questions: Sequence[Question]) -> Sequence[str] | None:
        """Return an answer for each question; None where the input ends.

        Raises:
            KeyboardInterrupt: Ctrl-C.
        """
        self._before()
        answers: list[str] = []
        for question in questions:
            with interruptible_read():
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise KeyboardInterrupt  # Ctrl-C came before the read could be interrupted.
                sys.stderr.write(f"{printable(_asked(question))} ")
                sys.stderr.flush()
                line = sys.stdin.readline()
            if not line:
                sys.stderr.write("\n")
                return None
            answers.append(_meant(line.strip(), question))
        return answers


def _asked(question: Question) -> str:
    lines = [question.text, *(f"  {n}) {text}" for n, text in enumerate(question.suggestions, 1))]
    default = question.default or next(iter(question.suggestions), "")
    return "\n".join([*lines, f"[{default}]:" if default else ":"])


def _meant(line: str, question: Question) -> str:
    """A number picks a suggestion; no words leave it to the default."""
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(question.suggestions):
        return question.suggestions[int(line) - 1]
    return line
