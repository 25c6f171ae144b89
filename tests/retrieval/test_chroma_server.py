"""The index on Chroma's own server, used by two processes at once."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[str]:
    """Run Chroma's server on a free port; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1"]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL) as server:
        try:
            while not _answers(port):
                assert server.poll() is None, "Chroma's server ended"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_two_processes_share_one_server(chroma: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.retrieval.chroma_process"]
    processes = [
        subprocess.Popen(
            [*command, str(tmp_path / name), chroma, "post a message to a channel"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    found = [json.loads(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert found[0] == found[1]
    assert found[0][0] == "slack.chat.post_message"
