"""A process that is killed: it plans one request, then waits in the generator for ever.

python -m tests.graph.conversation.killed_process DIRECTORY ADDRESS
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from flowloom.roles import Draft
from tests.graph.conversation.stand_ins import Home, opened
from tests.graph.stand_ins import ScriptedPlanner

__all__ = ["main"]


class NeverDone:
    """A generator that says on stdout that it was asked."""

    async def generate(self, task: Any) -> Draft:
        print("asked", flush=True)
        await asyncio.Event().wait()
        raise AssertionError("the event is never set")


async def main(home: Home) -> None:
    """Begin a turn of the thread ``t`` that does not end."""
    async with opened(home, planner=ScriptedPlanner(), generator=NeverDone()) as conversations:
        await conversations.create("t")
        await conversations.start("t", "new post")
        await conversations.wait("t")


if __name__ == "__main__":
    asyncio.run(main(Home(Path(sys.argv[1]), sys.argv[2])))
