"""Greetings, thanks and reasons ask for nothing."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.segment import segment
from flowloom.offline.reading.small_talk import is_small_talk, is_title


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much!",
        "Many thanks, Ada",
        "Cheers!",
        "Kind regards",
        "I'm tired of doing this by hand",
        "We collect the sign-ups in a table",
        "My boss wants a list every week",
        "That would be great.",
        "Let me know if it worked",
        "Do nothing else",
    ],
)
def test_what_asks_for_nothing(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["Send thanks to everybody", "I want you to list the files", "We need a ticket", "Post it"],
)
def test_what_asks_for_something(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize(("text", "yes"), [("Weekly report", True), ("Report it", False),
                                           ("Renew the lease", False)])  # fmt: skip
def test_titles(text: str, yes: bool) -> None:
    assert is_title(text) is yes


def test_a_letter_is_cut_down_to_its_request() -> None:
    text = (
        "Hi there, I'm tired of this. Weekly, please list the files and mail them to"
        " bob@example.com. Thank you so much!\n\nBest regards, Ann"
    )
    masked = mask(text)
    parts = [masked.unmask(part) for part in segment(masked.text)]
    assert parts == ["Weekly, please list the files and mail them to bob@example.com"]


def test_a_title_goes_only_before_a_request() -> None:
    assert segment("Daily report. List the files.") == ["List the files"]
    assert segment("Daily report") == ["Daily report"]
