"""A real HTTP server on loopback that speaks the OpenAI chat-completions protocol, also badly."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

__all__ = ["ChatServer", "dead_url"]

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class ChatServer:
    """Answers each call with the next behaviour; what it was asked is kept in ``requests``."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked = threading.Event()
        self._behaviours: deque[Behaviour] = deque()
        self._released = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                owner._handle(self)  # pyright: ignore[reportPrivateUsage] - one class in two parts

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ChatServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def say(
        self, content: Any, *, tokens: tuple[int, int] | None = (10, 5), end: str = "stop"
    ) -> None:
        """Answer with a text, or with a value as JSON."""
        text = content if isinstance(content, str) else json.dumps(content)
        body = completion(text, tokens, end)
        self._behaviours.append(lambda handler: _send(handler, 200, body))

    def forget(self) -> None:
        """Take back the behaviours that were not needed."""
        self._behaviours.clear()

    def fail(self, status: int, code: str = "", headers: dict[str, str] | None = None) -> None:
        """Answer with an error status and the protocol's error object."""
        body = json.dumps({"error": {"message": f"it is {status}", "code": code, "type": "x"}})
        self._behaviours.append(lambda handler: _send(handler, status, body, headers=headers))

    def send(self, body: str, content_type: str = "application/json") -> None:
        """Answer with status 200 and any body."""
        self._behaviours.append(
            lambda handler: _send(handler, 200, body, {"Content-Type": content_type})
        )

    def cut(self) -> None:
        """Promise a whole body and close the connection in the middle of it."""
        body = completion("never seen whole", (1, 1), "stop")

        def behave(handler: BaseHTTPRequestHandler) -> None:
            _send(handler, 200, body[: len(body) // 2], {"Content-Length": str(len(body))})
            handler.close_connection = True

        self._behaviours.append(behave)

    def hang(self) -> None:
        """Answer nothing until the server is closed."""

        def behave(handler: BaseHTTPRequestHandler) -> None:
            self._released.wait()
            handler.close_connection = True

        self._behaviours.append(behave)

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", 0))
        self.requests.append(json.loads(handler.rfile.read(length)))
        self.headers.append({key.lower(): value for key, value in handler.headers.items()})
        self.asked.set()
        if self._behaviours:
            self._behaviours.popleft()(handler)
        else:
            _send(handler, 501, json.dumps({"error": {"message": "no behaviour is left"}}))


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: str,
    headers: dict[str, str] | None = None,
) -> None:
    data = body.encode()
    given = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    handler.send_response(status)
    for name, value in {**given, **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


def completion(text: str, tokens: tuple[int, int] | None, end: str) -> str:
    """Return the body of one chat completion."""
    message = {"role": "assistant", "content": text}
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "test",
        "choices": [{"index": 0, "message": message, "finish_reason": end}],
    }
    if tokens is not None:
        sent, said = tokens
        body["usage"] = {
            "prompt_tokens": sent,
            "completion_tokens": said,
            "total_tokens": sent + said,
        }
    return json.dumps(body)


def dead_url() -> str:
    """Return the URL of a port on which nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return f"http://127.0.0.1:{port}/v1"
