"""Inputs are taken from what earlier steps, loop items and the trigger give."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.filling.sources import Source
from tests.offline.filling import filled, item, step, trigger

ROWS = step("csv.read_file", path="a.csv")
ROW = item("csv.read_file", "row")
ISSUES = step("github.issues.list", owner="acme", repo="app")
ISSUE = item("github.issues.list", "issue", owner="acme", repo="app")
MAILS = step("email.search", folder="Orders")
MAIL = item("email.search", "mail", folder="Orders")
FILE = item("file.list", "file")
ENTRY = trigger("core.rss_new_item")
TEXT = step("file.read")


@pytest.mark.parametrize(
    ("component", "words", "sources", "values"),
    [
        (
            "email.send",
            "forward its subject and its text to a@x.com",
            [trigger("core.email_received")],
            {
                "to": "a@x.com",
                "subject": "${{ trigger.output.subject }}",
                "body": "${{ trigger.output.text }}",
            },
        ),
        (
            "email.send",
            'reply to its sender with the subject "Got it" saying "Thanks"',
            [MAIL],
            {"to": "${{ mail.sender }}", "subject": "Got it", "body": "Thanks"},
        ),
        (
            "email.send",
            'send it to the address in the column mail, subject "Hi"',
            [ROW],
            {"to": "${{ row.mail }}", "subject": "Hi", "body": "Hi"},
        ),
        (
            "email.send",
            'email that file as an attachment to a@x.com with the subject "Hours"',
            [step("csv.write_file", path="h.csv")],
            {
                "to": "a@x.com",
                "subject": "Hours",
                "body": "Hours",
                "attachments": ["${{ steps.write_file.output.path }}"],
            },
        ),
        (
            "email.send",
            "send the summary to a@x.com",
            [step("ai.summarize")],
            {"to": "a@x.com", "subject": "Summary", "body": "${{ steps.summarize.output }}"},
        ),
        (
            "slack.chat.post_message",
            "post its title and its link to #reading",
            [ENTRY],
            {
                "channel": "#reading",
                "text": "${{ trigger.output.title }} ${{ trigger.output.url }}",
            },
        ),
        (
            "slack.chat.post_message",
            "post the titles to #dev",
            [ISSUES],
            {
                "channel": "#dev",
                "text": '${{ steps.list.output.map(entry, entry.title).join("\\n") }}',
            },
        ),
        (
            "slack.chat.post_message",
            "post how many issues there are to #dev",
            [ISSUES],
            {"channel": "#dev", "text": "${{ string(size(steps.list.output)) }}"},
        ),
        (
            "slack.chat.post_message",
            'post "New: {title} ({number})" to #dev',
            [ISSUE],
            {"channel": "#dev", "text": "New: ${{ issue.title }} (${{ issue.number }})"},
        ),
        (
            "slack.chat.post_message",
            'post "again" there',
            [step("slack.chat.post_message", channel="#ops", text="first")],
            {"channel": "#ops", "text": "again"},
        ),
        (
            "github.issues.comment",
            'add a comment saying "Still relevant?"',
            [ISSUE],
            {
                "owner": "acme",
                "repo": "app",
                "issue_number": "${{ issue.number }}",
                "body": "Still relevant?",
            },
        ),
        (
            "github.issues.update",
            "close it",
            [step("github.issues.get", owner="acme", repo="app", issue_number=42)],
            {"owner": "acme", "repo": "app", "issue_number": 42, "state": "closed"},
        ),
        (
            "github.issues.list",
            "list the open issues",
            [item("github.repos.list", "repository")],
            {
                "owner": "${{ repository.owner.login }}",
                "repo": "${{ repository.name }}",
                "state": "open",
            },
        ),
        ("email.delete", "delete them all", [MAILS],
         {"uids": "${{ steps.search.output.map(entry, entry.uid) }}"}),
        ("email.delete", "delete it", [MAIL], {"uids": ["${{ mail.uid }}"]}),
        ("file.read", "read it", [FILE], {"path": "${{ file.path }}"}),
        ("file.append", "append the text of each one to all.txt", [TEXT, FILE],
         {"path": "all.txt", "text": "${{ steps.read.output }}"}),
        ("csv.write_file", "write the result to out.csv", [ROWS],
         {"path": "out.csv", "items": "${{ steps.read_file.output }}"}),
        ("json.write_file", "write its pages to pages.json", [step("notion.databases.query")],
         {"path": "pages.json", "value": "${{ steps.query.output.results }}"}),
        ("todoist.tasks.create", "create a task with its subject as the content", [MAIL],
         {"content": "${{ mail.subject }}"}),
        ("jira.issues.create", "create a Jira task in project HR with its subject as the summary",
         [MAIL],
         {"fields": {"summary": "${{ mail.subject }}", "project": {"key": "HR"},
                     "issuetype": {"name": "Task"}}}),
        ("slack.conversations.invite", "invite them to C024BE7LH",
         [step("slack.users.lookup_by_email")],
         {"channel": "C024BE7LH", "users": "${{ steps.lookup_by_email.output.user.id }}"}),
        ("list.join", "join them by id", [step("json.read_file"), ROWS, step("sql.query")],
         {"items": "${{ steps.query.output }}", "other": "${{ steps.read_file.output }}",
          "field": "id"}),
        ("math.round", "round it to 2 digits", [step("list.aggregate")],
         {"number": "${{ steps.aggregate.output }}", "digits": 2}),
        ("date.add", "add 3 days to it", [step("date.now")],
         {"date": "${{ steps.now.output }}", "days": 3}),
        ("core.log", "log its price", [step("list.find"), ROW], {"message": "${{ row.price }}"}),
        ("core.log", "log the current time", [], {"message": "${{ run.started_at }}"}),
    ],
)  # fmt: skip
def test_outputs_fill_inputs(
    component: str, words: str, sources: list[Source], values: dict[str, Any]
) -> None:
    found = filled(component, words, *sources)
    assert found.values == values
    assert found.missing == []


def test_a_text_that_is_not_said_is_told_as_taken_for_granted() -> None:
    found = filled("core.log", "log", TEXT)
    assert found.values == {"message": "${{ steps.read.output }}"}
    assert found.assumed == [
        "The request does not say the message: it is what 'steps.read.output' gives."
    ]


def test_what_another_service_was_given_is_not_carried_over() -> None:
    found = filled("discord.messages.list", "list its messages",
                   step("slack.chat.post_message", channel="#ops"))  # fmt: skip
    assert found.missing == ["channel_id"]


def test_a_confirmation_is_no_data() -> None:
    found = filled("core.log", "log", step("email.send"))
    assert found.missing == ["message"]
