"""Runs the real command line in this process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from flowloom.cli import main

__all__ = ["Ended", "Terminal"]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def is_one_line(self) -> bool:
        """Whether stderr has one line and no traceback."""
        return len(self.err.strip().splitlines()) == 1 and "Traceback" not in self.err


class Terminal:
    """Runs commands with a data directory of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ended:
        return self.run(arguments)

    def run(self, arguments: Sequence[str]) -> Ended:
        """Run one command."""
        self._capsys.readouterr()
        code = main(list(arguments))
        captured = self._capsys.readouterr()
        return Ended(code, captured.out, captured.err)
