"""``flowloom serve`` as a process, and the curl example against it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.service.http.conftest import ANN


@asynccontextmanager
async def served(
    folder: Path, *more: str, **env: str
) -> AsyncGenerator[tuple[str, asyncio.subprocess.Process]]:
    """Run the command on a free port; gives its address and its process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "flowloom", "serve", "--port", "0", "--data-dir", str(folder), *more,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    address = ""
    while not address:
        line = (await process.stderr.readline()).decode()
        assert line, "the server ended"
        found = re.search(r"http://\S+", line)
        address = found[0] if found else ""
    try:
        yield address, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    async with served(tmp_path) as (address, process):
        done = await asyncio.create_subprocess_exec(
            "sh", str(ROOT / "examples" / "agents" / "curl.sh"), address,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await done.communicate()
        assert done.returncode == 0
        assert "event: turn_ended" in out.decode()
        assert "slack.chat.post_message" in out.decode()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    async with served(tmp_path) as (address, _), httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/v1/threads/by-curl")).json()["current"] == 1


async def test_tokens_come_from_the_environment_and_stand_in_no_output(tmp_path: Path) -> None:
    env = {"FLOWLOOM_SERVE_TOKENS": f"ann={ANN}"}
    async with served(tmp_path, **env) as (address, process), httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/v1/threads")).status_code == 401
        headers = {"Authorization": f"Bearer {ANN}"}
        assert (await client.get(f"{address}/v1/threads", headers=headers)).json() == []
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
        assert ANN not in err.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "0.0.0.0"], "loopback only"),
        (["--host", "::"], "loopback only"),
        (["--tokens-file", "nowhere.txt"], "Cannot read the tokens"),
        (["--database", "mysql://x"], "starts with 'mysql'"),
    ],
)
def test_what_would_be_open_or_wrong_is_refused(
    tmp_path: Path, words: list[str], said: str
) -> None:
    command = [
        sys.executable,
        "-m",
        "flowloom",
        "serve",
        "--port",
        "0",
        "--data-dir",
        str(tmp_path),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, *words], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
