"""The inputs of a step that the words of its action give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.choices import choice_in, choices_in, sign_in, truth_in
from flowloom.offline.filling.columns import comparison, field_of, is_field, renamed
from flowloom.offline.filling.input_names import (
    TEXTS,
    TITLES,
    format_of,
    is_main_text,
    item_schema,
    name_of_input,
    same_stem,
)
from flowloom.offline.filling.leftover import Leftover
from flowloom.offline.filling.literals import Value, values_of
from flowloom.offline.filling.matching import best_matches, is_identifier
from flowloom.offline.filling.nested import nested_values
from flowloom.offline.filling.numbers import formula_in, money_in, number_for, pattern_in
from flowloom.offline.filling.pairs import paired
from flowloom.offline.filling.sources import Source
from flowloom.offline.filling.typed_values import typed_value
from flowloom.offline.filling.wording import in_braces, mentions, text_from
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, singular, words_of
from flowloom.offline.reading.masking import Masked
from flowloom.offline.reading.plain_words import (
    by_example,
    in_words,
    named_words,
    phrase_for,
)
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.offline.timing.moments import date_in, duration_in, moment_in, moment_words
from flowloom.offline.timing.schedule import zone_in

__all__ = ["WordFiller"]

_SAID_WHOLE = ("query", "q", "find", "value", "label", "pattern", "prompt", "question", "jql",
               "template", "statement", "formula", "replacement", "emoji", "text")  # fmt: skip
_TOLD_WITH_TIME = re.compile(r"\btext such as [A-Z].*\b(?:on|at)\s")
_SEARCHED = re.compile(
    r"^(?:search|look|query|scan|check)\b.*?\bfor\s+(?P<what>(?!the\b|an?\b|all\b|any\b)[\w@.-]+"
    r"(?:\s(?!in\b|on\b|and\b)[\w@.-]+)?)$",
    re.I,
)
_NAME_BEHIND = re.compile(
    r"\b(?P<noun>[a-z]+)\s+(?P<name>[a-z]\w*(?:[-_]\w+)+|[a-z]+\d[\w-]*|[A-Z][\w-]+)(?!\w)"
)
_FOLLOWED = re.compile(
    r"\s*,?\s*(?:and\s+)?(?:followed\s+by|plus|and\s+then|then)\s+"
    r"(?P<what>(?:the|its|their|his|her)\b.*?)(?=\s+(?:to|into|in|on)\s+(?:the\s+\w+\s+)?⟦|$)",
    re.I,
)
_COMMA_OR_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_ITEM = r"(?:⟦\d+⟧|[\w.%€$@-]+(?:\s+(?!to\b|into\b|in\b|at\b|and\b|below\b|with\b)[\w.%€$@-]+)?)"
_CELLS = re.compile(
    rf"(?:\b(?:row|values?|cells?)\s+(?:with\s+)?|^[a-z]+\s+)"
    rf"(?P<cells>{_ITEM}(?:\s*,\s*(?:and\s+)?{_ITEM}|\s+and\s+{_ITEM})+)(?=\s+(?:to|into|in|at|below)\b|$)",
    re.I,
)
_PAST = ("since", "after", "start", "from", "timeMin", "oldest")
_DROPS = ("remove", "drop", "delete", "exclude", "discard")


@dataclass
class WordFiller:
    """Reads inputs out of the words of one action.

    Attributes:
        nouns: the words of its object; ``sources`` whose fields may stand in braces in a text.
    """

    component: Component
    masked: Masked
    text: str
    nouns: Sequence[str] = ()
    sources: Sequence[Source] = ()
    _used: set[Value] = field(default_factory=set[Value])
    _words: set[str] = field(default_factory=set[str])

    def fill(self) -> dict[str, Any]:
        """Return the inputs that the words give."""
        values: dict[str, Any] = {}
        for whole in (self._compared, self._repository, self._paired, self._files, self._matched):
            whole(values)
        stages = (self._nested, self._cells, self._choice, self._moment, self._number, self._sign,
                  self._column, self._named, self._said)  # fmt: skip
        for stage in stages:
            for name, schema in self._open(values):
                value = stage(name, schema)
                if value is not None:
                    values[name] = value
        return values

    def left_over(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the one required input that is open, where what is left has only one reading."""
        open_now = [name for name, _ in self._open(values) if name in self.component.required]
        if len(open_now) != 1:
            return {}
        left = Leftover(self.component, self.text, self.nouns, self._values(), self.services)
        value = left.value_for(open_now[0])
        return {} if value is None else {open_now[0]: value}

    def _open(self, values: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        required = self.component.required
        ordered = sorted(self.component.inputs.items(), key=lambda item: item[0] not in required)
        for name, schema in ordered:
            if name not in values:
                yield name, schema

    @property
    def _verb(self) -> str:
        return base_verb((self.text.split() or [""])[0])

    @property
    def services(self) -> frozenset[str]:
        """Words that name the service, which are no values."""
        words = re.findall(r"[a-z0-9]+", f"{self.component.provider} {self.component.id}".lower())
        return frozenset((*words, "google", "".join(self.component.provider.lower().split())))

    @property
    def said(self) -> str:
        """The words with their values put back."""
        return self.masked.unmask(self.text)

    def unused(self) -> list[Value]:
        """Return the values that no input took, those that are a target ("to ⟦1⟧") left out."""
        return [
            value for value in self._values()
            if value.form != "path"
            or not re.search(r"\b(?:to|into|as|called|named)\s*$", self.text[: value.start], re.I)
        ]  # fmt: skip

    def take(self, texts: set[str]) -> None:
        """Mark values as used by a step that comes first."""
        self._used |= {value for value in self._values() if value.text in texts}

    def target(self) -> str:
        """Return the file that the words name as the place of the result, if no input took it."""
        # What a retrieval names with "in" is where it looks, not where the result goes.
        words = "to|into|as|called|named" + ("|in" if self.component.kind == "transform" else "")
        found = [
            value.text for value in self._values()
            if value.form == "path" and re.search(r"\.\w{1,5}$", value.text)
            and re.search(rf"\b(?:{words})\s*$", self.text[: value.start], re.I)
        ]  # fmt: skip
        return found[0] if len(found) == 1 and self.component.effect == "read" else ""

    def _values(self) -> list[Value]:
        return [value for value in values_of(self.text, self.masked) if value not in self._used]

    # -- several inputs at once --------------------------------------------------------------

    def _compared(self, values: dict[str, Any]) -> None:
        """ "the rows where the amount is larger than 100": field, operator and value."""
        inputs = self.component.inputs
        found = comparison(self.text, self.masked, inputs)
        if found is None:
            return
        values.update(found)
        if self._verb in _DROPS and inputs.get("keep", {}).get("default") is True:
            values["keep"] = False
        self._used |= {
            value for value in self._values()
            if value.text in (str(found.get("value")), found["field"])
        }  # fmt: skip

    def _repository(self, values: dict[str, Any]) -> None:
        """ "acme/app" says two inputs at once."""
        if not {"owner", "repo"} <= set(self.component.inputs):
            return
        found = next((value for value in self._values() if value.form == "repository"), None)
        if found is not None:
            self._used.add(found)
            owner, _, repo = found.text.partition("/")
            values.update(owner=owner, repo=repo)

    def _paired(self, values: dict[str, Any]) -> None:
        taken = set(values)
        values.update(paired(self.text, self.masked, self.component.inputs, taken))
        self._used |= {
            value for value in self._values()
            if self.text[value.start : value.end] in taken
        }  # fmt: skip

    def _files(self, values: dict[str, Any]) -> None:
        """ "the files /data/*.csv": a directory and a pattern."""
        if not {"directory", "pattern"} <= set(self.component.inputs):
            return
        for value in self._values():
            folder, _, name = value.text.rpartition("/")
            if value.form == "path" and folder and "*" in name:
                values.update(directory=folder, pattern=name)
                self._used.add(value)
                return
        pattern = pattern_in(self.text)
        if pattern:
            values["pattern"] = pattern

    def _matched(self, values: dict[str, Any]) -> None:
        """Give each value of the words to the input that its form and its neighbours name."""
        free = {name: schema for name, schema in self._open(values) if not is_field(name, schema)}
        matches = best_matches(self.text, self._values(), free, self.component.required)
        for match in matches:
            schema = free[match.name]
            value = typed_value(match.value, schema)
            if value is None:
                continue
            if isinstance(value, str) and is_main_text(match.name, schema):
                value = in_braces(value, self.sources) + self._followed_by(match.value)
            self._used.add(match.value)
            values[match.name] = _and(values.get(match.name), value)

    def _followed_by(self, value: Value) -> str:
        """ "⟦0⟧ followed by the name": what an earlier step gives, behind the text."""
        match = _FOLLOWED.match(self.text[value.end :])
        if match is None or not value.quoted:
            return ""
        said = text_from(mentions(match.group("what"), self.sources))
        return f" {said}" if said else ""

    # -- one input ---------------------------------------------------------------------------

    def _nested(self, name: str, schema: dict[str, Any]) -> Any:
        if name == "names" and kind_of_schema(schema) == "object":
            return renamed(self.text, self.masked)
        named = any(value.form in ("id", "number") for value in self._values())
        wanted = name in self.component.required or not self.component.required or named
        if kind_of_schema(schema) != "object" or not wanted or self.component.effect == "read":
            return None
        said = mentions(self.text, self.sources)
        return nested_values(self.text, self._values(), schema, self._used, said)

    def _cells(self, name: str, schema: dict[str, Any]) -> Any:
        """ "the row Oak, North, healthy", "write 1, 2 and 3 into the cells": one row of cells."""
        if kind_of_schema(schema) != "array" or name not in self.component.required:
            return None
        if (
            kind_of_schema(item_schema(schema)) != "array"
            or (match := _CELLS.search(self.text)) is None
        ):
            return None
        start, end = match.span("cells")
        self._used |= {item for item in self._values() if start <= item.start and item.end <= end}
        cells = [part for part in _COMMA_OR_AND.split(match.group("cells")) if part.strip()]
        return [[_cell(self.masked.unmask(part.strip(), quotes=False)) for part in cells]]

    def _choice(self, name: str, schema: dict[str, Any]) -> Any:
        required = name in self.component.required
        if kind_of_schema(schema) == "boolean":
            return None if required else truth_in(name, schema, self.text)
        if kind_of_schema(schema) == "array":
            return choices_in(schema, self.text)
        return choice_in(name, schema, self.text, verb=self._verb, required=required)

    def _moment(self, name: str, schema: dict[str, Any]) -> Any:
        form = format_of(schema)
        required = name in self.component.required
        if form == "duration" or (name == "duration" and required):
            return duration_in(self.text)
        if form in ("date", "date-time") and not is_field(name, schema):
            if name in _PAST or required:
                return moment_in(self.text) if required or name == "since" else None
            return date_in(self.text) if re.search(rf"\b{name}\b|\bdue\b", self.text) else None
        if form == "timezone" or name.lower() == "timezone":
            timely = re.search(r"\b(?:time|times|timezone|zone|date|clock|now)\b", self.text, re.I)
            asked = required or (timely and "from" not in name)
            return zone_in(self.text) if asked else None
        return None

    def _number(self, name: str, schema: dict[str, Any]) -> Any:
        taken = [value for value in self._values() if value.form == "number"]
        if name in ("amount", "currency"):
            return money_in(name, schema, self.text)
        return number_for(name, schema, self.text, taken, self.component)

    def _sign(self, name: str, schema: dict[str, Any]) -> Any:
        if name in ("separator", "delimiter") and kind_of_schema(schema) == "string":
            sign = sign_in(self.text) if not schema.get("enum") else None
            return (
                f"{sign} "
                if sign == "," and self.component.output.get("type") == "string"
                else sign
            )
        if name in ("formula", "expression"):
            return formula_in(self.text)
        return None

    def _column(self, name: str, schema: dict[str, Any]) -> Any:
        inputs = self.component.inputs
        if not is_field(name, schema) or name.startswith("other"):
            return None
        strict = "operator" in inputs or ("group_field" in inputs and name == "field")
        return field_of(name, schema, self.text, self.masked, strict=strict)

    def _named(self, name: str, schema: dict[str, Any]) -> Any:
        """ "with the label ops", "labelled stale", "into English", "due tomorrow"."""
        is_list = kind_of_schema(schema) == "array"
        inner = schema.get("items") if is_list else schema
        if not isinstance(inner, dict) or inner.get("enum") or is_field(name, schema):
            return None
        if is_identifier(name):
            return None
        if kind_of_schema(inner) != "string" or format_of(schema) or "x-separator" in schema:
            return None
        found = phrase_for(self.text, schema)
        found = found or named_words(self.text, name, schema, services=self.services)
        found = found or in_words(name, self.text, schema) or self._verbed(name, schema)
        found = found or self._searched(name, schema) or self._called(name, schema)
        if name in self.component.required:
            found = found or by_example(self.text, schema)
        if found is None or str(found) in self._words:
            return None
        self._words.add(str(found))
        return [found] if is_list and isinstance(found, str) else found

    def _verbed(self, name: str, schema: dict[str, Any]) -> str | None:
        """ "Assign issue 8 to dana": the verb is that of the input."""
        match = re.search(r"\bto\s+@?([A-Za-z][\w-]*)$", self.text)
        means = name_of_input(name, schema)
        if match is None or not means.short or not self._verb:
            return None
        return match.group(1) if same_stem(self._verb, means.short[-1]) else None

    def _searched(self, name: str, schema: dict[str, Any]) -> str | None:
        """ "Search the contacts for acorn"."""
        said = str(schema.get("description") or "")
        if name not in ("query", "q") or not re.search(r"\b(?:text|words?|terms?)\b", said, re.I):
            return None
        match = _SEARCHED.match(self.text)
        return match.group("what") if match else None

    def _called(self, name: str, schema: dict[str, Any]) -> str | None:
        """ "Create the channel proj-lynx": a word behind the noun that is none of the language."""
        if name not in TITLES or name not in self.component.required:
            return None
        nouns = {singular(word) for word in words_of(self.component.title)} - FUNCTION_WORDS
        for match in _NAME_BEHIND.finditer(self.text):
            if singular(match.group("noun").lower()) in nouns:
                return match.group("name")
        return None

    def _said(self, name: str, schema: dict[str, Any]) -> Any:
        """A quoted text that no other input took is what is said, written or searched."""
        if kind_of_schema(schema) not in ("string", "") or schema.get("enum") or format_of(schema):
            return None
        said = name in (*TEXTS, *TITLES, *_SAID_WHOLE) or "x-text" in schema
        if not said or is_field(name, schema):
            return None
        quoted = [value for value in self._values() if value.quoted]
        if not quoted or not self._takes_what_is_said(name, len(quoted)):
            return None
        self._used.add(quoted[0])
        text = in_braces(quoted[0].text.replace("${{", "$${{"), self.sources)
        when = moment_words(self.text) if _TOLD_WITH_TIME.search(self.component.description) else ""
        return f"{text} {when}".strip()

    def _takes_what_is_said(self, name: str, count: int) -> bool:
        texts = [item for item in self.component.required if item in TEXTS]
        if name in self.component.required:
            return name not in TITLES or count > 1 or not texts
        if name in ("query", "q"):
            return True
        if name == "text" and self.component.effect == "read":
            return not needed_texts(self.component)
        # Of a thing that needs neither, the quoted text is its title: an event, a customer.
        needed = {*texts, *(set(self.component.required) & {*TITLES, *_SAID_WHOLE})}
        return name in TITLES and not needed and self.component.effect == "write"


def _cell(text: str) -> str | int | float:
    """Return a number as one."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def needed_texts(component: Component) -> list[str]:
    """Return the texts that a component must be given."""
    return [name for name in component.required if name in (*TEXTS, *TITLES, *_SAID_WHOLE)]


def _and(known: Any, value: Any) -> Any:
    """Put a further value of the same input to the first."""
    if known is None:
        return value
    first: list[Any] = list(known) if isinstance(known, list) else [known]
    return [*first, *(value if isinstance(value, list) else [value])]
