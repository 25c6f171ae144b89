"""Sixth stage: the inputs of a step, from the words of the request and from earlier outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.documents import as_document, flattened, is_document
from flowloom.offline.filling.fill_data import DataFiller
from flowloom.offline.filling.fill_words import WordFiller
from flowloom.offline.filling.implied import (
    Implied,
    at_its_path,
    formatter_of,
    found_by,
    readers_of,
    written_file,
)
from flowloom.offline.filling.input_names import format_of
from flowloom.offline.filling.making import made_of, pairs_as_text
from flowloom.offline.filling.sources import Source
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import is_open, kind_of_schema, text_of

__all__ = ["Filled", "Filler"]

_ZONE = re.compile(r"UTC|GMT|\dZ\b|\d{4}-\d\d-\d\d(?!.*\d:\d\d)")


@dataclass
class Filled:
    """The inputs of one step.

    Attributes:
        values: what stands under ``with``.
        missing: required inputs that neither request nor outputs give.
        target: a file that the words name as the place of the result, and no input takes.
        assumed: what was taken for granted, a sentence each.
    """

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    missing: list[str] = field(default_factory=list[str])
    assumed: list[str] = field(default_factory=list[str])
    target: str = ""


@dataclass
class Filler:
    """Fills the inputs of one step.

    Attributes:
        text: masked words of the action; ``nouns`` those of its object.
        sources: what earlier steps give, the nearest first; ``past`` all steps so far, whose
            inputs may still hold.
        about: what a pronoun of the action stands for.
        catalog: where a step that must come first is looked for; ``first`` puts it there.
    """

    component: Component
    masked: Masked
    text: str
    nouns: Sequence[str] = ()
    sources: Sequence[Source] = ()
    about: Source | None = None
    past: Sequence[Source] = ()
    catalog: Iterable[Component] = ()
    first: Callable[[Implied], Source] | None = None

    def fill(self) -> Filled:
        """Return the inputs that can be filled."""
        whole, self.component = self.component, flattened(self.component)
        others = [source for source in self.sources if source is not self.about]
        nearest = [*([self.about] if self.about else []), *others]
        words = WordFiller(self.component, self.masked, self.text, self.nouns, nearest)
        values = words.fill()
        nearest = [*self._read(words, values), *nearest]
        data = DataFiller(
            self.component,
            self.text,
            nearest,
            self.past,
            self.about,
            written=self._written,
            made=self._made,
        )
        data.fill(values)
        left = words.left_over(values)
        values |= left
        values |= dict(self._as_text(values))
        for name in self._said_twice(values):
            del values[name]
        self._look_up(words, values)
        values |= self._of_the_row(values, data)
        missing = [name for name in self.component.required if name not in values]
        if re.search(r"T\d\d:\d\d:\d\dZ", str(values)) and not _ZONE.search(words.said):
            data.assumed.append("Times of day are taken to be in UTC.")
        for name, schema in whole.inputs.items():
            if name in values and is_document(schema):
                values[name] = as_document(schema, values[name])
        return Filled(values, missing, data.assumed, words.target())

    def _of_the_row(self, values: dict[str, Any], data: DataFiller) -> dict[str, Any]:
        """ "Mail them", of the row of a table: its column for addresses."""
        row = self.sources[0] if self.sources and self.sources[0].kind == "item" else None
        if (
            row is None
            or kind_of_schema(row.value.schema) != "object"
            or not is_open(row.value.schema)
        ):
            return {}
        found = [
            name
            for name in self.component.required
            if name not in values and format_of(self.component.inputs[name]) == "email"
        ]
        if len(found) != 1:
            return {}
        field = f"${{{{ {row.value.field('email').expression} }}}}"
        data.assumed.append(f"The rows are taken to have a column 'email', for {found[0]!r}.")
        is_list = kind_of_schema(self.component.inputs[found[0]]) == "array"
        return {found[0]: [field] if is_list else field}

    def _read(self, words: WordFiller, values: dict[str, Any]) -> list[Source]:
        """Read the files whose data is needed, the last first: "merge ⟦0⟧ and ⟦1⟧"."""
        if self.first is None:
            return []
        open_now = {name for name in self.component.required if name not in values}
        left = words.unused()
        near = self.about or next(iter(self.sources), None)
        written = written_file(near) if near is not None and not left else None
        if written is not None:
            left = [written]
        found = readers_of(self.component, self.text, left, self.catalog, open_now=open_now)
        if written is not None and near is not None:
            found = [at_its_path(item, written, near) for item in found]
        words.take({str(value) for item in found for value in item.values.values()})
        return [self.first(item) for item in found][::-1]

    def _as_text(self, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the text of an answer where a text is wanted and its body may be any data."""
        for name, value in values.items():
            found = re.fullmatch(r"\$\{\{ (\S+)\.(\w+) \}\}", str(value))
            if found is None or kind_of_schema(self.component.inputs.get(name) or {}) != "string":
                continue
            for source in self.sources:
                names = source.value.schema.get("properties") or {}
                known = names.get(found.group(2))
                is_open = known is not None and not kind_of_schema(known) and not known.get("anyOf")
                if source.value.expression == found.group(1) and is_open and "text" in names:
                    yield name, f"${{{{ {found.group(1)}.text }}}}"

    def _said_twice(self, values: dict[str, Any]) -> list[str]:
        """Return the inputs that need no file, and got one that stands in a text already."""
        if re.search(r"\battach", self.text, re.I):
            return []
        texts = [value for value in values.values() if isinstance(value, str)]
        return [
            name
            for name, value in values.items()
            if name not in self.component.required
            and isinstance(value, list)
            and value[:1]
            and "${{" in str(value[0])
            and value[0] in texts
        ]

    def _written(self, source: Source) -> str | None:
        """Write data of any kind as text."""
        found = formatter_of(self.catalog, source) if self.first is not None else None
        return self.first(found).value.expression if found and self.first else None

    def _made(self, text: str, sources: Sequence[Source]) -> str | None:
        """Make what the words name of the data at hand: a sum, a table."""
        found = made_of(text, sources, self.catalog) if self.first is not None else None
        if found is None or self.first is None:
            return None
        value = self.first(found).value
        return pairs_as_text(value) or text_of(value)

    def _look_up(self, words: WordFiller, values: dict[str, Any]) -> None:
        """Look up an id where the words give an address, coordinates where they give a place."""
        missing = [name for name in self.component.required if name not in values]
        if self.first is None or not missing:
            return
        found = found_by(
            self.component, missing, self.text, words.unused(), self.catalog, words.services
        )
        if found is not None:
            output = self.first(found).value.expression
            for name, expression in found.given.items():
                values[name] = "${{ " + expression.replace("OUTPUT", output, 1) + " }}"
