"""The request that each service documents for the example of each operation, written by hand."""

from __future__ import annotations

from typing import Any

__all__ = ["CONNECTIONS", "HEADERS", "REQUESTS"]

CONNECTIONS: dict[str, dict[str, str]] = {
    "jira": {"site": "acme", "username": "mona@example.com", "password": "s3cret"},
    "open_meteo": {},
}
"""Accounts that are more than a token."""

HEADERS: dict[str, dict[str, str]] = {
    "github": {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "Authorization": "Bearer t0ken",
    },
    "jira": {"Authorization": "Basic bW9uYUBleGFtcGxlLmNvbTpzM2NyZXQ="},
    "notion": {"Notion-Version": "2022-06-28", "Authorization": "Bearer t0ken"},
    "discord": {"Authorization": "Bot t0ken"},
    "telegram": {},
    "open_meteo": {},
}
"""Headers of every request of a service, where they are more than a bearer token."""

_REPO = "https://api.github.com/repos/acme/app"
_SLACK = "https://slack.com/api"
_JIRA = "https://acme.atlassian.net/rest/api/3"
_SHEET = "https://sheets.googleapis.com/v4/spreadsheets"
_BOT = "https://api.telegram.org/bott0ken"
_NOTION = "https://api.notion.com/v1"
_MAIL = "https://gmail.googleapis.com/gmail/v1/users/me"
_DAY = "https://www.googleapis.com/calendar/v3"
_DISCORD = "https://discord.com/api/v10"
_CHAT = f"{_DISCORD}/channels/155101607195836416/messages"
_STRIPE = "https://api.stripe.com/v1"
_CRM = "https://api.hubapi.com/crm/v3/objects"
_TODO = "https://api.todoist.com/api/v1"
_ADF: dict[str, Any] = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Thanks"}]}],
}

