"""Sending over SMTP and reading over IMAP, against servers on the loopback interface."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import run
from tests.catalog.builtin_servers import ImapServer, SmtpServer, imap_server, smtp_server


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


def _sending(server: SmtpServer) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "none",
        "sender": "robot@example.org",
    }


def _reading(server: ImapServer) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "none",
        "username": "ada",
        "password": "secret",
    }


def _mail(subject: str, sender: str = "Ada <ada@example.org>", html: str = "") -> bytes:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "team@example.org, Bob <bob@example.org>"
    mail["Subject"] = subject
    mail["Date"] = "Sun, 01 Mar 2026 09:00:00 +0100"
    mail["Message-ID"] = f"<{subject.split()[0].encode().hex()}@example.org>"
    if html:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(f"About {subject}\n")
    return mail.as_bytes(policy=policy.SMTP)


async def test_send_delivers_text_html_and_attachment(smtp: SmtpServer, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_text("a,b\n")
    inputs = {
        "to": "ada@example.org, bob@example.org",
        "subject": "Grüße",
        "body": "Hello\n.dot\n",
        "html": "<p>Hello</p>",
        "cc": ["cid@example.org"],
        "bcc": "eve@example.org",
        "reply_to": "desk@example.org",
        "attachments": [str(report)],
    }
    output = await run("email.send", inputs, _sending(smtp))
    ((sender, recipients, raw),) = smtp.received
    mail = message_from_bytes(raw, policy=policy.default)
    assert sender == "robot@example.org"
    assert recipients == output["recipients"]
    assert recipients == [f"{name}@example.org" for name in ("ada", "bob", "cid", "eve")]
    assert mail["Subject"] == "Grüße"
    assert mail["Reply-To"] == "desk@example.org"
    assert mail["Message-ID"] == output["message_id"]
    assert "eve" not in str(mail)
    assert "Hello\n.dot" in _content(mail, "plain").replace("\r\n", "\n")
    assert "<p>Hello</p>" in _content(mail, "html")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["report.csv"]


def _content(mail: Any, kind: str) -> str:
    return mail.get_body(preferencelist=(kind,)).get_content()


async def test_send_says_why_it_failed(smtp: SmtpServer) -> None:
    inputs: dict[str, Any] = {"to": "x@example.org", "subject": "a", "body": "b"}
    smtp.refused = "x@example.org"
    with pytest.raises(ComponentError, match="no such user"):
        await run("email.send", inputs, _sending(smtp))
    with pytest.raises(ComponentError, match="needs an address in 'to'"):
        await run("email.send", {**inputs, "to": []}, _sending(smtp))
    with pytest.raises(ComponentError, match="without a connection of type 'smtp'"):
        await run("email.send", inputs)
    assert smtp.received == []


async def test_a_subject_cannot_smuggle_in_a_header(smtp: SmtpServer) -> None:
    inputs = {"to": "x@example.org", "subject": "a\nBcc: eve@example.org", "body": "b"}
    with pytest.raises(ComponentError, match=r"email\.send"):
        await run("email.send", inputs, _sending(smtp))
    assert smtp.received == []


async def test_search_reads_messages_newest_first(imap: ImapServer) -> None:
    imap.deliver(_mail("Invoice 1"))
    imap.deliver(_mail("Invoice 2", html="<p>Pay <b>now</b></p>"))
    imap.deliver(_mail("Hello", sender="bob@example.org"))
    found = await run("email.search", {"subject": "invoice"}, _reading(imap))
    assert [message["subject"] for message in found] == ["Invoice 2", "Invoice 1"]
    assert found[0]["text"] == "Pay now"
    assert found[1] == {
        "uid": "1",
        "message_id": f"<{b'Invoice'.hex()}@example.org>",
        "subject": "Invoice 1",
        "sender": "ada@example.org",
        "sender_name": "Ada",
        "to": ["team@example.org", "bob@example.org"],
        "date": "2026-03-01T09:00:00+01:00",
        "text": "About Invoice 1",
        "is_read": False,
        "attachments": [],
    }
    assert await run("email.search", {"limit": 1}, _reading(imap)) != []
    inputs = {"sender": "bob", "text": "hello", "since": "2026-03-01"}
    assert len(await run("email.search", inputs, _reading(imap))) == 1
    assert await run("email.search", {"subject": "Grüße"}, _reading(imap)) == []


async def test_mark_read_and_search_unread(imap: ImapServer) -> None:
    imap.deliver(_mail("one"))
    imap.deliver(_mail("two"))
    assert await run("email.mark_read", {"uids": ["1"]}, _reading(imap)) == {"count": 1}
    (unread,) = await run("email.search", {"unread_only": True}, _reading(imap))
    assert unread["subject"] == "two"
    assert await run("email.mark_read", {"uids": ["1"], "read": False}, _reading(imap))
    assert len(await run("email.search", {"unread_only": True}, _reading(imap))) == 2


@pytest.mark.parametrize("extensions", [{"MOVE"}, {"UIDPLUS"}])
async def test_move_with_and_without_the_move_extension(
    imap: ImapServer, extensions: set[str]
) -> None:
    imap.extensions = extensions
    imap.deliver(_mail("one"))
    imap.deliver(_mail("two"))
    inputs = {"uids": ["2"], "target": "Archive"}
    assert await run("email.move", inputs, _reading(imap)) == {"count": 1}
    assert [message.uid for message in imap.folders["INBOX"]] == [1]
    assert b"About two" in imap.folders["Archive"][0].raw


async def test_delete_removes_only_the_named(imap: ImapServer) -> None:
    imap.deliver(_mail("one"))
    imap.deliver(_mail("two"))
    assert await run("email.delete", {"uids": ["1"]}, _reading(imap)) == {"count": 1}
    assert [message.uid for message in imap.folders["INBOX"]] == [2]


async def test_delete_leaves_messages_that_others_marked(imap: ImapServer) -> None:
    imap.deliver(_mail("one"))
    imap.deliver(_mail("two"))
    imap.folders["INBOX"][1].flags.add(r"\Deleted")
    await run("email.delete", {"uids": ["1"]}, _reading(imap))
    assert [message.uid for message in imap.folders["INBOX"]] == [2]


async def test_delete_refuses_when_the_server_could_only_delete_more(imap: ImapServer) -> None:
    imap.deliver(_mail("one"))
    imap.extensions = set()
    with pytest.raises(ComponentError, match="no UIDPLUS"):
        await run("email.delete", {"uids": ["1"]}, _reading(imap))
    assert len(imap.folders["INBOX"]) == 1


async def test_the_trigger_gives_each_new_message_once(imap: ImapServer) -> None:
    imap.deliver(_mail("Invoice old"))
    state: dict[str, Any] = {}

    async def poll() -> list[str]:
        found = await run(
            "core.email_received",
            {"subject": "Invoice"},
            _reading(imap),
            {"state": state},
            polls=True,
        )
        return [message["subject"] for message in found]

    assert await poll() == []
    assert await poll() == []
    imap.deliver(_mail("Invoice new"))
    imap.deliver(_mail("Hello"))
    assert await poll() == ["Invoice new"]
    assert await poll() == []


async def test_failures_of_the_mail_server_are_told(imap: ImapServer) -> None:
    with pytest.raises(ComponentError, match="no folder 'Nowhere'"):
        await run("email.search", {"folder": "Nowhere"}, _reading(imap))
    with pytest.raises(ComponentError, match="wrong password"):
        await run("email.search", {}, {**_reading(imap), "password": "x"})
    with pytest.raises(ComponentError, match="has no 'password'"):
        await run(
            "email.search",
            {},
            {"host": "127.0.0.1", "username": "a", "security": "none"} | {"port": str(imap.port)},
        )
    with pytest.raises(ComponentError, match="holds a line break"):
        await run("email.search", {"subject": 'a"\r\nA1 LOGOUT'}, _reading(imap))
    with pytest.raises(ComponentError, match="no uid numbers"):
        await run("email.delete", {"uids": ["1:*"]}, _reading(imap))
