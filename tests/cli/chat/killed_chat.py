"""A chat that is killed: its message is planned, then the generator waits for ever.

python -m tests.cli.chat.killed_chat DIRECTORY
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.cli.chat.talks import talk
from tests.graph.conversation.killed_process import NeverDone

if __name__ == "__main__":
    asyncio.run(talk(Path(sys.argv[1]), "new post", generator=NeverDone()))
