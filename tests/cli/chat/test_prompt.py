"""The line editor: history, completion and leaving, typed through prompt_toolkit's own pipe."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from flowloom.cli.chat.completion import ChatCompleter, Names
from flowloom.cli.chat.opening import names_in
from flowloom.cli.chat.reading import Left, PromptReader
from flowloom.cli.chat.talking import Talk
from flowloom.errors import StorageError
from tests.cli.chat.talks import rich_screen, session_over

Typing = Callable[[str], None]
NAMES = Names(components=(("email.send", "Send an e-mail"),))


@asynccontextmanager
async def prompt(directory: Path) -> AsyncGenerator[tuple[PromptReader, Typing]]:
    """Return a reader, and what types on its keyboard."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        reader = PromptReader(directory / "history", ChatCompleter(NAMES), lambda: "below")
        yield reader, keys.send_text


async def test_lines_are_read_and_remembered(tmp_path: Path) -> None:
    async with prompt(tmp_path) as (reader, type_in):
        type_in("post hello\r")
        assert await reader.read() == "post hello"
    assert (tmp_path / "history").stat().st_mode & 0o777 == 0o600
    async with prompt(tmp_path) as (reader, type_in):
        type_in("\r")
        assert await reader.read() == ""
        type_in("\x1b[A!\r")  # The key "up" brings the last message back.
        assert await reader.read() == "post hello!"


async def test_what_is_pasted_is_one_message(tmp_path: Path) -> None:
    async with prompt(tmp_path) as (reader, type_in):
        type_in("\x1b[200~first\nsecond\x1b[201~\r")
        assert await reader.read() == "first\nsecond"


@pytest.mark.parametrize("key", ["\x03", "\x04"])
async def test_ctrl_c_and_ctrl_d_leave(tmp_path: Path, key: str) -> None:
    async with prompt(tmp_path) as (reader, type_in):
        type_in(key)
        with pytest.raises(Left):
            await reader.read()


async def test_a_history_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Cannot write the history"):
        async with prompt(tmp_path / "missing"):
            pass


async def test_a_whole_conversation_is_typed(tmp_path: Path) -> None:
    screen, written = rich_screen()
    names = Names()
    async with prompt(tmp_path) as (reader, type_in), session_over(tmp_path) as session:

        async def refresh() -> None:
            await names_in(session, names)

        type_in("new post a message\r/show json\r\x04")
        assert await Talk(session, reader, screen, refresh=refresh).run() == 0
    assert "Made the workflow 'demo' with 1 step." in written.getvalue()
    assert '"uses": "slack.post"' in written.getvalue()
    assert names.steps == ("post",)
    assert (names.version, names.versions) == (1, 1)
    assert ("slack.post", "Post a message") in names.components
