"""Which earlier output an input refers to, by its type and its meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.offline.filling.input_names import description_noun, format_of, item_schema, spaced
from flowloom.offline.filling.sources import Source, list_of, payload_of
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.rendering.schemas import Typed, is_open, item_of, kind_of_schema

__all__ = ["data_for", "first_list", "link", "moment_from", "second_list"]

_GENERIC = ("id", "key", "number", "name", "uid", "login", "email", "ts", "path", "url", "code")
_TARGETS = ("target", "destination", "output")
_DATA = ("items", "rows", "records", "data", "values", "value", "entries", "list", "left")
_NOT_PLAIN = ("text", "name", "title", "description", "body", "summary", "content", "value",
              "status", "state", "type", "query", "user", "count", "size", "date",
              "default")  # fmt: skip


def link(
    name: str,
    schema: dict[str, Any],
    source: Source,
    *,
    works_on: frozenset[str] = frozenset(),
) -> str | None:
    """Return the expression of what an identifying input takes from a source, or None.

    Args:
        works_on: nouns of what the component says that it works on.
    """
    value = source.value
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    wanted = kind_of_schema(schema)
    if wanted == "array":
        return _each(name, schema, source)
    if not names:
        return _whole(name, schema, source)
    for field in _candidates(name, schema, source, names, works_on):
        found = _inner(value.field(field))
        if _fits(wanted, kind_of_schema(found.schema)):
            return found.expression
    return None


def _candidates(
    name: str,
    schema: dict[str, Any],
    source: Source,
    names: Mapping[str, Any],
    works_on: frozenset[str],
) -> list[str]:
    """Return the fields that could be meant, the surest first."""
    words = [singular(word) for word in spaced(name).split()]
    nouns = source.nouns
    found: list[str] = []
    if name in names and name not in _NOT_PLAIN:
        found.append(name)
    if len(words) > 1 and words[-1] in names and (set(words[:-1]) & nouns):
        found.append(words[-1])
    ids = re.findall(
        r"\bids? of (?:an?|the) ([a-z]+)", str(schema.get("description") or "").lower()
    )
    for owner in (owner for owner in ids if owner in nouns):
        found += [field for field in names if singular(field) == owner] or ["id"] * ("id" in names)
    if len(words) > 1 and words[-1] in names and words[-1] in _GENERIC and works_on & nouns:
        found.append(words[-1])
    kind, noun = _kind_and_noun(schema)
    about = {singular(word) for word in noun.split()} | set(words)
    if kind in names and about & nouns:
        found.append(kind)
    if about & nouns:
        found += [
            field for field in _GENERIC[:4] if field in names and _means(field, words, schema)
        ]
    found += [field for field in names if singular(field) in {*words[:1], noun} and field != name
              and kind_of_schema(names[field]) == "object"]  # fmt: skip
    form = format_of(schema)
    if form in ("uri", "email", "path") and not found and name not in _TARGETS:
        same = [field for field in names if format_of(names[field]) == form]
        found += same[:1]
    return found


def _kind_and_noun(schema: dict[str, Any]) -> tuple[str, str]:
    """ "Name of the repository": the field ``name``, of a repository."""
    text = str(schema.get("description") or "")
    match = re.match(r"(?:the\s+)?(id|number|name|key|login|address|ts)s?\b", text, re.I)
    return (match.group(1).lower() if match else ""), description_noun(text)


def _means(field: str, words: list[str], schema: dict[str, Any]) -> bool:
    """An id may stand for the thing; a name only where the input asks for a name."""
    kind, _ = _kind_and_noun(schema)
    return field == kind or field in words or (not kind and field in ("id", "key"))


def _inner(value: Typed) -> Typed:
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    inner = next((name for name in ("login", "id", "key", "name") if name in names), None)
    return value.field(inner) if inner else value


def _whole(name: str, schema: dict[str, Any], source: Source) -> str | None:
    """An item of a list of texts is itself the address, the path or the id."""
    kind = kind_of_schema(source.value.schema)
    if source.kind != "item" or kind not in ("string", "integer"):
        return None
    identifies = format_of(schema) in ("uri", "email", "path") or name.endswith(("id", "Id", "key"))
    return source.value.expression if identifies and kind == kind_of_schema(schema) else None


def _each(name: str, schema: dict[str, Any], source: Source) -> str | None:
    """ "uids" of a list: the ``uid`` of each of its items; of one item, a list with its own."""
    field = singular(spaced(name).split()[-1])
    inner_kind = kind_of_schema(item_schema(schema))
    names: Mapping[str, Any] = source.value.schema.get("properties") or {}
    if (
        field in names
        and (source.kind != "step" or list_of(source) is None)
        and _fits(inner_kind, kind_of_schema(names[field]))
    ):
        return f"[{source.value.field(field).expression}]"
    found = list_of(source)
    if found is None:
        return None
    items: Mapping[str, Any] = item_of(found, "entry").schema.get("properties") or {}
    if field not in items or not _fits(inner_kind, kind_of_schema(items[field])):
        return None
    return f"{found.expression}.map(entry, entry.{field})"


def _fits(wanted: str, given: str) -> bool:
    return wanted == given or not wanted or (wanted == "number" and given == "integer")


def data_for(
    name: str, schema: dict[str, Any], sources: Sequence[Source], words: set[str]
) -> str | None:
    """Return the data that flows into an input: the nearest list for rows, anything for a value.

    Args:
        sources: the nearest first.
        words: nouns of the request that may name one of several.
    """
    if name not in _DATA:
        return None
    kind = kind_of_schema(schema)
    if kind == "array":
        lists = [found for source in sources if (found := _list(source, schema, words)) is not None]
        return lists[0].expression if lists else None
    if kind == "object":
        objects = (s for s in sources if kind_of_schema(s.value.schema) == "object")
        return next((source.value.expression for source in objects), None)
    if kind == "":
        return next((_whole_or_list(source, words) for source in sources), None)
    return None


def second_list(sources: Sequence[Source]) -> str | None:
    """Return the list that is joined to the first: of two files, the one read last."""
    return next((f.expression for s in sources if s.kind == "step" and (f := list_of(s))), None)


def first_list(sources: Sequence[Source]) -> str | None:
    """Return the list that another is joined to: of the two nearest, the one read first."""
    found = [f.expression for s in sources if s.kind == "step" and (f := list_of(s))]
    return found[1] if len(found) > 1 else None


def moment_from(text: str, sources: Sequence[Source]) -> str | None:
    """Return the nearest date, or the run's own start where the words mean now."""
    near = (s for s in sources if format_of(dict(s.value.schema)) in ("date", "date-time"))
    found = next((source.value.expression for source in near), None)
    if found is None and re.search(
        r"\b(?:now|today|current|this|the (?:month|week|year|day))\b", text, re.I
    ):
        return "run.started_at"
    return found


