"""Inputs that are objects: their fields from the words, by name, form and place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.offline.filling.choices import choice_in
from flowloom.offline.filling.documents import as_document, is_document
from flowloom.offline.filling.input_names import TITLES, format_of, name_of_input
from flowloom.offline.filling.literals import Value
from flowloom.offline.filling.matching import best_matches
from flowloom.offline.filling.typed_values import typed_value
from flowloom.offline.filling.wording import Mention
from flowloom.offline.reading.lexicon import singular
from flowloom.offline.reading.plain_words import named_words
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.offline.timing.moments import date_in

__all__ = ["nested_values"]

_NAMES = ("key", "name", "id", "accountId", "email", "page_id", "database_id", "dateTime", "date")


def nested_values(
    text: str,
    values: list[Value],
    schema: dict[str, Any],
    used: set[Value],
    said: Sequence[Mention] = (),
) -> dict[str, Any] | None:
    """Return what words say of an object's fields; None where a required field is not said.

    Args:
        used: values that have gone to other inputs; those taken here are added.
        said: fields of earlier outputs that the words name.
    """
    names: Mapping[str, dict[str, Any]] = schema.get("properties") or {}
    if not names:
        return None
    taken: set[Value] = set()
    flat = {name: _leaf(item) for name, item in names.items()}
    found: dict[str, Any] = {}
    usable = {name: item for name, item in flat.items() if kind_of_schema(item) != "object"}
    for match in best_matches(text, values, usable, tuple(schema.get("required") or ())):
        value = typed_value(match.value, usable[match.name])
        if value is not None:
            found[match.name] = _wrapped(value, names[match.name])
            taken.add(match.value)
    for name, expression in _from_fields(said, usable, found).items():
        found[name] = _wrapped("${{ " + expression + " }}", names[name])
    for name, item in usable.items():
        if name not in found and (word := _word(text, name, item, names[name])) is not None:
            found[name] = _wrapped(word, names[name])
    _person(found, text, usable)
    _title(found, [value for value in values if value not in taken], usable, taken)
    if not found or any(name not in found for name in schema.get("required") or ()):
        return None
    used |= taken
    return found


def _from_fields(
    said: Sequence[Mention], usable: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, str]:
    """ "its subject as the summary", "the email in the column mail", "its title"."""
    taken: dict[str, str] = {}
    for mention in said:
        words = tuple(singular(word) for word in (mention.label or mention.word).lower().split())
        scores = {
            name: name_of_input(name, item).strength(words)
            for name, item in usable.items()
            if name not in found and name not in taken
        }
        best = max(scores, key=lambda name: scores[name], default="")
        if best and scores[best] >= 1.5:
            taken[best] = mention.value.expression
    return taken


def _leaf(schema: dict[str, Any]) -> dict[str, Any]:
    """An object that only names something is given by that name: a project by its key."""
    names: Mapping[str, dict[str, Any]] = schema.get("properties") or {}
    if is_document(schema):
        return {"type": "string", "description": ""}
    if kind_of_schema(schema) == "object" and names and set(names) <= {*_NAMES, "timeZone"}:
        return {"type": "string", "description": schema.get("description", "")}
    if kind_of_schema(schema) == "object" or isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema.get("type", []) if kind != "null"]
        return {**schema, "type": kinds[0]} if isinstance(schema.get("type"), list) else schema
    return schema


def _wrapped(value: Any, schema: dict[str, Any]) -> Any:
    names: Mapping[str, Any] = schema.get("properties") or {}
    if is_document(schema):
        return as_document(schema, value)
    if kind_of_schema(schema) != "object" or not names or isinstance(value, dict):
        return value
    text = str(value)
    if "dateTime" in names:
        return {"dateTime" if "T" in text else "date": value}
    if "email" in names and "@" in text:
        return {"email": value}
    is_id = text.isdigit() or (any(map(str.isdigit, text)) and "key" not in names)
    wanted = "id" if is_id and "id" in names else next(name for name in _NAMES if name in names)
    return {wanted: value}


def _word(text: str, name: str, item: dict[str, Any], outer: dict[str, Any]) -> Any:
    if item.get("enum"):
        return choice_in(name, item, text, verb="", required=False)
    if format_of(item) in ("date", "date-time"):
        return date_in(text)
    if kind_of_schema(item) == "array":
        words = named_words(text, name, item)
        return words if kind_of_schema(item.get("items") or {}) == "string" else None
    if kind_of_schema(item) != "string":
        return None
    return named_words(text, name, item) or _example(text, outer)


def _example(text: str, schema: dict[str, Any]) -> str | None:
    """ "The type by name, such as Bug or Task": a bug in the words is a Bug."""
    match = re.search(
        r"\bsuch as ([A-Z]\w+(?:(?:,| or| and) [A-Z]\w+)*)", schema.get("description", "")
    )
    if match is None:
        return None
    examples = re.findall(r"[A-Z]\w+", match.group(1))
    return next((word for word in examples if re.search(rf"\b{word}\b", text, re.I)), None)


_PERSON = re.compile(
    r"\b(?:for|named|called|contact|customer|lead|person|user|name)\s+([A-Z][\w'’-]+)\s+([A-Z][\w'’-]+)\b"
)


def _person(found: dict[str, Any], text: str, usable: Mapping[str, Any]) -> None:
    """ "a contact for Ada Lovelace": first and last name."""
    keys = {re.sub(r"[_\s]", "", name.lower()): name for name in usable}
    first, last = keys.get("firstname"), keys.get("lastname")
    match = _PERSON.search(text)
    if match and first and last and not {first, last} & set(found):
        found[first], found[last] = match.groups()


def _title(
    found: dict[str, Any], left: list[Value], usable: Mapping[str, Any], taken: set[Value]
) -> None:
    quoted = [value for value in left if value.quoted]
    name = next((item for item in usable if _is_title(item) and item not in found), None)
    if quoted and name and kind_of_schema(usable[name]) == "string":
        found[name] = quoted[0].text
        taken.add(quoted[0])


def _is_title(name: str) -> bool:
    return name in TITLES or (name.endswith("name") and name not in ("firstname", "lastname"))
