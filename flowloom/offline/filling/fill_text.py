"""What a step says or writes: fields of earlier outputs, a count, a clause, or all of a result."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.input_names import TITLES, format_of, is_main_text
from flowloom.offline.filling.sources import Source
from flowloom.offline.filling.wording import (
    Mention,
    count_said,
    row_fields_said,
    said_clause,
    text_from,
    told,
    whole_said,
)
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["TextFiller", "file_in", "template"]

_NOW = re.compile(
    r"\b(?:the\s+)?(?:current|present|today['’]s)\s+(?:date|time|day)(?:\s+and\s+(?:time|date))?\b"
    r"|\b(?:a|the)\s+time\s*stamp\b",
    re.I,
)
_DATA_SAID = re.compile(
    r"\b(?:the|its|their|all)\s+(?:\w+\s+)?"
    r"(?:results?|response|answer|output|data|rows?|records?|entries|forecast|weather|details)\b",
    re.I,
)

_ANSWER = re.compile(r"\b(?:the|its|their)\s+(?:answer|response|reply|result|output)\b", re.I)


@dataclass
class TextFiller:
    """Fills texts.

    Attributes:
        sources: the nearest first, what a pronoun means before them.
        past: all earlier steps, whose inputs may still hold.
        written: puts a step that writes data as text first, and returns that text.
        made: puts the step first that makes what the words name ("a table of them"), if any.
        assumed: what was taken for granted, a sentence each.
        filled: the inputs so far.
    """

    component: Component
    text: str
    sources: Sequence[Source]
    past: Sequence[Source] = ()
    about: Source | None = None
    written: Callable[[Source], str | None] | None = None
    made: Callable[[str, Sequence[Source]], str | None] | None = None
    assumed: list[str] = field(default_factory=list[str])
    filled: dict[str, Any] = field(default_factory=dict[str, Any])

    def text_for(self, name: str, left: list[Mention]) -> str | None:
        """Return what is said or written: fields, a number of items, or all that a step gives."""
        inputs = self.component.inputs
        if name in TITLES and any(
            is_main_text(item, inputs[item]) for item in self.component.required
        ):
            return None
        tells = [source for source in self.sources if source.tells]
        counted = count_said(self.text, tells)
        if counted:
            return template(counted)
        said = text_from(left)
        if said:
            left.clear()
            return said
        if _NOW.search(self.text):
            return template("run.started_at")
        clause = said_clause(self.text) if name not in TITLES else None
        made = self.made(self.text, tells) if self.made is not None else None
        if made is not None:
            return template(made)
        return clause or row_fields_said(self.text, tells) or self._whole(name, tells)

    def _whole(self, name: str, tells: Sequence[Source]) -> str | None:
        answers = self.sources if _ANSWER.search(self.text) else tells
        source = whole_said(self.text, answers)
        if source is not None and file_in(source) and self._is_attached(source):
            return None  # "mail it": the file goes along, its name says nothing.
        if source is not None:
            text = told(source) or self._as_text(source)
            self._tell_choice(source, text)
            return template(text) if text else None
        titled = any(other in self.filled for other in TITLES)
        if not tells or name in TITLES or titled:
            return None
        text = told(tells[0])
        if text and self.component.kind not in ("transform", "ai"):
            given = tells[0].value.expression
            self.assumed.append(f"The request does not say the {name}: it is what {given!r} gives.")
        return template(text) if text else None

    def _tell_choice(self, source: Source, text: str | None) -> None:
        """ "Log it" of a mail: one of its texts is taken, and that is said."""
        names: dict[str, Any] = dict(source.value.schema.get("properties") or {})
        texts = [name for name, schema in names.items() if kind_of_schema(schema) == "string"]
        if text in {source.value.field(name).expression for name in texts} and len(texts) > 2:
            self.assumed.append(f"what is told is taken to be {text!r}.")

    def _as_text(self, source: Source) -> str | None:
        """Data that is no text is written as one, where the words ask for the data itself."""
        if self.written is None or not _DATA_SAID.search(self.text):
            return None
        return self.written(source)

    def _is_attached(self, source: Source) -> bool:
        path = source.value.field("path").expression
        return any(path in str(value) for value in self.filled.values() if isinstance(value, list))

    def doubles(self, values: dict[str, Any]) -> None:
        """A mail needs a subject and a text: where one is said, the other says the same."""
        inputs = self.component.inputs
        needed = self.component.required
        titles = [n for n in needed if n in TITLES and kind_of_schema(inputs[n]) == "string"]
        texts = [n for n in needed if is_main_text(n, inputs[n])]
        if not titles or not texts:
            return
        title, text = titles[0], texts[0]
        if title in values and text not in values:
            values[text] = values[title]
            self.assumed.append(f"The {text} is not said: it is the same as the {title}.")
        elif text in values and title not in values:
            values |= self._title_of_the_same(title, str(values[text])) or {}
            if title not in values:
                self._titled(values, title, text)

    def _title_of_the_same(self, title: str, text: str) -> dict[str, Any] | None:
        """ "forward it": text and subject of the same mail."""
        for source in self.sources:
            names: dict[str, Any] = dict(source.value.schema.get("properties") or {})
            given = {template(source.value.field(name).expression) for name in names}
            if title in names and text in given:
                return {title: template(source.value.field(title).expression)}
        return None

    def _titled(self, values: dict[str, Any], title: str, text: str) -> None:
        said = str(values[text])
        noun = re.search(r"\b(?:the|a|an|its|their|this)\s+([a-z]{4,})\b", self.text)
        if "${{" not in said:
            values[title] = said.splitlines()[0][:120]
        elif noun is not None:
            values[title] = noun.group(1).capitalize()
        else:
            return
        self.assumed.append(f"The {title} is not said: it is {values[title]!r}.")


def file_in(source: Source) -> bool:
    """Return whether what a source gives is a file."""
    names: dict[str, Any] = dict(source.value.schema.get("properties") or {})
    return format_of(names.get("path") or {}) == "path"


def template(expression: str) -> Any:
    """Return an expression as the value of an input; one in brackets as a list with one item."""
    if expression.startswith("[") and expression.endswith("]"):
        return ["${{ " + expression[1:-1] + " }}"]
    return "${{ " + expression + " }}"
