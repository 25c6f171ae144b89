"""Whether a value of one JSON Schema may stand where another is needed: sound where it speaks,
silent where nothing is known, so that it raises no false alarm."""

from __future__ import annotations

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.schema_types import shape_of

__all__ = ["misfit"]

_MAX_DEPTH = 4


def misfit(source: JsonSchema, target: JsonSchema, depth: int = 0) -> str | None:
    """Return why no value of ``source`` fits ``target``, '' if only the kinds differ.

    None is returned where some value fits, or where nothing is known.
    """
    one, other = shape_of(source), shape_of(target)
    if depth > _MAX_DEPTH or "any" in (one.kind, other.kind):
        return None
    if one.kind == "null":
        return None if other.nullable or other.kind == "null" else ""
    if one.kind == "array" and other.kind == "array":
        return misfit(one.items, other.items, depth + 1)
    if {one.kind, other.kind} <= {"object", "map"}:
        missing = sorted(other.required - set(one.properties))
        return f" without {missing[0]!r}" if one.kind == "object" and missing else None
    if one.kind == other.kind:
        return _enums(source, target)
    return None if {one.kind, other.kind} == {"integer", "number"} else ""


def _enums(source: JsonSchema, target: JsonSchema) -> str | None:
    given, allowed = source.get("enum"), target.get("enum")
    if "const" in source:
        given = [source["const"]]
    if not isinstance(given, list) or not isinstance(allowed, list):
        return None
    if any(value in allowed for value in given):
        return None
    return f", of which {', '.join(map(repr, allowed[:6]))} are allowed"
