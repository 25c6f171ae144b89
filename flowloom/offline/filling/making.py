"""What the words ask to be made of the data at hand: "the total of the column x", "a table"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.choices import choice_in
from flowloom.offline.filling.columns import field_of
from flowloom.offline.filling.implied import Implied
from flowloom.offline.filling.sources import Source, list_of
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import Typed, kind_of_schema

__all__ = ["made_of", "pairs_as_text"]

_OPERATION = re.compile(
    r"\b(?:sum|total|average|mean|minimum|maximum|smallest|largest|lowest|highest)\b", re.I
)
_GROUPED = re.compile(r"\b(?:per|for\s+each|for\s+every|grouped\s+by)\b", re.I)
_UNMASKED = Masked("", (), frozenset())


def made_of(text: str, sources: Sequence[Source], catalog: Iterable[Component]) -> Implied | None:
    """Return the step that makes what the words name of the nearest list, or None."""
    rows = next((found for source in sources if (found := list_of(source)) is not None), None)
    if rows is None or "⟦" in re.sub(r"⟦\d+⟧", "", text):
        return None
    data = "${{ " + rows.expression + " }}"
    for item in catalog:
        if item.kind != "transform" or "items" not in item.required:
            continue
        values = _computed(item, text) if "operation" in item.inputs else _shaped(item, text)
        if values is not None:
            return Implied(item, {"items": data, **values}, {})
    return None


def pairs_as_text(value: Typed) -> str | None:
    """Return a line for each group with its number, for what is computed by group; else None."""
    items: dict[str, Any] = dict(value.schema.get("items") or {})
    names: dict[str, Any] = dict(items.get("properties") or {})
    if kind_of_schema(value.schema) != "array" or not {"key", "value"} <= set(names):
        return None
    line = 'string(entry.key) + ": " + string(entry.value)'
    return f'{value.expression}.map(entry, {line}).join("\\n")'


def _computed(component: Component, text: str) -> dict[str, Any] | None:
    """ "the total of the column amount"."""
    grouped = "group_field" in component.inputs
    if not _OPERATION.search(text) or bool(_GROUPED.search(text)) != grouped:
        return None
    inputs = component.inputs
    operation = choice_in("operation", inputs["operation"], text, verb="", required=True)
    plain = re.sub(r"⟦\d+⟧", " ", text)
    field = field_of("field", inputs["field"], plain, _UNMASKED, strict=True)
    if operation in (None, "count") or field is None:
        return None
    values = {"operation": operation, "field": field}
    if grouped:
        group = field_of("group_field", inputs["group_field"], plain, _UNMASKED)
        return {**values, "group_field": group} if group else None
    return values


def _shaped(component: Component, text: str) -> dict[str, Any] | None:
    """ "a Markdown table of them", "as CSV": what the title says that is made."""
    if component.required != ("items",) or kind_of_schema(component.output) != "string":
        return None
    words = re.sub(r"^\w+\s+(?:an?\s+)?", "", component.title).lower()
    known = len(words.split()) > 1 and re.search(rf"\b{re.escape(words)}\b", text.lower())
    return {} if known else None
