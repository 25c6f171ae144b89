"""A process that is killed in the middle of a turn loses nothing."""

from __future__ import annotations

import asyncio
import sys

import pytest

from flowloom.errors import Conflict
from tests.graph.conversation.stand_ins import Home, opened
from tests.graph.stand_ins import ScriptedGenerator, ScriptedPlanner


async def test_a_killed_turn_goes_on_without_planning_again(home: Home) -> None:
    module = "tests.graph.conversation.killed_process"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        str(home.directory),
        home.address,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"asked\n"
    async with opened(home) as second:
        with pytest.raises(Conflict, match="at work"):
            await second.start("t", "new other")
    process.kill()
    await process.communicate()
    planner, generator = ScriptedPlanner(), ScriptedGenerator()
    async with opened(home, planner=planner, generator=generator) as conversations:
        assert await conversations.resume_all() == ("t",)
        await conversations.wait("t")
        thread = await conversations.store.get("t")
        assert (thread.current, thread.turn_state) == (1, "idle")
        assert planner.tasks == []
        assert len(generator.tasks) == 1
        stored = await conversations.store.events("t")
        assert [event.number for event in stored] == list(range(1, len(stored) + 1))
        roles = [item.role for item in await conversations.store.messages("t")]
        assert roles == ["person", "assistant"]
