"""MCP servers: one component per tool, over stdio or streamable HTTP."""

from __future__ import annotations

import asyncio
import logging
import re
import shlex
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import urlsplit

from flowloom.catalog.component import Component, Effect, McpRun
from flowloom.catalog.entries import Entries, SkippedEntry, WrongEntry, make_component
from flowloom.catalog.fetching import DEFAULT_RULES, FetchRules, shown_address
from flowloom.catalog.openapi_schema import Resolver
from flowloom.errors import CatalogError, ComponentError, FlowloomError, UserError

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult, Tool

__all__ = ["call_mcp", "list_mcp_tools", "read_mcp_server"]

CONNECT_SECONDS = 30.0
CALL_SECONDS = 300.0

_MAX_PAGES = 100
_EXCERPT = 500


class _Unreachable(Exception):
    """The server cannot be reached or does not speak MCP; the text says why."""


def read_mcp_server(source: str, rules: FetchRules = DEFAULT_RULES) -> Entries:
    """Return the tools of a server as components.

    Args:
        source: ``mcp:COMMAND`` (started, and spoken with over stdio) or ``mcp+http(s)://…``.
            A started server gets a minimal environment; ``mcp:env NAME=value COMMAND`` adds to it.
        rules: what a server by address may be.

    Raises:
        CatalogError: the server cannot be started or reached, is refused by the rules, or does
            not speak MCP.
    """
    # A thread of its own: the caller may itself run in an event loop.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(list_mcp_tools(source, rules))).result()


async def list_mcp_tools(source: str, rules: FetchRules = DEFAULT_RULES) -> Entries:
    """Return the tools of a server as components; see :func:`read_mcp_server`."""
    from mcp import MCPError

    server = _server(source)
    tools: list[Tool] = []
    try:
        async with _connected(server, CONNECT_SECONDS, rules) as client:
            name = client.server_info.name if client.server_info else ""
            cursor: str | None = None
            for _page in range(_MAX_PAGES):
                page = await client.list_tools(cursor=cursor)
                tools += page.tools
                cursor = page.next_cursor
                if cursor is None:
                    break
    except (_Unreachable, MCPError) as error:
        raise CatalogError(
            f"The MCP server {_shown(server)!r} gave no list of tools: {error}.",
            hint="Start it by hand to see what is wrong, or check its address.",
        ) from error
    return Entries.of(_entries(server, name, tools))


async def call_mcp(
    component: Component, inputs: Mapping[str, Any], rules: FetchRules = DEFAULT_RULES
) -> Any:
    """Call the tool and return its structured result, else its text, else its content blocks.

    Raises:
        UserError: the component is no MCP tool, or the rules refuse its server's address.
        ComponentError: the server cannot be reached, or the tool reports an error.
    """
    from mcp import MCPError

    if not isinstance(component.run, McpRun):
        raise UserError(
            f"The component {component.id!r} is no MCP tool.", hint="Run it as its 'run' says."
        )
    try:
        async with _connected(component.run, CALL_SECONDS, rules) as client:
            result = await client.call_tool(component.run.tool, dict(inputs))
    except MCPError as error:
        raise _failed(component, error.message) from error
    except _Unreachable as error:
        raise _failed(component, str(error)) from error
    if result.is_error:
        raise _failed(component, _text(result) or "no text in the answer")
    if result.structured_content is not None:
        return result.structured_content
    plain = all(block.type == "text" for block in result.content)
    return _text(result) if plain else [block.model_dump(mode="json") for block in result.content]


def _server(source: str) -> McpRun:
    """Return how the server is reached; no tool is named yet."""
    if source.lower().startswith("mcp+"):
        url = source[len("mcp+") :]
        if not urlsplit(url).hostname:
            raise CatalogError(
                f"The MCP address {source!r} names no host.", hint="Write mcp+https://host/path."
            )
        return McpRun(tool="", url=url)
    try:
        command = shlex.split(source.partition(":")[2])
    except ValueError as error:
        raise CatalogError(
            f"The MCP command {source!r} cannot be split into words: {error}.",
            hint="Close its quotes.",
        ) from error
    if not command:
        raise CatalogError(
            f"The MCP source {source!r} names no command.", hint="Write mcp:COMMAND ARGUMENTS."
        )
    return McpRun(tool="", command=tuple(command))


