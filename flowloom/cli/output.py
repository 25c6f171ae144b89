"""What goes to the terminal: results to stdout, everything else to stderr, no markup anywhere."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import typer

from flowloom.errors import StorageError

__all__ = ["note", "one_line", "print_json", "printable", "write_out"]

CLOSED_PIPE = 141


def write_out(text: str) -> None:
    """Write a result to stdout.

    Raises:
        StorageError: stdout is a file on a full disk.
        typer.Exit: the reader of a pipe is gone.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end; that must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(CLOSED_PIPE) from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StorageError(
            f"Cannot write the output: {error.strerror or error}.", hint="Free some disk space."
        ) from None


def print_json(data: Any) -> None:
    """Write one JSON object to stdout."""
    write_out(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def note(text: str) -> None:
    """Write a line about the work to stderr."""
    try:
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()
    except OSError:
        # Nobody reads it, and nowhere else is left to say so.
        return


def printable(text: str) -> str:
    """Return text whose control characters (terminal escapes among them) are shown, not sent."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text
    )


def one_line(text: str) -> str:
    """Return text with each run of white space as one space."""
    return " ".join(text.split())
