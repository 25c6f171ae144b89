"""The messages before the newest one, as a model sees them."""

from __future__ import annotations

from flowloom.prompts.components import estimated_tokens

__all__ = ["conversation_text"]


def conversation_text(recent: tuple[tuple[str, str], ...], max_tokens: int) -> str:
    """Return the last messages that fit, oldest first, one paragraph each."""
    kept: list[str] = []
    for role, text in reversed(recent):
        told = f"{role}: {text}"
        if estimated_tokens("\n".join([told, *kept])) > max_tokens:
            break
        kept.insert(0, told)
    return "\n".join(kept) or "(nothing)"
