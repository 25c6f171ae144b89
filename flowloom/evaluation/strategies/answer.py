"""What a single prompt's answer is: a workflow, questions, a refusal, or text as it stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from flowloom.agents.structured import extract_object
from flowloom.evaluation.samples import OutputStatus

__all__ = ["SingleAnswer", "read_answer"]

_BLOCK = re.compile(r"```[A-Za-z]*[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_KEYS = ("steps", "workflow", "questions", "refused")


@dataclass(frozen=True, kw_only=True)
class SingleAnswer:
    """A model's answer; ``valid`` is only what it claims by writing a workflow."""

    status: OutputStatus = "valid"
    text: str = ""
    questions: tuple[str, ...] = ()
    reason: str = ""


def read_answer(text: str) -> SingleAnswer:
    """Read a model's answer: JSON, or YAML (in a fence or not); never raises."""
    try:
        data = extract_object(text)
    except ValueError:
        data = {}
    if not any(key in data for key in _KEYS):
        return SingleAnswer(text=_bare(text))
    workflow = data.get("workflow")
    if isinstance(workflow, dict) and "steps" not in data:
        data = {**workflow}
    if not data.get("steps"):
        refused, questions = data.get("refused"), _texts(data.get("questions"))
        if questions:
            return SingleAnswer(status="needs_input", questions=questions, reason="It asks.")
        if refused:
            return SingleAnswer(status="failed", reason=" ".join(str(refused).split()))
    return SingleAnswer(text=json.dumps(data, ensure_ascii=False, indent=2))


def _texts(value: Any) -> tuple[str, ...]:
    items: list[Any] = value if isinstance(value, list) else [value] if value else []
    found = (item.get("text") if isinstance(item, dict) else item for item in items)
    return tuple(str(item) for item in found if item)


def _bare(text: str) -> str:
    plain = _THOUGHTS.sub("", text)
    blocks = _BLOCK.findall(plain)
    return max(blocks, key=len, default=plain).strip()
