"""Lists: filter, find, sort, take parts, put together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from flowloom.catalog.builtin.comparison import Operator, compare, field_value, sort_key
from flowloom.catalog.builtin.hints import (
    FieldName,
    ItemOfItems,
    Items,
    Row,
    Rows,
)
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

__all__: list[str] = []

_SAME = {"x-same-as": "items"}
_ITEM = {"x-items-of": "items"}
_LIST_OF_SAME = {"type": "array", "items": {"x-same-as": "items"}}


@component(
    id="list.filter",
    title="Filter a list",
    keywords=["where", "only", "keep", "matching", "select rows", "condition"],
    kind="transform",
    output=_SAME,
)
def filter_items(
    items: Rows, field: FieldName, operator: Operator, value: Any = None, keep: bool = True
) -> Rows:
    """Keep only the items of a list whose field meets a condition, and return them.

    Args:
        items: the list to filter.
        field: the field to compare; a dot reaches into nested objects.
        operator: how the field is compared with the value.
        value: the value to compare with; not needed for empty and not_empty.
        keep: false removes the items that meet the condition instead.
    """
    return [item for item in items if compare(field_value(item, field), operator, value) is keep]


@component(
    id="list.find",
    title="Find an item",
    keywords=["search", "look up", "first match", "get by id"],
    kind="transform",
    output=_ITEM,
)
def find_item(items: Rows, field: FieldName, value: Any, operator: Operator = "equals") -> Row:
    """Return the first item of a list whose field meets a condition; fail if there is none.

    Args:
        items: the list to search.
        field: the field to compare.
        value: the value to compare with.
        operator: how the field is compared with the value.
    """
    for item in items:
        if compare(field_value(item, field), operator, value):
            return item
    raise ComponentError(f"No item has a {field!r} that is {operator} {value!r}.")


@component(
    id="list.sort",
    title="Sort a list",
    keywords=["order by", "rank", "newest first", "descending", "alphabetical", "top"],
    kind="transform",
    output=_SAME,
)
def sort_items(
    items: Rows, field: FieldName, order: Literal["ascending", "descending"] = "ascending"
) -> Rows:
    """Sort the items of a list by one field; numbers, also as text, sort by size.

    Args:
        items: the list to sort.
        field: the field to sort by; items without it come last.
        order: ascending or descending.
    """
    have = [item for item in items if field_value(item, field) is not None]
    lack = [item for item in items if field_value(item, field) is None]
    have.sort(key=sort_key(have, field))
    return (have[::-1] if order == "descending" else have) + lack


@component(
    id="list.reverse",
    title="Reverse a list",
    keywords=["backwards", "opposite order"],
    kind="transform",
    output=_SAME,
)
def reverse_items(items: Items) -> Items:
    """Return the items of a list in the opposite order.

    Args:
        items: the list to reverse.
    """
    return items[::-1]


@component(
    id="list.count",
    title="Count items",
    keywords=["how many", "length", "size", "number of"],
    kind="transform",
)
def count_items(items: Items) -> int:
    """Return how many items a list has.

    Args:
        items: the list.
    """
    return len(items)


def _one(items: Items, index: int) -> Any:
    if not items:
        raise ComponentError(
            "The list is empty.", hint="Guard the step with an 'if' on the list's size."
        )
    return items[index]


@component(
    id="list.first",
    title="First item",
    keywords=["top", "head", "newest", "one item"],
    kind="transform",
)
def first_item(items: Items) -> ItemOfItems:
    """Return the first item of a list; fail if the list is empty.

    Args:
        items: the list.
    """
    return _one(items, 0)


@component(
    id="list.last",
    title="Last item",
    keywords=["final", "tail", "latest"],
    kind="transform",
)
def last_item(items: Items) -> ItemOfItems:
    """Return the last item of a list; fail if the list is empty.

    Args:
        items: the list.
    """
    return _one(items, -1)


@component(
    id="list.slice",
    title="Take part of a list",
    keywords=["limit", "top 10", "first n", "at most", "skip", "subset"],
    kind="transform",
    output=_SAME,
)
def slice_items(
    items: Items,
    start: Annotated[int, Field(ge=0)] = 0,
    count: Annotated[int, Field(ge=0)] | None = None,
) -> Items:
    """Return some items of a list: at most a given count from a given position on.

    Args:
        items: the list.
        start: how many items to skip.
        count: how many items to take; all the rest if left out.
    """
    return items[start:] if count is None else items[start : start + count]


@component(
    id="list.chunk",
    title="Split a list into batches",
    keywords=["batch", "chunks", "pages", "groups of n"],
    kind="transform",
    output=_LIST_OF_SAME,
)
def chunk_items(items: Items, size: Annotated[int, Field(ge=1)]) -> list[Items]:
    """Split a list into batches of a given size, and return the list of batches.

    Args:
        items: the list.
        size: how many items a batch has; the last may have fewer.
    """
    return [items[start : start + size] for start in range(0, len(items), size)]


@component(
    id="list.merge",
    title="Merge two lists",
    keywords=["concatenate", "append", "combine", "union", "add together"],
    kind="transform",
    output=_SAME,
)
def merge_lists(items: Items, other: Items) -> Items:
    """Return one list with the items of two lists, the first list's items first.

    Args:
        items: the first list.
        other: the list whose items follow.
    """
    return [*items, *other]


@component(
    id="list.add_item",
    title="Add an item",
    keywords=["append", "push", "insert"],
    kind="transform",
    output=_SAME,
)
def add_item(items: Items, item: Any, position: Literal["end", "start"] = "end") -> Items:
    """Return a list with one more item at its end or start.

    Args:
        items: the list.
        item: the item to add.
        position: where the item goes.
    """
    return [*items, item] if position == "end" else [item, *items]


@component(
    id="list.flatten",
    title="Flatten a list",
    keywords=["nested", "unnest", "list of lists"],
    kind="transform",
    output={"x-items-of": "items"},
)
def flatten(items: list[Items]) -> Items:
    """Turn a list of lists into one list with the items of all.

    Args:
        items: the list of lists.
    """
    return [item for inner in items for item in inner]


@component(
    id="list.range",
    title="Make a list of numbers",
    keywords=["repeat", "count up", "sequence", "1 to n", "times"],
    kind="transform",
)
def number_range(start: int, end: int, step: Annotated[int, Field(ge=1)] = 1) -> list[int]:
    """Return the whole numbers from a start to an end, both included.

    Args:
        start: the first number.
        end: the number not to go beyond.
        step: the distance between two numbers.
    """
    return list(range(start, end + 1, step))
