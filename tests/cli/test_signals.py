"""Ctrl-C and termination while a model does not answer: an orderly end, and nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.terminal import Terminal
from tests.conftest import ROOT
from tests.servers.chat_server import ChatServer

PATIENCE = 60
"""Seconds after which a program is taken to hang."""
SIGNALS = [signal.SIGINT, signal.SIGTERM]
STEP: dict[str, Any] = {
    "id": "post",
    "uses": "slack.chat.post_message",
    "with": {"channel": "#eng", "text": "hello"},
}
REQUEST = 'post "hello" to #eng in Slack'


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """A model that does not answer its first call."""
    with ChatServer() as started:
        started.hang()
        yield started


def started(server: ChatServer, data_dir: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flowloom", *words]
    model = ["--model", "openai:test", "--base-url", server.url]
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FLOWLOOM_DATA_DIR": str(data_dir),
        "OPENAI_API_KEY": "key-1",
    }
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*command, *model], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env, **more
    )


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert "Traceback" not in err
    assert process.returncode >= 0, err
    return process.returncode, out, err


def answer(server: ChatServer) -> None:
    """Let the model understand, plan and write one step."""
    server.say({"kind": "new", "request": REQUEST})
    server.say({"steps": [{"id": "post", "text": 'post "hello" to #eng', "service": "Slack"}]})
    server.say({"workflow": {"name": "greet", "steps": [STEP]}})


@pytest.mark.parametrize("number", SIGNALS)
def test_compose_ends_and_leaves_no_file(
    server: ChatServer, data_dir: Path, tmp_path: Path, number: int
) -> None:
    process = started(server, data_dir, "compose", REQUEST, "--out", "flow.yaml", cwd=tmp_path)
    assert server.asked.wait(PATIENCE)
    code, out, err = ended(process, number)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "flowloom: interrupted; nothing was left half written."
    assert list(tmp_path.iterdir()) == []


def chat(server: ChatServer, data_dir: Path, folder: Path, thread: str) -> subprocess.Popen[str]:
    process = started(server, data_dir, "chat", "--thread", thread, cwd=folder)
    assert process.stdin is not None
    return process


def test_ctrl_c_cancels_the_turn_of_a_chat_which_goes_on(
    server: ChatServer, data_dir: Path, tmp_path: Path
) -> None:
    process = chat(server, data_dir, tmp_path, "cancelled")
    assert process.stdin is not None
    process.stdin.write(f"{REQUEST}\n{REQUEST}\n")
    process.stdin.flush()
    assert server.asked.wait(PATIENCE)
    answer(server)
    code, out, _ = ended(process, signal.SIGINT)
    assert code == 0
    assert "Cancelled; the workflow is as it was." in out
    assert "Made the workflow 'greet' with 1 step." in out


def test_a_chat_that_is_terminated_goes_on_when_it_is_opened_again(
    server: ChatServer, data_dir: Path, tmp_path: Path
) -> None:
    process = chat(server, data_dir, tmp_path, "terminated")
    assert process.stdin is not None
    process.stdin.write(f"{REQUEST}\n")
    process.stdin.flush()
    assert server.asked.wait(PATIENCE)
    assert ended(process, signal.SIGTERM)[0] == 130
    answer(server)
    out, err = chat(server, data_dir, tmp_path, "terminated").communicate("", timeout=PATIENCE)
    assert f"Going on with what was cut off: {REQUEST}" in err
    assert "Made the workflow 'greet' with 1 step." in out


def test_a_signal_that_meets_a_library_while_it_is_loaded_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal
) -> None:
    def loading(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("initialization failed") from error

    monkeypatch.setattr("flowloom.cli.session.settings_of", loading)
    assert terminal("compose", REQUEST).code == 130


def serving(server: ChatServer, data_dir: Path, folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = started(server, data_dir, "serve", "--port", "0", cwd=folder)
    assert process.stderr is not None
    line = ""
    while "http://" not in line:
        line = process.stderr.readline()
        assert line, "the server ended"
    return process, line.split("serving on ")[1].split()[0]


def test_a_server_that_is_told_to_end_resumes_its_turns_at_the_next_start(
    server: ChatServer, data_dir: Path, tmp_path: Path
) -> None:
    thread = "/v1/threads/resumed"
    process, address = serving(server, data_dir, tmp_path)
    with httpx.Client(base_url=address) as client:
        client.post("/v1/threads", json={"id": "resumed"})
        assert client.post(f"{thread}/messages", json={"text": REQUEST}).status_code == 202
        assert server.asked.wait(PATIENCE)
    assert ended(process, signal.SIGTERM)[0] == 0
    answer(server)
    process, address = serving(server, data_dir, tmp_path)
    try:
        with httpx.Client(base_url=address, timeout=PATIENCE) as client:
            events = client.get(f"{thread}/events/stream").text
            assert "event: turn_ended" in events
            assert client.get(thread).json()["current"] == 1
    finally:
        ended(process, signal.SIGTERM)
