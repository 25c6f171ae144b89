"""Comparisons in other words and orders."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.plainly import plain_comparison


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the lake has actually gone below 4", "the lake has gone under 4"),
        ("the price climbs past 20", "the price is over 20"),
        ("the price does not exceed 20", "the price is at most 20"),
        ("the bill amounts to more than 9", "the bill is more than 9"),
        ("the parcel is flagged as lost", "the parcel is lost"),
        ("the lamp turns red", "the lamp is red"),
        ("the tea is costlier than 9", "the tea is more than 9"),
        ("the book is cheaper than 9", "the book is less than 9"),
        ("the tank is not leaking anymore", "the tank is not leaking"),
        ("the card doesn't carry a name", "the card has no name"),
        ("any of them is lost", "it is lost"),
    ],
)
def test_plain_relations(text: str, wanted: str) -> None:
    assert plain_comparison(text) == wanted


@pytest.mark.parametrize(
    ("text", "attribute", "operator", "value"),
    [
        ("it has a colour of green", "colour", "==", "green"),
        ("it has type parcel", "type", "==", "parcel"),
        ("it has high demand", "demand", "==", "high"),
        ("it has an owner", "owner", "not empty", None),
        ("it is tagged rush", "tag", "==", "rush"),
        ("the mode in the config is fast", "mode", "==", "fast"),
    ],
)
def test_fields_and_values(text: str, attribute: str, operator: str, value: object) -> None:
    found = parse_condition(text, ())

    assert found is not None
    assert (found.attribute, found.operator, found.value) == (attribute, operator, value)
