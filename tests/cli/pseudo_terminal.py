"""A program behind a real pseudo-terminal: what is typed, what is seen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

from tests.conftest import ROOT

__all__ = ["PATIENCE", "PseudoTerminal"]

PATIENCE = 60
"""Seconds without any output after which the program is taken to hang."""
_WHERE = b"\x1b[6n"
"""The question where the cursor is, which every terminal answers."""
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_=>])")


class PseudoTerminal:
    """A program behind a pseudo-terminal of 40 lines of 120 characters."""

    def __init__(self, *arguments: str, data_dir: Path, cwd: Path = ROOT) -> None:
        self.raw = b""
        self._own, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "FLOWLOOM_DATA_DIR": str(data_dir),
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowloom", *arguments],
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=cwd,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(other)

    def type_in(self, keys: str) -> None:
        """Press keys."""
        os.write(self._own, keys.encode())

    def seen_until(self, text: str) -> str:
        """Return what is shown from now on, without escapes, up to a text."""
        seen = b""
        while text.encode() not in _ESCAPES.sub(b"", seen):
            ready, _, _ = select.select([self._own], [], [], PATIENCE)
            assert ready, f"{text!r} was not shown, but: {_ESCAPES.sub(b'', seen).decode()}"
            part = os.read(self._own, 65_536)
            if _WHERE in part:
                self.type_in("\x1b[1;1R")
            seen += part
        self.raw += seen
        return _ESCAPES.sub(b"", seen).decode("utf-8", errors="replace").replace("\r", "")

    def close(self) -> None:
        """End the program if it still runs."""
        self.process.kill()
        self.process.wait()
        os.close(self._own)


def _own_terminal() -> None:
    # So that Ctrl-C is a signal to the program, as at a terminal.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
