"""Lists of records: group, join, compare, aggregate, change fields."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from typing_extensions import TypedDict

from flowloom.catalog.builtin.comparison import field_value
from flowloom.catalog.builtin.hints import (
    FieldName,
    FieldNames,
    Items,
    OtherFieldName,
    Rows,
    SameAsItems,
)
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

__all__: list[str] = []

Aggregation: TypeAlias = Literal["sum", "average", "min", "max", "count"]


class Group(TypedDict):
    """One group of a grouped list.

    Attributes:
        key: the value that the items of the group share, as text.
        count: how many items are in the group.
        items: the items of the group.
    """

    key: str
    count: int
    items: SameAsItems


class GroupTotal(TypedDict):
    """One group's result.

    Attributes:
        key: the value that the items of the group share, as text.
        value: the group's result.
        count: how many items are in the group.
    """

    key: str
    value: float
    count: int


class Changes(TypedDict):
    """What differs between two lists.

    Attributes:
        added: items that are only in the new list.
        removed: items that are only in the other, older list.
        changed: items in both whose other fields differ, as they are in the new list.
    """

    added: SameAsItems
    removed: Rows
    changed: SameAsItems


def _key(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


@component(
    id="list.group_by",
    title="Group a list",
    keywords=["group", "per", "by category", "bucket", "partition"],
    kind="transform",
)
def group_by(items: Rows, field: FieldName) -> list[Group]:
    """Put items with the same field value together, and return one group for each value.

    Args:
        items: the list to group.
        field: the field to group by.
    """
    return [
        {"key": key, "count": len(group), "items": group}
        for key, group in _groups(items, field).items()
    ]


def _groups(items: Rows, field: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = {}
    for item in items:
        groups.setdefault(_key(field_value(item, field)), []).append(item)
    return groups


@component(
    id="list.remove_duplicates",
    title="Remove duplicates",
    keywords=["dedupe", "deduplicate", "unique", "distinct", "repeated"],
    kind="transform",
    output={"x-same-as": "items"},
)
def remove_duplicates(items: Items, fields: FieldNames = []) -> Items:  # noqa: B006  never changed
    """Return the items of a list without repeats; the first of equal items stays.

    Args:
        items: the list.
        fields: fields that decide whether two items are equal; the whole item if left out.
    """
    seen: dict[str, Any] = {}
    for item in items:
        key = [field_value(item, field) for field in fields] if fields else item
        seen.setdefault(json.dumps(key, sort_keys=True, default=str), item)
    return list(seen.values())


@component(
    id="list.join",
    title="Join two lists",
    keywords=["merge by key", "combine", "lookup", "vlookup", "match records", "enrich"],
    kind="transform",
)
def join_lists(
    items: Rows,
    other: Rows,
    field: FieldName,
    other_field: OtherFieldName = "",
    keep: Literal["matching", "all_items"] = "matching",
) -> Rows:
    """Join two lists by a key they share, and return items with the fields of both.

    Args:
        items: the first list; its fields win when both have one of the same name.
        other: the second list.
        field: the key field of the first list.
        other_field: the key field of the second list; the same as field if left out.
        keep: matching returns items found in both lists, all_items also the unmatched ones of
            the first list.
    """
    matches = _groups(other, other_field or field)
    joined: Rows = []
    for item in items:
        found = matches.get(_key(field_value(item, field)), [])
        joined.extend({**match, **item} for match in found)
        if not found and keep == "all_items":
            joined.append(item)
    return joined


@component(
    id="list.compare",
    title="Compare two lists",
    keywords=["diff", "what changed", "new items", "missing", "reconcile", "sync"],
    kind="transform",
)
def compare_lists(items: Rows, other: Rows, field: FieldName) -> Changes:
    """Compare a new list with an older one by a key, and return what was added, removed, changed.

    Args:
        items: the new list.
        other: the older list to compare with.
        field: the key field, the same in both lists.
    """
    new = {_key(field_value(item, field)): item for item in items}
    old = {_key(field_value(item, field)): item for item in other}
    return {
        "added": [item for key, item in new.items() if key not in old],
        "removed": [item for key, item in old.items() if key not in new],
        "changed": [item for key, item in new.items() if key in old and old[key] != item],
    }


def _numbers(items: Rows, field: str) -> list[float]:
    numbers: list[float] = []
    for index, item in enumerate(items):
        value = field_value(item, field)
        if value is None or value == "":
            continue
        try:
            numbers.append(float(value))
        except (TypeError, ValueError, OverflowError) as error:
            raise ComponentError(
                f"The {field!r} of item {index} is no number: {value!r}.",
                hint="Turn it into a number first, with 'number.parse'.",
            ) from error
    return numbers


_AGGREGATIONS: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "average": lambda values: math.fsum(values) / len(values),
    "min": min,
    "max": max,
}


def _aggregated(items: Rows, operation: Aggregation, field: str, default: float | None) -> float:
    if operation == "count":
        values = [item for item in items if not field or field_value(item, field) is not None]
        return float(len(values))
    if not field:
        raise ComponentError(f"The operation {operation!r} needs a field.")
    numbers = _numbers(items, field)
    if numbers or operation == "sum":
        return float(_AGGREGATIONS[operation](numbers))
    if default is None:
        raise ComponentError(
            f"There is no {field!r} to take the {operation} of.", hint="Give a default."
        )
    return default


@component(
    id="list.aggregate",
    title="Aggregate a list",
    keywords=["sum", "total", "average", "mean", "minimum", "maximum", "statistics", "add up"],
    kind="transform",
)
def aggregate(
    items: Rows, operation: Aggregation, field: FieldName = "", default: float | None = None
) -> float:
    """Compute one number over a list: the sum, average, smallest, largest or count of a field.

    Args:
        items: the list.
        operation: sum, average, min, max or count.
        field: the field with the numbers; only count works without one.
        default: the result when there is no number to average or compare.
    """
    return _aggregated(items, operation, field, default)


@component(
    id="list.aggregate_by",
    title="Aggregate by group",
    keywords=["total per", "sum by", "pivot", "count per", "summary table", "breakdown"],
    kind="transform",
)
def aggregate_by(
    items: Rows, group_field: FieldName, operation: Aggregation, field: FieldName = ""
) -> list[GroupTotal]:
    """Compute one number for each group of a list, such as the total amount per customer.

    Args:
        items: the list.
        group_field: the field to group by.
        operation: sum, average, min, max or count.
        field: the field with the numbers; only count works without one.
    """
    return [
        {"key": key, "value": _aggregated(group, operation, field, None), "count": len(group)}
        for key, group in _groups(items, group_field).items()
    ]


@component(
    id="list.pluck",
    title="Take one field of each item",
    keywords=["column", "extract field", "map", "values of", "ids"],
    kind="transform",
)
def pluck(items: Rows, field: FieldName) -> list[Any]:
    """Return the values of one field, one for each item of a list that has it.

    Args:
        items: the list.
        field: the field to take; a dot reaches into nested objects.
    """
    values = (field_value(item, field) for item in items)
    return [value for value in values if value is not None]


@component(
    id="list.select_fields",
    title="Keep some fields",
    keywords=["columns", "drop columns", "pick", "project", "only these fields"],
    kind="transform",
)
def select_fields(items: Rows, fields: FieldNames) -> Rows:
    """Return the items of a list with only the named fields.

    Args:
        items: the list.
        fields: the fields to keep; an item that lacks one stays without it.
    """
    return [{field: item[field] for field in fields if field in item} for item in items]


@component(
    id="list.rename_fields",
    title="Rename fields",
    keywords=["rename columns", "headers", "map fields"],
    kind="transform",
)
def rename_fields(items: Rows, names: dict[str, str]) -> Rows:
    """Return the items of a list with some fields renamed.

    Args:
        items: the list.
        names: the new name of each field, by its present name.
    """
    return [{names.get(name, name): value for name, value in item.items()} for item in items]


@component(
    id="list.set_field",
    title="Set a field of each item",
    keywords=["add column", "tag", "mark", "assign", "constant"],
    kind="transform",
)
def set_field(items: Rows, field: str, value: Any) -> Rows:
    """Return the items of a list, each with one field set to the same value.

    Args:
        items: the list.
        field: the field to add or replace.
        value: its value.
    """
    return [{**item, field: value} for item in items]
