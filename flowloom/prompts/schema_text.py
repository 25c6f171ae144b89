"""JSON Schemas in few words, such as ``{title: string, labels?: [string]}``."""

from __future__ import annotations

import json
from typing import Any

from flowloom.workflow.visible_text import plain_line

__all__ = ["form_of", "type_text"]

MAX_PROPERTIES = 24
MAX_CHOICES = 12
MAX_TEXT = 60


def type_text(schema: Any, depth: int = 2) -> str:
    """Return the type that a schema describes, objects opened to ``depth`` levels."""
    if not isinstance(schema, dict):
        return "any"
    for key in ("x-same-as", "x-items-of"):
        if key in schema:
            what = "same type as" if key == "x-same-as" else "one item of"
            return f"<{what} input {_line(schema[key])}>"
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _literal(schema["const"])
    if isinstance(schema.get("enum"), list):
        return _choices([_literal(item) for item in schema["enum"]])
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            return _choices([type_text(item, depth) for item in schema[key]])
    return _of_type(schema, depth)


def _of_type(schema: dict[str, Any], depth: int) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return _choices([type_text({**schema, "type": item}, depth) for item in kind])
    if kind == "array":
        return f"[{type_text(schema.get('items'), depth)}]"
    if kind == "object" or "properties" in schema:
        return _object(schema, depth)
    if kind == "string" and schema.get("format"):
        return f"string({_line(schema['format'])})"
    return _line(kind) if kind else "any"


def _object(schema: dict[str, Any], depth: int) -> str:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        extra = schema.get("additionalProperties")
        return f"{{name: {type_text(extra, depth - 1)}}}" if isinstance(extra, dict) else "object"
    if depth <= 0:
        return "object"
    required = schema.get("required")
    required = required if isinstance(required, list | tuple) else ()
    items = list(properties.items())
    parts = [
        f"{_line(name)}{_mark(name, item, required)}: {type_text(item, depth - 1)}"
        for name, item in items[:MAX_PROPERTIES]
    ]
    if len(items) > MAX_PROPERTIES:
        parts.append("…")
    return f"{{{', '.join(parts)}}}"


def _mark(name: str, schema: Any, required: Any) -> str:
    # Pydantic lists a tag with a default as optional, and refuses a record without it.
    is_tag = isinstance(schema, dict) and "const" in schema
    return "" if name in required or is_tag else "?"


def _choices(texts: list[str]) -> str:
    unique = list(dict.fromkeys(texts))
    more = ["…"] if len(unique) > MAX_CHOICES else []
    return "|".join([*unique[:MAX_CHOICES], *more]) or "any"


def _literal(value: Any) -> str:
    return _line(json.dumps(value, ensure_ascii=False))


def _line(value: Any) -> str:
    return plain_line(str(value), MAX_TEXT)


def form_of(schema: dict[str, Any]) -> str:
    """Return the form of an answer: the JSON Schema of a Pydantic model in few words.

    Args:
        schema: with its ``$defs``; each is written once, as ``Name = {…}``.
    """
    lines = [type_text({key: item for key, item in schema.items() if key != "$defs"}, 3)]
    definitions = schema.get("$defs", {})
    lines += [f"{name} = {type_text(item, 3)}" for name, item in definitions.items()]
    return "\n".join(lines)
