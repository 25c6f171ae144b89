"""Small real servers on the loopback interface: HTTP, SMTP and IMAP."""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["HttpServer", "ImapServer", "SmtpServer", "http_server", "imap_server", "smtp_server"]


@contextmanager
def _running(server: socketserver.TCPServer) -> Generator[int]:
    server.block_on_close = True  # pyright: ignore[reportAttributeAccessIssue]  of the mixin
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class HttpServer:
    """An HTTP server that echoes requests, serves pages, and plays a chat model.

    ``pages`` holds a content type and bytes by path; ``replies`` the model's answers in order;
    ``requests`` what was asked.
    """

    url: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])
    replies: list[str] = field(default_factory=list[str])
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
        """Return status, content type and content."""
        parts = urlsplit(target)
        asked = {
            "method": method,
            "path": parts.path,
            "query": dict(parse_qsl(parts.query)),
            "headers": headers,
            "body": body.decode("latin-1"),
        }
        self.requests.append(asked)
        if parts.path in self.pages:
            return 200, *self.pages[parts.path]
        if parts.path == "/v1/chat/completions":
            return 200, "application/json", json.dumps(self._completion(json.loads(body))).encode()
        if parts.path == "/missing":
            return 404, "text/plain", b"nothing here"
        return 200, "application/json", json.dumps(asked).encode()

    def _completion(self, request: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": request["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": self.replies.pop(0)},
                }
            ],
            "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
        }


@contextmanager
def http_server() -> Generator[HttpServer]:
    """Run an HTTP server."""
    state = HttpServer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, content = state.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = _answer  # noqa: N815  the standard library's name
        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        state.url = f"http://127.0.0.1:{port}"
        yield state


@dataclass
class SmtpServer:
    """An SMTP server (RFC 5321, without extensions) that keeps what it receives."""

    port: int = 0
    received: list[tuple[str, list[str], bytes]] = field(
        default_factory=list[tuple[str, list[str], bytes]]
    )
    refused: str = ""


@contextmanager
def smtp_server() -> Generator[SmtpServer]:
    """Run an SMTP server."""
    state = SmtpServer()

    class Handler(socketserver.StreamRequestHandler):
        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self._say("220 ready")
            sender, recipients = "", list[str]()
            while line := self.rfile.readline().decode().strip():
                command = line.upper()
                if command.startswith("MAIL FROM:"):
                    sender = re.sub(r".*<(.*)>.*", r"\1", line)
                elif command.startswith("RCPT TO:"):
                    recipient = re.sub(r".*<(.*)>.*", r"\1", line)
                    if recipient == state.refused:
                        self._say("550 no such user")
                        continue
                    recipients.append(recipient)
                elif command == "DATA":
                    self._say("354 go on")
                    state.received.append((sender, recipients, self._data()))
                elif command == "QUIT":
                    self._say("221 bye")
                    return
                self._say("250 ok")

        def _data(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line[1:] if line.startswith(b".") else line)
            return b"".join(lines)

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        state.port = port
        yield state


@dataclass
class ImapMessage:
    """A message in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set[str])


@dataclass
class ImapServer:
    """An IMAP server (RFC 3501, the commands that the components use) over folders in memory."""

    port: int = 0
    extensions: set[str] = field(default_factory=lambda: {"MOVE", "UIDPLUS"})
    folders: dict[str, list[ImapMessage]] = field(
        default_factory=lambda: {"INBOX": list[ImapMessage](), "Archive": list[ImapMessage]()}
    )

    def deliver(self, raw: bytes, folder: str = "INBOX") -> int:
        """Put a message into a folder and return its uid."""
        uid = max([0, *(message.uid for message in self.folders[folder])]) + 1
        self.folders[folder].append(ImapMessage(uid, raw))
        return uid

    def search(self, folder: str, criteria: str) -> list[int]:
        """Return the uids that meet the criteria of a SEARCH command."""
        words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', criteria)
        tokens = [(quoted or bare).replace('\\"', '"') for quoted, bare in words]
        found = list(self.folders[folder])
        while tokens:
            found = [m for m in found if self._meets(m, tokens, found)]
            del tokens[: 1 if tokens[0] in ("ALL", "UNSEEN") else 2]
        return [message.uid for message in found]

    def _meets(self, message: ImapMessage, tokens: list[str], among: list[ImapMessage]) -> bool:
        mail = message_from_bytes(message.raw, policy=policy.default)
        match tokens[0]:
            case "ALL" | "CHARSET" | "SINCE":
                return True
            case "UNSEEN":
                return r"\Seen" not in message.flags
            case "UID":
                low = int(tokens[1].split(":")[0])
                return message.uid >= low or message is among[-1]
            case "TEXT":
                return tokens[1].lower() in str(mail).lower()
            case header:
                return tokens[1].lower() in str(mail[header]).lower()


class _ImapHandler(socketserver.StreamRequestHandler):
    state: ImapServer
    folder = "INBOX"

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self._say(b"* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            result = self._run(rest)
            self._say(f"{tag} {result}".encode())
            if rest.upper() == "LOGOUT":
                return

    def _run(self, rest: str) -> str:
        command, _, arguments = rest.partition(" ")
        match command.upper():
            case "CAPABILITY":
                extensions = " ".join(sorted(self.state.extensions))
                self._say(f"* CAPABILITY IMAP4rev1 {extensions}".encode())
            case "LOGIN":
                if "secret" not in arguments:
                    return "NO wrong password"
            case "SELECT" | "EXAMINE":
                self.folder = arguments.strip('"')
                if self.folder not in self.state.folders:
                    return "NO no such folder"
                self._say(f"* {len(self.state.folders[self.folder])} EXISTS".encode())
            case "LOGOUT":
                self._say(b"* BYE")
            case "UID":
                return self._uid(*arguments.split(" ", 1))
            case _:
                return "BAD unknown command"
        return "OK done"

    def _messages(self) -> list[ImapMessage]:
        return self.state.folders[self.folder]

    def _uid(self, command: str, arguments: str) -> str:
        if command == "SEARCH":
            found = " ".join(map(str, self.state.search(self.folder, arguments)))
            self._say(f"* SEARCH {found}".encode())
            return "OK done"
        uids, _, rest = arguments.partition(" ")
        chosen = [m for m in self._messages() if str(m.uid) in uids.split(",")]
        for number, message in enumerate(chosen, 1):
            self._act(command, rest, number, message)
        return "OK done"

    def _act(self, command: str, rest: str, number: int, message: ImapMessage) -> None:
        flags = set(re.findall(r"\\\w+", rest))
        match command, rest[:1]:
            case "FETCH", _:
                shown = f"UID {message.uid} FLAGS ({' '.join(message.flags)})"
                size = len(message.raw)
                self._say(f"* {number} FETCH ({shown} BODY[] {{{size}}}".encode())
                self._say(message.raw + b")")
            case "EXPUNGE", _:
                if r"\Deleted" in message.flags:
                    self._messages().remove(message)
            case "STORE", "+":
                message.flags |= flags
            case "STORE", _:
                message.flags -= flags
            case _:
                self.state.deliver(message.raw, rest.strip('"'))
                if command == "MOVE":
                    self._messages().remove(message)


@contextmanager
def imap_server() -> Generator[ImapServer]:
    """Run an IMAP server; its password is ``secret``."""
    state = ImapServer()
    handler = type("Handler", (_ImapHandler,), {"state": state})
    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)) as port:
        state.port = port
        yield state
