"""Names of fields and comparisons of rows in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.filling import filled, step

ROWS = step("csv.read_file", path="a.csv")


@pytest.mark.parametrize(
    ("component", "words", "values"),
    [
        ("list.filter", "keep the rows where region equals North",
         {"field": "region", "operator": "equals", "value": "North"}),
        ("list.filter", "filter the rows whose amount is larger than 100",
         {"field": "amount", "operator": "greater_than", "value": 100}),
        ("list.filter", 'keep only rows with a status of "open"',
         {"field": "status", "operator": "equals", "value": "open"}),
        ("list.filter", "remove the rows where qty is 0",
         {"field": "qty", "operator": "equals", "value": 0, "keep": False}),
        ("list.filter", "keep the rows with an empty email",
         {"field": "email", "operator": "empty"}),
        ("list.filter", "keep the users whose active is true",
         {"field": "active", "operator": "equals", "value": True}),
        ("list.find", 'find the row where Sku equals "A-1"', {"field": "Sku", "value": "A-1"}),
        ("list.sort", "sort them by revenue in descending order",
         {"field": "revenue", "order": "descending"}),
        ("list.sort", "sort by the column time, latest first",
         {"field": "time", "order": "descending"}),
        ("list.sort", "sort the rows by amount from low to high",
         {"field": "amount", "order": "ascending"}),
        ("list.slice", "take the first 10 rows", {"count": 10}),
        ("list.slice", "skip the first two rows", {"start": 2}),
        ("list.remove_duplicates", "remove duplicate rows by email", {"fields": ["email"]}),
        ("list.select_fields", "keep only the columns date and usd", {"fields": ["date", "usd"]}),
        ("list.select_fields", "keep name, email and city", {"fields": ["name", "email", "city"]}),
        ("list.group_by", "group the rows by city", {"field": "city"}),
        ("list.aggregate", "sum up the amount column", {"operation": "sum", "field": "amount"}),
        ("list.aggregate", "compute the average of price",
         {"operation": "average", "field": "price"}),
        ("list.aggregate_by", "total the amount column for each department",
         {"group_field": "department", "operation": "sum", "field": "amount"}),
        ("list.aggregate_by", "count the orders by country",
         {"group_field": "country", "operation": "count"}),
        ("list.rename_fields", "rename the column mail to email and tel to phone",
         {"names": {"mail": "email", "tel": "phone"}}),
        ("list.set_field", 'set the field status to "done"', {"field": "status", "value": "done"}),
        ("list.pluck", "take the column email of the rows", {"field": "email"}),
        ("list.chunk", "split the rows into batches of 50", {"size": 50}),
    ],
)  # fmt: skip
def test_fields_and_comparisons(component: str, words: str, values: dict[str, Any]) -> None:
    found = filled(component, words, ROWS)
    given = {name: value for name, value in found.values.items() if name != "items"}
    defaults = {"operator": "equals", "order": "ascending"}
    unsaid = {name: value for name, value in given.items()
              if name not in values and value != defaults.get(name)}  # fmt: skip
    assert {name: given.get(name, defaults.get(name)) for name in values} == values
    assert unsaid == {}
    assert found.values["items"] == "${{ steps.read_file.output }}"
