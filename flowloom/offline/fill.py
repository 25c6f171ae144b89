"""Sixth stage: the inputs of a step, from the words of the request and from earlier outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.conditions import parse_condition
from flowloom.offline.lexicon import NUMBERS, singular
from flowloom.offline.masking import Masked
from flowloom.offline.schemas import Typed, field_named, kind_of_schema, list_in, text_of

__all__ = ["Filled", "Filler"]

_TEXTS = ("text", "message", "body", "content", "comment", "question", "caption", "template")
_TITLES = ("title", "name", "subject", "summary", "heading")
_NAMED = re.compile(r"\b(?:called|named|titled|entitled)\s+(⟦\d+⟧|[A-Z][\w-]*)", re.I)
_SAYING = re.compile(
    r"\b(?:saying|that says|says|reading|with (?:the )?(?:text|message|body|content))\s+(⟦\d+⟧)",
    re.I,
)
_URL = re.compile(r"https?://\S+\Z")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_FILE = re.compile(r"(?:[~./]|\w).*\.[A-Za-z0-9]{1,5}\Z|(?:~|\.{0,2})/.*\Z")
_REPOSITORY = re.compile(r"([\w.-]+)/([\w.-]+)\Z")
_LIMIT = re.compile(r"\b(?:first|top|last|latest|newest|up to|at most)\s+(\d+|[a-z]+)\b", re.I)
_LISTS = ("items", "rows", "records", "data", "values", "list", "entries", "paths", "left")
_DURATION = re.compile(
    r"\b(\d+(?:\.\d+)?|an?|half an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s*"
    r"(second|sec|minute|min|hour|day|week)s?\b",
    re.I,
)
_OPERATORS = {
    ">": "greater", "<": "less", ">=": "greater_or_equal", "<=": "less_or_equal", "==": "equals",
    "!=": "not_equals", "contains": "contains", "not contains": "not_contains", "empty": "empty",
    "not empty": "not_empty", "starts with": "starts_with", "ends with": "ends_with",
}  # fmt: skip
_LIMITS = ("limit", "count", "n", "per_page", "page_size", "max_results", "maxResults", "number")


@dataclass
class Filled:
    """The inputs of one step.

    Attributes:
        values: what stands under ``with``.
        missing: required inputs that neither request nor outputs give.
    """

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    missing: list[str] = field(default_factory=list[str])


@dataclass
class Filler:
    """Fills the inputs of one step.

    Attributes:
        text: masked words of the action; ``sentence`` of the sentence around it.
        sources: what earlier steps give, the nearest first.
    """

    component: Component
    masked: Masked
    text: str
    sentence: str
    sources: Sequence[Typed]
    about: Typed | None = None
    _used: set[str] = field(default_factory=set[str])

    def fill(self) -> Filled:
        """Return the inputs that can be filled."""
        filled = Filled()
        self._split_repository(filled)
        self._compare(filled)
        stages = (
            self._by_name,
            self._by_form,
            self._by_duration,
            self._by_field,
            self._by_enum,
            self._by_number,
            self._main_text,
        )
        for stage in stages:
            for name, schema in self._open(filled):
                value = stage(name, schema)
                if value is not None:
                    filled.values[name] = value
        for name, schema in self._open(filled):
            if name in self.component.required:
                self._from_outputs(filled, name, schema)
        filled.missing = [name for name in self.component.required if name not in filled.values]
        return filled

    def _open(self, filled: Filled) -> Iterator[tuple[str, dict[str, Any]]]:
        required = self.component.required
        ordered = sorted(self.component.inputs.items(), key=lambda item: item[0] not in required)
        for name, schema in ordered:
            if name not in filled.values:
                yield name, schema

    # -- from the words ----------------------------------------------------------------------

    def _values(self, text: str) -> Iterator[tuple[str, str, bool]]:
        for match in re.finditer(r"⟦(\d+)⟧", text):
            number = int(match.group(1))
            if match.group(0) not in self._used:
                yield match.group(0), self.masked.values[number], number in self.masked.quoted

    def _take(self, mask: str, value: str) -> str:
        self._used.add(mask)
        return value.replace("${{", "$${{")

    def _split_repository(self, filled: Filled) -> None:
        inputs = self.component.inputs
        if not {"owner", "repo"} <= set(inputs):
            return
        for mask, value, _ in [*self._values(self.text), *self._values(self.sentence)]:
            if match := _REPOSITORY.match(value):
                self._take(mask, value)
                filled.values.update(owner=match.group(1), repo=match.group(2))
                return

    def _compare(self, filled: Filled) -> None:
        """ "the rows where the amount is larger than 100": field, operator and value."""
        choices = self.component.inputs.get("operator", {}).get("enum", [])
        match = re.search(r"\b(?:where|whose|with|that|which|if)\s+(.+)$", self.text, re.I)
        if not choices or match is None or "field" not in self.component.inputs:
            return
        found = parse_condition(match.group(1), self.masked.values)
        if found is None:
            return
        wanted = _OPERATORS.get(found.operator, "")
        operator = next((item for item in choices if item == wanted), None)
        operator = operator or next((item for item in choices if wanted in item), None)
        name = found.attribute or "_".join(found.subject[-1:])
        if operator and name:
            filled.values.update(field=name, operator=operator)
            if found.value is not None and "value" in self.component.inputs:
                filled.values["value"] = found.value
            self._used.update(re.findall(r"⟦\d+⟧", match.group(1)))

    def _by_duration(self, name: str, schema: dict[str, Any]) -> Any:
        if "duration" not in (schema.get("format"), name):
            return None
        match = _DURATION.search(self.text)
        if match is None:
            return None
        word, unit = match.group(1).lower(), match.group(2).lower()
        number = {"a": "1", "an": "1", "half an": "0.5"}.get(word) or str(NUMBERS.get(word, word))
        return f"{number}{'s' if unit.startswith('sec') else unit[0]}"

    def _by_field(self, name: str, schema: dict[str, Any]) -> Any:
        """ "sort by amount", "group by the city": the name of a field."""
        if name not in ("field", "by", "key", "column") or kind_of_schema(schema) != "string":
            return None
        match = re.search(r"\b(?:by|on)\s+(?:the\s+|their\s+|its\s+)?([a-z_]\w*)", self.text, re.I)
        if match is None:
            quoted = [item for item in self._values(self.text) if item[2]]
            return self._take(*quoted[0][:2]) if quoted else None
        return match.group(1)

    def _by_name(self, name: str, schema: dict[str, Any]) -> Any:
        """ "with title ⟦0⟧", "in column ⟦1⟧": the input's own name stands before the value."""
        if kind_of_schema(schema) not in ("string", "array", "integer", "number", ""):
            return None
        words = "[ _-]?".join(re.escape(word) for word in re.split(r"[_\s]+", _spaced(name)))
        stem = words.removesuffix("s")
        pattern = (
            rf"\b{stem}(?:s|ed|led|d)?\b\s*(?:is|of|to|=|:|as|called|named)?\s*(?:the\s+)?(⟦\d+⟧)"
        )
        match = re.search(pattern, self.text, re.I)
        if match is None and name in _TITLES:
            match = _NAMED.search(self.text)
        if match is None and name in _TEXTS:
            match = _SAYING.search(self.text)
        return self._typed(match.group(1), schema) if match else None

    def _typed(self, mask: str, schema: dict[str, Any]) -> Any:
        inner = re.match(r"⟦(\d+)⟧", mask)
        value = self.masked.values[int(inner.group(1))] if inner else mask
        kind = kind_of_schema(schema)
        if kind in ("integer", "number"):
            if not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
                return None
            self._used.add(mask)
            return int(value) if kind == "integer" else float(value)
        taken = self._take(mask, value)
        return [taken] if kind == "array" else taken

    def _by_form(self, name: str, schema: dict[str, Any]) -> Any:
        """Addresses, links, files and channels are told by how they are written."""
        for text in (self.text, self.sentence):
            for mask, value, quoted in list(self._values(text)):
                if self._has_form(name, schema, value, quoted):
                    return self._typed(mask, schema)
        return None

    def _has_form(self, name: str, schema: dict[str, Any], value: str, quoted: bool) -> bool:
        form = str(schema.get("format") or (schema.get("items") or {}).get("format") or "")
        lower = name.lower()
        if kind_of_schema(schema) not in ("string", "array", ""):
            return False
        if _URL.match(value):
            return form == "uri" or lower in ("url", "link", "website", "href")
        if _ADDRESS.match(value):
            return form == "email" or lower in ("to", "email", "recipient", "recipients", "address")
        if value.startswith("#") and not quoted:
            return "channel" in lower and not lower.endswith("id")
        if lower in ("channel", "chat_id", "calendarId", "parent") or form in ("uri", "email"):
            return False
        is_path = form == "path" or "path" in lower or lower in ("file", "filename", "directory")
        return is_path and bool(_FILE.match(value)) and lower not in self._other_paths(value)

    def _other_paths(self, value: str) -> set[str]:
        # A second path ("to ⟦1⟧") is the target.
        return {"target"} if "target" in self.component.inputs and not self._used else set()

    def _by_enum(self, name: str, schema: dict[str, Any]) -> Any:
        choices = [item for item in schema.get("enum", []) if isinstance(item, str)]
        words = re.findall(r"[a-z0-9_]+", self.text.lower())
        for choice in choices:
            if len(choice) > 2 and choice.lower() in words and choice != schema.get("default"):
                return choice
        if kind_of_schema(schema) == "string" and name in ("state", "status"):
            return next((word for word in words if word in ("open", "closed")), None)
        return None

    def _by_number(self, name: str, schema: dict[str, Any]) -> Any:
        if kind_of_schema(schema) not in ("integer", "number"):
            return None
        if name in _LIMITS and (match := _LIMIT.search(self.text)):
            word = match.group(1).lower()
            return NUMBERS.get(word) or (int(word) if word.isdigit() else None)
        spaced = re.escape(_spaced(name))
        match = re.search(rf"\b{spaced}\s*(?:of|is|to|=|:)?\s*(-?\d+(?:\.\d+)?)\b", self.text, re.I)
        match = match or re.search(rf"\b(-?\d+(?:\.\d+)?)\s+{spaced}\b", self.text, re.I)
        if match is None:
            return None
        number = match.group(1)
        is_float = kind_of_schema(schema) == "number" or "." in number
        return float(number) if is_float else int(number)

    def _main_text(self, name: str, schema: dict[str, Any]) -> Any:
        """A quoted text that no other input took is what is said, written or searched."""
        if kind_of_schema(schema) != "string" or schema.get("enum") or schema.get("format"):
            return None
        if name not in (*_TEXTS, *_TITLES, "query", "q", "find", "value", "label", "pattern"):
            return None
        if name not in self.component.required and name not in ("query", "q"):
            return None
        quoted = [(mask, value) for mask, value, is_quote in self._values(self.text) if is_quote]
        if not quoted:
            return None
        titles_left = name in _TITLES and len(quoted) < 2 and self._has_open_text()
        return None if titles_left else self._take(*quoted[0])

    def _has_open_text(self) -> bool:
        return any(name in self.component.required for name in _TEXTS)

    # -- from earlier outputs ----------------------------------------------------------------

    def _from_outputs(self, filled: Filled, name: str, schema: dict[str, Any]) -> None:
        nearest = [self.about, *self.sources] if self.about else list(self.sources)
        for source in nearest:
            expression = self._expression(name, schema, source)
            if expression:
                filled.values[name] = "${{ " + expression + " }}"
                return

    def _expression(self, name: str, schema: dict[str, Any], source: Typed) -> str | None:
        kind = kind_of_schema(schema)
        if kind == "array":
            if name not in _LISTS:
                return None
            found = list_in(source)
            is_list = found is not None and kind_of_schema(found.schema) == "array"
            return found.expression if found and is_list else None
        if kind == "":
            return None if "type" in schema else source.expression
        said = self._field_said(source) if kind == "string" and _is_text(name) else None
        if said is not None:
            return text_of(said)
        same = self._same_field(name, source)
        if same is not None and kind_of_schema(same.schema) == kind:
            return same.expression
        if kind == "string" and not schema.get("format") and _is_text(name) and name not in _TITLES:
            return text_of(source)
        if kind == "object" and kind_of_schema(source.schema) == "object":
            return source.expression if name in ("value", "values", "data", "body") else None
        return None

    def _field_said(self, source: Typed) -> Typed | None:
        """ "with its subject", "the author of the entry": a field that the words name."""
        names = source.schema.get("properties") or {}
        pattern = r"\b(?:its|their|the|each)\s+(?:\w+['’]s\s+)?([a-z]+)"
        for word in re.findall(pattern, self.text, re.I):
            if word.lower() in names and kind_of_schema(names[word.lower()]) == "string":
                return source.field(word.lower())
        return None

    def _same_field(self, name: str, source: Typed) -> Typed | None:
        if kind_of_schema(source.schema) != "object" or not source.schema.get("properties"):
            return None
        names = source.schema["properties"]
        if name in names and name not in ("text", "name", "url", "path", "id"):
            return source.field(name)
        if name in ("path", "url", "id", "html") and name in names:
            return source.field(name)
        tail = _spaced(name).split()
        if len(tail) > 1 and tail[-1] in names:
            about = {singular(part) for part in re.findall(r"[a-z]+", source.expression.lower())}
            return source.field(tail[-1]) if about & set(tail[:-1]) else None
        return field_named(source, name) if name in names and name != "text" else None


def _is_text(name: str) -> bool:
    return name in (*_TEXTS, "html", "markdown", "data", "description") or name in _TITLES


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", name).lower()
