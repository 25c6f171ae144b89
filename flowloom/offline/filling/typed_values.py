"""A value of the words as the type that an input wants."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flowloom.offline.filling.input_names import format_of, item_schema
from flowloom.offline.filling.literals import Value
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["only_field", "typed_value"]


def only_field(schema: dict[str, Any]) -> str:
    """Return the one field that items must have, such as the address of a guest."""
    needed = list(schema.get("required") or ())
    names: Mapping[str, Any] = schema.get("properties") or {}
    formed = len(needed) == 1 and needed[0] in names and bool(format_of(names[needed[0]]))
    return needed[0] if formed and kind_of_schema(schema) == "object" else ""


def typed_value(value: Value, schema: dict[str, Any]) -> Any:
    """Return a value as the type that an input wants; None where it cannot be had."""
    kind = kind_of_schema(schema)
    if kind == "array":
        wrapped = only_field(item_schema(schema))
        if wrapped:
            return [{wrapped: value.text}]
        inner = typed_value(value, item_schema(schema)) if value.form != "json" else None
        return [inner] if inner is not None else _from_json(value, list)
    if kind in ("integer", "number"):
        return _number(value.text, kind)
    if value.form == "json" and not value.quoted and kind != "string":
        return _from_json(value, dict if kind == "object" else (dict, list))
    kinds = schema.get("type")
    if isinstance(kinds, list) and "integer" in kinds and re.fullmatch(r"-?\d+", value.text):
        return int(value.text)
    if format_of(schema) == "date-time" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.text):
        return f"{value.text}T00:00:00Z"
    return value.text.replace("${{", "$${{")


def _number(text: str, kind: str) -> Any:
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return None
    return float(text) if kind == "number" or "." in text else int(text)


def _from_json(value: Value, kind: type | tuple[type, ...]) -> Any:
    try:
        found = json.loads(value.text)
    except ValueError:
        return None
    return found if isinstance(found, kind) else None
