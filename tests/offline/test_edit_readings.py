"""Changes in wordings of many forms: the reading that leaves least over is taken."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.assembly import Assembly
from flowloom.offline.composer import OfflineComposer, shared_composer
from flowloom.offline.editing.effects import effect_of
from flowloom.offline.editing.shifting import shifted
from flowloom.workflow.document import Document, document_of
from flowloom.workflow.edits import (
    AddStep,
    MoveStep,
    Place,
    RemoveStep,
    ReplaceStep,
    SetValue,
    apply_changes,
)
from tests.offline.stand_ins import uses

NEWS: dict[str, Any] = {
    "name": "news",
    "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1-5"}},
    "steps": [
        {"id": "read", "uses": "rss.read",
         "with": {"url": "https://a.example.com/rss", "limit": 5}},
        {"id": "post", "uses": "slack.chat.post_message",
         "with": {"channel": "#news", "text": "x"}},
        {"id": "mail", "uses": "email.send",
         "with": {"to": "ann@x.org", "subject": "News", "body": "see slack"}},
    ],
}  # fmt: skip
ORDERS: dict[str, Any] = {
    "name": "orders",
    "trigger": {"uses": "core.webhook", "with": {"path": "/orders"}},
    "steps": [
        {"id": "ticket", "uses": "jira.issues.create",
         "with": {"project": "OPS", "issue_type": "Task", "summary": "order"}},
        {"id": "invoice", "uses": "stripe.invoices.create", "with": {"customer": "cus_1"}},
        {"id": "note", "uses": "telegram.send_message", "with": {"chat_id": 5, "text": "new"}},
        {"id": "post", "uses": "slack.chat.post_message",
         "with": {"channel": "#orders", "text": "new"}},
    ],
}  # fmt: skip
JIRA, STRIPE, TELEGRAM, SLACK, MAIL, RSS = (
    "jira.issues.create", "stripe.invoices.create", "telegram.send_message",
    "slack.chat.post_message", "email.send", "rss.read",
)  # fmt: skip


def composer_of(assembly: Assembly) -> OfflineComposer:
    return shared_composer(assembly.catalog, assembly.index.search, assembly.index.embed)


def changed(request: str, data: dict[str, Any], assembly: Assembly) -> Document:
    base = document_of(data)
    found = composer_of(assembly).change(request, base.data)
    assert found.changes, found.unsupported
    return apply_changes(base, found.changes)


@pytest.mark.parametrize(
    ("request_text", "after"),
    [
        # Removed: a thing, a service, several.
        ("Lose the invoice step", [JIRA, TELEGRAM, SLACK]),
        ("Nobody uses Telegram any more, so drop it", [JIRA, STRIPE, SLACK]),
        ("both messages are superfluous", [JIRA, STRIPE]),
        # Kept.
        ("I only need the ticket, nothing else", [JIRA]),
        ("take away all but the invoice", [STRIPE]),
        ("of all this just keep the Telegram message", [TELEGRAM]),
        # Replaced.
        ("swap the Slack message for an e-mail to bo@x.org", [JIRA, STRIPE, TELEGRAM, MAIL]),
        ("Discord channel 5 would be preferable to Telegram",
         [JIRA, STRIPE, "discord.messages.create", SLACK]),
        ("in lieu of the Jira ticket, open a GitHub issue in acme/app titled \"New order\"",
         ["github.issues.create", STRIPE, TELEGRAM, SLACK]),
        # Placed.
        ("once the invoice exists, also log \"invoiced\"",
         [JIRA, STRIPE, "core.log", TELEGRAM, SLACK]),
        ("log \"start\" before anything else happens",
         ["core.log", JIRA, STRIPE, TELEGRAM, SLACK]),
        ("and when everything is over, log \"end\"",
         [JIRA, STRIPE, TELEGRAM, SLACK, "core.log"]),
        # For a person.
        ("our accountant has to approve the invoice before anyone is told on Telegram",
         [JIRA, STRIPE, "ask", TELEGRAM, SLACK]),
        ("get someone to inspect the ticket before the invoice is created",
         [JIRA, "ask", STRIPE, TELEGRAM, SLACK]),
        # Moved.
        ("let the invoice be made before the ticket", [STRIPE, JIRA, TELEGRAM, SLACK]),
        ("send the Telegram message after the Slack one", [JIRA, STRIPE, SLACK, TELEGRAM]),
    ],
)  # fmt: skip
def test_steps_are_changed(request_text: str, after: list[str], builtin: Assembly) -> None:
    assert uses(changed(request_text, ORDERS, builtin).data["steps"]) == after


@pytest.mark.parametrize(
    "request_text",
    [
        "Nothing should be mailed if the feed is empty",
        "no mail please when the feed has no entries",
        "if the feed is empty then there shouldn't be any mail",
    ],
)
def test_a_guard_is_put_around_what_is_not_to_happen(request_text: str, builtin: Assembly) -> None:
    steps = changed(request_text, NEWS, builtin).data["steps"]
    assert uses(steps) == [RSS, SLACK, "if", [MAIL]]
    assert steps[2]["if"] == "size(steps.read.output) > 0"


@pytest.mark.parametrize(
    ("request_text", "step", "name", "value"),
    [
        ("the mail is for carl@x.org now", "mail", "to", "carl@x.org"),
        ("fetch only 3 entries", "read", "limit", 3),
        ("it should go to #updates, not #news", "post", "channel", "#updates"),
        ("Read https://b.example.com/rss, not the other one", "read", "url",
         "https://b.example.com/rss"),
    ],
)  # fmt: skip
def test_a_value_is_set_where_it_belongs(
    request_text: str, step: str, name: str, value: Any, builtin: Assembly
) -> None:
    after = changed(request_text, NEWS, builtin).data
    found = {item["id"]: item for item in after["steps"]}
    assert found[step]["with"][name] == value
    others = [item for item in after["steps"] if item["id"] != step]
    assert others == [item for item in NEWS["steps"] if item["id"] != step]


def test_each_clause_is_a_change_of_its_own(builtin: Assembly) -> None:
    after = changed("Run it at 8:30 instead, and post to #oncall", NEWS, builtin).data
    assert after["trigger"]["with"]["cron"] == "30 8 * * 1-5"
    assert after["steps"][1]["with"]["channel"] == "#oncall"


def test_what_is_not_clear_names_the_nearest_steps(builtin: Assembly) -> None:
    base = document_of(NEWS)
    found = composer_of(builtin).change("Make the mail more colourful somehow", base.data)
    assert found.changes == ()
    assert "'mail'" in found.unsupported[0]


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("an hour later, please, and not on Sundays", "0 9 * * *", "0 10 * * 1-6"),
        ("half an hour earlier", "0 9 * * 1-5", "30 8 * * 1-5"),
        ("two hours later, and also on Saturdays", "15 9 * * 1-5", "15 11 * * 1-6"),
        ("skip Fridays", "0 9 * * 1-5", "0 9 * * 1-4"),
        ("three hours earlier", "0 2 * * *", "0 2 * * *"),
        ("later", "*/5 * * * *", "*/5 * * * *"),
    ],
)
def test_a_schedule_is_shifted(words: str, before: str, after: str) -> None:
    assert shifted(words, before) == after


def test_the_effect_of_changes() -> None:
    ask: dict[str, Any] = {"id": "a", "ask": "check it"}
    check: dict[str, Any] = {"id": "c", "if": "true", "then": []}
    assert "remove" in effect_of([RemoveStep(id="a")])
    assert effect_of([ReplaceStep(id="a", step=ask)]) == {"replace"}
    assert "ask_person" in effect_of([AddStep(step=ask)])
    assert effect_of([AddStep(step=check)]) == {"in_branch"}
    guarded = [AddStep(step=check), MoveStep(id="a", place=Place(into="c", block="then"))]
    assert effect_of(guarded) == {"only_when", "stop_when"}
    assert "reschedule" in effect_of([SetValue(path="trigger.with.cron", value="0 9 * * *")])
    assert effect_of([SetValue(id="a", path="retry", value={})]) == {"failure"}
