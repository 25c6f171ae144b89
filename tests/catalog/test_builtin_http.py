"""HTTP, feeds, and the components that ask a chat model, against a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import run
from tests.catalog.builtin_servers import HttpServer, http_server

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{}</channel></rss>"""
ITEM = (
    "<item><guid>{0}</guid><title>Title {0}</title><link>https://example.org/{0}</link>"
    "<description>About {0}</description><author>ada@example.org</author>"
    "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item>"
)


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with http_server() as running:
        yield running


async def test_get_sends_query_and_headers(server: HttpServer) -> None:
    inputs = {
        "url": f"{server.url}/a",
        "query": {"page": 2, "q": "a b", "all": True},
        "headers": {"X-Key": "v"},
    }
    answer = await run("http.get", inputs)
    assert (answer["status"], answer["ok"]) == (200, True)
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["body"]["query"] == {"page": "2", "q": "a b", "all": "true"}
    assert answer["body"]["headers"]["x-key"] == "v"
    assert json.loads(answer["text"]) == answer["body"]


async def test_get_keeps_the_query_of_the_address(server: HttpServer) -> None:
    answer = await run("http.get", {"url": f"{server.url}/a?x=1"})
    assert answer["body"]["query"] == {"x": "1"}


async def test_post_sends_json_and_text(server: HttpServer) -> None:
    url = f"{server.url}/orders"
    sent = (await run("http.post", {"url": url, "body": {"a": [1, None]}}))["body"]
    assert (sent["method"], json.loads(sent["body"])) == ("POST", {"a": [1, None]})
    assert sent["headers"]["content-type"] == "application/json"
    sent = (await run("http.post", {"url": url, "body": "plain"}))["body"]
    assert sent["body"] == "plain"


async def test_the_other_methods(server: HttpServer) -> None:
    inputs = {"url": f"{server.url}/orders/7"}
    body = {"state": "paid"}
    put = await run("http.put", {**inputs, "body": body})
    patch = await run("http.patch", {**inputs, "body": body})
    deleted = await run("http.delete", inputs)
    asked = [answer["body"]["method"] for answer in (put, patch, deleted)]
    assert asked == ["PUT", "PATCH", "DELETE"]
    assert json.loads(put["body"]["body"]) == json.loads(patch["body"]["body"]) == body


async def test_request_takes_any_method(server: HttpServer) -> None:
    inputs = {"method": "PATCH", "url": f"{server.url}/x", "query": {"a": 1}, "body": [1]}
    sent = (await run("http.request", inputs))["body"]
    assert (sent["method"], sent["query"], sent["body"]) == ("PATCH", {"a": "1"}, "[1]")


async def test_an_error_status_fails_unless_it_is_wanted(server: HttpServer) -> None:
    inputs = {"url": f"{server.url}/missing"}
    with pytest.raises(ComponentError, match="answered 404: 'nothing here'"):
        await run("http.get", inputs)
    answer = await run("http.get", {**inputs, "fail_on_error": False})
    assert (answer["status"], answer["ok"], answer["body"]) == (404, False, "nothing here")


async def test_text_that_calls_itself_json_stays_text(server: HttpServer) -> None:
    server.pages["/bad"] = ("application/json", b"{oops")
    assert (await run("http.get", {"url": f"{server.url}/bad"}))["body"] == "{oops"


async def test_a_dead_server_and_a_bad_address(unused_tcp_port: int) -> None:
    for url in (f"http://127.0.0.1:{unused_tcp_port}/", "ftp://x", "nonsense"):
        with pytest.raises(ComponentError, match=r"'http\.get' failed: GET .* failed"):
            await run("http.get", {"url": url})


async def test_download_and_upload(server: HttpServer, tmp_path: Path) -> None:
    server.pages["/logo.png"] = ("image/png", b"\x89PNG\x00")
    path = str(tmp_path / "in" / "logo.png")
    inputs = {"url": f"{server.url}/logo.png", "path": path}
    assert await run("http.download", inputs) == {"path": path, "size": 5}
    inputs = {"url": f"{server.url}/up", "path": path, "fields": {"title": "Logo"}}
    sent = (await run("http.upload", inputs))["body"]
    assert sent["headers"]["content-type"].startswith("multipart/form-data")
    assert 'filename="logo.png"' in sent["body"]
    assert "Logo" in sent["body"]
    assert "\x89PNG\x00" in sent["body"]


def _publish(server: HttpServer, *ids: str) -> str:
    feed = FEED.format("".join(map(ITEM.format, ids)))
    server.pages["/feed"] = ("application/rss+xml", feed.encode())
    return f"{server.url}/feed"