@asynccontextmanager
async def _connected(server: McpRun, seconds: float, rules: FetchRules) -> AsyncGenerator[Client]:
    """Give a client of the server.

    Raises:
        CatalogError: the rules refuse the server's address or its answers.
        _Unreachable: the server ends, is not there or does not answer in time.
    """
    # Without a handler of its own the library's log goes to the terminal, tracebacks and all.
    logging.getLogger("mcp").addHandler(logging.NullHandler())
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        try:
            connecting = _over_http(server, rules) if server.url else _over_stdio(server, log)
            async with asyncio.timeout(seconds), connecting as client:
                yield client
        except (OSError, TimeoutError) as error:
            raise _Unreachable(_reason(error, seconds)) from error
        except ExceptionGroup as group:
            _raise_deliberate(group)
            log.seek(0)
            said = log.read().strip().splitlines()[-1:]
            raise _Unreachable("; it said: ".join([_reason(group, seconds), *said])) from group


@asynccontextmanager
async def _over_http(server: McpRun, rules: FetchRules) -> AsyncGenerator[Client]:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    from flowloom.catalog.guarded_transport import GuardedTransport, client_over

    transport = GuardedTransport(rules)
    try:
        async with (
            client_over(transport) as http,
            Client(streamable_http_client(server.url, http_client=http)) as client,
        ):
            yield client
    except Exception as error:
        if transport.refused is not None and error is not transport.refused:
            raise transport.refused from error
        raise


def _over_stdio(server: McpRun, log: TextIO) -> Client:
    from mcp import Client, StdioServerParameters, stdio_client

    command, *arguments = server.command
    parameters = StdioServerParameters(command=command, args=arguments)
    return Client(stdio_client(parameters, errlog=log))


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _raise_deliberate(group: ExceptionGroup[Exception]) -> None:
    """Let what is no fault of the connection out of the task group's wrapper."""
    import httpx2
    from mcp import MCPError
    from pydantic import ValidationError

    known = (MCPError, OSError, TimeoutError, httpx2.HTTPError, ValidationError)
    for leaf in _leaves(group):
        if isinstance(leaf, FlowloomError) or not isinstance(leaf, known):
            raise leaf


def _reason(error: BaseException, seconds: float) -> str:
    leaf = next(_leaves(error))
    if isinstance(leaf, TimeoutError):
        return f"no answer in {seconds:g} seconds"
    return " ".join(str(getattr(leaf, "message", None) or leaf).split())[:_EXCERPT] or repr(leaf)


def _entries(server: McpRun, name: str, tools: list[Tool]) -> Iterator[Component | SkippedEntry]:
    shown = _shown(server)
    service = _slug(name or (urlsplit(server.url).hostname or server.command[0].split("/")[-1]))
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        try:
            component = _component(server, service, name, tool)
            if component.id in seen:
                raise WrongEntry(f"the id {component.id!r} stands twice")
        except WrongEntry as error:
            yield SkippedEntry(shown, f"tool {index} {tool.name!r}", 0, error.message)
            continue
        seen.add(component.id)
        yield component


def _component(server: McpRun, service: str, name: str, tool: Tool) -> Component:
    hints = tool.annotations
    title = tool.title or (hints.title if hints else None) or tool.name
    output = tool.output_schema
    return make_component(
        {
            "id": f"{service}.{_slug(tool.name)}",
            "title": title,
            "description": (tool.description or title).strip(),
            "provider": name or service,
            "effect": _effect(tool),
            "input": Resolver(tool.input_schema).schema(tool.input_schema, "request"),
            "output": Resolver(output).schema(output, "response") if output else {},
            "run": server.model_copy(update={"tool": tool.name}),
            "source": _shown(server),
        }
    )


def _effect(tool: Tool) -> Effect:
    """Return what the server's hints say; a tool without hints is taken to write."""
    hints = tool.annotations
    if hints and hints.read_only_hint:
        return "read"
    return "destructive" if hints and hints.destructive_hint else "write"


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9_.-]+", "_", text.lower()).strip("_.-")
    return slug if slug[:1].isalpha() else f"mcp_{slug}"


def _shown(server: McpRun) -> str:
    """Return the server's address without what may be secret, or its command's first word."""
    return f"mcp+{shown_address(server.url)}" if server.url else f"mcp:{server.command[0]}"


def _text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


def _failed(component: Component, problem: str) -> ComponentError:
    return ComponentError(
        f"{component.id!r} failed: {' '.join(problem.split())[:_EXCERPT]}",
        hint="Check the inputs and the MCP server.",
    )
