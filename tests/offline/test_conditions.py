"""Conditions in words become comparisons."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.conditions import (
    Condition,
    Operator,
    Scalar,
    negated,
    parse_condition,
)

VALUES = ("high", "draft")


def read(text: str) -> Condition:
    found = parse_condition(text, VALUES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "subject", "operator", "value"),
    [
        ("the object size is larger than 100", ("object", "size"), ">", 100),
        ("its price is not more than 9.5", (), "<=", 9.5),
        ("the total exceeds $1,000", ("total",), ">", 1000),
        ("the folder name is not none", ("folder", "name"), "not empty", None),
        ("the list is empty", ("list",), "empty", None),
        ("the team's name is ⟦0⟧", ("team",), "==", "high"),
        ("the state is not ⟦1⟧", ("state",), "!=", "draft"),
        ("the subject contains ⟦0⟧", ("subject",), "contains", "high"),
        ("the text does not contain ⟦0⟧", ("text",), "not contains", "high"),
        ("the file does not exist", ("file",), "empty", None),
        ("the status is 200", ("status",), "==", 200),
        ("count >= 3", ("count",), ">=", 3),
    ],
)
def test_comparisons(
    text: str, subject: tuple[str, ...], operator: Operator, value: Scalar
) -> None:
    found = read(text)
    assert (found.subject, found.operator, found.value) == (subject, operator, value)


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("there are more than five issues", ">", 5),
        ("there are at least 2 open issues", ">=", 2),
        ("there are no issues", "empty", None),
        ("no issues are found", "empty", None),
        ("there is a new issue", "not empty", None),
    ],
)
def test_counts(text: str, operator: Operator, value: Scalar) -> None:
    found = read(text)
    assert (found.count, found.operator, found.value) == (True, operator, value)
    assert found.subject[-1] == "issue"


def test_fields_that_are_said_otherwise() -> None:
    assert read("the incident has ⟦0⟧ impact").attribute == "impact"
    assert read("with high impact").attribute == "impact"
    assert read("it is of type ⟦0⟧").attribute == "type"
    owner = read("belongs to a given user")
    assert (owner.attribute, owner.name) == ("owned_by", "user")
    approval = read("the supervisor does not approve")
    assert (approval.verbal, approval.operator) == (True, "empty")
    assert read("it is low").guessed


def test_what_is_no_condition_is_none() -> None:
    assert parse_condition("green apples", ()) is None


@pytest.mark.parametrize("text", ["its size is 3", "its size is larger than 3", "it is empty"])
def test_negation_twice_is_the_same(text: str) -> None:
    assert negated(read(text)) != read(text)
    assert negated(negated(read(text))) == read(text)
