"""Triggers: what starts a workflow.

A trigger's function turns what happened into the trigger's output. The polling ones are called
again and again with the same ``state``, a JSON-like dictionary that the runner keeps and that
they change; they give one output for each new event. Their first poll only notes what is there,
unless existing things are asked for.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import parse_qsl

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.feeds import Entry, read_feed
from flowloom.catalog.builtin.files import file_info
from flowloom.catalog.builtin.hints import Cron, DateTime, FileName, FilePath, TimeZone, Url
from flowloom.catalog.builtin.mailbox import (
    Message,
    fetch_messages,
    open_mailbox,
    quoted,
    search_uids,
)
from flowloom.catalog.builtin.schedule import fire_times
from flowloom.catalog.component import Connection
from flowloom.catalog.python_functions import Account, Injected, component
from flowloom.errors import ComponentError

__all__ = ["WebhookRequest"]

State: TypeAlias = dict[str, Any]
Change: TypeAlias = Literal["created", "modified", "deleted"]
_KEPT_IDS = 2000


class Started(TypedDict):
    """A start by hand.

    Attributes:
        started_at: when the workflow was started.
    """

    started_at: DateTime


class Scheduled(TypedDict):
    """One firing of a schedule.

    Attributes:
        scheduled_at: the planned moment, in the schedule's time zone.
        date: its day, such as 2026-03-01.
        timezone: the schedule's time zone.
    """

    scheduled_at: DateTime
    date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    timezone: TimeZone


class Called(TypedDict):
    """A request that a webhook received.

    Attributes:
        method: the HTTP method.
        path: the path.
        headers: the headers, names in small letters.
        query: the parameters of the address.
        body: the data when it is JSON or a form, else the text.
    """

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: Any


class WebhookRequest(TypedDict):
    """A request as a server hands it over: method, path, headers, query and raw body."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class FileChange(TypedDict):
    """A file that changed.

    Attributes:
        path: its full path.
        name: its name with the extension.
        change: created, modified or deleted.
        size: its size in bytes; 0 when it is gone.
        changed_at: when it was changed, or seen to be gone.
    """

    path: FilePath
    name: FileName
    change: Change
    size: int
    changed_at: DateTime


def _now() -> datetime:
    return datetime.now(UTC)


@component(
    id="core.manual",
    title="Start by hand",
    keywords=["manually", "on demand", "button", "run now", "when I run it"],
    kind="trigger",
)
def manual(*, now: Injected[Callable[[], datetime]] = _now) -> Started:
    """Start the workflow when somebody runs it."""
    return {"started_at": now().isoformat(timespec="seconds")}


@component(
    id="core.schedule",
    title="Start on a schedule",
    keywords=["every day", "every morning", "weekly", "hourly", "cron", "monthly", "at 9 am"],
    kind="trigger",
)
def schedule(
    cron: Cron,
    timezone: TimeZone = "UTC",
    *,
    after: Injected[datetime | None] = None,
) -> Scheduled:
    """Start the workflow at fixed times, such as every weekday at nine.

    Args:
        cron: minute, hour, day of month, month and day of week, such as 0 9 * * 1-5.
        timezone: the time zone of the schedule.
    """
    moment = fire_times(cron, timezone, after or _now())[0]
    return {
        "scheduled_at": moment.isoformat(),
        "date": moment.date().isoformat(),
        "timezone": timezone,
    }


