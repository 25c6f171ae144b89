"""Data blocks that nothing inside them can end."""

from __future__ import annotations

import re

__all__ = ["fenced"]

MIN_WIDTH = 5
_MARKS = re.compile("=+")


def fenced(label: str, text: str) -> str:
    """Return ``text`` between two lines of equals signs.

    The lines are longer than any run of equals signs in the text, so no text can close the block.

    Args:
        label: what the block holds, one word of ours.
    """
    longest = max((len(run) for run in _MARKS.findall(text)), default=0)
    mark = "=" * max(MIN_WIDTH, longest + 1)
    return f"{mark} {label}\n{text}\n{mark} end of {label}"
