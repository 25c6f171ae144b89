"""What is said of the thing, in the passive or with "need", is said as what to do."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.grammar.voices import active
from tests.offline.grammar_forms import plain


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("The subscriber list is to be tidied first", ["tidy the subscriber list"]),
        ("Both spreadsheets have to get merged into ⟦0⟧", ["merge both spreadsheets into ⟦0⟧"]),
        ("The numbers will have to be rounded", ["round the numbers"]),
        ("Two labels must be put on the issue", ["put two labels on the issue"]),
        (
            "The message ⟦0⟧ must be posted to ⟦1⟧ and pinned",
            ["post the message ⟦0⟧ to ⟦1⟧", "pin it"],
        ),
        (
            "Those leads that have not replied should be marked as cold",
            ["mark those leads that have not replied as cold"],
        ),
        (
            "Every contact that bounced must be unsubscribed from the list",
            ["unsubscribe every contact that bounced from the list"],
        ),
        ("a copy of the contract shall be kept in ⟦0⟧", ["keep a copy of the contract in ⟦0⟧"]),
        ("Every overdue invoice should then be forwarded", ["forward every overdue invoice"]),
        ("Unless it is small, the invoice needs checking", ["if it is small => check the invoice"]),
        (
            "All of the sheets are to be converted to PDF and then emailed to ⟦0⟧",
            ["convert all of the sheets to PDF", "email them to ⟦0⟧"],
        ),
        (
            "The wiki page must be locked and its watchers notified",
            ["lock the wiki page", "notify its watchers"],
        ),
        (
            "An NDA should be drafted and put in the legal folder",
            ["draft an NDA", "put it in the legal folder"],
        ),
        (
            "The seats that are still free are to be released",
            ["release the seats that are still free"],
        ),
        (
            "calculate the sum of the hours in ⟦0⟧ should be written to ⟦1⟧",
            ["calculate the sum of the hours in ⟦0⟧", "write it to ⟦1⟧"],
        ),
        ("a reminder goes out to ⟦0⟧", ["send a reminder to ⟦0⟧"]),
        ("Also, the old webhook can go", ["delete the old webhook"]),
        ("Once a week the cache needs emptying", ["when once a week => empty the cache"]),
    ],
)
def test_a_thing_that_is_to_be_changed(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    "text",
    [
        "This should be run every day",
        "the repo should be called ⟦0⟧",
        "the subject should be ⟦1⟧",
        "the rows whose status is failed",
        "the file is missing",
    ],
)
def test_what_is_or_is_called_asks_for_nothing(text: str) -> None:
    assert active(text) == ""


def test_a_plain_present_tells_what_to_do_only_after_something_else() -> None:
    assert active("a ticket is opened", told=False) == ""
    assert active("a ticket is opened") == "open a ticket"