@component(
    id="core.webhook",
    title="Start by a webhook",
    keywords=["http request received", "callback", "incoming", "api call", "form submitted"],
    kind="trigger",
    connection=Connection(type="webhook", required=False),
)
def webhook(
    path: Annotated[str, Field(json_schema_extra={"pattern": "^/"})],
    method: Literal["POST", "GET", "PUT", "PATCH", "DELETE"] = "POST",
    *,
    request: Injected[WebhookRequest],
    connection: Account,
) -> Called:
    """Start the workflow when an HTTP request arrives at a path, with its headers and body.

    Args:
        path: the path of the webhook's address, such as /orders.
        method: the HTTP method to accept.
    """
    if (request["method"].upper(), request["path"]) != (method, path):
        raise ComponentError(
            f"The webhook takes {method} {path}, not {request['method']} {request['path']}."
        )
    headers = {name.lower(): value for name, value in request["headers"].items()}
    token = connection.get("token", "")
    sent = headers.get("authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(sent.encode(), token.encode()):
        raise ComponentError("The request does not carry the webhook's token.")
    return {
        "method": method,
        "path": path,
        # The token is a secret: it does not become data of the workflow.
        "headers": {k: v for k, v in headers.items() if k != "authorization"},
        "query": dict(request["query"]),
        "body": _body(request["body"], headers.get("content-type", "")),
    }


def _body(raw: bytes, content_type: str) -> Any:
    try:
        text = raw.decode()
        if "json" in content_type:
            return json.loads(text)
    except ValueError as error:
        raise ComponentError(f"The body is not what its type {content_type!r} says.") from error
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    return text


@component(
    id="core.file_watch",
    title="Start when files change",
    keywords=["new file", "folder", "directory", "file added", "upload", "drop folder"],
    kind="trigger",
)
def file_watch(
    directory: FilePath,
    pattern: str = "*",
    changes: list[Change] = ["created", "modified"],  # noqa: B006  never changed
    include_existing: bool = False,
    *,
    state: Injected[State],
) -> Iterator[FileChange]:
    """Start the workflow for each file of a directory that is created, modified or deleted.

    Args:
        directory: the directory to watch.
        pattern: the names to watch, such as *.csv.
        changes: which changes count.
        include_existing: whether files that are there at first count as created.
    """
    root = Path(directory).expanduser()
    if not root.is_dir():
        raise ComponentError(f"There is no directory {directory!r}.")
    before: dict[str, list[int]] | None = state.get("files")
    files = {str(path.absolute()): path for path in sorted(root.glob(pattern)) if path.is_file()}
    after = {
        name: [status.st_mtime_ns, status.st_size]
        for name, status in ((name, path.stat()) for name, path in files.items())
    }
    state["files"] = after
    if before is None:
        before = {} if include_existing else after
    for name, change in _file_changes(before, after):
        if change in changes:
            yield _file_change(Path(name), change)


def _file_changes(
    before: Mapping[str, list[int]], after: Mapping[str, list[int]]
) -> Iterator[tuple[str, Change]]:
    for name, stamp in after.items():
        if name not in before:
            yield name, "created"
        elif before[name] != stamp:
            yield name, "modified"
    for name in before:
        if name not in after:
            yield name, "deleted"


def _file_change(path: Path, change: Change) -> FileChange:
    gone = change == "deleted"
    info = None if gone else file_info(path)
    return {
        "path": str(path),
        "name": path.name,
        "change": change,
        "size": info["size"] if info else 0,
        "changed_at": info["modified_at"] if info else _now().isoformat(),
    }


@component(
    id="core.rss_new_item",
    title="Start on a new feed entry",
    keywords=["new article", "new blog post", "news", "rss", "atom", "podcast episode"],
    provider="RSS",
    kind="trigger",
)
def rss_new_item(
    url: Url, include_existing: bool = False, *, state: Injected[State]
) -> Iterator[Entry]:
    """Start the workflow for each new entry of an RSS or Atom feed.

    Args:
        url: the feed's address.
        include_existing: whether entries that are there at first count as new.
    """
    entries = read_feed(url)
    first = "seen" not in state
    seen: list[str] = list(state.get("seen", []))
    new = [entry for entry in entries if entry["id"] not in seen]
    state["seen"] = (seen + [entry["id"] for entry in new])[-_KEPT_IDS:]
    if not first or include_existing:
        # Feeds list the newest first; events come in the order in which they happened.
        yield from reversed(new)


@component(
    id="core.email_received",
    title="Start on a new e-mail",
    keywords=["incoming mail", "inbox", "new message", "mail arrives", "imap"],
    provider="Email",
    kind="trigger",
    connection="imap",
)
def email_received(
    folder: str = "INBOX",
    sender: str = "",
    subject: str = "",
    include_existing: bool = False,
    *,
    state: Injected[State],
    connection: Account,
) -> Iterator[Message]:
    """Start the workflow for each new e-mail of a folder, with sender, subject and text.

    Args:
        folder: the folder to watch.
        sender: part of the sender's address or name; any if left out.
        subject: part of the subject; any if left out.
        include_existing: whether e-mails that are there at first count as new.
    """
    criteria: list[str] = []
    for name, value in (("FROM", sender), ("SUBJECT", subject)):
        criteria += [name, quoted(value)] if value else []
    with open_mailbox(connection, folder) as client:
        first = "last_uid" not in state
        last = int(state.get("last_uid", 0))
        every = search_uids(client, ["UID", f"{last + 1}:*"])
        state["last_uid"] = max([last, *every])
        if first and not include_existing:
            return
        # "n:*" also names the newest message when its number is below n.
        matching = search_uids(client, ["UID", f"{last + 1}:*", *criteria]) if criteria else every
        messages = fetch_messages(client, [uid for uid in matching if uid > last])
    yield from messages
