"""What the MCP server works with, and whose request it is working on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError

from flowloom.errors import FlowloomError

if TYPE_CHECKING:
    from flowloom.assembly import Assembly
    from flowloom.roles import Answerer
    from flowloom.storage.saved_workflows import SavedWorkflows

__all__ = ["LOCAL", "OwnerOf", "Workbench", "told"]

LOCAL = "local"
"""The owner of everything on a machine's own stdio and loopback."""

OwnerOf = Callable[[Any], str]


def _local(request: Any) -> str:
    return LOCAL


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """What the tools and resources need.

    Attributes:
        assembly: catalog, index and composer.
        saved: the saved workflows of every owner.
        answerer: answers questions about a workflow; None: the outline is the answer.
        owner_of: the owner of a request, from the Starlette request that carried it (None over
            stdio); it must have been authenticated before.
    """

    assembly: Assembly
    saved: SavedWorkflows
    answerer: Answerer | None = None
    owner_of: OwnerOf = _local

    @property
    def owner(self) -> str:
        """The owner of the request at hand.

        Raises:
            LookupError: none is at hand.
        """
        return _OWNER.get()

    async def remember_owner(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Middleware: say whose request this is to all that it calls."""
        mark = _OWNER.set(self.owner_of(ctx.request))
        try:
            return await call_next(ctx)
        finally:
            _OWNER.reset(mark)


_OWNER: ContextVar[str] = ContextVar("flowloom_mcp_owner")


@contextmanager
def told(*, resource: bool = False) -> Generator[None]:
    """Tell the client what an error of ours says; any other is logged here and not told."""
    try:
        yield
    except FlowloomError as error:
        raise (ResourceNotFoundError if resource else ToolError)(str(error)) from error
