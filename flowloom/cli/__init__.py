"""The terminal: ``flowloom COMMAND``; heavy imports stand inside the commands."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 fine, 1 failed, 2 wrong use, 3 needs input)."""
    from flowloom.cli.app import run

    return run(argv)
