"""E-mail: send over SMTP, search and file over IMAP.

A connection of type ``smtp`` has ``host`` and, where needed, ``port``, ``username``,
``password``, ``sender`` and ``security`` (``starttls``, ``tls`` or ``none``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime, EmailAddress, EmailAddresses, FilePath
from flowloom.catalog.builtin.mailbox import (
    Message,
    fetch_messages,
    open_mailbox,
    quoted,
    search_uids,
    uid_command,
)
from flowloom.catalog.builtin.moments import read_moment
from flowloom.catalog.python_functions import Account, component
from flowloom.errors import ComponentError

if TYPE_CHECKING:
    import imaplib
    from email.message import EmailMessage

__all__: list[str] = []

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Sent(TypedDict):
    """An e-mail that was sent.

    Attributes:
        message_id: its Message-ID header.
        recipients: all addresses it went to.
    """

    message_id: str
    recipients: list[EmailAddress]


class Moved(TypedDict):
    """Messages that were changed.

    Attributes:
        count: how many.
    """

    count: int


def _addresses(addresses: str | list[str]) -> list[str]:
    listed = addresses.split(",") if isinstance(addresses, str) else addresses
    return [address.strip() for address in listed if address.strip()]


def _attach(mail: EmailMessage, path: str) -> None:
    import mimetypes

    file = Path(path).expanduser()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    main, _, sub = kind.partition("/")
    mail.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name)


def _deliver(mail: EmailMessage, recipients: list[str], connection: Mapping[str, str]) -> None:
    import smtplib
    import ssl

    host = connection.get("host", "")
    security = connection.get("security", "starttls")
    port = int(connection.get("port", {"tls": 465, "none": 25}.get(security, 587)))
    context = ssl.create_default_context()
    if not host:
        raise ComponentError("The connection of type 'smtp' has no 'host'.")
    try:
        with (
            smtplib.SMTP_SSL(host, port, timeout=60, context=context)
            if security == "tls"
            else smtplib.SMTP(host, port, timeout=60)
        ) as server:
            if security == "starttls":
                server.starttls(context=context)
            if connection.get("username"):
                server.login(connection["username"], connection.get("password", ""))
            server.send_message(mail, to_addrs=recipients)
    except (smtplib.SMTPException, OSError) as error:
        raise ComponentError(f"The mail server {host}:{port} failed: {error}.") from error


@component(
    id="email.send",
    title="Send an e-mail",
    keywords=["mail", "notify", "smtp", "message", "newsletter", "gmail", "outlook"],
    provider="Email",
    connection="smtp",
    effect="write",
)
def send(
    to: EmailAddresses,
    subject: str,
    body: str,
    html: str = "",
    cc: EmailAddresses | None = None,
    bcc: EmailAddresses | None = None,
    reply_to: EmailAddress = "",
    attachments: list[FilePath] | None = None,
    *,
    connection: Account,
) -> Sent:
    """Send an e-mail with a subject and a text to one or more addresses.

    Args:
        to: the address or addresses.
        subject: the subject.
        body: the plain text.
        html: the same as HTML, for programs that show it.
        cc: addresses that get a copy.
        bcc: addresses that get a copy unseen by the others.
        reply_to: where answers go.
        attachments: files to attach.
    """
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    recipients = [*_addresses(to), *_addresses(cc or []), *_addresses(bcc or [])]
    mail = EmailMessage()
    mail["From"] = connection.get("sender") or connection.get("username", "")
    mail["To"] = ", ".join(_addresses(to))
    if cc:
        mail["Cc"] = ", ".join(_addresses(cc))
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Subject"] = subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=str(mail["From"]).rpartition("@")[2] or "localhost")
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for path in attachments or []:
        _attach(mail, path)
    if not recipients or not mail["From"]:
        raise ComponentError("The e-mail needs an address in 'to' and a sender in the connection.")
    _deliver(mail, recipients, connection)
    return {"message_id": str(mail["Message-ID"]), "recipients": recipients}


@component(
    id="email.search",
    title="Search e-mails",
    keywords=["inbox", "find mail", "unread", "imap", "read mail", "fetch messages"],
    provider="Email",
    connection="imap",
)
def search(
    folder: str = "INBOX",
    sender: str = "",
    subject: str = "",
    text: str = "",
    unread_only: bool = False,
    since: DateTime = "",
    limit: Annotated[int, Field(ge=1, le=1000)] = 50,
    *,
    connection: Account,
) -> list[Message]:
    """Return the e-mails of a folder that meet all given conditions, newest first.

    Args:
        folder: the folder.
        sender: part of the sender's address or name.
        subject: part of the subject.
        text: a text that occurs in the e-mail.
        unread_only: whether only unread ones are wanted.
        since: the day on or after which they arrived.
        limit: how many are returned at most.
    """
    criteria = ["UNSEEN"] if unread_only else []
    for name, value in (("FROM", sender), ("SUBJECT", subject), ("TEXT", text)):
        criteria += [name, quoted(value)] if value else []
    if since:
        day = read_moment(since)
        criteria += ["SINCE", f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"]
    with open_mailbox(connection, folder) as client:
        return fetch_messages(client, search_uids(client, criteria)[::-1][:limit])


@component(
    id="email.mark_read",
    title="Mark e-mails as read",
    keywords=["seen", "unread", "flag", "imap"],
    provider="Email",
    connection="imap",
    effect="write",
)
def mark_read(
    uids: list[str], folder: str = "INBOX", read: bool = True, *, connection: Account
) -> Moved:
    """Mark e-mails of a folder as read or unread, and return how many.

    Args:
        uids: the e-mails' uid numbers.
        folder: the folder they are in.
        read: false marks them as unread.
    """
    if uids:
        with open_mailbox(connection, folder, readonly=False) as client:
            uid_command(client, "STORE", _set(uids), "+FLAGS" if read else "-FLAGS", r"(\Seen)")
    return {"count": len(uids)}


def _set(uids: list[str]) -> str:
    if not all(uid.isdecimal() for uid in uids):
        raise ComponentError(f"{uids!r} are no uid numbers.")
    return ",".join(uids)


def _remove(client: imaplib.IMAP4, uids: list[str]) -> None:
    if "UIDPLUS" not in client.capabilities:
        # A plain EXPUNGE would also remove what other programs have marked.
        raise ComponentError("The mail server cannot delete single e-mails (no UIDPLUS).")
    uid_command(client, "STORE", _set(uids), "+FLAGS", r"(\Deleted)")
    uid_command(client, "EXPUNGE", _set(uids))


@component(
    id="email.move",
    title="Move e-mails",
    keywords=["archive", "file", "folder", "label", "imap"],
    provider="Email",
    connection="imap",
    effect="write",
)
def move(uids: list[str], target: str, folder: str = "INBOX", *, connection: Account) -> Moved:
    """Move e-mails from one folder to another, and return how many.

    Args:
        uids: the e-mails' uid numbers.
        target: the folder they go to.
        folder: the folder they are in.
    """
    if uids:
        with open_mailbox(connection, folder, readonly=False) as client:
            if "MOVE" in client.capabilities:
                uid_command(client, "MOVE", _set(uids), quoted(target))
            else:
                uid_command(client, "COPY", _set(uids), quoted(target))
                _remove(client, uids)
    return {"count": len(uids)}


@component(
    id="email.delete",
    title="Delete e-mails",
    keywords=["remove mail", "trash", "imap"],
    provider="Email",
    connection="imap",
    effect="destructive",
)
def delete(uids: list[str], folder: str = "INBOX", *, connection: Account) -> Moved:
    """Delete e-mails of a folder for good, and return how many.

    Args:
        uids: the e-mails' uid numbers.
        folder: the folder they are in.
    """
    if uids:
        with open_mailbox(connection, folder, readonly=False) as client:
            _remove(client, uids)
    return {"count": len(uids)}
