"""Events start a workflow in many words; triggers take their inputs from them."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.masking import mask
from flowloom.offline.timing.event_clauses import is_event
from flowloom.offline.timing.triggers import find_trigger
from tests.offline.filling import builtin


@pytest.mark.parametrize(
    ("text", "trigger", "actions"),
    [
        ("If a mail comes in, log it", "a mail comes in", ("log it",)),
        ("Once a file shows up in /drop, read it", "a file shows up in ⟦0⟧", ("read it",)),
        ("Watch the folder /in and upload whatever appears there to https://x.com",
         "new file in the folder ⟦0⟧", ("upload it to ⟦1⟧",)),
        ("Subscribe to the feed https://x.com/rss and post each new entry's link",
         "new entry of the feed ⟦0⟧", ("post the entry's link",)),
        ("Listen on the webhook /hook, then log the body", "a request at the webhook ⟦0⟧",
         ("log the body",)),
        ("Start on a webhook at /hook: log the body", "a webhook at ⟦0⟧", ("log the body",)),
        ("An e-mail from a@x.com should create a task", "An e-mail from ⟦0⟧", ("create a task",)),
        ("At midnight, delete the file", "At midnight", ("delete the file",)),
        ("File deleted in /shared", "File deleted in ⟦0⟧", ()),
    ],
)  # fmt: skip
def test_events_without_when(text: str, trigger: str, actions: tuple[str, ...]) -> None:
    found = classify(mask(text).text, first=True)
    assert (found.trigger, found.actions) == (trigger, actions)


@pytest.mark.parametrize(
    "text",
    ["If the file /a.txt exists, read it", "If there are more than 5 rows, log it",
     "Check the folder /in and log it"],
)  # fmt: skip
def test_conditions_are_no_events(text: str) -> None:
    assert classify(mask(text).text, first=True).trigger == ""


def test_only_the_first_sentence_names_an_event() -> None:
    assert classify("If a mail comes in, log it", first=False).trigger == ""


def test_what_may_come_at_any_time_is_an_event() -> None:
    assert is_event("a new file appears in the folder")
    assert not is_event("the file contains x")
    assert not is_event("the number is above 5")


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ("every weekday at 9 in Seoul",
         {"uses": "core.schedule", "with": {"cron": "0 9 * * 1-5", "timezone": "Asia/Seoul"}}),
        ("at midnight", {"uses": "core.schedule", "with": {"cron": "0 0 * * *"}}),
        ('an e-mail with "refund" in the subject arrives',
         {"uses": "core.email_received", "with": {"subject": "refund"}}),
        ("a new file in the folder /in",
         {"uses": "core.file_watch", "with": {"directory": "/in", "changes": ["created"]}}),
        ("new entry of the feed https://x.com/rss",
         {"uses": "core.rss_new_item", "with": {"url": "https://x.com/rss"}}),
        ("a POST to /orders",
         {"uses": "core.webhook", "with": {"path": "/orders", "method": "POST"}}),
        ("a GET request hits /status",
         {"uses": "core.webhook", "with": {"path": "/status", "method": "GET"}}),
    ],
)  # fmt: skip
def test_words_name_a_trigger_and_its_inputs(words: str, data: dict[str, Any]) -> None:
    masked = mask(words)
    assert find_trigger(masked.text, masked, builtin()).data == data


def test_a_bare_time_is_told_to_be_taken_as_every_day() -> None:
    masked = mask("at midnight")
    assert find_trigger(masked.text, masked, builtin()).assumptions == [
        "'at midnight' is taken to be every day."
    ]


def test_what_no_cron_expression_says_is_no_trigger() -> None:
    masked = mask("every 90 minutes")
    found = find_trigger(masked.text, masked, builtin())
    assert found.data is None
    assert "90 minutes" in found.assumptions[0]
