"""Plain lists: entries with an id and a description, and little or nothing else.

An entry may also have ``name`` for ``title``, ``group`` for ``keywords``, and the other fields of
Component; other keys are not read. A component without ``run`` can be composed with and verified
as far as its entry goes, but there is nothing to run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from flowloom.catalog.component import Component, Effect
from flowloom.catalog.entries import Entries, SkippedEntry, WrongEntry, make_component
from flowloom.catalog.names import problem_of_id
from flowloom.catalog.source_text import SourceText
from flowloom.errors import CatalogError

__all__ = ["effect_of_words", "read_json_lines", "read_plain_list"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PLAIN = frozenset(
    {"id", "description", "title", "name", "keywords", "group", "provider", "effect"}
)
_COPIED = tuple(set(Component.model_fields) - _PLAIN - {"source"})
_READING = frozenset(
    re.findall(
        r"\w+",
        "check compare count describe download export fetch find get head list lookup query read"
        " retrieve retrievewithwhere search show validate verify view",
    )
)
_DESTROYING = frozenset(
    re.findall(
        r"\w+",
        "cancel clear delete deletewithwhere destroy drop erase purge remove revoke terminate"
        " unsubscribe wipe",
    )
)


def read_plain_list(source: SourceText) -> Entries:
    """Return the components of a JSON or YAML list of entries."""
    return Entries.of(_read(source, enumerate(cast(list[object], source.data))))


def read_json_lines(source: SourceText) -> Entries:
    """Return the components of a JSON Lines file, one entry a line; empty lines do not count."""
    return Entries.of(_read(source, _lines(source)))


def effect_of_words(text: str) -> Effect:
    """Guess what a component does from the words of its id or first words of its description.

    A word that destroys counts most, then one that reads; anything else is taken to write.
    """
    words = {word.lower() for word in _WORD.findall(text)}
    if words & _DESTROYING:
        return "destructive"
    return "read" if words & _READING else "write"


def _lines(source: SourceText) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            raise CatalogError(
                f"{source.name!r} is not valid JSON Lines, line {number}: {error.msg}.",
                hint="Correct that line and load it again.",
            ) from error


def _read(
    source: SourceText, entries: Iterator[tuple[int, object]] | enumerate[object]
) -> Iterator[Component | SkippedEntry]:
    seen: set[str] = set()
    by_line = not isinstance(entries, enumerate)
    for index, entry in entries:
        try:
            component = _component(entry, source.name)
            if component.id in seen:
                raise WrongEntry(f"the id {component.id!r} stands twice in this list")
        except WrongEntry as error:
            label = f"line {index}" if by_line else f"entry {index}"
            line = index if by_line else source.line((index,))
            yield SkippedEntry(source.name, label + _label(entry), line, error.message)
            continue
        seen.add(component.id)
        yield component


def _label(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return ""
    component_id = cast(Mapping[str, Any], entry).get("id")
    return f" {component_id!r}" if component_id else ""


def _component(entry: object, name: str) -> Component:
    if not isinstance(entry, Mapping):
        raise WrongEntry(f"an entry must be an object with 'id' and 'description', not {entry!r}")
    given = cast(Mapping[str, Any], entry)
    component_id = _text(given, "id")
    problem = problem_of_id(component_id)
    if problem:
        raise WrongEntry(problem)
    description = _text(given, "description")
    fields = {
        "id": component_id,
        "description": description,
        "title": _text(given, "title", required=False) or _text(given, "name", required=False),
        "keywords": _keywords(given),
        "provider": _text(given, "provider", required=False) or _provider(component_id),
        "effect": given.get("effect") or effect_of_words(_operation(component_id)),
        "source": name,
    }
    more = {key: given[key] for key in _COPIED if key in given}
    return make_component(fields | more) if more else Component(**_checked(fields))


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if fields["effect"] not in ("read", "write", "destructive"):
        raise WrongEntry(
            f"'effect' is {fields['effect']!r}; it must be 'read', 'write' or 'destructive'"
        )
    return fields


def _text(entry: Mapping[str, Any], key: str, *, required: bool = True) -> str:
    value = entry.get(key, "")
    if required and not value:
        raise WrongEntry(f"the key {key!r} is missing")
    if not isinstance(value, str):
        raise WrongEntry(f"{key!r} must be text, not {value!r}")
    return value.strip()


def _keywords(entry: Mapping[str, Any]) -> tuple[str, ...]:
    value = entry.get("keywords", entry.get("group", ()))
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple):
        return tuple(str(item) for item in cast(list[object], value))
    raise WrongEntry(f"'keywords' must be a list of words, not {value!r}")


def _operation(component_id: str) -> str:
    """Return the part of an id that says what is done: its last part."""
    return re.split(r"__|[.:]", component_id)[-1]


def _provider(component_id: str) -> str:
    """Return the service's name where the id shows it, else an empty text.

    Ids of the form ``Service_object__version__operation_object`` (App Connect's) show it, and
    so do dotted ones, ``service.object.operation``.
    """
    parts = component_id.split("__")
    if len(parts) == 3:
        return _without_object(parts[0], parts[2]).replace("_", " ").strip()
    first, dot, _rest = component_id.partition(".")
    return first.replace("_", " ") if dot else ""


def _without_object(first: str, last: str) -> str:
    words, other = first.split("_"), last.split("_")
    shared = 0
    while shared < min(len(words) - 1, len(other)) and words[-1 - shared] == other[-1 - shared]:
        shared += 1
    return "_".join(words[: len(words) - shared])
