"""The server over real HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from flowloom.assembly import Assembly
from flowloom.service.http.app import ServeOptions, create_app
from flowloom.service.http.tokens import Tokens
from tests.graph.conversation.stand_ins import roles
from tests.service.bench import REQUEST, SAVED, running
from tests.service.http.conftest import ANN, BOB


async def read_events(client: httpx.AsyncClient, path: str, **more: Any) -> list[dict[str, Any]]:
    """Read a stream of events to its end."""
    found: list[dict[str, Any]] = []
    async with client.stream("GET", path, **more) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            name, _, value = line.partition(":")
            if line and name:
                fields[name] = value.strip()
            elif fields:
                data = json.loads(fields["data"])
                found.append({"id": fields["id"], "event": fields["event"], **data})
                fields = {}
    return found


async def test_compose_and_verify_are_single_calls(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/v1/compose", json={"request": REQUEST})).json()
    assert answer["status"] == "valid"
    checked = await client.post("/v1/verify", json={"workflow": answer["workflow"]})
    assert checked.json()["valid"] is True
    edited = await client.post(
        "/v1/compose", json={"request": "Post to #ops instead", "workflow": answer["workflow"]}
    )
    assert edited.status_code == 200
    wrong = await client.post("/v1/verify", json={"workflow": "steps: ["})
    assert wrong.status_code == 422
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.json()["code"] == "document_error"


async def test_compose_can_be_followed(client: httpx.AsyncClient) -> None:
    body = {"request": REQUEST}
    kinds: list[str] = []
    async with client.stream("POST", "/v1/compose/events", json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                kinds.append(line.partition(":")[2].strip())
    assert kinds[0] == "stage_started"
    assert kinds[-1] == "result"


async def test_an_idempotency_key_gives_the_first_answer_again(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await client.post("/v1/compose", json={"request": REQUEST}, headers=headers)
    again = await client.post("/v1/compose", json={"request": REQUEST}, headers=headers)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    other = await client.post("/v1/compose", json={"request": "Other"}, headers=headers)
    assert other.status_code == 422
    assert "another request" in other.json()["detail"]


async def test_a_thread_is_a_conversation(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/threads", json={"id": "t"})
    assert made.status_code == 201
    taken = await client.post("/v1/threads/t/messages", json={"text": f"new {REQUEST}"})
    assert taken.status_code == 202
    assert taken.json() == {"thread": "t", "after": 0}
    events = await read_events(client, "/v1/threads/t/events/stream")
    assert [item["id"] for item in events] == [str(n) for n in range(1, len(events) + 1)]
    assert events[-1]["state"] == "done"
    view = (await client.get("/v1/threads/t")).json()
    assert view["current"] == 1
    assert "github.issues.list" in view["workflow"]
    assert [item["role"] for item in view["messages"]] == ["person", "assistant"]
    assert view["versions"][0]["valid"] is True
    await client.post("/v1/threads/t/messages", json={"intent": {"kind": "undo"}})
    await read_events(client, f"/v1/threads/t/events/stream?after={len(events)}")
    assert (await client.get("/v1/threads/t")).json()["current"] == 0
    version = (await client.get("/v1/threads/t/versions/1")).json()
    assert version["text"] == view["workflow"]


async def test_a_lost_connection_goes_on_after_the_last_event(client: httpx.AsyncClient) -> None:
    await client.post("/v1/threads", json={"id": "t"})
    await client.post("/v1/threads/t/messages", json={"text": "ask why?"})
    whole = await read_events(client, "/v1/threads/t/events/stream")
    rest = await read_events(client, "/v1/threads/t/events/stream", headers={"Last-Event-ID": "2"})
    assert rest == whole[2:]
    stored = (await client.get("/v1/threads/t/events", params={"after": 2})).json()
    assert [item["number"] for item in stored] == [int(item["id"]) for item in rest]


async def test_a_client_that_leaves_does_not_stop_the_turn(client: httpx.AsyncClient) -> None:
    await client.post("/v1/threads", json={"id": "t"})
    await client.post("/v1/threads/t/messages", json={"text": f"new {REQUEST}"})
    async with client.stream("GET", "/v1/threads/t/events/stream") as response:
        await anext(response.aiter_lines())
    events = await read_events(client, "/v1/threads/t/events/stream")
    assert events[-1]["state"] == "done"


async def test_threads_are_listed_cancelled_and_deleted(client: httpx.AsyncClient) -> None:
    await client.post("/v1/threads", json={"id": "t"})
    assert [item["id"] for item in (await client.get("/v1/threads")).json()] == ["t"]
    assert (await client.post("/v1/threads/t/cancel")).json()["state"] == "idle"
    assert (await client.delete("/v1/threads/t")).status_code == 204
    gone = await client.get("/v1/threads/t")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_a_saved_workflow_has_an_etag(client: httpx.AsyncClient) -> None:
    url = "/v1/workflows/report"
    new = {"If-None-Match": "*"}
    made = await client.put(url, json={"workflow": SAVED}, headers=new)
    etag = made.headers["etag"]
    assert (await client.put(url, json={"workflow": SAVED}, headers=new)).status_code == 409
    got = await client.get(url)
    assert (got.json()["workflow"], got.headers["etag"]) == (SAVED, etag)
    assert (await client.get(url, headers={"If-None-Match": etag})).status_code == 304
    other = SAVED.replace("hello", "bye")
    changed = await client.put(url, json={"workflow": other}, headers={"If-Match": etag})
    assert changed.headers["etag"] != etag
    lost = await client.delete(url, headers={"If-Match": etag})
    assert lost.status_code == 409
    assert (await client.delete(url)).status_code == 204
    assert (await client.get("/v1/workflows")).json() == {"workflows": []}


async def test_components_are_searched_and_described(client: httpx.AsyncClient) -> None:
    found = (await client.get("/v1/components", params={"q": "post a message"})).json()
    assert found["components"][0]["id"] == "slack.chat.post_message"
    one = await client.get("/v1/components/slack.chat.post_message")
    assert one.json()["id"] == "slack.chat.post_message"
    none = await client.get("/v1/components/slack.chat.post_massage")
    assert none.status_code == 404
    assert "slack.chat.post_message" in none.json()["hint"]


async def test_health_and_metrics(client: httpx.AsyncClient) -> None:
    health = (await client.get("/health")).json()
    assert (health["status"], health["model"]) == ("ok", "offline")
    await client.post("/v1/compose", json={"request": REQUEST})
    text = (await client.get("/metrics")).text
    assert 'flowloom_results_total{status="valid"} 1.0' in text
    assert 'route="/v1/compose",status="200"' in text


async def test_without_a_known_token_nothing_is_told(guarded: httpx.AsyncClient) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {ANN}"}):
        refused = await guarded.get("/v1/threads", headers=header)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["code"] == "unauthorized"
        assert ANN not in refused.text
    assert (await guarded.get("/health")).status_code == 200
    assert (await guarded.get("/openapi.json")).status_code == 401


async def test_owners_do_not_see_each_other(guarded: httpx.AsyncClient) -> None:
    ann, bob = ({"Authorization": f"Bearer {token}"} for token in (ANN, BOB))
    await guarded.post("/v1/threads", json={"id": "t"}, headers=ann)
    assert (await guarded.get("/v1/threads/t", headers=bob)).status_code == 404
    assert (await guarded.get("/v1/threads", headers=bob)).json() == []
    assert (await guarded.get("/v1/threads/t", headers=ann)).status_code == 200


async def test_too_many_requests_are_told_when_to_come_again(guarded: httpx.AsyncClient) -> None:
    ann = {"Authorization": f"Bearer {ANN}"}
    answers = [await guarded.get("/v1/threads", headers=ann) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    bob = {"Authorization": f"Bearer {BOB}"}
    assert (await guarded.get("/v1/threads", headers=bob)).status_code == 200


async def test_a_large_body_is_refused(guarded: httpx.AsyncClient) -> None:
    ann = {"Authorization": f"Bearer {ANN}"}
    body = {"workflow": "x" * 10_000}
    refused = await guarded.post("/v1/verify", json=body, headers=ann)
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"


async def test_every_answer_has_security_headers_and_no_cors(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health", headers={"Origin": "https://evil.example"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/v1/compose", {}, 422, "invalid_request"),
        ("POST", "/v1/compose", {"request": "x", "other": 1}, 422, "invalid_request"),
        ("POST", "/v1/threads", {"id": "a b"}, 422, "invalid_request"),
        ("POST", "/v1/threads/none/messages", {"text": "hello"}, 404, "not_found"),
        ("GET", "/v1/threads/none/events", None, 404, "not_found"),
        ("GET", "/v1/nowhere", None, 404, "not_found"),
        ("PATCH", "/v1/threads", None, 405, "method_not_allowed"),
    ],
)
async def test_every_error_is_a_problem_with_a_stable_code(
    client: httpx.AsyncClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


async def test_mcp_is_served_behind_the_same_tokens(placed: Assembly) -> None:
    app = create_app(placed, ServeOptions(tokens=Tokens({"ann": ANN})), roles())
    async with running(app) as address:
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.post("/mcp", json={})).status_code == 401
        headers = {"Authorization": f"Bearer {ANN}"}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            found = await client.call_tool("search_components", {"query": "post a message"})
            assert not found.is_error
            named = found.structured_content or {}
            assert named["components"][0]["id"] == "slack.chat.post_message"
