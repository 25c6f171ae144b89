"""What each command does: some send an intent to the thread, the others only look or write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from flowloom.cli.chat.blocks import (
    Block,
    Changes,
    Code,
    Findings,
    Note,
    Table,
    Tree,
)
from flowloom.cli.chat.keeping import export_to, save_to
from flowloom.cli.chat.session import OWNER, ChatSession, document_of
from flowloom.cli.chat.slash import COMMANDS, Slash, number_in
from flowloom.cli.chat.tree_marks import marked_tree
from flowloom.intents import GoTo, Intent, Redo, Undo

if TYPE_CHECKING:
    from flowloom.settings import Settings
    from flowloom.storage.records import StoredThread, StoredVersion

__all__ = ["done_by", "intent_of"]

MAX_WORDS = 60
Blocks = tuple[Block, ...]


def intent_of(slash: Slash) -> Intent | None:
    """Return what a command sends to the thread; None if it is no turn.

    Raises:
        UserError: the number behind it is none.
    """
    match slash.command.name:
        case "undo":
            return Undo(count=number_in(slash, 1))
        case "redo":
            return Redo(count=number_in(slash, 1))
        case "goto":
            return GoTo(version=number_in(slash, 1))
        case _:
            return None


async def done_by(session: ChatSession, slash: Slash) -> Blocks:
    """Do a command that is no turn, and return what is shown of it.

    Raises:
        FlowloomError: it cannot be done.
    """
    return await _ACTIONS[slash.command.name](session, slash)


async def _versions(session: ChatSession, slash: Slash) -> Blocks:
    thread = await session.thread()
    rows = [
        (
            f"{'>' if thread and item.number == thread.current else ' '}{item.number}",
            str(item.parent or ""),
            item.author,
            item.at[:16].replace("T", " "),
            _verdict(item),
            _short(item.message),
        )
        for item in await session.versions()
    ]
    columns = ("version", "from", "author", "time (UTC)", "verdict", "message")
    return (Table("Versions", columns, tuple(rows)),) if rows else (Note("No versions yet."),)


def _verdict(version: StoredVersion) -> str:
    found = [item["severity"] for item in version.verdict.get("diagnostics", ())]
    if "error" in found:
        return "not valid"
    count = found.count("warning")
    return f"valid, {count} warning{'s' if count != 1 else ''}" if count else "valid"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_WORDS else flat[: MAX_WORDS - 1].rstrip() + "…"


async def _diff(session: ChatSession, slash: Slash) -> Blocks:
    version = await session.version(number_in(slash, 0))
    since = f"version {version.parent}" if version.parent else "nothing"
    return (Note(f"Version {version.number}, made from {since}:"), Changes(version.diff))


async def _show(session: ChatSession, slash: Slash) -> Blocks:
    version = await session.version()
    document = document_of(version)
    if slash.argument in ("", "tree"):
        title = f"{document.data.get('name', '')} (version {version.number})"
        return (Tree(marked_tree(document.data, (), title)),)
    from flowloom.graph.conversation.acting import as_text

    return (Code(as_text(document, slash.argument), slash.argument),)


async def _verify(session: ChatSession, slash: Slash) -> Blocks:
    document = document_of(await session.version())
    return (Findings(session.composer.verifier.verdict(document)),)


async def _save(session: ChatSession, slash: Slash) -> Blocks:
    return (Note(await save_to(session, slash.argument)),)


async def _export(session: ChatSession, slash: Slash) -> Blocks:
    return (Note(await export_to(session, slash.argument)),)


async def _model(session: ChatSession, slash: Slash) -> Blocks:
    if not slash.argument:
        return (Note(f"The model is {session.settings.model!r}."),)
    settings = session.settings.model_copy(update={"model": slash.argument})
    await _use(session, settings)
    return (Note(f"The model is {slash.argument!r} from the next message on."),)


async def _use(session: ChatSession, settings: Settings) -> None:
    """Compose with other settings from now on; threads and database stay open."""
    from flowloom.assembly import assemble, roles_of
    from flowloom.graph.conversation.builder import build_conversation

    assembly = await asyncio.to_thread(assemble, settings)
    saver = session.conversations.saver
    graph = build_conversation(assembly.composer, roles_of(assembly), saver)
    session.conversations.graph, session.composer = graph, assembly.composer
    session.settings = settings


async def _approve(session: ChatSession, slash: Slash) -> Blocks:
    if slash.argument:
        session.set_approve_plan(slash.argument == "on")
    waits = "A plan waits for your approval" if session.approve_plan else "Plans are carried out"
    return (Note(f"{waits}."),)


async def _threads(session: ChatSession, slash: Slash) -> Blocks:
    store = session.conversations.store
    rows = [
        (
            f"{'>' if item.id == session.thread_id else ' '}{item.id}",
            item.created_at[:16].replace("T", " "),
            str(item.current or ""),
            _turn_of(item),
            await _first_message(session, item.id),
        )
        for item in await store.list(OWNER)
    ]
    columns = ("thread", "made (UTC)", "version", "turn", "first message")
    hint = Note("Open one with: flowloom chat --thread ID")
    return (Table("Threads", columns, tuple(rows)), hint) if rows else (Note("No threads yet."),)


def _turn_of(thread: StoredThread) -> str:
    return "" if thread.turn_state == "idle" else thread.turn_state


async def _first_message(session: ChatSession, thread_id: str) -> str:
    said = await session.conversations.store.messages(thread_id)
    return _short(said[0].text) if said else ""


async def _help(session: ChatSession, slash: Slash) -> Blocks:
    rows = tuple((command.usage, command.help) for command in COMMANDS.values())
    words = "Everything else is a message: what to do, what to change, a question, or 'undo'."
    return (Table("Commands", ("command", "what it does"), rows), Note(words))


_ACTIONS: dict[str, Callable[[ChatSession, Slash], Awaitable[Blocks]]] = {
    "versions": _versions,
    "diff": _diff,
    "show": _show,
    "verify": _verify,
    "save": _save,
    "export": _export,
    "model": _model,
    "approve": _approve,
    "threads": _threads,
    "help": _help,
}
