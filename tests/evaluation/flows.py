"""Small workflows over the example catalog that the tests of the evaluation share."""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["BASE", "REQUEST", "changed", "flow", "step", "without"]

REQUEST = (
    "Every day at 9:00 read the text; when there are more than 5 rows, log it as an error, else "
    'store "calm" under "state". Then send each person "Hello" and log who asked.'
)
BASE: dict[str, Any] = {
    "name": "base",
    "inputs": {"who": {"type": "string"}},
    "trigger": {"uses": "demo.every", "with": {"cron": "0 9 * * *"}},
    "steps": [
        {"id": "read", "uses": "demo.read"},
        {
            "id": "busy",
            "if": "size(steps.read.output.rows) > 5",
            "then": [
                {
                    "id": "note",
                    "uses": "demo.log",
                    "with": {
                        "text": "${{ steps.read.output.text }} at ${{ trigger.output.at }}",
                        "level": "error",
                    },
                }
            ],
            "else": [
                {"id": "calm", "uses": "demo.store", "with": {"key": "state", "text": "calm"}}
            ],
        },
        {
            "id": "each",
            "for_each": "steps.read.output.rows",
            "as": "row",
            "do": [
                {
                    "id": "send",
                    "uses": "demo.send",
                    "connection": "demo",
                    "with": {"to": "${{ row.name }}", "text": "Hello"},
                }
            ],
        },
        {"id": "asker", "uses": "demo.log", "with": {"text": "${{ inputs.who }}"}},
    ],
    "outputs": {"rows": "${{ size(steps.read.output.rows) }}"},
}


def flow(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a workflow of steps."""
    return {"name": "x", "steps": list(steps), **more}


def step(step_id: str, uses: str, /, **inputs: Any) -> dict[str, Any]:
    """Return a call."""
    return {"id": step_id, "uses": uses, **({"with": inputs} if inputs else {})}


def changed(*path: str | int, value: Any, base: dict[str, Any] = BASE) -> dict[str, Any]:
    """Return a copy with another value at a path."""
    made = copy.deepcopy(base)
    inner: Any = made
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return made


def without(*path: str | int, base: dict[str, Any] = BASE) -> dict[str, Any]:
    """Return a copy without what stands at a path."""
    made = copy.deepcopy(base)
    inner: Any = made
    for part in path[:-1]:
        inner = inner[part]
    del inner[path[-1]]
    return made
