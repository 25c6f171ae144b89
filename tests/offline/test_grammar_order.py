"""Order words: what is done first stands first, if the workflow itself does it."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.grammar.order import in_order
from tests.offline.grammar_forms import plain


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        (
            "Notify ⟦0⟧ as soon as the backup has been copied to S3",
            ["copy the backup to S3", "notify ⟦0⟧"],
        ),
        (
            "Remove the user from the group after exporting their data",
            ["export their data", "remove the user from the group"],
        ),
        (
            "After you're finished uploading the slides, email the link to ⟦0⟧",
            ["upload the slides", "email the link to ⟦0⟧"],
        ),
        (
            "Upon creation of the account, assign it to ⟦0⟧",
            ["create the account", "assign it to ⟦0⟧"],
        ),
        (
            "Once the customer has been deleted in Stripe, remove the contact from HubSpot",
            ["delete the customer in Stripe", "remove the contact from HubSpot"],
        ),
        ("Send ⟦0⟧ to ⟦1⟧ when you've read ⟦2⟧", ["read ⟦2⟧", "send ⟦0⟧ to ⟦1⟧"]),
        (
            "Print the badges once you've exported the guest list",
            ["export the guest list", "print the badges"],
        ),
        (
            "After the contract has been scanned, shred the paper copy",
            ["scan the contract", "shred the paper copy"],
        ),
        ("Having sorted the list, take the first item", ["sort the list", "take the first item"]),
        (
            "Now that the invoice has been created, attach the PDF to it",
            ["create the invoice", "attach the PDF to it"],
        ),
    ],
)
def test_what_stands_after_is_done_first(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Clone the repo but first create a token", ["create a token", "clone the repo"]),
        (
            "Merge the branches – but before that, run the tests",
            ["run the tests", "merge the branches"],
        ),
        (
            "Sync the calendars, but prior to that back up the old one",
            ["back up the old one", "sync the calendars"],
        ),
        ("Before you delete the repo, export it", ["export the repo", "delete the repo"]),
        (
            "An event ought to be put on the calendar before the reminder gets sent",
            ["put an event on the calendar", "send the reminder"],
        ),
    ],
)
def test_what_is_done_before(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    "text",
    [
        "when an order has been placed, log it",
        "when a new file has been uploaded to ⟦0⟧, post its name",
        "once the payment has been received, ship the goods",
        "as soon as a mail arrives, log it",
        "when the record has been changed by somebody, log it",
    ],
)
def test_an_event_outside_is_left_alone(text: str) -> None:
    assert in_order(text) == [text]


def test_what_was_asked_for_already_is_not_done_again() -> None:
    before = ("create an issue in ⟦0⟧",)
    assert in_order("Once the issue has been created, post its link", before) == ["post its link"]


def test_a_pronoun_stands_for_the_noun_of_the_other_clause() -> None:
    assert in_order("Send the report to ⟦0⟧ after sorting it") == [
        "sort the report",
        "Send the report to ⟦0⟧",
    ]
