"""The built-in list components."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.builtin.lists import sort_items
from flowloom.catalog.builtin.records import remove_duplicates
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import Case, run

ORDERS: list[dict[str, Any]] = [
    {"id": 1, "customer": "Ada", "total": "120.50", "address": {"city": "Paris"}},
    {"id": 2, "customer": "Bob", "total": "20", "address": {"city": "Rome"}},
    {"id": 3, "customer": "Ada", "total": "9", "address": {"city": "Paris"}},
]
ADA = [ORDERS[0], ORDERS[2]]
TEAMS = [{"name": "Ada", "team": "A"}, {"name": "Cid", "team": "C"}]

CASES = [
    Case(
        "list.filter",
        {"items": ORDERS, "field": "customer", "operator": "equals", "value": "Ada"},
        ADA,
    ),
    Case(
        "list.filter",
        {"items": ORDERS, "field": "total", "operator": "greater_than", "value": 15},
        ORDERS[:2],
    ),
    Case(
        "list.filter",
        {"items": ORDERS, "field": "address.city", "operator": "in", "value": ["Rome"]},
        [ORDERS[1]],
    ),
    Case(
        "list.filter",
        {
            "items": ORDERS,
            "field": "customer",
            "operator": "contains",
            "value": "AD",
            "keep": False,
        },
        [ORDERS[1]],
    ),
    Case("list.filter", {"items": ORDERS, "field": "gone", "operator": "not_empty"}, []),
    Case("list.pluck", {"items": [{"e.mail": 1}], "field": "e.mail"}, [1]),
    Case("list.find", {"items": ORDERS, "field": "id", "value": 2}, ORDERS[1]),
    Case("list.sort", {"items": ORDERS, "field": "total"}, ORDERS[::-1]),
    Case("list.sort", {"items": ORDERS, "field": "total", "order": "descending"}, ORDERS),
    Case("list.reverse", {"items": [1, 2, 3]}, [3, 2, 1]),
    Case(
        "list.group_by",
        {"items": ORDERS, "field": "customer"},
        [
            {"key": "Ada", "count": 2, "items": ADA},
            {"key": "Bob", "count": 1, "items": [ORDERS[1]]},
        ],
    ),
    Case("list.remove_duplicates", {"items": [1, 2, 1, "1"]}, [1, 2, "1"]),
    Case("list.remove_duplicates", {"items": ORDERS, "fields": ["customer"]}, ORDERS[:2]),
    Case(
        "list.join",
        {"items": ORDERS, "other": TEAMS, "field": "customer", "other_field": "name"},
        [{"name": "Ada", "team": "A", **order} for order in ADA],
    ),
    Case(
        "list.join",
        {"items": [{"id": 1}, {"id": 2}], "other": [{"id": 1, "x": 5}], "field": "id"}
        | {"keep": "all_items"},
        [{"id": 1, "x": 5}, {"id": 2}],
    ),
    Case(
        "list.compare",
        {
            "items": [{"id": 1, "v": 1}, {"id": 2, "v": 9}, {"id": 3, "v": 3}],
            "other": [{"id": 2, "v": 2}, {"id": 3, "v": 3}, {"id": 4, "v": 4}],
            "field": "id",
        },
        {
            "added": [{"id": 1, "v": 1}],
            "removed": [{"id": 4, "v": 4}],
            "changed": [{"id": 2, "v": 9}],
        },
    ),
    Case("list.aggregate", {"items": ORDERS, "operation": "sum", "field": "total"}, 149.5),
    Case("list.aggregate", {"items": ORDERS, "operation": "min", "field": "total"}, 9.0),
    Case("list.aggregate", {"items": ORDERS, "operation": "max", "field": "total"}, 120.5),
    Case("list.aggregate", {"items": ORDERS, "operation": "count"}, 3.0),
    Case("list.aggregate", {"items": ADA, "operation": "average", "field": "total"}, 64.75),
    Case("list.aggregate", {"items": [], "operation": "max", "field": "x", "default": 0}, 0),
    Case(
        "list.aggregate_by",
        {"items": ORDERS, "group_field": "customer", "operation": "sum", "field": "total"},
        [{"key": "Ada", "value": 129.5, "count": 2}, {"key": "Bob", "value": 20.0, "count": 1}],
    ),
    Case("list.count", {"items": ORDERS}, 3),
    Case("list.first", {"items": ORDERS}, ORDERS[0]),
    Case("list.last", {"items": ORDERS}, ORDERS[2]),
    Case("list.slice", {"items": ORDERS, "count": 2}, ORDERS[:2]),
    Case("list.slice", {"items": ORDERS, "start": 1}, ORDERS[1:]),
    Case("list.chunk", {"items": [1, 2, 3], "size": 2}, [[1, 2], [3]]),
    Case("list.merge", {"items": [1], "other": [2, 3]}, [1, 2, 3]),
    Case("list.add_item", {"items": [1], "item": 2}, [1, 2]),
    Case("list.add_item", {"items": [1], "item": 2, "position": "start"}, [2, 1]),
    Case("list.flatten", {"items": [[1], [2, 3], []]}, [1, 2, 3]),
    Case("list.pluck", {"items": ORDERS, "field": "address.city"}, ["Paris", "Rome", "Paris"]),
    Case(
        "list.select_fields",
        {"items": ORDERS[:1], "fields": ["customer", "id"]},
        [{"customer": "Ada", "id": 1}],
    ),
    Case(
        "list.rename_fields",
        {"items": [{"a": 1, "b": 2}], "names": {"a": "x"}},
        [{"x": 1, "b": 2}],
    ),
    Case(
        "list.set_field",
        {"items": [{"a": 1}], "field": "seen", "value": True},
        [{"a": 1, "seen": True}],
    ),
    Case("list.range", {"start": 1, "end": 7, "step": 3}, [1, 4, 7]),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_gives_the_expected_output(case: Case) -> None:
    assert await run(case.id, case.inputs) == case.expected


@pytest.mark.parametrize(
    ("id", "inputs", "message"),
    [
        ("list.first", {"items": []}, "'list.first' failed: The list is empty"),
        ("list.find", {"items": [{"a": 1}], "field": "a", "value": 2}, "No item has a 'a'"),
        (
            "list.aggregate",
            {"items": [{"a": "x"}], "operation": "sum", "field": "a"},
            "The 'a' of item 0 is no number: 'x'",
        ),
        ("list.aggregate", {"items": [], "operation": "min", "field": "a"}, "There is no 'a'"),
        ("list.aggregate", {"items": [], "operation": "sum"}, "needs a field"),
        (
            "list.filter",
            {"items": [{"a": "x"}], "field": "a", "operator": "less_than", "value": 3},
            "'x' and 3 have no order",
        ),
        (
            "list.filter",
            {"items": [{"a": "x"}], "field": "a", "operator": "matches", "value": "("},
            "no regular expression",
        ),
        ("list.chunk", {"items": [], "size": 0}, "'list.chunk' cannot run in input 'size'"),
    ],
)
async def test_failures_name_the_component_and_the_reason(
    id: str, inputs: dict[str, Any], message: str
) -> None:
    with pytest.raises(ComponentError) as raised:
        await run(id, inputs)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        ("equals", "10", 10, True),
        ("equals", "007", "7", False),
        ("equals", "1.0", 1, True),
        ("equals", "12345678901234567890", 12345678901234567891, False),
        ("equals", "TRUE", True, True),
        ("equals", True, 1, False),
        ("not_equals", "a", "b", True),
        ("greater_or_equal", "10", "9", True),
        ("greater_or_equal", 9, 9, True),
        ("less_or_equal", None, 3, False),
        ("less_than", "2026-01-01", "2026-02-01", True),
        ("starts_with", "Invoice 7", "inv", True),
        ("ends_with", "a.PDF", ".pdf", True),
        ("contains", ["a", "b"], "b", True),
        ("not_contains", None, "b", True),
        ("not_in", 3, ["3"], False),
        ("matches", "AB-12", r"^[A-Z]+-\d+$", True),
        ("empty", "", None, True),
    ],
)
async def test_comparison(operator: str, left: Any, right: Any, expected: bool) -> None:
    inputs = {"items": [{"a": left}], "field": "a", "operator": operator, "value": right}
    assert bool(await run("list.filter", inputs)) is expected


ROWS = st.lists(st.fixed_dictionaries({"a": st.integers() | st.text() | st.none()}))


@given(ROWS)
def test_sorting_keeps_all_items_and_is_idempotent(items: list[dict[str, Any]]) -> None:
    once = sort_items(items, "a")
    assert sort_items(once, "a") == once
    assert sorted(map(repr, once)) == sorted(map(repr, items))


@given(ROWS)
def test_removing_duplicates_is_idempotent(items: list[dict[str, Any]]) -> None:
    once = remove_duplicates(items)
    assert remove_duplicates(once) == once
    assert all(item in once for item in items)
