"""Conditions joined by "and" and "or", ranges, and conditions on times."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.conditions import Condition, parse_condition
from flowloom.offline.comparing.conjunctions import negated_all, parse_joined

VALUES = ("2026-01-01", "urgent", "late")


@pytest.mark.parametrize(
    ("text", "joint", "operators"),
    [
        ("the price is between 10 and 20", "all", [">=", "<="]),
        ("its state is open and its priority is high", "all", ["==", "=="]),
        ("the amount is greater than 10 and less than 20", "all", [">", "<"]),
        ("it is open and older than 30 days", "all", ["==", ">"]),
        ("the status is 404 or 410", "any", ["==", "=="]),
        ("the subject contains ⟦1⟧ or ⟦2⟧", "any", ["contains", "contains"]),
        ("the size is over 5 or the name is empty", "any", [">", "empty"]),
    ],
)
def test_joined(text: str, joint: str, operators: list[str]) -> None:
    found = parse_joined(text, VALUES)
    assert found is not None
    assert (found.joint, [part.operator for part in found.parts]) == (joint, operators)


@pytest.mark.parametrize(
    "text",
    ["the status is 500 or higher", "the list is empty", "the name of the cat and the dog is ⟦1⟧",
     "its a is 1 and its b is 2 or its c is 3"],
)  # fmt: skip
def test_what_is_one_condition_or_none(text: str) -> None:
    assert parse_joined(text, VALUES) is None


def test_what_is_left_out_is_what_was_said_before() -> None:
    found = parse_joined("the amount is greater than 10 and less than 20", ())
    assert found is not None
    assert [part.subject for part in found.parts] == [("amount",), ("amount",)]


def test_a_negation_turns_the_joint() -> None:
    found = parse_joined("its state is open and its priority is high", ())
    assert found is not None
    other = negated_all(found)
    assert (other.joint, [part.operator for part in other.parts]) == ("any", ["!=", "!="])


def read(text: str) -> Condition:
    found = parse_condition(text, VALUES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "attribute", "operator", "value", "unit"),
    [
        ("it was created before ⟦0⟧", "created", "<", "2026-01-01", ""),
        ("it was updated after 2026-02-03", "updated", ">", "2026-02-03", ""),
        ("the file is older than 30 days", "", ">", 30, "day"),
        ("it is more than two weeks old", "", ">", 2, "week"),
        ("it has not been updated for 10 days", "updated", ">", 10, "day"),
        ("it was sent more than an hour ago", "sent", ">", 1, "hour"),
        ("today is Monday", "", "==", "monday", "weekday"),
    ],
)
def test_times(text: str, attribute: str, operator: str, value: object, unit: str) -> None:
    found = read(text)
    assert (found.attribute, found.operator, found.value, found.unit) == (
        attribute, operator, value, unit,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("the status is 500 or higher", ">=", 500),
        ("there are 5 or more open tickets", ">=", 5),
        ("there are exactly 3 rows", "==", 3),
        ("fewer than 5 stars", "<", 5),
        ("the page answers with 404", "==", 404),
        ("it doesn't answer with 200", "!=", 200),
        ("the text does not start with ⟦1⟧", "not starts with", "urgent"),
        ("the list comes back empty", "empty", None),
        ("it doesn't have a due date", "empty", None),
        ("nothing is found", "empty", None),
    ],
)
def test_more_comparisons(text: str, operator: str, value: object) -> None:
    found = read(text)
    assert (found.operator, found.value) == (operator, value)
