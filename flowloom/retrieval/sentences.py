"""Sentences of a request: each is searched beside the whole."""

from __future__ import annotations

import re

__all__ = ["MOST_SENTENCES", "sentences"]

MOST_SENTENCES = 12
_END = re.compile(r"(?<=[.!?;])\s+(?=[\"'“‘(]?[^\W_a-z])|\n+")
_FEWEST_WORDS = 3


def sentences(text: str) -> list[str]:
    """The sentences of three words or more; none if the text is a single one.

    Args:
        text: A request; only its first ``MOST_SENTENCES`` sentences count.
    """
    found = [part.strip() for part in _END.split(text.strip())]
    long = [part for part in found if len(part.split()) >= _FEWEST_WORDS]
    return long[:MOST_SENTENCES] if len(long) > 1 else []