async def test_read_a_feed(server: HttpServer) -> None:
    url = _publish(server, "b", "a")
    found = await run("rss.read", {"url": url})
    assert found[0] == {
        "id": "b",
        "title": "Title b",
        "url": "https://example.org/b",
        "summary": "About b",
        "author": "ada@example.org",
        "published_at": "2026-03-01T09:00:00+00:00",
    }
    assert len(await run("rss.read", {"url": url, "limit": 1})) == 1


async def test_an_atom_feed_without_dates(server: HttpServer) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>One</title></entry>'
        "</feed>"
    )
    server.pages["/atom"] = ("application/atom+xml", atom.encode())
    (entry,) = await run("rss.read", {"url": f"{server.url}/atom"})
    assert (entry["title"], entry["url"], entry["published_at"]) == ("One", "", "")


async def test_what_is_no_feed(server: HttpServer) -> None:
    server.pages["/page"] = ("text/html", b"<html><body>Hello</body></html>")
    with pytest.raises(ComponentError, match="There is no feed at"):
        await run("rss.read", {"url": f"{server.url}/page"})
    with pytest.raises(ComponentError, match="cannot be fetched"):
        await run("rss.read", {"url": f"{server.url}/missing"})


async def test_the_feed_trigger_gives_each_new_entry_once(server: HttpServer) -> None:
    state: dict[str, Any] = {}

    async def poll(**inputs: Any) -> list[str]:
        found = await run(
            "core.rss_new_item",
            {"url": f"{server.url}/feed", **inputs},
            given={"state": state},
            polls=True,
        )
        return [entry["id"] for entry in found]

    _publish(server, "b", "a")
    assert await poll() == []
    _publish(server, "d", "c", "b")
    assert await poll() == ["c", "d"]
    assert await poll() == []
    state.clear()
    assert await poll(include_existing=True) == ["b", "c", "d"]
    assert json.loads(json.dumps(state)) == state


def _model(server: HttpServer, *replies: str) -> dict[str, str]:
    server.replies[:] = replies
    return {"model": "openai:test", "base_url": f"{server.url}/v1", "api_key": "none"}


def _asked(server: HttpServer) -> list[dict[str, Any]]:
    return [json.loads(request["body"]) for request in server.requests]


async def test_chat(server: HttpServer) -> None:
    inputs = {"prompt": "Hi", "system": "Be brief.", "temperature": 0.5, "max_tokens": 9}
    output = await run("ai.chat", inputs, _model(server, " Hello "))
    assert output == {"text": "Hello", "input_tokens": 7, "output_tokens": 3}
    (asked,) = _asked(server)
    assert asked["model"] == "test"
    assert asked["temperature"] == 0.5
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [
        ("system", "Be brief."),
        ("user", "Hi"),
    ]


async def test_chat_needs_a_model(server: HttpServer) -> None:
    with pytest.raises(ComponentError, match="has no 'model'"):
        await run("ai.chat", {"prompt": "Hi"}, {"base_url": server.url})


async def test_summarize_and_translate_delimit_the_text(server: HttpServer) -> None:
    inputs = {"text": "Long </data> text", "sentences": 2, "focus": "costs", "language": "German"}
    assert await run("ai.summarize", inputs, _model(server, "Kurz.")) == "Kurz."
    inputs = {"text": "Hallo", "language": "English"}
    assert await run("ai.translate", inputs, _model(server, "Hello")) == "Hello"
    first, second = _asked(server)
    assert first["messages"][1]["content"] == "<data>\nLong < /data> text\n</data>"
    for word in ("at most 2 sentences", "costs", "Write in German"):
        assert word in first["messages"][0]["content"]
    assert "into English" in second["messages"][0]["content"]


async def test_classify_asks_again_until_the_label_is_known(server: HttpServer) -> None:
    inputs = {"text": "It crashes", "labels": ["Bug", "Question"]}
    assert await run("ai.classify", inputs, _model(server, '"bug".')) == "Bug"
    assert await run("ai.classify", inputs, _model(server, "Both?", "Question")) == "Question"
    assert "must be one of Bug, Question" in _asked(server)[-1]["messages"][-1]["content"]
    with pytest.raises(ComponentError, match="'Neither' does not fit"):
        await run("ai.classify", inputs, _model(server, "?", "Neither"))


async def test_extract_reads_and_checks_the_answer(server: HttpServer) -> None:
    inputs = {"text": "Total 5 EUR", "fields": {"total": "the sum", "due": "due date"}}
    good = '```json\n{"total": 5, "due": null, "more": 1}\n```'
    assert await run("ai.extract", inputs, _model(server, good)) == {"total": 5, "due": None}
    assert await run("ai.extract", inputs, _model(server, '{"total": 5}', good))
    assert "the field due is missing" in _asked(server)[-1]["messages"][-1]["content"]
    with pytest.raises(ComponentError, match="must be a JSON object"):
        await run("ai.extract", inputs, _model(server, "5", "{5"))