REQUESTS: dict[str, tuple[str, str, Any]] = {
    # https://docs.github.com/rest
    "github.issues.list": (
        "GET",
        f"{_REPO}/issues?state=open&labels=bug%2Chelp%20wanted&per_page=50",
        None,
    ),
    "github.issues.create": (
        "POST",
        f"{_REPO}/issues",
        {
            "title": "Login fails",
            "body": "Steps to see it",
            "labels": ["bug"],
            "assignees": ["mona"],
        },
    ),
    "github.issues.get": ("GET", f"{_REPO}/issues/42", None),
    "github.issues.update": (
        "PATCH",
        f"{_REPO}/issues/42",
        {"state": "closed", "state_reason": "completed"},
    ),
    "github.issues.list_comments": (
        "GET",
        f"{_REPO}/issues/42/comments?since=2026-01-01T00%3A00%3A00Z",
        None,
    ),
    "github.issues.comment": ("POST", f"{_REPO}/issues/42/comments", {"body": "Thanks!"}),
    "github.issues.add_labels": (
        "POST",
        f"{_REPO}/issues/42/labels",
        {"labels": ["bug", "urgent"]},
    ),
    "github.pulls.list": (
        "GET",
        f"{_REPO}/pulls?state=open&head=mona%3Afix%2Flogin&base=main",
        None,
    ),
    "github.pulls.create": (
        "POST",
        f"{_REPO}/pulls",
        {"title": "Fix login", "head": "fix/login", "base": "main", "draft": True},
    ),
    "github.pulls.get": ("GET", f"{_REPO}/pulls/7", None),
    "github.pulls.merge": ("PUT", f"{_REPO}/pulls/7/merge", {"merge_method": "squash"}),
    "github.repos.get": ("GET", _REPO, None),
    "github.repos.list": (
        "GET",
        "https://api.github.com/user/repos?visibility=private&sort=pushed",
        None,
    ),
    "github.repos.create": (
        "POST",
        "https://api.github.com/user/repos",
        {"name": "demo", "private": True, "auto_init": True},
    ),
    "github.releases.list": ("GET", f"{_REPO}/releases?per_page=1", None),
    "github.releases.create": (
        "POST",
        f"{_REPO}/releases",
        {"tag_name": "v1.2.0", "name": "1.2", "generate_release_notes": True},
    ),
    "github.files.get": ("GET", f"{_REPO}/contents/docs/read%20me.md?ref=main", None),
    "github.files.write": (
        "PUT",
        f"{_REPO}/contents/notes/today.md",
        {"message": "Add notes", "content": "aGVsbG8=", "branch": "main"},
    ),
    "github.search.issues": (
        "GET",
        "https://api.github.com/search/issues"
        "?q=repo%3Aacme%2Fapp%20is%3Aopen%20label%3Abug&sort=updated",
        None,
    ),
    # https://docs.slack.dev/reference/methods
    "slack.chat.post_message": (
        "POST",
        f"{_SLACK}/chat.postMessage",
        {"channel": "#eng", "text": "3 open bugs", "unfurl_links": False},
    ),
    "slack.chat.update": (
        "POST",
        f"{_SLACK}/chat.update",
        {"channel": "C024BE91L", "ts": "1401383885.000061", "text": "2 open bugs"},
    ),
    "slack.chat.delete": (
        "POST",
        f"{_SLACK}/chat.delete",
        {"channel": "C024BE91L", "ts": "1401383885.000061"},
    ),
    "slack.conversations.list": (
        "GET",
        f"{_SLACK}/conversations.list"
        "?exclude_archived=true&limit=200&types=public_channel%2Cprivate_channel",
        None,
    ),
    "slack.conversations.history": (
        "GET",
        f"{_SLACK}/conversations.history?channel=C024BE91L&oldest=1512085950.000216&limit=20",
        None,
    ),
    "slack.conversations.replies": (
        "GET",
        f"{_SLACK}/conversations.replies?channel=C024BE91L&ts=1512085950.000216",
        None,
    ),
    "slack.conversations.create": (
        "POST",
        f"{_SLACK}/conversations.create",
        {"name": "incident-42", "is_private": True},
    ),
    "slack.conversations.invite": (
        "POST",
        f"{_SLACK}/conversations.invite",
        {"channel": "C024BE91L", "users": "W1234567890,U2345678901"},
    ),
    "slack.conversations.archive": (
        "POST",
        f"{_SLACK}/conversations.archive",
        {"channel": "C024BE91L"},
    ),
    "slack.users.list": (
        "GET",
        f"{_SLACK}/users.list?cursor=dXNlcjpVMDYxTkZUVDI%3D&limit=100",
        None,
    ),
    "slack.users.lookup_by_email": (
        "GET",
        f"{_SLACK}/users.lookupByEmail?email=mona%2Bx%40example.com",
        None,
    ),
    "slack.reactions.add": (
        "POST",
        f"{_SLACK}/reactions.add",
        {"channel": "C024BE91L", "name": "thumbsup", "timestamp": "1401383885.000061"},
    ),
    # https://developer.atlassian.com/cloud/jira/platform/rest/v3
    "jira.issues.search": (
        "POST",
        f"{_JIRA}/search/jql",
        {
            "jql": "project = APP AND status = Open",
            "fields": ["summary", "status"],
            "maxResults": 20,
        },
    ),
    "jira.issues.create": (
        "POST",
        f"{_JIRA}/issue",
        {
            "fields": {
                "project": {"key": "APP"},
                "issuetype": {"name": "Bug"},
                "summary": "Login fails",
                "labels": ["web"],
            }
        },
    ),
    "jira.issues.get": ("GET", f"{_JIRA}/issue/APP-42?fields=summary,status", None),
    "jira.issues.edit": (
        "PUT",
        f"{_JIRA}/issue/APP-42?notifyUsers=false",
        {"fields": {"priority": {"name": "High"}}},
    ),
    "jira.issues.delete": ("DELETE", f"{_JIRA}/issue/APP-42?deleteSubtasks=true", None),
    "jira.issues.list_comments": (
        "GET",
        f"{_JIRA}/issue/APP-42/comment?orderBy=-created",
        None,
    ),
    "jira.issues.comment": ("POST", f"{_JIRA}/issue/APP-42/comment", {"body": _ADF}),
    "jira.issues.transitions": ("GET", f"{_JIRA}/issue/APP-42/transitions", None),
    "jira.issues.transition": (
        "POST",
        f"{_JIRA}/issue/APP-42/transitions",
        {"transition": {"id": "31"}},
    ),
    "jira.issues.assign": (
        "PUT",
        f"{_JIRA}/issue/APP-42/assignee",
        {"accountId": "5b10ac8d82e05b22cc7d4ef5"},
    ),
    "jira.projects.list": ("GET", f"{_JIRA}/project/search?maxResults=10&query=app", None),
    "jira.users.search": ("GET", f"{_JIRA}/user/search?query=mona%40example.com", None),
    # https://developers.google.com/workspace/sheets/api/reference/rest
    "sheets.values.get": (
        "GET",
        f"{_SHEET}/1a2B3c/values/Sheet1%21A1%3AC10?valueRenderOption=UNFORMATTED_VALUE",
        None,
    ),
    "sheets.values.update": (
        "PUT",
        f"{_SHEET}/1a2B3c/values/Sheet1%21A1%3AB1?valueInputOption=RAW",
        {"values": [["name", 3]]},
    ),
    "sheets.values.append": (
        "POST",
        f"{_SHEET}/1a2B3c/values/Log%21A%3AC:append"
        "?valueInputOption=USER_ENTERED&insertDataOption=INSERT_ROWS",
        {"values": [["2026-01-01", "ok", 12.5]]},
    ),
    "sheets.values.clear": (
        "POST",
        f"{_SHEET}/1a2B3c/values/%27My%20Sheet%27%21A2%3AC:clear",
        None,
    ),
    "sheets.values.batch_get": (
        "GET",
        f"{_SHEET}/1a2B3c/values:batchGet?ranges=A1%3AB2&ranges=Data%21C%3AC",
        None,
    ),
    "sheets.spreadsheets.create": (
        "POST",
        _SHEET,
        {"properties": {"title": "Budget"}, "sheets": [{"properties": {"title": "January"}}]},
    ),
    "sheets.spreadsheets.get": ("GET", f"{_SHEET}/1a2B3c?includeGridData=false", None),
    # https://core.telegram.org/bots/api
    "telegram.send_message": (
        "POST",
        f"{_BOT}/sendMessage",
        {
            "chat_id": "@news",
            "text": "<b>Done</b>",
            "parse_mode": "HTML",
            "disable_notification": True,
        },
    ),
    "telegram.send_photo": (
        "POST",
        f"{_BOT}/sendPhoto",
        {"chat_id": 42, "photo": "https://example.com/a.png", "caption": "Chart"},
    ),
    "telegram.send_document": (
        "POST",
        f"{_BOT}/sendDocument",
        {"chat_id": -1001234, "document": "https://example.com/a.pdf"},
    ),
    "telegram.get_updates": (
        "GET",
        f"{_BOT}/getUpdates?offset=10&timeout=30&allowed_updates=%5B%22message%22%5D",
        None,
    ),
    "telegram.edit_message_text": (
        "POST",
        f"{_BOT}/editMessageText",
        {"chat_id": 42, "message_id": 7, "text": "Fixed"},
    ),
    "telegram.delete_message": (
        "POST",
        f"{_BOT}/deleteMessage",
        {"chat_id": 42, "message_id": 7},
    ),
    "telegram.get_chat": ("GET", f"{_BOT}/getChat?chat_id=%40news", None),
    # https://developers.notion.com/reference
    "notion.databases.query": (
        "POST",
        f"{_NOTION}/databases/897e5a76ae524b489fdfe71f5945d1af/query",
        {"filter": {"property": "Done", "checkbox": {"equals": True}}, "page_size": 10},
    ),
    "notion.databases.get": (
        "GET",
        f"{_NOTION}/databases/897e5a76ae524b489fdfe71f5945d1af",
        None,
    ),
    "notion.pages.create": (
        "POST",
        f"{_NOTION}/pages",
        {
            "parent": {"database_id": "d9824bdc"},
            "properties": {"Name": {"title": [{"text": {"content": "Tuscan kale"}}]}},
        },
    ),
    "notion.pages.get": ("GET", f"{_NOTION}/pages/59833787-2cf9-4fdf-8782-e53db20768a5", None),
    "notion.pages.update": (
        "PATCH",
        f"{_NOTION}/pages/59833787-2cf9-4fdf-8782-e53db20768a5",
        {"properties": {"In stock": {"checkbox": True}}},
    ),
    "notion.blocks.list": ("GET", f"{_NOTION}/blocks/b55c9c91/children?page_size=50", None),
    "notion.blocks.append": (
        "PATCH",
        f"{_NOTION}/blocks/b55c9c91/children",
        {
            "children": [
                {
                    "object": "block",
                    "type": "paragraph",
                    "paragraph": {"rich_text": [{"text": {"content": "Hello"}}]},
                }
            ]
        },
    ),
    "notion.search": (
        "POST",
        f"{_NOTION}/search",
        {"query": "Roadmap", "filter": {"property": "object", "value": "page"}},
    ),
    "notion.comments.create": (
        "POST",
        f"{_NOTION}/comments",
        {"parent": {"page_id": "5c6a2821"}, "rich_text": [{"text": {"content": "Looks good"}}]},
    ),
    # https://developers.google.com/workspace/gmail/api/reference/rest
    "gmail.messages.list": (
        "GET",
        f"{_MAIL}/messages?q=is%3Aunread%20from%3Amona%40example.com"
        "&labelIds=INBOX&labelIds=IMPORTANT&maxResults=5",
        None,
    ),
    "gmail.messages.get": (
        "GET",
        f"{_MAIL}/messages/18c2a?format=metadata&metadataHeaders=From&metadataHeaders=Subject",
        None,
    ),
    "gmail.messages.modify": (
        "POST",
        f"{_MAIL}/messages/18c2a/modify",
        {"removeLabelIds": ["UNREAD"]},
    ),
    "gmail.messages.trash": ("POST", f"{_MAIL}/messages/18c2a/trash", None),
    "gmail.messages.send": (
        "POST",
        f"{_MAIL}/messages/send",
        {"raw": "VG86IGFAZXhhbXBsZS5jb20NCg0KSGk="},
    ),
    "gmail.labels.list": (
        "GET",
        "https://gmail.googleapis.com/gmail/v1/users/mona%40example.com/labels",
        None,
    ),
    # https://developers.google.com/workspace/calendar/api/v3/reference
    "calendar.events.list": (
        "GET",
        f"{_DAY}/calendars/team%40example.com/events"
        "?timeMin=2026-01-01T00%3A00%3A00%2B09%3A00&singleEvents=true&orderBy=startTime",
        None,
    ),
    "calendar.events.insert": (
        "POST",
        f"{_DAY}/calendars/primary/events?sendUpdates=all",
        {
            "summary": "Review",
            "start": {"dateTime": "2026-01-02T10:00:00+09:00"},
            "end": {"dateTime": "2026-01-02T11:00:00+09:00"},
            "attendees": [{"email": "mona@example.com"}],
        },
    ),
    "calendar.events.get": ("GET", f"{_DAY}/calendars/primary/events/7ab", None),
    "calendar.events.update": (
        "PATCH",
        f"{_DAY}/calendars/primary/events/7ab",
        {"location": "Room 2"},
    ),
    "calendar.events.delete": (
        "DELETE",
        f"{_DAY}/calendars/primary/events/7ab?sendUpdates=none",
        None,
    ),
    "calendar.events.quick_add": (
        "POST",
        f"{_DAY}/calendars/primary/events/quickAdd?text=Lunch%20on%20Friday%20at%2012",
        None,
    ),
    "calendar.calendars.list": ("GET", f"{_DAY}/users/me/calendarList?maxResults=10", None),
    "calendar.freebusy.query": (
        "POST",
        f"{_DAY}/freeBusy",
        {
            "timeMin": "2026-01-01T00:00:00Z",
            "timeMax": "2026-01-02T00:00:00Z",
            "items": [{"id": "primary"}],
        },
    ),
    # https://discord.com/developers/docs/reference
    "discord.messages.list": ("GET", f"{_CHAT}?after=155117677105512449&limit=10", None),
    "discord.messages.create": ("POST", _CHAT, {"content": "Build passed ✅"}),
    "discord.messages.edit": (
        "PATCH",
        f"{_CHAT}/155117677105512449",
        {"content": "Build failed"},
    ),
    "discord.messages.delete": ("DELETE", f"{_CHAT}/155117677105512449", None),
    "discord.reactions.add": (
        "PUT",
        f"{_CHAT}/155117677105512449/reactions/%F0%9F%91%8D/@me",
        None,
    ),
    "discord.channels.list": ("GET", f"{_DISCORD}/guilds/197038439483310086/channels", None),
    "discord.channels.create": (
        "POST",
        f"{_DISCORD}/guilds/197038439483310086/channels",
        {"name": "incidents", "type": 0},
    ),
    # https://docs.stripe.com/api
    "stripe.customers.list": (
        "GET",
        f"{_STRIPE}/customers?email=mona%40example.com"
        "&created[gte]=1767225600&created[lt]=1767312000&limit=3",
        None,
    ),
    "stripe.customers.create": (
        "POST",
        f"{_STRIPE}/customers",
        "email=mona%40example.com&name=Mona%20Lisa&metadata[plan]=pro&metadata[source]=web%20form",
    ),
    "stripe.customers.get": ("GET", f"{_STRIPE}/customers/cus_NffrFeUfNV2Hib", None),
    "stripe.customers.update": (
        "POST",
        f"{_STRIPE}/customers/cus_NffrFeUfNV2Hib",
        "address[city]=Seoul&address[country]=KR",
    ),
    "stripe.customers.search": (
        "GET",
        f"{_STRIPE}/customers/search"
        "?query=name%3A%27Mona%27%20AND%20metadata%5B%27plan%27%5D%3A%27pro%27",
        None,
    ),
    "stripe.invoices.list": (
        "GET",
        f"{_STRIPE}/invoices?status=open&due_date[lt]=1767225600",
        None,
    ),
    "stripe.invoices.create": (
        "POST",
        f"{_STRIPE}/invoices",
        "customer=cus_NffrFeUfNV2Hib&auto_advance=false"
        "&collection_method=send_invoice&days_until_due=14",
    ),
    "stripe.charges.list": ("GET", f"{_STRIPE}/charges?created[gt]=1767225600&limit=100", None),
    "stripe.refunds.create": (
        "POST",
        f"{_STRIPE}/refunds",
        "charge=ch_1NirD82eZvKYlo2CIvbtLWuY&amount=500&reason=requested_by_customer",
    ),
    # https://developers.hubspot.com/docs/api-reference
    "hubspot.contacts.list": (
        "GET",
        f"{_CRM}/contacts?limit=10&properties=email,firstname",
        None,
    ),
    "hubspot.contacts.create": (
        "POST",
        f"{_CRM}/contacts",
        {"properties": {"email": "mona@example.com", "firstname": "Mona", "lastname": "Lisa"}},
    ),
    "hubspot.contacts.get": (
        "GET",
        f"{_CRM}/contacts/mona%40example.com?properties=email,phone&idProperty=email",
        None,
    ),
    "hubspot.contacts.update": (
        "PATCH",
        f"{_CRM}/contacts/51",
        {"properties": {"lifecyclestage": "customer"}},
    ),
    "hubspot.contacts.search": (
        "POST",
        f"{_CRM}/contacts/search",
        {
            "filterGroups": [
                {
                    "filters": [
                        {"propertyName": "email", "operator": "EQ", "value": "mona@example.com"}
                    ]
                }
            ],
            "properties": ["email"],
            "limit": 1,
        },
    ),
    "hubspot.deals.create": (
        "POST",
        f"{_CRM}/deals",
        {
            "properties": {
                "dealname": "Big order",
                "amount": "1500.00",
                "dealstage": "contractsent",
            }
        },
    ),
    "hubspot.deals.search": (
        "POST",
        f"{_CRM}/deals/search",
        {"query": "big", "sorts": [{"propertyName": "amount", "direction": "DESCENDING"}]},
    ),
    # https://open-meteo.com/en/docs
    "open_meteo.forecast": (
        "GET",
        "https://api.open-meteo.com/v1/forecast?latitude=37.57&longitude=126.98"
        "&current=temperature_2m,weather_code&daily=temperature_2m_max"
        "&timezone=Asia%2FSeoul&forecast_days=1",
        None,
    ),
    "open_meteo.geocode": (
        "GET",
        "https://geocoding-api.open-meteo.com/v1/search?name=S%C3%A3o%20Paulo&count=1",
        None,
    ),
    # https://developer.todoist.com/api/v1
    "todoist.tasks.list": (
        "GET",
        f"{_TODO}/tasks?project_id=6XGgm6PHrGgMpCFX&limit=20",
        None,
    ),
    "todoist.tasks.create": (
        "POST",
        f"{_TODO}/tasks",
        {"content": "Buy milk", "due_string": "tomorrow at 12:00", "priority": 4},
    ),
    "todoist.tasks.filter": (
        "GET",
        f"{_TODO}/tasks/filter?query=today%20%7C%20overdue",
        None,
    ),
    "todoist.tasks.get": ("GET", f"{_TODO}/tasks/6X7rM8997g3RQmvh", None),
    "todoist.tasks.update": (
        "POST",
        f"{_TODO}/tasks/6X7rM8997g3RQmvh",
        {"due_string": "next monday"},
    ),
    "todoist.tasks.delete": ("DELETE", f"{_TODO}/tasks/6X7rM8997g3RQmvh", None),
    "todoist.tasks.close": ("POST", f"{_TODO}/tasks/6X7rM8997g3RQmvh/close", None),
    "todoist.projects.list": ("GET", f"{_TODO}/projects?limit=200", None),
}
"""By component id: method, address with its query, body (JSON data, form text or None)."""
