"""Conditions, loops and events in wordings that no rule was started from."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.bracketed import without_columns
from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.conjunctions import parse_joined
from flowloom.offline.comparing.exceptions import without_excepted
from flowloom.offline.comparing.idle import does_nothing
from flowloom.offline.comparing.pairs_compared import pair_in
from flowloom.offline.reading.decisions import answer_in


@pytest.mark.parametrize(
    ("text", "field", "operator"),
    [
        ("both have the same version", "version", "=="),
        ("the two have different owners", "owner", "!="),
        ("their checksums do not match", "checksum", "!="),
        ("the version is not the same in both", "version", "!="),
    ],
)
def test_two_things_are_compared_with_each_other(text: str, field: str, operator: str) -> None:
    found = pair_in(text)
    assert found is not None
    assert (found.attribute, found.operator) == (field, operator)


@pytest.mark.parametrize("text", ["it has the same colour", "the state is open", "both"])
def test_one_thing_is_no_pair(text: str) -> None:
    assert pair_in(text) is None


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("he answers ⟦0⟧", "=="),
        ("the reply is not ⟦0⟧", "!="),
        ("she doesn't say ⟦0⟧", "!="),
        ("Tom writes back ⟦0⟧", "=="),
    ],
)
def test_the_words_of_an_answer(text: str, operator: str) -> None:
    found = answer_in(text, (), ("none",))
    assert found is not None
    assert (found.value, found.operator, found.quoted) == ("none", operator, True)


def test_a_quoted_yes_is_a_yes() -> None:
    found = answer_in("she says ⟦0⟧", (), ("Yes",))
    assert found is not None
    assert (found.value, found.quoted) == ("yes", False)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "close all issues except those with the label ⟦0⟧",
            ["for each issues, unless it has the label ⟦0⟧, close it"],
        ),
        (
            "log the names of every channel apart from the private ones",
            ["for each channel, unless it is private, log the name of it"],
        ),
        (
            "get all rows other than those with status ⟦0⟧ and save them",
            ["get all rows", "leave out those with status ⟦0⟧", "save them"],
        ),
        ("post ⟦0⟧ every day except Sundays", []),
    ],
)
def test_exceptions(text: str, made: list[str]) -> None:
    assert without_excepted(text, ("keep",)) == made


@pytest.mark.parametrize(
    "text", ["leave the private ones alone", "leave those as they are", "gets nothing"]
)
def test_nothing_is_to_be_done(text: str) -> None:
    assert does_nothing(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("it has fewer than 2 members (num_members)", "num_members"),
        ("the temperature (temp) is over 30", "temp"),
        ("it has more than 5 stars (field stargazers_count)", "stargazers_count"),
    ],
)
def test_a_word_in_brackets_names_the_field(text: str, field: str) -> None:
    found = parse_condition(text, ())
    assert found is not None
    assert (found.attribute, found.count) == (field, False)


@pytest.mark.parametrize("text", ["the customer is from Germany", "he lives in Germany"])
def test_where_somebody_is_from(text: str) -> None:
    found = parse_condition(text, ())
    assert found is not None
    assert (found.attribute, found.value) == ("country", "Germany")


def test_a_second_comparison_needs_no_verb() -> None:
    found = parse_joined("the temp is over 30 or humidity under 40", ())
    assert found is not None
    assert found.joint == "any"
    assert [part.value for part in found.parts] == [30, 40]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("read ⟦0⟧ (columns name, email and country)", "read ⟦0⟧"),
        ("read ⟦0⟧ (name, email)", "read ⟦0⟧"),
        ("read ⟦0⟧ (column email)", "read ⟦0⟧ (column email)"),
        ("read ⟦0⟧ (if it exists, and then stop)", "read ⟦0⟧ (if it exists, and then stop)"),
    ],
)
def test_lists_of_columns_ask_for_nothing(text: str, plain: str) -> None:
    assert without_columns(text) == plain
