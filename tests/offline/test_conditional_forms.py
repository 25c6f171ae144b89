"""Sentences that hide a condition, said with "if" and "for each"."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.conditional_forms import conditional_sentences
from flowloom.offline.comparing.idle import does_nothing
from flowloom.offline.comparing.questions import questions_as_conditions

VALUES = ("first", "second", "third")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Parcels that are late get a label",
            ["for each Parcels, if it is late, add a label to it"],
        ),
        ("the broken ones are removed", ["for each of them, if it is broken, remove it"]),
        (
            "anyone without a badge should get a mail with the subject ⟦0⟧",
            ["for each of them, if it has no badge, send a mail to it with the subject ⟦0⟧"],
        ),
        (
            "every plant with a height over 3 becomes a card",
            ["for each plant, if it has a height over 3, create a card from it"],
        ),
        (
            "archived ones are deleted, the rest updated",
            ["for each of them, if it is archived, delete it", "otherwise, update it"],
        ),
        (
            "Those that are open get a comment, the others are left alone",
            ["for each of them, if it is open, add a comment to it"],
        ),
    ],
)
def test_a_subject_picks(text: str, wanted: list[str]) -> None:
    assert conditional_sentences([text], VALUES) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "delete any parcel that is older than 9 days",
            ["for each parcel, if it is older than 9 days, delete it"],
        ),
        (
            "forward each letter whose tone is rude to ⟦0⟧",
            ["for each letter, if its tone is rude, forward it to ⟦0⟧"],
        ),
        (
            "notify everybody who is absent",
            ["for each of them, if it is absent, notify it"],
        ),
        (
            "list the parcels and cancel the unpaid ones",
            ["list the parcels", "for each of them, if it is unpaid, cancel it"],
        ),
    ],
)
def test_an_object_picks(text: str, wanted: list[str]) -> None:
    assert conditional_sentences([text], VALUES) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "get all parcels that are late",
        "keep only the rows whose price is over 5",
        "create a card and close it",
        "zip every file in ⟦0⟧ that ends with ⟦1⟧ into ⟦2⟧",
    ],
)
def test_lists_and_plain_actions_stay(text: str) -> None:
    assert conditional_sentences([text], VALUES) == [text]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "a level above 7 means log ⟦0⟧, anything lower means log ⟦1⟧",
            ["if the level is above 7, log ⟦0⟧", "otherwise, log ⟦1⟧"],
        ),
        ("Without his approval, cancel the order", ["if rejected, cancel the order"]),
        ("only with the boss's consent publish it", ["if approved, publish it"]),
        (
            "Only if it is ready go on: log ⟦0⟧, then post ⟦1⟧",
            ["if it is ready, log ⟦0⟧, then post ⟦1⟧"],
        ),
        ("Only when the list is full continue", ["unless the list is full, stop"]),
        ("Should a parcel be lost, log ⟦0⟧", ["if a parcel is lost, log ⟦0⟧"]),
        ("Take every page, fetch it and log it", ["for each page, fetch it and log it"]),
        ("per row: log the name", ["for each row, log the name"]),
    ],
)
def test_a_condition_in_other_words(text: str, wanted: list[str]) -> None:
    assert conditional_sentences([text], VALUES) == wanted


def test_cases_hang_on_what_stands_before_them() -> None:
    texts = ["Depending on its size", "small: log ⟦0⟧", "large: log ⟦1⟧", "otherwise, nothing"]

    assert conditional_sentences(texts, VALUES) == [
        "if its size is small, log ⟦0⟧",
        "else if its size is large, log ⟦1⟧",
    ]


def test_where_nothing_is_to_be_done_the_other_case_is_left() -> None:
    texts = ["If the box is full, do nothing", "Otherwise, log ⟦0⟧"]

    assert conditional_sentences(texts, VALUES) == ["unless the box is full, log ⟦0⟧"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Read it. Is it red? Then log it", "Read it. If it is red, log it"),
        ("Does the page contain ⟦0⟧? Log it", "If the page contains ⟦0⟧, Log it"),
        ("Is its weight more than 4? log it", "If its weight is more than 4, log it"),
        ("Log it, and if not log the name", "Log it. Otherwise, log the name"),
    ],
)
def test_a_question_is_a_condition(text: str, wanted: str) -> None:
    assert questions_as_conditions(text, VALUES) == wanted


@pytest.mark.parametrize("text", ["no action is needed", "leave them as they are", "do nothing"])
def test_nothing_is_to_be_done(text: str) -> None:
    assert does_nothing(text)
    assert not does_nothing(f"{text} and log it")
