"""``flowloom chat`` over a real pseudo-terminal: what is typed, what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.pseudo_terminal import PATIENCE, PseudoTerminal


@pytest.fixture
def chat(data_dir: Path) -> Iterator[PseudoTerminal]:
    """Return a chat in a new thread."""
    terminal = PseudoTerminal("chat", "--thread", "real-terminal", data_dir=data_dir)
    yield terminal
    terminal.close()


def test_a_conversation_at_a_terminal(chat: PseudoTerminal) -> None:
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
