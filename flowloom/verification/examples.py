"""The small catalog that the examples of the codes use."""

from __future__ import annotations

from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, Connection
from flowloom.workflow.outline import Outline, OutlineEdit, OutlineStep

__all__ = [
    "EXAMPLE_CATALOG",
    "EXAMPLE_ORIGINALS",
    "EXAMPLE_OUTLINE",
    "EXAMPLE_OUTLINES",
    "EXAMPLE_REQUEST",
    "EXAMPLE_REQUESTED",
]


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
            output_optional=True,
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
        Component(
            id="demo.remove",
            effect="destructive",
            input=_object(["name"], name=_TEXT),
            output=_object(),
        ),
        Component(
            id="demo.query",
            input=_object(["query"], query=_TEXT, parameters={"type": "object"}),
            output={"type": "array", "items": _ROW},
            taint={"query": "sql"},
        ),
        Component(
            id="demo.fetch",
            input=_object(["url"], url={"type": "string", "format": "uri"}),
            output=_object(["text"], text=_TEXT),
            taint={"url": "url"},
        ),
        Component(
            id="demo.chat",
            kind="ai",
            input=_object(["prompt"], prompt=_TEXT, system=_TEXT),
            output=_object(["text"], text=_TEXT),
            taint={"system": "prompt"},
        ),
        Component(
            id="demo.notify",
            effect="write",
            input=_object(["text"], text=_TEXT, channel=_TEXT, user=_TEXT)
            | {"oneOf": [{"required": ["channel"]}, {"required": ["user"]}]},
            output=_object(),
        ),
        Component(
            id="demo.store",
            effect="write",
            input=_object(["key", "text"], key=_TEXT, text=_TEXT),
            output={"type": "null"},
            connection=Connection(type="store", required=False),
        ),
        Component(id="demo.begin", effect="write", transaction="begin", output=_object()),
        Component(id="demo.commit", effect="write", transaction="end", output=_object()),
        Component(
            id="demo.start",
            effect="write",
            input=_object(["workflow"], workflow={"type": "string", "x-workflow": True}),
            output=_object(),
        ),
        Component(
            id="demo.person",
            input=_object(),
            output=_object(
                ["email", "city"], email={"type": "string", "x-personal": True}, city=_TEXT
            ),
        ),
    ]
)
"""Components that exist only for the examples; they are in no catalog that a user sees."""

EXAMPLE_OUTLINE = Outline(
    steps=(OutlineStep(id="planned", text="read the text", quotes=("a quoted text",)),)
)
"""The plan that the examples of group 8 are held against."""

EXAMPLE_OUTLINES = {
    "FL806": Outline(
        steps=(*EXAMPLE_OUTLINE.steps, OutlineStep(id="each_row", kind="for_each", text="each row"))
    ),
    "FL807": Outline(edits=(OutlineEdit(op="add", steps=EXAMPLE_OUTLINE.steps),)),
    "FL808": Outline(steps=(OutlineStep(id="planned"),)),
    "FL809": Outline(steps=(OutlineStep(id="planned"),)),
}
"""Plans for single codes."""

EXAMPLE_ORIGINALS = {
    "FL807": "name: x\nsteps:\n  - {id: a, uses: demo.log, with: {text: hello}}\n",
}
"""What stood before the change that an example is."""

EXAMPLE_REQUEST = "Read the text that is larger than 4217."
"""The request that the examples of ``EXAMPLE_REQUESTED`` are held against."""

EXAMPLE_REQUESTED = frozenset(["FL803", "FL808", "FL809"])
