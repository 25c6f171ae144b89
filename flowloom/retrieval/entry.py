"""The entry: what the index knows of a component."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from flowloom.retrieval.words import split_name

if TYPE_CHECKING:
    from flowloom.catalog.component import Component

__all__ = ["Entry", "entry_of"]

_MOST_DENSE_CHARACTERS = 600
"""About 150 tokens: an embedding says little of what comes after."""

_MARKUP = re.compile(r"<[^<>]+>|(?<=\])\([^()\s]*\)|[`*#|\[\]]+")
"""HTML tags, link targets and emphasis: they cost tokens and carry no meaning."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable component.

    Attributes:
        id: Unique in an index.
        name: Identifier or title; may carry a path, such as ``GET /pets/{petId}``.
        group: Provider and section in words, such as ``Slack chat``.
        description: Plain text.
        parameters: Names of the inputs, with descriptions if there are any.
        provider: The service it belongs to; empty if unknown.
        requires: Names of the inputs that must be given.
        produces: Names of the outputs at the top level.
        kind: trigger, action, transform or ai.
    """

    id: str
    name: str
    group: str = ""
    description: str = ""
    parameters: str = ""
    provider: str = ""
    requires: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    kind: str = "action"

    @property
    def words(self) -> str:
        """The name in words, each once; the words of the id where the name is empty."""
        return split_name(self.name) or split_name(self.id)

    @property
    def plain_description(self) -> str:
        """The description without markup, in one line."""
        return " ".join(_MARKUP.sub(" ", self.description).split())

    @property
    def dense_text(self) -> str:
        """What is embedded: ``group | name in words: description``, without parameters."""
        head = " | ".join(part for part in (self.group.strip(), self.words) if part)
        text = ": ".join(part for part in (head, self.plain_description) if part)
        return text[:_MOST_DENSE_CHARACTERS].strip()

    @property
    def content_hash(self) -> str:
        """SHA-256 over all fields: another hash means that the entry must be indexed again."""
        values = [getattr(self, item.name) for item in fields(self)]
        text = "\x1f".join("\x1e".join(v) if isinstance(v, tuple) else str(v) for v in values)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entry_of(component: Component) -> Entry:
    """Turn a catalog component into what the index keeps of it."""
    title = component.title or component.id
    section = component.id.rpartition(".")[0]
    return Entry(
        id=component.id,
        name=title,
        group=" ".join(_once([component.provider, split_name(section)])),
        description=" ".join(_once([component.description, ", ".join(component.keywords)])),
        parameters=_parameters(component.inputs),
        provider=component.provider,
        requires=component.required,
        produces=tuple(_properties(component.output)),
        kind=component.kind,
    )


def _once(parts: Iterable[str]) -> list[str]:
    return [part for part in dict.fromkeys(part.strip() for part in parts) if part]


def _parameters(inputs: dict[str, dict[str, Any]]) -> str:
    described = ((name, str(schema.get("description", ""))) for name, schema in inputs.items())
    return ", ".join(f"{name}: {text}" if text else name for name, text in described)


def _properties(schema: dict[str, Any]) -> list[str]:
    """Names of an object's properties, or of those of a list's items."""
    items = schema.get("items")
    found = schema.get("properties") or (items.get("properties") if isinstance(items, dict) else {})
    return [str(name) for name in found] if isinstance(found, dict) else []
