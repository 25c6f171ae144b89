"""The prompt that teaches an agent the workflow language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["teaching_text"]

_BLOCKS = "Blocks between lines of equals signs"
"""Here begins, in our text of the language, what only our own agents need."""


@cache
def teaching_text() -> str:
    """Return the text: how to work with the tools, the language, and an example."""
    language = files("flowloom.prompts").joinpath("language.txt").read_text(encoding="utf-8")
    text = files("flowloom.service.mcp").joinpath("teaching.txt").read_text(encoding="utf-8")
    return text.replace("<<language>>", language.partition(_BLOCKS)[0].strip()).strip()
