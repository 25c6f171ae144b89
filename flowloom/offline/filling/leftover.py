"""The one input that is still open, from what is left in the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.columns import is_field
from flowloom.offline.filling.input_names import TEXTS, TITLES, format_of, item_schema, spaced
from flowloom.offline.filling.literals import Value
from flowloom.offline.filling.matching import is_identifier
from flowloom.offline.reading.plain_words import listed, modifiers, proper_name
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["Leftover"]

_PLACES = ("channel", "chat_id", "range", "path", "url", "owner", "repo", "ts", "timestamp")


@dataclass(frozen=True)
class Leftover:
    """What is left of the words of an action when all other inputs have theirs.

    Attributes:
        nouns: the words of its object; ``services`` words that name services.
        values: the values that no input took.
    """

    component: Component
    text: str
    nouns: Sequence[str]
    values: Sequence[Value]
    services: frozenset[str]

    def value_for(self, name: str) -> Any:
        """Return the value of a required input if there is only one reading, else None."""
        schema = self.component.inputs[name]
        if is_field(name, schema):
            return None
        kind = kind_of_schema(schema)
        if kind == "array":
            return self._list(kind_of_schema(item_schema(schema)))
        if kind != "string" or schema.get("enum") or format_of(schema):
            return None
        return self._query() if name in ("query", "q", "find") else self._text(name)

    def _list(self, kind: str) -> list[Any] | None:
        if kind == "array":
            cells = [value.text for value in self.values if value.quoted]
            return [cells] if cells else None
        return listed(self.text) if kind == "string" else None

    def _text(self, name: str) -> str | None:
        ids = [value.text for value in self.values if value.form == "id"]
        is_text = name in (*TEXTS, *TITLES) or "x-text" in self.component.inputs[name]
        if len(ids) == 1 and not is_text:
            return ids[0]
        if name in (*TITLES, "city", "place", "location", "address"):
            return proper_name(self.text, self.services)
        links = [value.text for value in self.values if value.form == "url"]
        if name in TEXTS and len(links) == 1:
            return links[0]
        if name in _PLACES or is_identifier(name):
            return None
        quoted = [value.text for value in self.values if value.quoted]
        return quoted[0] if len(quoted) == 1 else None

    def _query(self) -> str | None:
        """ "search for Ada", "find overdue tasks": a name, or what narrows the object."""
        texts = (self.component.title, self.component.provider, spaced(self.component.id))
        known = frozenset(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
        about = proper_name(self.text, self.services)
        return about or modifiers(self.nouns, known)
