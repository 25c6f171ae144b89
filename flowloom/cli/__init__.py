"""The terminal: ``flowloom COMMAND``; heavy imports stand inside the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["INTERRUPTED", "main", "run_and_exit"]

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 fine, 1 failed, 2 wrong use, 3 needs input)."""
    from flowloom.cli.app import run

    return run(argv)


def run_and_exit() -> NoReturn:
    """Run one command and end the process with its exit code."""
    code = main()
    if code == INTERRUPTED:
        # All has been put away. Threads of native libraries that a signal met at work can crash
        # the interpreter's own clearing up, so that is left out.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
