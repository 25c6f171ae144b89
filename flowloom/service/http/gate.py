"""What every request passes: who calls, how often, and the headers of every answer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowloom.service.http.metrics import Metrics
from flowloom.service.http.problems import problem_response
from flowloom.service.http.throttle import Throttle
from flowloom.service.http.tokens import Tokens

__all__ = ["OWNER", "Gate"]

OWNER = "flowloom.owner"
"""Key of the scope's state that holds the owner's name."""

_OPEN = frozenset({"/health"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass
class Gate:
    """ASGI middleware: checks the token, counts, and sets security headers."""

    app: ASGIApp
    tokens: Tokens
    throttle: Throttle
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
                self.metrics.answered(scope, message["status"])
            await send(message)

        async def send_checked(message: Message) -> None:
            nonlocal too_large
            if message["type"] == "http.response.start" and _is_plain_413(message):
                too_large = True
                problem = problem_response(413, "content_too_large", "The body is too large.")
                await problem(scope, receive, send_with_headers)
            elif not too_large:
                await send_with_headers(message)

        too_large = False

        if scope["path"] in _OPEN:
            await self.app(scope, receive, send_checked)
            return
        owner = self.tokens.owner_of(Headers(scope=scope).get("authorization", ""))
        if owner is None:
            refused = problem_response(
                401, "unauthorized", "No known token is given.",
                "Send it as: Authorization: Bearer TOKEN", WWW_Authenticate="Bearer",
            )  # fmt: skip
            await refused(scope, receive, send_with_headers)
            return
        seconds = self.throttle.enter(owner)
        if seconds:
            later = str(math.ceil(seconds))
            full = problem_response(
                429, "too_many_requests", f"Come again in {later} s.", Retry_After=later
            )
            await full(scope, receive, send_with_headers)
            return
        scope.setdefault("state", {})[OWNER] = owner
        try:
            await self.app(scope, receive, send_checked)
        finally:
            self.throttle.leave(owner)


def _is_plain_413(message: Message) -> bool:
    """Starlette answers a body that is too large itself, in plain text."""
    content_type = Headers(scope=message).get("content-type", "")
    return message["status"] == 413 and not content_type.startswith("application/problem")
