"""Reading a mailbox over IMAP.

A connection of type ``imap`` has ``host``, ``username``, ``password`` and, where they differ from
the usual, ``port`` (993) and ``security`` (``tls``, ``starttls`` or ``none``).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime, PersonalAddress, PersonalName
from flowloom.errors import ComponentError

if TYPE_CHECKING:
    import imaplib
    from email.message import EmailMessage

__all__ = ["Message", "fetch_messages", "open_mailbox", "quoted", "search_uids", "uid_command"]

_UID = re.compile(rb"\bUID (\d+)")


class Message(TypedDict):
    """An e-mail.

    Attributes:
        uid: its number in the folder; steps that change it name it.
        message_id: its Message-ID header.
        subject: the subject.
        sender: the address it comes from.
        sender_name: the name of the sender.
        to: the addresses it went to.
        date: when it was sent.
        text: its text; that of the HTML part when there is no plain one.
        is_read: whether it is marked as read.
        attachments: the names of the attached files.
    """

    uid: str
    message_id: str
    subject: str
    sender: PersonalAddress
    sender_name: PersonalName
    to: list[PersonalAddress]
    date: DateTime
    text: str
    is_read: bool
    attachments: list[str]


@contextmanager
def open_mailbox(
    connection: Mapping[str, str], folder: str, *, readonly: bool = True
) -> Generator[imaplib.IMAP4]:
    """Log in, select a folder, and log out at the end.

    Raises:
        ComponentError: the server cannot be reached, or refuses the log-in or the folder.
    """
    import imaplib

    try:
        client = _client(connection)
        with client:
            client.login(connection["username"], connection["password"])
            status, answer = client.select(quoted(folder), readonly)
            if status != "OK":
                raise ComponentError(f"The mailbox has no folder {folder!r}: {_text(answer)}.")
            yield client
    except KeyError as error:
        raise ComponentError(
            f"The connection of type 'imap' has no {error.args[0]!r}.",
            hint="It needs host, username and password.",
        ) from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise ComponentError(f"The mail server failed: {error}.") from error


def _client(connection: Mapping[str, str]) -> imaplib.IMAP4:
    import imaplib
    import ssl

    host, security = connection["host"], connection.get("security", "tls")
    if security == "tls":
        port = int(connection.get("port", 993))
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=60)
    client = imaplib.IMAP4(host, int(connection.get("port", 143)), timeout=60)
    if security == "starttls":
        client.starttls(ssl.create_default_context())
    return client


def quoted(text: str) -> str:
    """Return a quoted string of the IMAP protocol; line breaks, which would end it, are refused."""
    if "\r" in text or "\n" in text:
        raise ComponentError(f"{text!r} holds a line break.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def uid_command(client: imaplib.IMAP4, command: str, *arguments: Any) -> list[Any]:
    """Send a UID command and return the answer's data.

    Raises:
        ComponentError: the server refuses it.
    """
    status, data = client.uid(command, *arguments)
    if status != "OK":
        raise ComponentError(f"The mail server refused {command}: {_text(data)}.")
    return data


def search_uids(client: imaplib.IMAP4, criteria: Sequence[str]) -> list[int]:
    """Return the UIDs of the messages that meet all criteria, in rising order."""
    words = list(criteria) or ["ALL"]
    if all(word.isascii() for word in words):
        data = uid_command(client, "SEARCH", *words)
    else:
        encoded = [word.encode() for word in words]
        data = uid_command(client, "SEARCH", "CHARSET", "UTF-8", *encoded)
    return sorted(int(uid) for uid in (data[0] or b"").split())


def fetch_messages(client: imaplib.IMAP4, uids: Sequence[int]) -> list[Message]:
    """Fetch messages by UID, in that order, without marking them as read."""
    if not uids:
        return []
    data = uid_command(client, "FETCH", ",".join(map(str, uids)), "(UID FLAGS BODY.PEEK[])")
    found: dict[int, Message] = {}
    for part, tail in zip(data, [*data[1:], b""], strict=True):
        if isinstance(part, tuple):
            # Servers may send UID and FLAGS before or after the message itself.
            head, body = cast("tuple[bytes, bytes]", part)
            about = head + (tail if isinstance(tail, bytes) else b"")
            uid = _UID.search(about)
            if uid:
                found[int(uid[1])] = _message(uid[1].decode(), body, rb"\Seen" in about)
    return [found[uid] for uid in uids if uid in found]


def _message(uid: str, raw: bytes, is_read: bool) -> Message:
    # Imported here, as it takes longer than describing all components does.
    from email import message_from_bytes, policy

    mail = message_from_bytes(raw, policy=policy.default)
    senders = getaddresses([str(mail.get("From", ""))]) or [("", "")]
    name, address = senders[0]
    return {
        "uid": uid,
        "message_id": str(mail.get("Message-ID", "")),
        "subject": str(mail.get("Subject", "")),
        "sender": address,
        "sender_name": name,
        "to": [to for _, to in getaddresses([str(mail.get("To", ""))]) if to],
        "date": _date(mail),
        "text": _body(mail),
        "is_read": is_read,
        "attachments": [part.get_filename() or "" for part in mail.iter_attachments()],
    }


def _date(mail: EmailMessage) -> str:
    with suppress(AttributeError, TypeError, ValueError):
        moment: datetime = mail["Date"].datetime
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    return ""


def _body(mail: EmailMessage) -> str:
    from flowloom.catalog.builtin.markup import html_to_text

    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    return html_to_text(content) if part.get_content_subtype() == "html" else content.strip()


def _text(data: Any) -> str:
    first = data[0] if data else b""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first)