def _whole_or_list(source: Source, words: set[str]) -> str:
    """Of an answer that wraps its list ("results"), the list is what words mean."""
    found = list_of(source)
    if found is None or found.expression == source.value.expression:
        return (payload_of(source.value) or source.value).expression
    names: Mapping[str, Any] = source.value.schema.get("properties") or {}
    texts = [name for name, item in names.items() if kind_of_schema(item) == "array"]
    field = found.expression.rpartition(".")[2]
    items: Mapping[str, Any] = (names[field].get("items") or {}) if field in names else {}
    called = {field, singular(field)} & words or source.nouns & words
    is_page = len(texts) == 1 and kind_of_schema(items) == "object"
    return found.expression if called or is_page else source.value.expression


def _list(source: Source, schema: dict[str, Any], words: set[str]) -> Typed | None:
    names: Mapping[str, Any] = source.value.schema.get("properties") or {}
    said = [name for name, item in names.items()
            if kind_of_schema(item) == "array" and {name, singular(name)} & words]  # fmt: skip
    found = source.value.field(said[0]) if said else list_of(source)
    if found is None and not source.value.schema and source.kind == "step" and source.component:
        return source.value  # Data of any kind, such as a JSON file's.
    if found is None:
        return payload_of(source.value)
    wanted = kind_of_schema(item_schema(schema))
    given = kind_of_schema(found.schema.get("items") or {})
    is_rows = wanted in ("", given) or given == "" or is_open(found.schema.get("items") or {})
    return found if is_rows else None
