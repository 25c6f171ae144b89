"""What a step can take its data from: loop items, earlier steps and the trigger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flowloom.offline.reading.lexicon import singular
from flowloom.offline.rendering.schemas import Typed, kind_of_schema, list_in

__all__ = ["Source", "field_called", "fields_called", "list_of", "payload_of"]

_SYNONYMS = {
    "link": ("html_url", "url", "link", "permalink", "htmlLink", "href"),
    "url": ("url", "html_url", "link", "permalink", "htmlLink"),
    "address": ("email", "address", "url", "sender"),
    "text": ("text", "body", "content", "summary", "description"),
    "body": ("body", "text", "content"),
    "content": ("content", "text", "body"),
    "sender": ("sender", "from", "author"),
    "author": ("author", "user", "creator", "sender"),
    "title": ("title", "name", "summary", "subject", "dealname"),
    "name": ("name", "title", "full_name", "display_name"),
    "subject": ("subject", "title", "summary"),
    "date": ("date", "created_at", "published_at", "created", "time"),
    "number": ("number", "count"),
    "path": ("path",),
    "size": ("size", "count"),
    "star": ("stargazers_count",),
    "id": ("id", "key", "uid"),
}
_INNER = ("login", "name", "displayName", "email", "key", "id", "value", "title")


@dataclass(frozen=True)
class Source:
    """Something that an input can refer to.

    Attributes:
        nouns: what it is called, in the singular.
        component: id of what produced it; for a loop item, of what produced the list.
        family: the service, or the kind of component, that it belongs to.
        said: the words of the action that it was made from.
        values: the inputs of the step that produced it.
        tells: whether its output is data to pass on, and no mere confirmation.
    """

    value: Typed
    kind: Literal["item", "step", "trigger"] = "step"
    nouns: frozenset[str] = frozenset()
    component: str = ""
    family: str = ""
    said: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tells: bool = True


def field_called(value: Typed, words: str) -> Typed | None:
    """Return the field that words name exactly or by a near-synonym; rows with any field have it.

    A field that is an object stands for its name, login or the like.
    """
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    wanted = [_plain(words), _plain(singular(words.lower()))]
    for name in names:
        if _plain(name) in wanted:
            return _telling(value.field(name))
    for other in _SYNONYMS.get(singular(words.lower()), ()):
        if other in names:
            return _telling(value.field(other))
    for name, inner in names.items():
        parts: Mapping[str, Any] = inner.get("properties") or {}
        deeper = [part for part in parts if _plain(part) in wanted]
        if deeper and kind_of_schema(inner) == "object":
            return _telling(value.field(name).field(deeper[0]))
    stems = [name for name in names if _plain(name).startswith(wanted[1]) and len(wanted[1]) > 3]
    if len(stems) == 1:
        return _telling(value.field(stems[0]))
    return None


def _telling(value: Typed) -> Typed:
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    if kind_of_schema(value.schema) != "object" or not names:
        return value
    inner = next((name for name in _INNER if name in names), None)
    return value.field(inner) if inner else value


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def fields_called(value: Typed, words: list[str]) -> list[Typed]:
    """Return the fields that words name, each once."""
    found: dict[str, Typed] = {}
    for word in words:
        known = field_called(value, word)
        if known is not None:
            found.setdefault(known.expression, known)
    return list(found.values())


def payload_of(value: Typed) -> Typed | None:
    """Return the one part of an answer that may be any data, such as the body of a response."""
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    open_names = [
        name for name, item in names.items() if not kind_of_schema(item) and not item.get("anyOf")
    ]
    return value.field(open_names[0]) if len(open_names) == 1 else None


def list_of(source: Source) -> Typed | None:
    """Return the list that a source is or holds, None if it is not known to be one."""
    found = list_in(source.value)
    return found if found is not None and kind_of_schema(found.schema) == "array" else None
