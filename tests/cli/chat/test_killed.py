"""A chat killed in the middle of a turn goes on when its thread is opened again."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.cli.chat.talks import talk
from tests.conftest import ROOT
from tests.graph.stand_ins import ScriptedGenerator, ScriptedPlanner


async def test_a_killed_turn_is_resumed_on_opening(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.cli.chat.killed_chat",
        str(tmp_path),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert await process.stdout.readuntil(b"asked\n")
    process.kill()
    await process.communicate()
    planner, generator = ScriptedPlanner(), ScriptedGenerator()
    assert await talk(tmp_path, "/versions", planner=planner, generator=generator) == 0
    shown = capsys.readouterr()
    assert "Thread 't', no workflow yet." in shown.err
    assert "Going on with what was cut off: new post" in shown.err
    assert shown.out.startswith("Made the workflow 'demo' with 1 step.\n  demo (version 1)\n")
    assert planner.tasks == []
    assert len(generator.tasks) == 1
