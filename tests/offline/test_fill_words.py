"""Inputs are read out of the words of an action, over the components of the built-in catalog."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.filling import filled


@pytest.mark.parametrize(
    ("component", "words", "values"),
    [
        (
            "github.issues.create",
            'create an issue in acme/app titled "X" with the body "No" and the labels a and b',
            {
                "owner": "acme",
                "repo": "app",
                "body": "No",
                "title": "X",
                "labels": ["a", "b"],
            },
        ),
        (
            "github.issues.create",
            'open an issue in acme/app titled "X" with the label ops and assign it to mona',
            {
                "owner": "acme",
                "repo": "app",
                "title": "X",
                "labels": ["ops"],
                "assignees": ["mona"],
            },
        ),
        (
            "github.issues.comment",
            'comment "Done" on issue 12 of acme/shop',
            {"owner": "acme", "repo": "shop", "issue_number": 12, "body": "Done"},
        ),
        (
            "github.issues.list",
            "list the closed issues of acme/app labelled stale",
            {"owner": "acme", "repo": "app", "state": "closed", "labels": "stale"},
        ),
        (
            "github.issues.list",
            'get all open issues with the label "bug" in acme/app created by mona',
            {"owner": "acme", "repo": "app", "labels": "bug", "state": "open", "creator": "mona"},
        ),
        (
            "github.issues.list",
            "list the 10 newest issues of acme/app",
            {"owner": "acme", "repo": "app", "per_page": 10},
        ),
        (
            "github.issues.update",
            "close issue #42 of acme/app",
            {"owner": "acme", "repo": "app", "issue_number": 42, "state": "closed"},
        ),
        (
            "github.issues.update",
            "reopen issue 7 in acme/app",
            {"owner": "acme", "repo": "app", "issue_number": 7, "state": "open"},
        ),
        (
            "github.issues.update",
            'change the title of issue 5 in acme/app to "New title"',
            {"owner": "acme", "repo": "app", "issue_number": 5, "title": "New title"},
        ),
        (
            "github.issues.add_labels",
            'add the labels "bug" and "p1" to issue 12 of acme/app',
            {"owner": "acme", "repo": "app", "labels": ["bug", "p1"], "issue_number": 12},
        ),
        (
            "github.pulls.create",
            'open a pull request in acme/app from fix-1 into main titled "Fix"',
            {"owner": "acme", "repo": "app", "head": "fix-1", "base": "main", "title": "Fix"},
        ),
        (
            "github.pulls.merge",
            "merge pull request 9 of acme/api with rebase",
            {"owner": "acme", "repo": "api", "pull_number": 9, "merge_method": "rebase"},
        ),
        (
            "github.releases.create",
            'publish release v1.2.0 of acme/app named "Spring" as a draft',
            {"owner": "acme", "repo": "app", "name": "Spring", "draft": True, "tag_name": "v1.2.0"},
        ),
        (
            "github.repos.create",
            "create a private repository called demo",
            {"private": True, "name": "demo"},
        ),
        (
            "email.send",
            'email a@x.com and b@x.com, cc boss@x.com, with the subject "Hi" and the text "Hello"',
            {"to": ["a@x.com", "b@x.com"], "cc": "boss@x.com", "subject": "Hi", "body": "Hello"},
        ),
        (
            "email.send",
            "notify ops@x.com that the backup is done",
            {"to": "ops@x.com", "body": "The backup is done", "subject": "The backup is done"},
        ),
        (
            "email.send",
            'mail chart.png to x@x.com with the subject "Chart"',
            {"subject": "Chart", "to": "x@x.com", "attachments": ["chart.png"], "body": "Chart"},
        ),
        (
            "email.search",
            "find the newest mail from jean@x.com",
            {"sender": "jean@x.com", "limit": 1},
        ),
        (
            "email.search",
            'search my inbox for unread e-mails with "invoice" in the subject',
            {"subject": "invoice", "unread_only": True},
        ),
        (
            "email.search",
            "get unread mails in the folder Orders",
            {"unread_only": True, "folder": "Orders"},
        ),
        (
            "email.search",
            "find mails from the last 7 days",
            {"since": '${{ string(timestamp(run.started_at) - duration("168h")) }}'},
        ),
        (
            "slack.chat.post_message",
            'post "Hi" to the game channel in Slack',
            {"channel": "game", "text": "Hi"},
        ),
        (
            "slack.chat.post_message",
            'tell #oncall "Shop is down"',
            {"channel": "#oncall", "text": "Shop is down"},
        ),
        (
            "slack.conversations.create",
            "create a private channel called launch",
            {"is_private": True, "name": "launch"},
        ),
        (
            "slack.conversations.history",
            "read the last 20 messages of #general",
            {"channel": "#general", "limit": 20},
        ),
        (
            "csv.read_file",
            "read the semicolon separated file a.csv without a header",
            {"path": "a.csv", "delimiter": ";", "has_header": False},
        ),
        (
            "file.list",
            "list the csv files in /data including subfolders",
            {"pattern": "*.csv", "directory": "/data", "recursive": True},
        ),
        ("file.list", "list the files /logs/*.log", {"directory": "/logs", "pattern": "*.log"}),
        (
            "file.move",
            "move /tmp/dump.sql to /backup/dump.sql",
            {"path": "/tmp/dump.sql", "target": "/backup/dump.sql"},
        ),
        (
            "file.zip",
            "zip the files a.txt and b.txt into backup.zip",
            {"paths": ["a.txt", "b.txt"], "target": "backup.zip"},
        ),
        (
            "file.unzip",
            "unzip data.zip into /data/out",
            {"path": "data.zip", "directory": "/data/out"},
        ),
        (
            "http.download",
            "download https://x.com/rates.csv as rates.csv",
            {"url": "https://x.com/rates.csv", "path": "rates.csv"},
        ),
        (
            "http.download",
            "download https://x.com/rates.csv",
            {"url": "https://x.com/rates.csv", "path": "rates.csv"},
        ),
        (
            "http.post",
            'post {"a": 1} to https://x.com/run',
            {"url": "https://x.com/run", "body": {"a": 1}},
        ),
        (
            "http.get",
            "fetch https://a.com with a timeout of 10 seconds",
            {"url": "https://a.com", "timeout": 10.0},
        ),
        (
            "text.replace",
            'replace "foo" with "bar" in "foo foo"',
            {"find": "foo", "replacement": "bar", "text": "foo foo"},
        ),
        ("text.change_case", 'write "abc" in capital letters', {"case": "upper", "text": "abc"}),
        ("text.hash", 'hash "hello" with md5', {"algorithm": "md5", "text": "hello"}),
        ("math.random", "pick a random number between 1 and 6", {"minimum": 1, "maximum": 6}),
        ("math.calculate", "calculate 12 * 7", {"formula": "12 * 7"}),
        ("date.now", "get the current time in Seoul", {"timezone": "Asia/Seoul"}),
        (
            "date.difference",
            "the days between 2026-01-01 and 2026-03-01",
            {"start": "2026-01-01T00:00:00Z", "end": "2026-03-01T00:00:00Z", "unit": "days"},
        ),
        (
            "sql.query",
            'query our database with "SELECT * FROM hours"',
            {"query": "SELECT * FROM hours"},
        ),
        (
            "sql.execute",
            'run "DELETE FROM logs WHERE age > 30" on the database',
            {"statement": "DELETE FROM logs WHERE age > 30"},
        ),
        (
            "core.log",
            'write a warning to the log: "disk full"',
            {"level": "warning", "message": "disk full"},
        ),
        ("core.wait", "wait for an hour and a half", {"duration": "1h30m"}),
        ("core.wait_until", "wait until 2026-12-24 18:00 UTC", {"time": "2026-12-24T18:00:00Z"}),
        (
            "ai.classify",
            'classify "text" as spam, offer or question',
            {"text": "text", "labels": ["spam", "offer", "question"]},
        ),
        (
            "sheets.values.get",
            "read the cells A1:C50 of the Google spreadsheet 1AbC",
            {"spreadsheetId": "1AbC", "range": "A1:C50"},
        ),
        (
            "sheets.values.append",
            'add the row "a", "b" to the sheet Log of the spreadsheet 1AbC',
            {"spreadsheetId": "1AbC", "range": "Log", "values": [["a", "b"]]},
        ),
        (
            "jira.issues.create",
            'create a Jira bug in project APP titled "Login fails"',
            {
                "fields": {
                    "summary": "Login fails",
                    "project": {"key": "APP"},
                    "issuetype": {"name": "Bug"},
                }
            },
        ),
        ("jira.issues.get", "get the Jira issue APP-42", {"issueIdOrKey": "APP-42"}),
        (
            "jira.issues.comment",
            'comment "Looks good" on the Jira issue APP-42',
            {
                "issueIdOrKey": "APP-42",
                "body": {
                    "type": "doc",
                    "version": 1,
                    "content": [
                        {"type": "paragraph", "content": [{"type": "text", "text": "Looks good"}]}
                    ],
                },
            },
        ),
        ("notion.databases.query", "query the Notion database db42", {"database_id": "db42"}),
        (
            "notion.comments.create",
            'comment "Nice" on the Notion page',
            {"rich_text": [{"text": {"content": "Nice"}}]},
        ),
        (
            "hubspot.contacts.create",
            "create a contact with the email ada@x.com and first name Ada",
            {"properties": {"email": "ada@x.com", "firstname": "Ada"}},
        ),
        (
            "stripe.refunds.create",
            "refund 20 euros of the Stripe charge ch_3XY",
            {"charge": "ch_3XY", "amount": 2000},
        ),
        (
            "stripe.customers.create",
            'create a customer with the email a@b.com named "Ada"',
            {"email": "a@b.com", "name": "Ada"},
        ),
        (
            "todoist.tasks.create",
            'add a task "Buy milk" due tomorrow with priority 4',
            {"priority": 4, "due_string": "tomorrow", "content": "Buy milk"},
        ),
        (
            "telegram.send_message",
            'send "hi" to the Telegram chat 12345',
            {"chat_id": 12345, "text": "hi"},
        ),
        (
            "discord.messages.create",
            'post "gg" to the Discord channel 998877',
            {"channel_id": "998877", "content": "gg"},
        ),
        (
            "open_meteo.forecast",
            "get the weather for latitude 52.52 and longitude 13.41",
            {"latitude": 52.52, "longitude": 13.41},
        ),
        ("open_meteo.geocode", "find the coordinates of New York", {"name": "New York"}),
        (
            "calendar.events.insert",
            'create an event "Demo" on 2026-05-01 from 10:00 to 11:00 with ada@x.com',
            {
                "start": {"dateTime": "2026-05-01T10:00:00Z"},
                "end": {"dateTime": "2026-05-01T11:00:00Z"},
                "attendees": [{"email": "ada@x.com"}],
                "summary": "Demo",
            },
        ),
        (
            "calendar.events.quick_add",
            'schedule "Standup" tomorrow at 9 in my calendar',
            {"text": "Standup tomorrow at 9"},
        ),
        (
            "rss.read",
            "read the first five entries of the feed https://x.com/rss",
            {"url": "https://x.com/rss", "limit": 5},
        ),
        (
            "core.email_received",
            'an e-mail with "invoice" in the subject arrives',
            {"subject": "invoice"},
        ),
        (
            "core.email_received",
            "an email from billing@x.com arrives in the folder Orders",
            {"sender": "billing@x.com", "folder": "Orders"},
        ),
        (
            "core.file_watch",
            "a new csv file appears in /data",
            {"pattern": "*.csv", "directory": "/data", "changes": ["created"]},
        ),
        (
            "core.file_watch",
            "a file is deleted from /data",
            {"directory": "/data", "changes": ["deleted"]},
        ),
        ("core.webhook", "a GET request arrives at /ping", {"path": "/ping", "method": "GET"}),
    ],
)
def test_words_fill_inputs(component: str, words: str, values: dict[str, Any]) -> None:
    found = filled(component, words)
    assert found.values == values
    assert found.missing == []


def test_what_is_not_said_is_missing() -> None:
    found = filled("slack.chat.post_message", "post a message to slack")
    assert (found.values, found.missing) == ({}, ["channel", "text"])


def test_a_word_behind_an_inputs_name_is_no_value() -> None:
    found = filled("email.send", "send an email to a@x.com with the subject line")
    assert found.values == {"to": "a@x.com"}


def test_a_quoted_text_is_never_an_id() -> None:
    found = filled("calendar.events.quick_add", 'add to my calendar "Lunch with Ada"')
    assert found.values == {"text": "Lunch with Ada"}


def test_a_time_without_a_zone_is_said_to_be_utc() -> None:
    assert filled("core.wait_until", "wait until 2026-12-24 18:00").assumed == [
        "Times of day are taken to be in UTC."
    ]
    assert filled("core.wait_until", "wait until 2026-12-24 18:00 UTC").assumed == []


def test_the_object_narrows_a_search() -> None:
    nouns = ("overdue", "task")
    found = filled("todoist.tasks.filter", "find overdue tasks", nouns=nouns)
    assert found.values == {"query": "overdue"}
