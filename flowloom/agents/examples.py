"""Few-shot examples: a request and a good answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.prompts.fence import fenced

__all__ = ["Example", "examples_text"]


@dataclass(frozen=True)
class Example:
    """One worked example; ``answer`` has the form that the prompt asks for."""

    request: str
    answer: dict[str, Any]


def examples_text(examples: Sequence[Example]) -> str:
    """Return examples for a prompt's slot; empty if there are none."""
    blocks = [
        f"{fenced('request', item.request)}\n{json.dumps(item.answer, ensure_ascii=False)}"
        for item in examples
    ]
    return "\n\n".join(["Examples:", *blocks]) if blocks else ""
