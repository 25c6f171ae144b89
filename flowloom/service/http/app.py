"""The application: routes, the gate before them, and MCP beside them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Route

from flowloom import __version__
from flowloom.assembly import Assembly, roles_of
from flowloom.service.http import calls, threads, workflows
from flowloom.service.http.gate import OWNER, Gate
from flowloom.service.http.metrics import Metrics
from flowloom.service.http.openapi import describe
from flowloom.service.http.problems import add_problem_handlers
from flowloom.service.http.service import Service, open_service
from flowloom.service.http.throttle import Throttle
from flowloom.service.http.tokens import Tokens

if TYPE_CHECKING:
    from flowloom.graph.conversation.nodes import Roles

__all__ = ["ServeOptions", "create_app"]

MAX_BODY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """How the server is reached.

    Attributes:
        hosts: names under which MCP may be called.
        max_body: bytes of a request at most.
        per_minute, at_once: requests of one token.
        mcp: whether MCP is served under ``/mcp``.
    """

    tokens: Tokens = field(default_factory=Tokens)
    hosts: tuple[str, ...] = ()
    max_body: int = MAX_BODY
    per_minute: int = 600
    at_once: int = 64
    mcp: bool = True


def create_app(assembly: Assembly, options: ServeOptions, roles: Roles | None = None) -> FastAPI:
    """Return the application over an assembly; its lifespan opens and closes the database.

    Args:
        roles: who understands and answers; by default those of the assembly's settings.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_service(assembly, metrics, roles or roles_of(assembly)) as service:
            app.state.service = service
            async with _mounted_mcp(app, service, options):
                yield

    gate = Middleware(
        Gate,
        tokens=options.tokens,
        throttle=Throttle(options.per_minute, options.at_once),
        metrics=metrics,
    )
    app = FastAPI(
        title="flowloom",
        version=__version__,
        summary="From a request in plain words to a verified workflow.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # The gate stands before FastAPI's own limit, which answers in plain text.
        middleware=[gate, Middleware(RequestBodyLimitMiddleware, max_body_size=options.max_body)],
    )
    for router in (calls.router, threads.router, workflows.router):
        app.include_router(router)
    add_problem_handlers(app)
    describe(app, with_tokens=bool(options.tokens.by_name))
    return app


@asynccontextmanager
async def _mounted_mcp(
    app: FastAPI, service: Service, options: ServeOptions
) -> AsyncGenerator[None]:
    if not options.mcp:
        yield
        return
    from flowloom.service.mcp.server import LOOPBACK_HOSTS, mcp_app
    from flowloom.service.mcp.workbench import Workbench

    workbench = Workbench(
        assembly=service.assembly,
        saved=service.saved,
        answerer=service.roles.answerer,
        owner_of=lambda request: request.scope["state"][OWNER],
    )
    hosts = (*LOOPBACK_HOSTS, *options.hosts)
    inner = mcp_app(workbench, path="/mcp", allowed_hosts=hosts, max_body=options.max_body)
    async with inner.router.lifespan_context(inner):
        # Not mounted: a mount at the root would answer for every unknown path.
        route = Route("/mcp", endpoint=inner, methods=["GET", "POST", "DELETE"])
        app.router.routes.append(route)
        yield
