"""Texts that others wrote, as one line that shows all it holds."""

from __future__ import annotations

import re

__all__ = ["plain_line"]

# Printable by Python's rules, and yet not seen: fillers, joiners and variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f"
    "\U000e0100-\U000e01ef]"
)


def plain_line(text: str, limit: int) -> str:
    """Return text in one line without control and other invisible characters, clipped."""
    seen = _UNSEEN.sub("", text)
    if not seen.isprintable():
        seen = "".join(char if char.isprintable() else " " for char in seen)
    words = " ".join(seen.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
