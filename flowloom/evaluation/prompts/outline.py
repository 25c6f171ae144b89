"""The prompt that asks for an outline: subtasks and their order, in WorFBench's notation."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.evaluation.cases import Case
from flowloom.evaluation.prompts.single import ROLE, filled, own_text
from flowloom.prompts.fence import fenced

__all__ = ["outline_prompt"]

_STRAIGHT = "Answer with the plan and nothing else."
_THINK = "First think step by step, in a few lines; then write the plan."


def outline_prompt(
    case: Case, examples: Sequence[Case] = (), *, thinks: bool = False, role: bool = False
) -> tuple[str, str]:
    """Return the system part and the user part."""
    shown = "\n\n".join(
        f"{fenced('request', item.request)}\n{item.reference.strip()}" for item in examples
    )
    slots = {
        "role": ROLE if role else "",
        "thinking": _THINK if thinks else _STRAIGHT,
        "examples": f"Examples:\n\n{shown}" if shown else "",
        "request": fenced("request", case.request),
    }
    system, _, user = own_text("outline").removeprefix("--- system\n").partition("--- user\n")
    return filled(system, slots), filled(user, slots)
