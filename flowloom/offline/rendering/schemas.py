"""What steps produce, as JSON Schemas: fields found by the words for them, lists, texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flowloom.offline.reading.lexicon import singular

__all__ = [
    "Typed",
    "field_named",
    "gives_a_list",
    "is_open",
    "item_of",
    "items_in",
    "kind_of_schema",
    "list_in",
    "text_of",
]

Schema: TypeAlias = Mapping[str, Any]

_TEXT_FIELDS = ("text", "title", "name", "subject", "summary", "content", "body", "message",
                "description", "key", "url", "path", "id")  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """A CEL expression and the schema of its value; an empty schema is anything."""

    expression: str
    schema: Schema

    def field(self, name: str) -> Typed:
        """Return a field of the value."""
        simple = re.fullmatch(r"[A-Za-z_]\w*", name)
        path = f"{self.expression}.{name}" if simple else f'{self.expression}["{name}"]'
        known = _properties(self.schema)
        others = self.schema.get("additionalProperties")
        rest = others if isinstance(others, dict) and name not in known else {}
        return Typed(path, known.get(name, rest))


def kind_of_schema(schema: Schema) -> str:
    """Return the one JSON type of a schema, empty if it may be anything."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [item for item in kind if item != "null"]
        return str(kinds[0]) if len(kinds) == 1 else ""
    if isinstance(kind, str):
        return kind
    return "object" if "properties" in schema else "array" if "items" in schema else ""


def is_open(schema: Schema) -> bool:
    """Return whether any field may be named."""
    return kind_of_schema(schema) in ("", "object") and not _properties(schema)


def _properties(schema: Schema) -> Mapping[str, Schema]:
    return schema.get("properties") or {}


def field_named(value: Typed, words: str) -> Typed | None:
    """Return the field that words name, in camel or snake case, or the nearest; else None."""
    names = _properties(value.schema)
    wanted = _plain(words)
    for name in names:
        if _plain(name) == wanted:
            return value.field(name)
    parts = {singular(part) for part in re.split(r"[_\s]+", words.lower()) if part}
    close = [name for name in names if parts & {singular(part) for part in _parts(name)}]
    if close:
        return value.field(min(close, key=lambda name: (len(_parts(name)), name)))
    if is_open(value.schema):
        return value.field(re.sub(r"\W+", "_", words.strip()))
    return _nested(value, words)


def _nested(value: Typed, words: str) -> Typed | None:
    """Look one level deeper: ``message.subject`` for "subject"."""
    for name, schema in _properties(value.schema).items():
        inner = _properties(schema)
        for field in inner:
            if _plain(field) == _plain(words):
                return value.field(name).field(field)
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def list_in(value: Typed) -> Typed | None:
    """Return the value if it is a list, else the list that it holds; None if it holds none."""
    kind = kind_of_schema(value.schema)
    if kind in ("array", "") and not _properties(value.schema):
        return value
    lists = [
        name for name, schema in _properties(value.schema).items()
        if kind_of_schema(schema) == "array"
    ]  # fmt: skip
    return value.field(lists[0]) if lists else None


def items_in(value: Typed) -> Typed | None:
    """Return the list in a value, or the one field of which nothing is known (an answer's body)."""
    found = list_in(value)
    if found is not None:
        return found
    fields = _properties(value.schema)
    unknown = [name for name, schema in fields.items() if not kind_of_schema(schema)]
    return value.field(unknown[0]) if len(unknown) == 1 else None


_IDENTITY = ("id", "number", "key", "sha", "uid", "iid")


def gives_a_list(value: Typed) -> bool:
    """Return whether a value is a list, or an answer that is there to hold one.

    A thing of its own (it has an ``id`` or a ``number``) with a list among its fields is none.
    """
    if value.schema.get("x-same-as"):
        return True
    kind = kind_of_schema(value.schema)
    if kind != "object":
        return kind == "array"
    found = list_in(value)
    single = any(name in _properties(value.schema) for name in _IDENTITY)
    return not single and found is not None and kind_of_schema(found.schema) == "array"


def item_of(value: Typed, name: str) -> Typed:
    """Return one item of a list as the variable ``name``."""
    return Typed(name, value.schema.get("items") or {})


def text_of(value: Typed) -> str | None:
    """Return an expression that tells the value as text, or None."""
    kind = kind_of_schema(value.schema)
    if kind == "string":
        return value.expression
    if kind in ("integer", "number", "boolean"):
        return f"string({value.expression})"
    if kind == "array":
        item = item_of(value, "entry")
        inner = text_of(item)
        if inner == "entry":
            return f'{value.expression}.join("\\n")'
        return f'{value.expression}.map(entry, {inner}).join("\\n")' if inner else None
    if kind == "object":
        return _text_of_object(value)
    return None


def _text_of_object(value: Typed) -> str | None:
    names = _properties(value.schema)
    for name in _TEXT_FIELDS:
        if name in names and kind_of_schema(names[name]) == "string":
            return value.field(name).expression
    inner = list_in(value)
    return text_of(inner) if inner and inner.expression != value.expression else None
