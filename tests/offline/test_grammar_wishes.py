"""Wishes, causatives and nouns of actions are said as what to do."""

from __future__ import annotations

import pytest

from tests.offline.grammar_forms import plain


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Be sure that the draft is shared with ⟦0⟧", ["share the draft with ⟦0⟧"]),
        ("Please see to it that the temp folder is emptied", ["empty the temp folder"]),
        ("It is important that the old key is revoked", ["revoke the old key"]),
        ("it would be good if the file was renamed to ⟦0⟧", ["rename the file to ⟦0⟧"]),
        ("I need these three files zipped into ⟦0⟧", ["zip these three files into ⟦0⟧"]),
        ("we'd like to have the invoices sorted by date", ["sort the invoices by date"]),
        (
            "We want all the boards listed and the stale ones archived",
            ["list all the boards", "archive the stale ones"],
        ),
        (
            "Please have a new folder created in Dropbox and the report moved there",
            ["create a new folder in Dropbox", "move the report there"],
        ),
        ("Get those duplicates removed from ⟦0⟧", ["remove those duplicates from ⟦0⟧"]),
    ],
)
def test_what_is_wished_to_be_done(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("I would love a weekly chart of the visits", ["create a weekly chart of the visits"]),
        ("We need the addresses of all customers", ["get the addresses of all customers"]),
        ("We require a new workspace in Asana", ["create a new workspace in Asana"]),
        ("There has to be a note in the log for it", ["create a note in the log for it"]),
        ("An extra backup would be needed", ["create an extra backup"]),
        ("What we need is a new sprint in Jira", ["create a new sprint in Jira"]),
        ("I'm looking for a monthly summary", ["create a monthly summary"]),
        ("I'd like a line in ⟦2⟧ on Slack", ["post a line in ⟦2⟧ on Slack"]),
        ("We need a mail to ⟦0⟧ about it", ["send a mail to ⟦0⟧ about it"]),
        ("We want a copy of ⟦0⟧ in ⟦1⟧", ["copy ⟦0⟧ in ⟦1⟧"]),
    ],
)
def test_a_thing_that_is_wished_for_is_made(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Assignment of the ticket to ⟦0⟧", ["assign the ticket to ⟦0⟧"]),
        ("Conversion of ⟦0⟧ into ⟦1⟧", ["convert ⟦0⟧ into ⟦1⟧"]),
        ("publication of the post ⟦0⟧", ["publish the post ⟦0⟧"]),
        ("Archiving the thread and notifying ⟦0⟧", ["archive the thread", "notify ⟦0⟧"]),
        (
            "Removal of old drafts, then creation of a new page",
            ["delete old drafts", "create a new page"],
        ),
        ("provisioning of a virtual machine", ["provision a virtual machine"]),
    ],
)
def test_nouns_of_actions(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize("text", ["get a file stored in ⟦0⟧", "list of the open issues"])
def test_a_thing_described_is_not_done(text: str) -> None:
    assert plain(text) == [text]
