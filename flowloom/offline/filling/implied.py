"""Steps that a request implies: a named file is read, a person is looked up by an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.carrying import family_of
from flowloom.offline.filling.input_names import TITLES, format_of, is_main_text, spaced
from flowloom.offline.filling.linking import link
from flowloom.offline.filling.literals import Value
from flowloom.offline.filling.numbers import LIMITS, limit_in
from flowloom.offline.filling.sources import Source
from flowloom.offline.reading.plain_words import proper_name
from flowloom.offline.rendering.schemas import Typed, item_of, kind_of_schema, list_in

__all__ = [
    "Implied",
    "at_its_path",
    "formatter_of",
    "found_by",
    "readers_of",
    "writer_of",
    "written_file",
]

_CONTENT_OF = re.compile(r"\b(?:contents?|text|lines)\s+of\s+(?:the\s+file\s+)?⟦", re.I)
_DATA = ("items", "rows", "value", "text", "html", "values", "data", "left", "other")


@dataclass(frozen=True)
class Implied:
    """A step that has to come first.

    Attributes:
        values: its inputs.
        given: what the step after it takes from its output, by input.
    """

    component: Component
    values: Mapping[str, Any]
    given: Mapping[str, str]


def readers_of(
    component: Component,
    text: str,
    left: Iterable[Value],
    catalog: Iterable[Component],
    *,
    open_now: set[str],
) -> list[Implied]:
    """Return the steps that read files or pages whose data a component needs, in order.

    Args:
        left: values of the words that no input takes.
        open_now: required inputs that no words give.
    """
    names = [name for name in component.required if name in open_now and name in _DATA]
    if not names and _CONTENT_OF.search(text):
        texts = (name for name in component.required if name in open_now and name not in TITLES)
        names = [name for name in texts if is_main_text(name, component.inputs[name])][:1]
    found: list[Implied] = []
    values = list(left)
    for wanted in names:
        read = _reader(component, wanted, values, catalog, limit_in(text))
        if read is not None:
            found.append(read)
            values = [value for value in values if value.text not in read.values.values()]
    return found


def written_file(source: Source) -> Value | None:
    """Return the file that a step has just made, told by its name; None for anything else."""
    names: Mapping[str, Any] = source.value.schema.get("properties") or {}
    if format_of(names.get("path") or {}) != "path":
        return None
    paths = [source.values.get(name) for name in ("target", "path")]
    found = next((path for path in paths if isinstance(path, str) and "${{" not in path), None)
    return Value(found, "path", 0, 0) if found else None


def at_its_path(step: Implied, file: Value, source: Source) -> Implied:
    """Return a reading step that refers to the file that another step has made."""
    path = "${{ " + source.value.field("path").expression + " }}"
    values = {name: path if value == file.text else value for name, value in step.values.items()}
    return replace(step, values=values)


def _reader(
    component: Component,
    wanted: str,
    left: Iterable[Value],
    catalog: Iterable[Component],
    count: int | None,
) -> Implied | None:
    schema = component.inputs[wanted]
    kind = "string" if is_main_text(wanted, schema) else kind_of_schema(schema)
    for value in left:
        if value.form not in ("path", "url") or value.text.endswith("/") or "*" in value.text:
            continue
        if value.form == "path" and not re.search(r"\.\w{1,5}$", value.text):
            continue
        found = max(_readers(value, kind, catalog), default=(0.0, "", None), key=lambda r: r[:2])
        if found[2] is not None:
            limit = next((name for name in LIMITS if name in found[2].inputs), None)
            more = {limit: count} if limit and count else {}
            return Implied(found[2], {found[1]: value.text, **more}, {})
    return None


def _readers(
    value: Value, kind: str, catalog: Iterable[Component]
) -> Iterator[tuple[float, str, Component | None]]:
    form = "path" if value.form == "path" else "uri"
    ending = value.text.rpartition(".")[2].lower() if form == "path" else "page"
    for item in catalog:
        required = item.required
        reads = item.kind == "action" and item.effect == "read" and len(required) == 1
        if not reads or format_of(item.inputs[required[0]]) != form:
            continue
        given = kind_of_schema(item.output)
        fits = (
            given == kind
            or (not given and kind in ("array", ""))
            or (form == "uri" and given == "object" and kind == "string")
        )
        words = f"{spaced(item.id)} {item.title}".lower().replace(".", " ").split()
        named = set(re.findall(r"[a-z]+", value.text.lower())) if form == "uri" else set[str]()
        named &= {*words, *item.keywords}
        if not kind:
            fits = given in ("array", "", "object") and (ending in words or bool(named))
        fits = fits or (kind == "string" and given == "array" and bool(named))
        if not fits or "list" in words[:2]:
            continue
        points = 2.0 * bool(named - {"http", "https", "com"})
        points += (
            2.0 * (ending in words) + ("text" in words) - ("binary" in words) + ("read" in words)
        )
        if points > 1.0 or (form == "uri" and points > 0):
            yield points, required[0], item


def formatter_of(catalog: Iterable[Component], source: Source) -> Implied | None:
    """Return the step that writes data of any kind as text."""
    fits = [
        item for item in catalog
        if item.kind == "transform" and len(item.required) == 1
        and kind_of_schema(item.output) == "string"
        and not (set(item.inputs[item.required[0]]) & {"type", "anyOf", "enum"})
    ]  # fmt: skip
    if not fits:
        return None
    found = min(fits, key=lambda item: item.id)
    return Implied(found, {found.required[0]: "${{ " + source.value.expression + " }}"}, {})


def writer_of(output: Typed, target: str, catalog: Iterable[Component]) -> Implied | None:
    """Return the step that writes what a step gives to a file that its words name."""
    kind = kind_of_schema(output.schema)
    ending = target.rpartition(".")[2].lower()
    best: tuple[float, Component | None, str, str] = (0.0, None, "", "")
    for item in catalog:
        paths = [name for name in item.required if format_of(item.inputs[name]) == "path"]
        data = [name for name in item.required if name not in paths]
        if item.effect != "write" or item.kind != "action" or (len(paths), len(data)) != (1, 1):
            continue
        words = f"{spaced(item.id)} {item.title}".lower().replace(".", " ").split()
        wants = kind_of_schema(item.inputs[data[0]])
        if "write" not in words or not (wants == kind or (not wants and kind != "string")):
            continue
        points = 1.0 + 2.0 * (ending in words) + ("text" in words) - ("binary" in words)
        points -= 2.0 * (not wants and ending not in words)
        if points > best[0]:
            best = (points, item, paths[0], data[0])
    _, found, path, data_name = best
    if found is None:
        return None
    return Implied(found, {path: target, data_name: "${{ " + output.expression + " }}"}, {})


def found_by(
    component: Component,
    missing: list[str],
    text: str,
    left: Iterable[Value],
    catalog: Iterable[Component],
    services: frozenset[str],
) -> Implied | None:
    """Return the step that looks up what is missing by an address or a name that is said."""
    family = family_of(component)
    address = next((value.text for value in left if value.form == "email"), None)
    name = proper_name(text, services)
    for item in catalog:
        if family_of(item) != family or item.effect != "read" or len(item.required) != 1:
            continue
        [needed] = item.required
        by = address if _takes_address(needed, item.inputs[needed]) else None
        by = by or (name if needed in ("name", "q") and len(missing) > 1 else None)
        if by is None:
            continue
        given = _given(component, missing, item)
        if given:
            return Implied(item, {needed: by}, given)
    return None


def _takes_address(name: str, schema: dict[str, Any]) -> bool:
    said = str(schema.get("description") or "").lower()
    return format_of(schema) == "email" or (name == "query" and "e-mail" in said)


def _given(component: Component, missing: list[str], item: Component) -> dict[str, str]:
    """Return the expression for each missing input in terms of ``OUTPUT``; empty if one "
    "has none."""
    value = Typed("OUTPUT", item.output)
    listed = list_in(value)
    if listed is not None and kind_of_schema(listed.schema) == "array":
        value = item_of(listed, f"{listed.expression}[0]")
    words = {
        word.lower().rstrip("s")
        for word in re.findall(r"[A-Za-z]+", spaced(item.id.replace(".", " ")))
    }
    source = Source(value, kind="item", nouns=frozenset(words), component=item.id)
    found: dict[str, str] = {}
    for name in missing:
        expression = link(name, component.inputs[name], source)
        if expression is None or expression == value.expression:
            return {}
        found[name] = expression
    return found
