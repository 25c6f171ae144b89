"""Texts that are made of earlier outputs: "its title and its link", "how many rows there are"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowloom.offline.filling.sources import Source, field_called, list_of
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, word_set
from flowloom.offline.rendering.schemas import Typed, is_open, item_of, kind_of_schema, text_of

__all__ = [
    "Mention", "column_said", "count_said", "in_braces", "mentions",
    "row_fields_said", "said_clause", "text_from",
    "told", "whole_said",
]  # fmt: skip

_INTRODUCED = re.compile(
    r"\b(?P<lead>its|their|his|her|the|each|whose|and|with|both|a|of)\s+"
    r"(?:(?:column|field|full|value of(?: the)?(?: column| field)?)\s+)?"
    r"(?P<word>[A-Za-z][a-z_]*)(?:\s+(?P<next>[a-z]+))?",
    re.I,
)
_OWNED = re.compile(r"\b\w+['’]s?\s+(?P<word>[a-z][a-z_]*)", re.I)
_COLUMN = re.compile(
    r"\b(?:column|field)\s+(?P<word>[A-Za-z_]\w*)"
    r"|\b(?!the\b)(?P<other>[A-Za-z_]\w*)\s+(?:column|field)\b",
    re.I,
)
_BARE = re.compile(r"^[A-Za-z]+\s+(?P<word>[a-z_]+)(?=\s*(?:$|,|\b(?:to|in|on|and)\b))")
_COUNT = re.compile(
    r"\b(?:how many|(?:the\s+)?(?:total\s+)?number of|the count of|a count of|the amount of)\s+"
    r"(?:\w+\s+)?(?P<what>[a-z]+)|\b(?P<bare>(?:the|their|its) (?:number|count)|how many"
    r"|the total number)\b",
    re.I,
)
_WHOLE = re.compile(
    r"\b(?:it|this|that|them|these|those|its? (?:result|output|answer|contents?)|"
    r"(?:the|this|that|an?|all|every|each|its|their|his|her|my|your)\s+(?P<noun>[a-z]+)(?:\s+"
    r"(?P<second>[a-z]+))?)\b",
    re.I,
)
_RESULT = word_set(
    "result results output answer response content contents text list summary translation table"
    " value values number total data forecast report message line one name link everything digest"
    " sum average count findings titles names details"
)


_AS = re.compile(r"\s+as\s+(?:the\s+|its\s+|a\s+|an\s+)?(?P<label>[a-z]+(?:\s[a-z]+)?)", re.I)
_IN_COLUMN = re.compile(
    r"\b(?:the|an?|its|their)\s+(?P<label>[a-z]+(?:\s[a-z]+)?)\s+(?:in|from|of)\s+"
    r"(?:the\s+|its\s+)?(?:column|field)?\s*$",
    re.I,
)


_NO_FIELDS = word_set(
    "result results output answer response content contents list summary translation table data"
    " message line one everything digest number count file row item text"
)


@dataclass(frozen=True)
class Mention:
    """A field of a source that words name, and where they do.

    Attributes:
        label: what it is to be, where that is said: "its subject as the summary".
    """

    value: Typed
    word: str
    start: int
    plural: bool = False
    label: str = ""


def mentions(text: str, sources: Sequence[Source]) -> list[Mention]:
    """Return the fields that words name, in the order in which they are said."""
    found: dict[str, Mention] = {}
    columns = {match.group("word") or match.group("other") for match in _COLUMN.finditer(text)}
    owned = {word for word in re.findall(r"\b(?:its|their|the row['’]s)\s+([A-Za-z_]\w*)", text)
             if word not in _RESULT}  # fmt: skip
    columns |= owned
    for start, word in sorted(_words(text)):
        mention = _mention(word, start, sources, column=word in columns)
        if mention is not None:
            mention = replace(mention, label=_label(text, start, word))
            found.setdefault(mention.value.expression, mention)
    return list(found.values())


def _label(text: str, start: int, word: str) -> str:
    at = text.find(word, start)
    behind = _AS.match(text[at + len(word) :]) if at >= 0 else None
    before = _IN_COLUMN.search(text[: at if at >= 0 else start])
    found = behind or before
    return found.group("label").lower() if found else ""


def _words(text: str) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    at = 0
    while match := _INTRODUCED.search(text, at):
        word, following = match.group("word"), match.group("next")
        at = match.start("word")
        rest = text[match.end("word") :].lstrip()
        if rest.startswith("⟦") or re.match(r"(?:saying|is|of\s+⟦|called|named)\b", rest):
            continue
        if following and f"{word}_{following}":
            found.add((match.start("word"), f"{word} {following}"))
        found.add((match.start("word"), word))
    if (bare := _BARE.match(text)) is not None:
        found.add((bare.start("word"), bare.group("word")))
    for pattern in (_OWNED, _COLUMN):
        for match in pattern.finditer(text):
            word = match.groupdict().get("word") or match.groupdict().get("other") or ""
            found.add((match.start(), word))
    return {(start, word) for start, word in found if word.lower() not in FUNCTION_WORDS}


def _mention(word: str, start: int, sources: Sequence[Source], *, column: bool) -> Mention | None:
    for source in sources:
        value = field_called(source.value, word)
        if value is None and column and _is_row(source):
            value = source.value.field(word)
        if value is not None and word != singular(word) and not _is_exact(source, word):
            value = None  # "the links" of a page are not its address.
        if value is not None and kind_of_schema(value.schema) not in ("object",):
            if source.nouns and singular(word.lower()) in source.nouns and source.kind == "item":
                continue  # "each issue" is the item, not its field.
            return Mention(value, word, start)
        listed = list_of(source)
        if listed is None:
            continue
        item = field_called(item_of(listed, "entry"), word)
        if item is not None and (word != singular(word) or source.kind == "step"):
            inner = text_of(item)
            if inner:
                expression = f'{listed.expression}.map(entry, {inner}).join("\\n")'
                return Mention(Typed(expression, {"type": "string"}), word, start, plural=True)
    return None


def _is_row(source: Source) -> bool:
    """A row of a table: an object with any fields."""
    if not is_open(source.value.schema):
        return False
    return source.kind == "item" or bool(source.value.schema.get("additionalProperties"))


def _is_exact(source: Source, word: str) -> bool:
    return word in (source.value.schema.get("properties") or {})


def column_said(text: str, sources: Sequence[Source]) -> Typed | None:
    """Return the field of rows with any fields that "the column email" names."""
    for match in _COLUMN.finditer(text):
        word = match.group("word") or match.group("other")
        if word.lower() in FUNCTION_WORDS:
            continue
        for source in sources:
            if source.kind == "item" and is_open(source.value.schema):
                return source.value.field(word)
    return None


_FIRST_OBJECT = re.compile(
    r"^\w+\s+(?:the|its|their|each)\s+(?P<a>[A-Za-z_]\w*)(?:(?:,|\s+and)\s+(?:the\s+|its\s+)?(?P<b>[a-z_]\w*))?"
    r"(?=\s+(?:of|to|in|into|on|for|from|as)\b|\s*$|,)"
)


def row_fields_said(text: str, sources: Sequence[Source]) -> str | None:
    """ "log the name", in a loop over rows with any fields: the field ``name`` of the row."""
    row = next((source for source in sources if source.kind == "item"), None)
    match = _FIRST_OBJECT.match(text)
    if row is None or match is None or not _is_row(row):
        return None
    words = [word for word in match.group("a", "b") if word]
    nouns = {noun for source in sources for noun in source.nouns}
    if any(singular(word.lower()) in nouns or word in _NO_FIELDS for word in words):
        return None
    return " ".join("${{ " + row.value.field(word).expression + " }}" for word in words)


def count_said(text: str, sources: Sequence[Source]) -> str | None:
    """Return the number that words ask to tell, as text."""
    match = _COUNT.search(text)
    if match is None:
        return None
    what = singular((match.group("what") or "").lower())
    for source in sources:
        kind = kind_of_schema(source.value.schema)
        if kind in ("integer", "number") and not what:
            return f"string({source.value.expression})"
        names: Mapping[str, Any] = source.value.schema.get("properties") or {}
        numbers = [name for name in names if kind_of_schema(names[name]) in ("integer", "number")]
        counted = [name for name in numbers if what and singular(name.lower()) == what]
        if counted:
            return f"string({source.value.field(counted[0]).expression})"
        found = list_of(source)
        if found is not None:
            return f"string(size({found.expression}))"
        if kind in ("integer", "number"):
            return f"string({source.value.expression})"
    return None


def whole_said(text: str, sources: Sequence[Source]) -> Source | None:
    """Return the source that a pronoun or a noun of the words stands for as a whole."""
    for match in _WHOLE.finditer(text):
        nouns = [word.lower() for word in match.group("noun", "second") if word]
        if not nouns or nouns[0] in _RESULT or (len(nouns) > 1 and nouns[1] in _RESULT):
            return sources[0] if sources else None
        wanted = {singular(word) for word in nouns}
        called = next((source for source in sources if wanted & source.nouns), None)
        if called is not None:
            return called
    return None


_PAGE = re.compile(r"next|has_?more|total|cursor", re.I)


def told(source: Source) -> str | None:
    """Return a source as text; of several numbers, the one that its words asked for."""
    names: Mapping[str, Any] = source.value.schema.get("properties") or {}
    asked = [name for name in names if singular(name.lower()) in source.said
             and kind_of_schema(names[name]) in ("integer", "number")]  # fmt: skip
    listed = list_of(source)
    if listed is not None and any(_PAGE.match(name) for name in names):
        return text_of(listed)  # A page of results tells them, not itself.
    if asked and not text_of(source.value):
        return f"string({source.value.field(asked[0]).expression})"
    return text_of(source.value)


_CLAUSE = re.compile(
    r"\b(?:(?:tell|notify|inform|warn|remind|alert|let|email|mail|message"
    r"|text)\w*\s[^.]*?\s?(?:know\s+)?that"
    r"|(?:post|announce|write|say|report|send)\w*\s[^.]*?(?:⟦\d+⟧|\b[A-Z]\w+|\bthem|\bus|\bme)\s+that"
    r"|saying(?:\s+that)?|(?:that|which)\s+says)\s+(?P<said>[A-Za-z][^⟦]{3,})$",
    re.I,
)


def said_clause(text: str) -> str | None:
    """Return what is to be told without quotes: "notify ⟦0⟧ that the backup is done"."""
    match = _CLAUSE.search(text.strip(" ."))
    if match is None:
        return None
    words = match.group("said").strip()
    return words[0].upper() + words[1:]


def text_from(found: Sequence[Mention]) -> str | None:
    """Return a template that says the fields, separated by spaces."""
    parts = [text for item in found if (text := text_of(item.value))]
    parts += [item.value.expression for item in found if kind_of_schema(item.value.schema) == ""]
    return " ".join("${{ " + part + " }}" for part in parts) or None


def in_braces(text: str, sources: Sequence[Source]) -> str:
    """Put fields in for ``{title}`` in a quoted text, where a source has them."""

    def field(match: re.Match[str]) -> str:
        for source in sources:
            value = field_called(source.value, match.group(1))
            if value is not None:
                return "${{ " + value.expression + " }}"
        return match.group(0)

    return re.sub(r"(?<![${])\{\{?\s*([A-Za-z]\w*)\s*\}?\}", field, text)
