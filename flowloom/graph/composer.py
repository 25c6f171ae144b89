"""From a request to a verified workflow: the entry point of the graph."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from langgraph.checkpoint.memory import InMemorySaver

from flowloom.errors import UserError
from flowloom.graph.asking import build_asking_graph
from flowloom.graph.builder import build_graph
from flowloom.graph.checkpoints import checkpoint_serializer
from flowloom.graph.context import Composer, composer_of
from flowloom.graph.events import Event
from flowloom.graph.limits import MAX_REQUEST, Limits
from flowloom.graph.result import Result, result_of
from flowloom.graph.running import Ask, run
from flowloom.graph.state import ComposeState
from flowloom.workflow.document import Document

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

__all__ = ["MAX_REQUEST", "Composer", "Limits", "Result", "compose", "compose_sync", "composer_of"]


async def compose(
    request: str,
    *,
    composer: Composer,
    document: Document | None = None,
    limits: Limits | None = None,
    on_event: Callable[[Event], None] | None = None,
    checkpointer: BaseCheckpointSaver[Any] | None = None,
    thread_id: str = "",
    ask: Ask | None = None,
) -> Result:
    """Compose a workflow, or change one.

    Args:
        request: what the workflow is to do, or what to change, in plain words.
        document: the workflow to change; None for a new one.
        on_event: called with every event, in order, while the run goes on.
        checkpointer: keeps the state after every stage under ``thread_id``; a new run on a thread
            starts anew. Make it with ``checkpoint_serializer``.
        ask: called with the questions that only a person can answer; the run goes on with an answer
            for each, within the same limits, or ends with the questions if it gives None.

    Raises:
        ValueError: only one of ``checkpointer`` and ``thread_id`` is given.
        UserError: the request is empty or too long.
        ModelError: the model's server failed before any draft was made.
        StorageError, IndexFault: the index cannot be searched.
    """
    if (checkpointer is None) != (not thread_id):
        raise ValueError("checkpointer and thread_id go together")
    start = ComposeState(
        request=_checked(request),
        original=document.text if document else "",
        format=document.format if document else "yaml",
    )
    if ask is not None and checkpointer is None:
        checkpointer, thread_id = InMemorySaver(serde=checkpoint_serializer()), "run"
    graph = composer.graph
    if checkpointer is not None:
        build = build_graph if ask is None else build_asking_graph
        graph = build(composer, checkpointer)
    end = await run(graph, start, limits or Limits(), on_event or _ignore, thread_id, ask)
    return result_of(end, composer.model)


def compose_sync(
    request: str,
    *,
    composer: Composer,
    document: Document | None = None,
    limits: Limits | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Result:
    """Compose from code that runs no event loop; see ``compose``."""
    return asyncio.run(
        compose(request, composer=composer, document=document, limits=limits, on_event=on_event)
    )


def _checked(request: str) -> str:
    text = request.strip()
    if not text:
        raise UserError("The request is empty.", hint="Say in plain words what is to be done.")
    if len(text) > MAX_REQUEST:
        raise UserError(
            f"The request has {len(text):,} characters, more than {MAX_REQUEST:,}.",
            hint="Say it shorter, or build the workflow in several changes.",
        )
    return text


def _ignore(event: Event) -> None:
    pass
