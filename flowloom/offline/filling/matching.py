"""Which value of the words belongs to which input: by form, by the words beside it, by place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.offline.filling.input_names import (
    TEXTS,
    TITLES,
    InputName,
    format_of,
    item_schema,
    name_of_input,
    words_before,
)
from flowloom.offline.filling.literals import Form, Value
from flowloom.offline.filling.typed_values import only_field
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["Match", "best_matches", "is_identifier"]

_FORMATS: dict[str, tuple[Form, ...]] = {
    "uri": ("url",), "email": ("email",), "path": ("path",), "date": ("date",),
    "date-time": ("date",), "file-name": ("path",),
}  # fmt: skip
_FORMED_NAMES: dict[Form, frozenset[str]] = {
    "url": frozenset({"url", "link", "website", "href", "homepage"}),
    "email": frozenset({"to", "email", "recipient", "recipients", "sender", "from", "cc", "bcc"}),
    "path": frozenset({"path", "file", "filename", "target", "directory", "folder", "pattern"}),
    "channel": frozenset({"channel"}),
    "repository": frozenset(),
    "date": frozenset({"time", "date", "since", "until", "before", "after"}),
    "json": frozenset({"body", "data", "value", "json", "payload"}),
}
_SENDERS = frozenset({"sender", "from", "creator", "author", "reply"})
_TARGETS = frozenset({"target", "destination", "output"})
_SAID = {
    "title": re.compile(r"\b(?:titled|entitled|called|named|headed)\s*:?\s*$", re.I),
    "text": re.compile(
        r"\b(?:saying|says?|reading|reads|stating|telling (?:them|him|her|us|everyone)"
        r"|with the words)"
        r"(?:\s+that)?\s*[:,]?\s*$",
        re.I,
    ),
}
_CHANGED = re.compile(
    r"\b(?:chang|set|updat|edit|turn|switch)\w*\s+(?:the\s+|its\s+|their\s+)?([a-z ]+?)"
    r"(?:\s+(?:of|for|on|in)\s[^,]*)?\s+to\s*:?\s*$",
    re.I,
)
_JOINED = r"(?:[\s,&]|\band\b|\bor\b|\bas well as\b|\bthe files?\b)*"
_CONTENT_OF = re.compile(r"\b(?:contents?|text|lines|words)\s+of\s+(?:the\s+file\s+)?$", re.I)
_CELLS = re.compile(r"(?:[^!]+!)?\$?[A-Za-z]{1,3}\$?\d*(?::\$?[A-Za-z]{1,3}\$?\d*)?$|[A-Za-z ]+$")
_IDENTIFIER = re.compile(r"(?:(?:^|_)id|Id|(?:^|_)key|Key|(?:^|_)ts)$")
_TO = frozenset({"to", "into", "as", "onto", "under", "called", "named", "in"})
_LABELLED_ONLY = frozenset({"cc", "bcc", "reply_to", "icon_url", "username", "thread_ts"})


@dataclass(frozen=True)
class Match:
    """A value that an input could take, and how well it fits."""

    points: float
    name: str
    value: Value


def best_matches(
    text: str, values: list[Value], inputs: Mapping[str, dict[str, Any]], required: tuple[str, ...]
) -> Iterator[Match]:
    """Yield matches of values and inputs, the best first; each value and each input once.

    Arrays and inputs that take several addresses may come with several values.
    """
    matches = sorted(
        (
            Match(points, name, value)
            for name, schema in inputs.items()
            for value in values
            if (points := _points(text, value, name, schema, name in required, inputs)) > 0
        ),
        key=lambda item: (-item.points, item.value.start),
    )
    taken: set[Value] = set()
    filled: set[str] = set()
    for match in matches:
        if match.value in taken or match.name in filled:
            continue
        filled.add(match.name)
        for value in (match.value, *_more(text, match, values, inputs[match.name])):
            if value not in taken:
                taken.add(value)
                yield Match(match.points, match.name, value)


def _more(text: str, first: Match, values: list[Value], schema: dict[str, Any]) -> Iterator[Value]:
    """Yield the values of the same form that are joined to the first by commas or "and"."""
    if not _is_several(schema):
        return
    last = first.value
    for value in values:
        same = (value.form, value.quoted) == (last.form, last.quoted)
        if value.start < last.end or not same:
            continue
        if not re.fullmatch(_JOINED, text[last.end : value.start]):
            return
        yield value
        last = value


def _is_several(schema: dict[str, Any]) -> bool:
    arrays = any(kind_of_schema(item) == "array" for item in schema.get("anyOf", []))
    return kind_of_schema(schema) == "array" or arrays


def _points(
    text: str, value: Value, name: str, schema: dict[str, Any], required: bool,
    inputs: Mapping[str, dict[str, Any]],
) -> float:  # fmt: skip
    if not _can_hold(value, name, schema, text, required=required):
        return 0.0
    means = name_of_input(name, schema)
    said = _beside(text, value, means)
    formed = _form_points(value, name, schema)
    if formed == 0.0:
        return said + (0.5 if required else 0.0) if said else 0.0
    if name in _LABELLED_ONLY and not said:
        return 0.0
    placed = _place_points(text, value, name, inputs)
    if not required and not said and placed <= 0 and not _only_of_form(value, inputs):
        return 0.0
    return max(0.0, formed + said + placed + (0.5 if required else 0.0))


def _beside(text: str, value: Value, means: InputName) -> float:
    """Weigh the words on both sides: "with the label x", "the x label", "5 retries"."""
    before = means.strength(words_before(text, value))
    if before:
        return before
    changed = _CHANGED.search(text[: value.start])
    if changed:
        words = tuple(singular(word) for word in changed.group(1).lower().split())
        if means.strength(words):
            return 2.5
    group = next((name for name, form in _SAID.items() if form.search(text[: value.start])), "")
    if group and group == means.group:
        return 2.2
    after = re.match(
        r"\s+(?:in\s+(?:the|its|their)\s+)?([a-z][\w-]*(?:\s+[a-z][\w-]*)?)",
        text[value.end :],
        re.I,
    )
    if after is None or (value.quoted and not _is_attribute(text, value)):
        return 0.0
    words = tuple(singular(word) for word in after.group(1).lower().split())
    best = max(means.strength(words), means.strength(words[:1]))
    return max(0.0, best - 0.4) if best >= 1.5 else 0.0


def _is_attribute(text: str, value: Value) -> bool:
    """A quoted text belongs to the noun behind it in `the "bug" label`, `"x" in the subject`."""
    if re.match(r"\s+in\s+(?:the|its|their)\s", text[value.end :], re.I):
        return True
    return bool(re.search(r"\b(?:the|an?|its|my|our)\s*$", text[: value.start], re.I))


def _can_hold(
    value: Value, name: str, schema: dict[str, Any], text: str = "", *, required: bool = True
) -> bool:
    if value.form == "path" and not required and _CONTENT_OF.search(text[: value.start]):
        return False  # "mail the contents of a file" attaches no file.
    inner = item_schema(schema) if kind_of_schema(schema) == "array" else schema
    wrapped = only_field(inner)
    if wrapped:
        return _can_hold(value, wrapped, inner["properties"][wrapped])
    kind = kind_of_schema(inner)
    if inner.get("enum") or kind == "boolean" or (kind == "object" and value.form != "json"):
        return False
    if kind in ("integer", "number"):
        return value.form == "number" and (kind == "number" or "." not in value.text)
    form = format_of(schema)
    if form in _FORMATS:
        return value.form in _FORMATS[form]
    if form in ("duration", "timezone", "cron", "regex", "sql"):
        return value.quoted and (form != "sql" or _is_sql(value.text))
    return _can_stand_for(value, name, schema)


def _can_stand_for(value: Value, name: str, schema: dict[str, Any]) -> bool:
    """Return whether a value may be a text without a form of its own."""
    if value.quoted:
        in_words = "date in words" in str(schema.get("description") or "")
        return not (" " in value.text and _IDENTIFIER.search(name)) or in_words
    if "date in words" in str(schema.get("description") or ""):
        return False
    if value.form == "channel" and name.endswith(("id", "Id")):
        return False
    if "A1 notation" in str(schema.get("description") or "") and not _CELLS.match(value.text):
        return False
    if value.form in ("number", "path", "email") and name in TEXTS:
        return False
    if value.form == "path" and name.lower() in ("folder", "directory"):
        return not re.search(r"\.\w{1,5}$", value.text)
    return not value.spelled and not (value.form == "number" and name in TITLES)


def _is_sql(text: str) -> bool:
    return bool(
        re.match(r"\s*(?:select|with|insert|update|delete|create|drop|alter)\b", text, re.I)
    )


def _form_points(value: Value, name: str, schema: dict[str, Any]) -> float:
    """Return how telling the form of a value is for an input."""
    wrapped = only_field(item_schema(schema))
    form = format_of(item_schema(schema)["properties"][wrapped]) if wrapped else format_of(schema)
    if form in _FORMATS:
        return 2.0
    if form == "sql":
        return 2.0
    if name.lower() in _FORMED_NAMES.get(value.form, ()):
        return 1.8
    if value.form == "path" and "path" in name.lower():
        return 1.5
    return 0.4 if value.form == "json" and kind_of_schema(schema) == "object" else 0.0


def _place_points(
    text: str, value: Value, name: str, inputs: Mapping[str, dict[str, Any]]
) -> float:
    """Weigh "from x", "to x": senders and recipients, what is read and what is written."""
    last = re.findall(r"[a-z]+", text[: value.start].lower())[-2:]
    before = last[-1] if last else ""
    if value.form == "email":
        is_sender = bool(_SENDERS & set(name.lower().split("_")))
        return (1.0 if is_sender else -3.0) if before in ("from", "by") else -1.0 * is_sender
    if value.form != "path":
        return 0.0
    return _path_points(set(last), value, name, inputs)


def _path_points(
    before: set[str], value: Value, name: str, inputs: Mapping[str, dict[str, Any]]
) -> float:
    lower = name.lower()
    if "*" in value.text:
        return 1.0 if lower in ("pattern", "glob") else -1.0
    if lower == "pattern":
        return -5.0
    has_end = bool(re.search(r"\.\w{1,5}$", value.text))
    if "directory" in lower or lower == "folder":
        return -0.5 if has_end else 0.5
    if not (_TARGETS | {"directory"}) & set(inputs):
        return 0.0
    goes = bool(before & (_TO if has_end else _TO | {"at"}))
    return 0.5 if goes == (lower in _TARGETS) else -0.6


def _only_of_form(value: Value, inputs: Mapping[str, dict[str, Any]]) -> bool:
    takers = [
        name for name, schema in inputs.items()
        if name not in _LABELLED_ONLY
        and _can_hold(value, name, schema)
        and _form_points(value, name, schema) >= 1.0
    ]  # fmt: skip
    return len(takers) == 1


def is_identifier(name: str) -> bool:
    """Return whether an input takes an id or key, which no plain word is."""
    return _IDENTIFIER.search(name) is not None
