"""The HTTP client for catalog sources: every request is checked and goes where it was checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import httpx2

from flowloom.catalog.fetching import MAX_FETCHED, MAX_REDIRECTS, FetchRules
from flowloom.errors import CatalogError

__all__ = ["GuardedTransport", "Resolve", "addresses_of", "guarded_client"]

Resolve: TypeAlias = Callable[[str, int], Awaitable[tuple[str, ...]]]

READ_SECONDS = 300.0
CONNECT_SECONDS = 30.0


async def addresses_of(host: str, port: int) -> tuple[str, ...]:
    """Look a name up; an address stands for itself.

    Raises:
        httpx2.ConnectError: the name is not known.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(f"the name {host!r} is not found") from error
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends a request only to an address that the rules allow.

    Attributes:
        refused: why a request or an answer was refused, if one was; MCP's client hides it.

    Args:
        max_bytes: of all answers together.
        resolve: looks names up.
        inner: what sends the requests.
    """

    def __init__(
        self,
        rules: FetchRules,
        *,
        max_bytes: int = MAX_FETCHED,
        resolve: Resolve = addresses_of,
        inner: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.refused: CatalogError | None = None
        self._rules = rules
        self._max_bytes = self._left = max_bytes
        self._resolve = resolve
        # A connection is for one name: two names at one address do not share it.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = inner or httpx2.AsyncHTTPTransport(limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Check a request, send it, and count what comes back."""
        try:
            response = await self._sent(request)
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                await response.aclose()
                raise CatalogError(
                    f"{request.url.host!r} sends its answer packed although it was asked not to.",
                    hint="Download it and give the file.",
                )
        except CatalogError as error:
            self.refused = error
            raise
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Counted(response.stream, self._take),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _sent(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        host = url.raw_host.decode("ascii")
        self._rules.check_host(url.scheme, host)
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._resolve(host, port)
        self._rules.check_addresses(host, addresses)
        failed: httpx2.ConnectError | None = None
        for address in addresses:
            try:
                return await self._inner.handle_async_request(_pinned(request, host, address))
            except httpx2.ConnectError as error:
                failed = error
        raise failed or httpx2.ConnectError(f"the name {host!r} has no address")

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            self.refused = CatalogError(
                f"The server sends more than {self._max_bytes // 1_000_000} MB.",
                hint="Download it, keep the operations you need and give the file.",
            )
            raise self.refused


def guarded_client(rules: FetchRules) -> httpx2.AsyncClient:
    """Return a client whose every request, also that of a redirect, follows the rules."""
    return client_over(GuardedTransport(rules))


def client_over(transport: httpx2.AsyncBaseTransport) -> httpx2.AsyncClient:
    """Return a client that sends its requests over a transport, and asks for nothing packed."""
    return httpx2.AsyncClient(
        transport=transport,
        headers={"Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(CONNECT_SECONDS, read=READ_SECONDS),
        max_redirects=MAX_REDIRECTS,
        trust_env=False,
    )


def _pinned(request: httpx2.Request, host: str, address: str) -> httpx2.Request:
    """Return the request sent to an address; its Host header and TLS name stay those of the URL."""
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


class _Counted(httpx2.AsyncByteStream):
    """An answer's bytes, counted as they come."""

    def __init__(
        self, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, take: Callable[[int], None]
    ) -> None:
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise TypeError("the answer of an asynchronous transport is read asynchronously")
        self._stream = stream
        self._take = take

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._take(len(chunk))
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
