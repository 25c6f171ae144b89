"""The messages before the newest one, as a model sees them."""

from __future__ import annotations

from flowloom.prompts.components import estimated_tokens

__all__ = ["conversation_text", "told_by"]


def told_by(role: str, text: str) -> str:
    """Return one message; its further lines are indented, so that none passes for a message."""
    return "\n  ".join([f"{role}: ", *text.splitlines()]).replace("\n  ", "", 1)


def conversation_text(recent: tuple[tuple[str, str], ...], max_tokens: int) -> str:
    """Return the last messages that fit, oldest first, one paragraph each."""
    kept: list[str] = []
    for role, text in reversed(recent):
        told = told_by(role, text)
        if estimated_tokens("\n".join([told, *kept])) > max_tokens:
            break
        kept.insert(0, told)
    return "\n".join(kept) or "(nothing)"
