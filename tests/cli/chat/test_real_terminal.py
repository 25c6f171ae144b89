"""``flowloom chat`` over a real pseudo-terminal: what is typed, what is seen."""

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
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PATIENCE = 60
"""Seconds without any output after which the program is taken to hang."""
_WHERE = b"\x1b[6n"
"""The question where the cursor is, which every terminal answers."""
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_=>])")


class Terminal:
    """A program behind a pseudo-terminal of 40 lines of 120 characters."""

    def __init__(self, *arguments: str, data_dir: Path) -> None:
        self.raw = b""
        self._own, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "FLOWLOOM_DATA_DIR": str(data_dir),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowloom", *arguments],
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
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


@pytest.fixture
def chat(data_dir: Path) -> Iterator[Terminal]:
    """Return a chat in a new thread."""
    terminal = Terminal("chat", "--thread", "real-terminal", data_dir=data_dir)
    yield terminal
    terminal.close()


def test_a_conversation_at_a_terminal(chat: Terminal) -> None:
    chat.seen_until("no workflow yet · offline · /help")
    chat.type_in("post 'hello' to #eng in Slack\r")
    seen = chat.seen_until("version 1 of 1 · offline")
    assert "Made the workflow 'post-slack' with 1 step." in seen
    assert '└─ post_slack: slack.chat.post_message (channel="#eng", text="hello")' in seen
    assert "what it does" in seen
    assert re.search(r"^listener [\d.]+ m?s  planner .* verifier [\d.]+ m?s$", seen, re.MULTILINE)
    chat.type_in("say 'good morning' instead of 'hello'\r")
    seen = chat.seen_until("version 2 of 2 · offline")
    assert '~ └─ post_slack: slack.chat.post_message (channel="#eng", text="good morning")' in seen
    assert b"\x1b[33m" in chat.raw  # What has changed is yellow.
    chat.type_in("/und")
    chat.seen_until("/undo [COUNT]")  # The menu is open.
    chat.type_in("\t\r")
    assert "Now at version 1." in chat.seen_until("version 1 of 2 · offline")
    chat.type_in("\x04")
    assert chat.process.wait(PATIENCE) == 0
