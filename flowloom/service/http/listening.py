"""Uvicorn's server that says where it listens once it does."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

__all__ = ["Server"]


class Server(uvicorn.Server):
    """Calls ``started_at`` with its address when it accepts requests."""

    def __init__(self, config: uvicorn.Config, started_at: Callable[[str], None]) -> None:
        super().__init__(config)
        self._started_at = started_at

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell the address with the port that was taken."""
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                shown = f"[{host}]" if ":" in str(host) else host
                self._started_at(f"http://{shown}:{port}")
