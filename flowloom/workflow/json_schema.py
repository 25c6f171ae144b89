"""The language's published JSON Schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any

from flowloom.workflow.models import Workflow

__all__ = ["SCHEMA_ID", "workflow_schema"]

SCHEMA_ID = "https://flowloom.dev/schema/workflow-1.json"


def workflow_schema() -> dict[str, Any]:
    """Return the JSON Schema of a workflow document."""
    schema = Workflow.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **schema,
        "title": "flowloom workflow",
    }
