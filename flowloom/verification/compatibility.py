"""Whether a value of one JSON Schema may stand where another is needed: sound where it speaks,
silent where nothing is known, so that it raises no false alarm."""

from __future__ import annotations

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.schema_types import Shape, alternatives_of, schema_at, shape_of

__all__ = ["misfit"]

_MAX_DEPTH = 4


def misfit(source: JsonSchema, target: JsonSchema, depth: int = 0) -> str | None:
    """Return why no value of ``source`` fits ``target``, '' if only the kinds differ.

    None is returned where some value fits, or where nothing is known. A number is no integer,
    since it may have a fraction; an integer is a number.
    """
    if depth > _MAX_DEPTH or not source or not target:
        return None
    why: str | None = None
    given = alternatives_of(source)
    # Whether null may come is a question of its own.
    for one in [item for item in given if item.get("type") != "null"] or given:
        for other in alternatives_of(target):
            found = _misfit(one, other, depth)
            if found is None:
                return None
            why = why or found
    return why or ""


def _misfit(source: JsonSchema, target: JsonSchema, depth: int) -> str | None:
    one, other = shape_of(source), shape_of(target)
    if "any" in (one.kind, other.kind):
        return None
    if one.kind == "null" or other.kind == "null":
        return None if one.kind == other.kind or other.nullable or one.nullable else ""
    if one.kind == "array" and other.kind == "array":
        return misfit(one.items, other.items, depth + 1)
    if {one.kind, other.kind} <= {"object", "map"}:
        return _of_members(one, other, target, depth)
    if one.kind == other.kind:
        return _enums(source, target)
    return None if (one.kind, other.kind) == ("integer", "number") else ""


def _of_members(one: Shape, other: Shape, target: JsonSchema, depth: int) -> str | None:
    if one.kind != "object":
        # A map that is empty would fit, as an empty list would; nobody means that.
        return misfit(one.items, other.items, depth + 1) if other.kind == "map" else None
    missing = sorted(other.required - set(one.properties))
    if missing:
        return f" without {missing[0]!r}"
    # A field that is not always there is wrong whenever it is.
    for name in sorted(one.properties):
        wanted = schema_at(target, (name,)) or {}
        if misfit(one.properties[name], wanted, depth + 1) is not None:
            return f" whose {name!r} does not fit"
    return None


def _enums(source: JsonSchema, target: JsonSchema) -> str | None:
    given, allowed = source.get("enum"), target.get("enum")
    if "const" in source:
        given = [source["const"]]
    if not isinstance(given, list) or not isinstance(allowed, list):
        return None
    if any(value in allowed for value in given):
        return None
    return f", of which {', '.join(map(repr, allowed[:6]))} are allowed"
