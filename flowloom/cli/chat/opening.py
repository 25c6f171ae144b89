"""A conversation put together: database, screen and reader for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from flowloom.cli.chat.reading import LineReader
from flowloom.cli.chat.session import ChatSession
from flowloom.cli.chat.talking import Talk
from flowloom.cli.chat.tree_marks import step_ids
from flowloom.graph.limits import Limits

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

    from flowloom.assembly import Assembly
    from flowloom.cli.chat.completion import Names
    from flowloom.settings import Settings

__all__ = ["names_in", "open_session", "talk_at_terminal", "talk_in_pipe"]

HISTORY = "chat_history"


@asynccontextmanager
async def open_session(assembly: Assembly, thread_id: str) -> AsyncGenerator[ChatSession]:
    """Open a thread over the database of the settings.

    Raises:
        ConfigError, StorageError: the model or the database cannot be used.
    """
    from flowloom.assembly import roles_of
    from flowloom.graph.conversation.conversations import open_conversations
    from flowloom.settings import prepare_data_directory

    settings = assembly.settings
    async with open_conversations(
        assembly.composer,
        roles_of(assembly),
        prepare_data_directory(settings.data_dir),
        address=settings.database,
        limits=_limits(settings),
    ) as conversations:
        yield ChatSession(conversations, assembly.composer, settings, thread_id)


async def talk_in_pipe(assembly: Assembly, thread_id: str, *, as_json: bool) -> int:
    """Take each line of stdin as a message; return the exit code."""
    from flowloom.cli.chat.json_screen import JsonScreen
    from flowloom.cli.chat.plain_screen import PlainScreen

    async with open_session(assembly, thread_id) as session:
        screen = JsonScreen() if as_json else PlainScreen()
        return await Talk(session, LineReader(), screen, shows_workflow=False).run()


async def talk_at_terminal(assembly: Assembly, thread_id: str) -> int:
    """Talk with a person; leaving is no failure, whatever the last turn came to."""
    from rich.console import Console

    from flowloom.cli.chat.completion import ChatCompleter, Names
    from flowloom.cli.chat.reading import PromptReader
    from flowloom.cli.chat.rich_screen import RichScreen

    async with open_session(assembly, thread_id) as session:
        names = Names()
        completer: Completer = ChatCompleter(names)
        reader = PromptReader(
            session.settings.data_dir / HISTORY, completer, lambda: _status(session, names)
        )

        async def refresh() -> None:
            await names_in(session, names)

        await Talk(session, reader, RichScreen(Console()), refresh=refresh).run()
    return 0


async def names_in(session: ChatSession, names: Names) -> None:
    """Bring up to date what completion offers."""
    document = await session.at_hand()
    names.steps = tuple(sorted(step_ids(document.data))) if document else ()
    thread = await session.thread()
    names.version = thread.current if thread else 0
    names.versions = len(await session.versions())
    if not names.components:
        catalog = session.composer.catalog
        names.components = tuple((item.id, item.title) for item in catalog)


def _status(session: ChatSession, names: Names) -> str:
    at = f"version {names.version} of {names.versions}" if names.versions else "no workflow yet"
    return f" {session.thread_id} · {at} · {session.settings.model} · /help"


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_attempts=settings.max_attempts,
        timeout=settings.timeout,
        max_tokens=settings.max_tokens,
    )
