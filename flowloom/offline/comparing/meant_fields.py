"""The field that words mean where no name says it: the nearest in meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.meaning.classifier import Embed
from flowloom.offline.rendering.schemas import Typed, field_named, is_open, kind_of_schema

__all__ = ["field_in_payload", "field_meant"]

NEAR = 0.36
"""From here on a field and words for one are taken to mean the same, by cosine."""
AHEAD = 0.08
"""How far the nearest must stand before the next."""

_IDENTITY = frozenset(["id", "number", "key", "created", "updated", "ts"])
_BODIES = frozenset(["body", "json", "data", "content", "response", "result", "payload"])
_HOLDS_FIELDS = frozenset(["fields", "properties", "attributes", "data", "values", "payload"])


def field_in_payload(value: Typed, words: str) -> Typed | None:
    """The one part of an answer that may be any data has the field that no other part has."""
    fields: Mapping[str, Any] = value.schema.get("properties") or {}
    unknown = [
        name
        for name, schema in fields.items()
        if name in _BODIES and not kind_of_schema(schema) and not schema.get("anyOf")
    ]
    if len(unknown) != 1:
        unknown = [name for name in fields if name in _HOLDS_FIELDS and is_open(fields[name])]
    if len(unknown) == 1:
        return field_named(value.field(unknown[0]), words)
    held = [name for name in fields if name in _HOLDS_FIELDS and fields[name].get("properties")]
    return field_named(value.field(held[0]), words) if len(held) == 1 else None


def field_meant(value: Typed, condition: Condition, embed: Embed | None) -> Typed | None:
    """Return the field of a fitting type whose name and description come nearest to the words."""
    fields: Mapping[str, Any] = value.schema.get("properties") or {}
    fitting = [
        name
        for name, schema in fields.items()
        if name not in _IDENTITY and _takes(condition, kind_of_schema(schema))
    ]
    if embed is None or not fitting or not condition.attribute:
        return None
    texts = [_told(name, fields[name]) for name in fitting]
    vectors = embed([condition.attribute.replace("_", " "), *texts])
    likeness = [float(score) for score in vectors[1:] @ vectors[0]]
    ranked = sorted(zip(likeness, fitting, strict=True), reverse=True)
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    sure = ranked[0][0] >= NEAR and ranked[0][0] - second >= AHEAD
    return value.field(ranked[0][1]) if sure else None


def _takes(condition: Condition, kind: str) -> bool:
    """Whether a field of a type can be compared with what is said."""
    if condition.operator in (">", "<", ">=", "<=") and not condition.unit:
        return kind in ("integer", "number")
    if isinstance(condition.value, str):
        return kind in ("string", "array")
    return kind in ("integer", "number", "string", "boolean", "array")


def _told(name: str, schema: Mapping[str, Any]) -> str:
    spaced = re.sub(r"[_\W]+|(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return f"{spaced} {str(schema.get('description') or '')[:80]}".strip()
