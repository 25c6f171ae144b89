"""A few components that the built-in catalog has no like of, and good workflows that use them."""

from __future__ import annotations

from typing import Any

from flowloom.catalog.component import Component

__all__ = ["BENCH_COMPONENTS", "BENCH_WORKFLOWS"]


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
BENCH_COMPONENTS = (
    Component(
        id="bench.old_log",
        title="Write a log line (old)",
        deprecated=True,
        replaced_by="core.log",
        output=_TEXT,
        input=_object(
            ("message",),
            message=_TEXT,
            level={"type": "string", "enum": ["debug", "info", "warning", "error"]},
        ),
    ),
    Component(
        id="bench.python",
        title="Run Python code",
        effect="write",
        taint={"code": "code"},
        input=_object(("code",), code=_TEXT),
        output=_TEXT,
    ),
    Component(
        id="bench.shell",
        title="Run a shell command",
        effect="write",
        taint={"command": "shell"},
        input=_object(("command",), command=_TEXT),
        output=_TEXT,
    ),
    Component(
        id="bench.person",
        title="Get a person",
        input=_object(("id",), id=_TEXT),
        output=_object(
            ("name", "email"),
            name={"type": "string", "x-personal": True},
            email={"type": "string", "format": "email", "x-personal": True},
        ),
    ),
    Component(
        id="bench.begin",
        title="Begin a transaction",
        effect="write",
        transaction="begin",
        input=_object(()),
    ),
    Component(
        id="bench.commit",
        title="Commit a transaction",
        effect="write",
        transaction="end",
        input=_object(()),
    ),
    Component(
        id="bench.start",
        title="Start a workflow",
        effect="write",
        input=_object(
            ("workflow",), workflow={**_TEXT, "x-workflow": True}, reason={"type": "string"}
        ),
    ),
    Component(
        id="bench.notify",
        title="Notify a channel or a person",
        effect="write",
        input=_object(("text",), text=_TEXT, channel=_TEXT, user=_TEXT)
        | {"oneOf": [{"required": ["channel"]}, {"required": ["user"]}]},
        output=_object(("sent",), sent={"type": "boolean"}),
    ),
)
"""Added to the built-in catalog for the benchmark; no user sees them."""

BENCH_WORKFLOWS: dict[str, dict[str, Any]] = {
    "bench-notify": {
        "name": "bench-notify",
        "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * *"}},
        "steps": [
            {"id": "channel", "uses": "bench.notify", "with": {"text": "Hello", "channel": "#eng"}},
            {"id": "person", "uses": "bench.notify", "with": {"text": "Hello", "user": "ada"}},
        ],
    },
    "bench-transfer": {
        "name": "bench-transfer",
        "inputs": {"amount": {"type": "number"}},
        "steps": [
            {"id": "sure", "ask": "Move ${{ string(inputs.amount) }}?", "choices": ["yes", "no"]},
            {
                "id": "move",
                "if": 'steps.sure.output == "yes"',
                "then": [
                    {"id": "begin", "uses": "bench.begin"},
                    {
                        "id": "taken",
                        "uses": "bench.notify",
                        "with": {"text": "Took ${{ string(inputs.amount) }}", "channel": "#bank"},
                    },
                    {"id": "commit", "uses": "bench.commit"},
                    {"id": "cool_down", "wait": "1m"},
                    {"id": "next", "uses": "bench.start", "with": {"workflow": "bench-notify"}},
                ],
            },
        ],
    },
    "bench-person": {
        "name": "bench-person",
        "inputs": {"id": {"type": "string"}},
        "steps": [
            {"id": "person", "uses": "bench.person", "with": {"id": "${{ inputs.id }}"}},
            {
                "id": "note",
                "uses": "core.log",
                "with": {"message": "${{ steps.person.output.name }}"},
            },
            {"id": "tidy", "uses": "bench.shell", "with": {"command": "ls -l /srv/out"}},
            {"id": "list", "uses": "core.log", "with": {"message": "${{ steps.tidy.output }}"}},
            {"id": "total", "uses": "bench.python", "with": {"code": "print(sum(range(10)))"}},
            {"id": "show", "uses": "core.log", "with": {"message": "${{ steps.total.output }}"}},
        ],
    },
}
"""Good workflows that use them; counted apart from those of the built-in catalog."""
