"""Helpers of the tests of single checks: what is found in a few steps, by code and place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

__all__ = ["READ", "catalog_of", "found", "log", "places"]

READ: dict[str, Any] = {"id": "r", "uses": "demo.read"}
QUIET = frozenset({"FL606", "FL207", "FL508"})
"""Notes that have nothing to do with what is tested, unless they are asked for."""


def log(text: str, step_id: str = "z", **more: Any) -> dict[str, Any]:
    """Return a step that writes a line."""
    return {"id": step_id, "uses": "demo.log", "with": {"text": text, **more}}


def catalog_of(**inputs: Mapping[str, Any]) -> Catalog:
    """Return the small catalog with ``demo.x``, which takes the inputs."""
    schema = {"type": "object", "properties": inputs, "additionalProperties": False}
    return EXAMPLE_CATALOG.merged([Component(id="demo.x", effect="write", input=schema)])


def found(
    *steps: dict[str, Any], catalog: Catalog = EXAMPLE_CATALOG, **more: Any
) -> list[Diagnostic]:
    """Return what the verifier finds in a workflow of these steps."""
    document = document_of({"name": "x", **more, "steps": list(steps)})
    return list(verify(document, catalog).diagnostics)


def places(diagnostics: list[Diagnostic], *asked: str) -> list[tuple[str, str]]:
    """Return code and place of each finding, in order; of those codes only, if some are named."""
    kept = [
        item for item in diagnostics if (item.code in asked if asked else item.code not in QUIET)
    ]
    return [(item.code, item.path) for item in kept]
