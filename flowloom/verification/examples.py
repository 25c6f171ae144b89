"""The small catalog that the examples of the codes use."""

from __future__ import annotations

from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, Connection
from flowloom.workflow.outline import Outline, OutlineStep

__all__ = ["EXAMPLE_CATALOG", "EXAMPLE_OUTLINE", "EXAMPLE_REQUEST"]


def _object(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
_ROW = _object(["name", "age"], name=_TEXT, age={"type": "number"})

EXAMPLE_CATALOG = Catalog(
    [
        Component(
            id="demo.log",
            input=_object(
                ["text"],
                text=_TEXT,
                level={"enum": ["info", "error"], "type": "string"},
                times={"type": "integer", "minimum": 1},
            ),
            output=_object(["text"], text=_TEXT),
        ),
        Component(
            id="demo.read",
            input=_object(),
            output=_object(
                ["text", "count", "rows"],
                text=_TEXT,
                count={"type": "integer"},
                rows={"type": "array", "items": _ROW},
            ),
        ),
        Component(
            id="demo.find",
            input=_object(),
            output=_object(["rows"], note=_TEXT, rows={"type": "array", "items": _ROW}),
        ),
        Component(
            id="demo.sort",
            input=_object(
                ["items", "by"],
                items={"type": "array"},
                by={"type": "string", "x-field-of": "items"},
            ),
            output={"x-same-as": "items"},
        ),
        Component(
            id="demo.send",
            effect="write",
            input=_object(["to", "text"], to=_TEXT, text=_TEXT),
            output=_object(),
            connection=Connection(type="demo"),
        ),
        Component(id="demo.old", deprecated=True, replaced_by="demo.read", output=_object()),
        Component(
            id="demo.every",
            kind="trigger",
            input=_object(["cron"], cron={"type": "string", "format": "cron"}),
            output=_object(["at"], at=_TEXT),
        ),
    ]
)
"""Components that exist only for the examples; they are in no catalog that a user sees."""

EXAMPLE_OUTLINE = Outline(
    steps=(OutlineStep(id="planned", text="read the text", quotes=("a quoted text",)),)
)
"""The plan that the examples of group 8 are held against."""

EXAMPLE_REQUEST = "Read the text that is larger than 4217."
"""The request that the example of FL803 is held against."""
