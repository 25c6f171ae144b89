"""Compose and edit workflows: one call each, with or without an event loop, or as a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from flowloom.api.assembling import CatalogLike, Options, limits_of, open_assembly, settings_of
from flowloom.api.documents import WorkflowLike, document_from
from flowloom.errors import UserError

if TYPE_CHECKING:
    from flowloom.assembly import Assembly
    from flowloom.graph.events import Event
    from flowloom.graph.limits import Limits
    from flowloom.graph.result import Result
    from flowloom.settings import Settings
    from flowloom.workflow.document import Document

__all__ = ["acompose", "aedit", "compose", "edit", "events_of", "stream"]

T = TypeVar("T")


async def acompose(
    request: str,
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
    **options: Unpack[Options],
) -> Result:
    """Compose a workflow from a request in plain words.

    Args:
        model: ``offline`` (rules, no language model), ``openai:NAME``, ``PROVIDER:NAME`` or
            ``scripted:FILE``; by default as the settings say, which is ``offline``.
        catalog: a ``Catalog``: exactly its components; or sources (files, addresses, ``mcp:…``)
            beside the built-in components.
        settings: all settings at once, instead of single keywords.
        on_event: called with every event, in order, while the run goes on.
        options: further settings by name, such as ``base_url`` or ``max_attempts``.

    Returns:
        The result: ``valid`` with a verified workflow, ``needs_input`` with questions, or
        ``failed`` with a reason. It does not raise for a request that cannot be met.

    Raises:
        UserError: the request is empty or too long, or a setting or source is wrong.
        ModelError: the model's server failed before any draft was made.
        IndexFault: the vector index is damaged and could not be rebuilt.
    """
    chosen = settings_of(model, catalog, settings, options)
    return await _run(request, None, chosen, catalog, on_event)


async def aedit(
    workflow: WorkflowLike,
    request: str,
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
    **options: Unpack[Options],
) -> Result:
    """Change a workflow as a request says; untouched steps and comments stay as they are.

    Args:
        workflow: YAML or JSON text, a ``Path``, plain data, or what ``compose`` returned.

    Raises:
        DocumentError: the workflow is no workflow document.
        The errors of ``acompose``, whose other arguments are the same.
    """
    document = document_from(workflow)
    chosen = settings_of(model, catalog, settings, options)
    return await _run(request, document, chosen, catalog, on_event)


def compose(
    request: str,
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
    **options: Unpack[Options],
) -> Result:
    """Compose a workflow, from code that runs no event loop; see ``acompose``."""
    chosen = settings_of(model, catalog, settings, options)
    return _waited(lambda: _run(request, None, chosen, catalog, on_event), "acompose")


def edit(
    workflow: WorkflowLike,
    request: str,
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
    **options: Unpack[Options],
) -> Result:
    """Change a workflow, from code that runs no event loop; see ``aedit``."""
    document = document_from(workflow)
    chosen = settings_of(model, catalog, settings, options)
    return _waited(lambda: _run(request, document, chosen, catalog, on_event), "aedit")


async def stream(
    request: str,
    *,
    workflow: WorkflowLike | None = None,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    **options: Unpack[Options],
) -> AsyncGenerator[Event]:
    """Compose, or change ``workflow``, and yield every event; the last one is the result.

    A caller that stops early (``aclose``) ends the run. The errors are those of ``acompose``.
    """
    document = None if workflow is None else document_from(workflow)
    chosen = settings_of(model, catalog, settings, options)
    assembly = await open_assembly(chosen, catalog)
    # Closed with this generator, not when it is collected: what is left early ends at once.
    async with aclosing(events_of(assembly, request, document, limits_of(chosen))) as events:
        async for event in events:
            yield event


async def events_of(
    assembly: Assembly, request: str, document: Document | None, limits: Limits
) -> AsyncGenerator[Event]:
    """Run the composer of an assembly and yield every event; the last one is the result."""
    from flowloom.graph.composer import compose as run

    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    work = asyncio.create_task(
        run(
            request,
            composer=assembly.composer,
            document=document,
            limits=limits,
            on_event=queue.put_nowait,
        )
    )
    work.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while (event := await queue.get()) is not None:
            yield event
        await work
    finally:
        if not work.done():
            work.cancel()
            await asyncio.wait([work])
        if not work.cancelled():
            work.exception()  # Told above, or nobody listens any more.


async def _run(
    request: str,
    document: Document | None,
    settings: Settings,
    catalog: CatalogLike | None,
    on_event: Callable[[Event], None] | None,
) -> Result:
    from flowloom.graph.composer import compose as run

    assembly = await open_assembly(settings, catalog)
    return await run(
        request,
        composer=assembly.composer,
        document=document,
        limits=limits_of(settings),
        on_event=on_event,
    )


def _waited(work: Callable[[], Coroutine[Any, Any, T]], other: str) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    raise UserError(
        "An event loop runs here, which a call that waits would stop.",
        hint=f"Use: await flowloom.{other}(…)",
    )
