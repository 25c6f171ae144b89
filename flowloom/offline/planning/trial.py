"""Components tried on the words: which takes all values that are said, and lacks none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.choosing.uncovered import uncovered_words
from flowloom.offline.choosing.weights import Fit
from flowloom.offline.filling.documents import flattened
from flowloom.offline.filling.fill_words import WordFiller
from flowloom.offline.filling.input_names import is_main_text
from flowloom.offline.filling.literals import Value
from flowloom.offline.planning.actions import Action
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["Trial", "fields_in"]

UNUSED = -2.0
"""What it counts that a value which is said has no place."""
MISSING = -1.2
"""What it counts that an input must be given which neither words nor earlier steps give."""
UNCOVERED, LEAST = -0.5, -2.0
"""What a word counts for which nothing in the component or its inputs stands, and all together."""
ANY = "*"
"""Stands for the fields of things that may have any, such as the rows of a file."""
DEPTH = 2
NEAR_ENOUGH = 4.0
"""A component that scores less than the best by more is not tried."""


@dataclass(frozen=True)
class Trial:
    """The words of one action, and what earlier steps give.

    Attributes:
        fields: names of the fields in what earlier steps give; ``data`` whether any step came
            before, whose output a text or a list may take.
    """

    masked: Masked
    action: Action
    fields: frozenset[str]
    data: bool
    spoken: frozenset[str] = frozenset()

    def ranked(self, fits: Sequence[Fit], components: Mapping[str, Component]) -> list[Fit]:
        """Return components in the order of their scores with what trying them showed."""
        best = fits[0].score if fits else 0.0
        tried = [
            replace(fit, tried=self._points(components[fit.id]))
            if best - fit.score <= NEAR_ENOUGH else fit
            for fit in fits
        ]  # fmt: skip
        return sorted(tried, key=lambda fit: (-fit.score, fit.id))

    def _points(self, component: Component) -> float:
        component = flattened(component)
        words = WordFiller(component, self.masked, self.action.text, self.action.nouns)
        values = words.fill()
        values |= words.left_over(values)
        open_now = [name for name in component.required if name not in values]
        lacking = [name for name in open_now if not self._linked(component, name)]
        reads = len(open_now) > len(lacking)
        unused = [value for value in words.unused() if not _elsewhere(value, component, reads)]
        left = uncovered_words(self.action.text, component, values, self.spoken)
        return (
            UNUSED * len(unused) + MISSING * len(lacking)
            + max(LEAST, UNCOVERED * len(set(left)))
        )  # fmt: skip

    def _linked(self, component: Component, name: str) -> bool:
        """Whether an earlier step, or a file that is read first, may give an input."""
        schema = component.inputs[name]
        named_file = any("/" in value or "." in value for value in self.masked.values)
        if kind_of_schema(schema) in ("array", "object", "") or is_main_text(name, schema):
            return self.data or named_file
        return bool({name, name.rpartition("_")[2], ANY} & self.fields)


def _elsewhere(value: Value, component: Component, reads: bool) -> bool:
    """Whether a value is none of the component's: a file read first, a number that counts."""
    if value.form == "path":
        return reads or component.effect == "read"
    return value.form == "number" and value.spelled


def fields_in(outputs: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names of fields in output schemas, items of lists included."""
    return frozenset(name for schema in outputs for name in _fields(schema, DEPTH))


def _fields(schema: Mapping[str, Any], depth: int) -> Iterator[str]:
    items = schema.get("items")
    if isinstance(items, Mapping):
        yield from _fields(items, depth)  # pyright: ignore[reportUnknownArgumentType]
    properties: Mapping[str, Any] = schema.get("properties") or {}
    is_open = schema.get("additionalProperties") or not (schema.keys() - {"description"})
    if depth == DEPTH and is_open and not properties:
        yield ANY
    for name, inner in properties.items():
        yield name
        if depth and isinstance(inner, Mapping):
            yield from _fields(inner, depth - 1)  # pyright: ignore[reportUnknownArgumentType]
