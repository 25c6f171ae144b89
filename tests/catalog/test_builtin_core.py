"""Triggers, values, waiting, persons and SQL."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.builtin.schedule import fire_times
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import run

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_manual_start() -> None:
    output = await run("core.manual", {}, given={"now": lambda: NOW})
    assert output == {"started_at": "2026-03-01T12:00:00+00:00"}


async def test_schedule_gives_the_next_firing_in_its_time_zone() -> None:
    inputs = {"cron": "0 9 * * 1-5", "timezone": "Asia/Seoul"}
    assert await run("core.schedule", inputs, given={"after": NOW}) == {
        "scheduled_at": "2026-03-02T09:00:00+09:00",
        "date": "2026-03-02",
        "timezone": "Asia/Seoul",
    }
    output = await run("core.schedule", {"cron": "* * * * *"})
    assert datetime.fromisoformat(output["scheduled_at"]) > datetime.now(UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        # Summer time skips 02:30 on 29 March in Berlin and has it twice on 25 October.
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", ["03-29 03:00", "03-30 02:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["10-25 02:30", "10-26 02:30"]),
        ("0 8 1 */3 *", "UTC", "2026-03-01T12:00Z", ["04-01 08:00", "07-01 08:00"]),
        ("*/20 9-10 * * sun", "UTC", "2026-03-01T10:30Z", ["03-01 10:40", "03-08 09:00"]),
        ("0 0 29 2 *", "UTC", "2026-03-01T12:00Z", ["02-29 00:00"]),
        ("0 12 L * *", "UTC", "2026-02-01T00:00Z", ["02-28 12:00", "03-31 12:00"]),
        ("0 7 * * 7", "UTC", "2026-03-02T00:00Z", ["03-08 07:00"]),
    ],
)
def test_schedules(cron: str, zone: str, after: str, expected: list[str]) -> None:
    found = fire_times(cron, zone, datetime.fromisoformat(after), len(expected))
    assert [moment.strftime("%m-%d %H:%M") for moment in found] == expected


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 9 * *", "has 4 fields, not 5"),
        ("0 9 * * * *", "has 6 fields, not 5"),
        ("61 9 * * *", "Bad minute"),
        ("0 9 * * moon", "Bad day-of-week"),
    ],
)
def test_wrong_schedules(cron: str, message: str) -> None:
    with pytest.raises(ComponentError, match=message):
        fire_times(cron, "UTC", NOW)


@given(
    st.integers(0, 59), st.integers(0, 23), st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1))
)
def test_a_daily_schedule_fires_within_a_day(minute: int, hour: int, moment: datetime) -> None:
    after = moment.replace(tzinfo=UTC)
    (found,) = fire_times(f"{minute} {hour} * * *", "UTC", after)
    assert (found.hour, found.minute) == (hour, minute)
    assert 0 < (found - after).total_seconds() <= 86400


def _request(**changes: Any) -> dict[str, Any]:
    request = {
        "method": "post",
        "path": "/orders",
        "headers": {"Content-Type": "application/json", "Authorization": "Bearer s3cret"},
        "query": {"a": "1"},
        "body": b'{"id": 7}',
    }
    return {"request": {**request, **changes}}


async def test_webhook_turns_a_request_into_data() -> None:
    inputs = {"path": "/orders"}
    output = await run("core.webhook", inputs, {"token": "s3cret"}, _request())
    assert output == {
        "method": "POST",
        "path": "/orders",
        "headers": {"content-type": "application/json"},
        "query": {"a": "1"},
        "body": {"id": 7},
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    given = _request(headers=form, body=b"name=Ada+L&note=")
    assert (await run("core.webhook", inputs, given=given))["body"] == {"name": "Ada L", "note": ""}
    given = _request(headers={}, body=b"plain")
    assert (await run("core.webhook", inputs, given=given))["body"] == "plain"


async def test_webhook_refuses_what_it_does_not_expect() -> None:
    inputs = {"path": "/orders"}
    with pytest.raises(ComponentError, match="does not carry the webhook's token"):
        await run("core.webhook", inputs, {"token": "other"}, _request())
    with pytest.raises(ComponentError, match="takes POST /orders, not get /orders"):
        await run("core.webhook", inputs, given=_request(method="get"))
    with pytest.raises(ComponentError, match="not what its type"):
        await run("core.webhook", inputs, given=_request(body=b"{"))


async def test_file_watch_gives_each_change_once(tmp_path: Path) -> None:
    state: dict[str, Any] = {}
    inputs: dict[str, Any] = {
        "directory": str(tmp_path),
        "pattern": "*.csv",
        "changes": ["created", "modified", "deleted"],
    }

    async def poll(**more: Any) -> list[tuple[str, str]]:
        kept = {"state": state}
        found = await run("core.file_watch", {**inputs, **more}, given=kept, polls=True)
        return [(event["name"], event["change"]) for event in found]

    (tmp_path / "old.csv").write_text("a")
    assert await poll() == []
    (tmp_path / "new.csv").write_text("b")
    (tmp_path / "new.txt").write_text("b")
    (tmp_path / "old.csv").write_text("longer")
    assert await poll() == [("new.csv", "created"), ("old.csv", "modified")]
    assert await poll() == []
    (tmp_path / "old.csv").unlink()
    assert await poll() == [("old.csv", "deleted")]
    assert json.loads(json.dumps(state)) == state
    state.clear()
    assert await poll(include_existing=True) == [("new.csv", "created")]
    with pytest.raises(ComponentError, match="There is no directory"):
        await poll(directory=str(tmp_path / "gone"))


async def test_set_returns_its_value() -> None:
    assert await run("core.set", {"value": {"a": [1]}}) == {"a": [1]}


async def test_log_writes_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "flowloom.workflow"):
        assert await run("core.log", {"message": "50% done"}) == "50% done"
        await run("core.log", {"message": "oh", "level": "error"})
    assert [(entry.levelname, entry.getMessage()) for entry in caplog.records] == [
        ("INFO", "50% done"),
        ("ERROR", "oh"),
    ]


def _sleeper() -> tuple[list[float], Callable[[float], Awaitable[None]]]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return slept, sleep


async def test_wait_sleeps_for_the_duration() -> None:
    slept, sleep = _sleeper()
    assert await run("core.wait", {"duration": "PT90S"}, given={"sleep": sleep}) == {"seconds": 90}
    assert await run("core.wait", {"duration": "PT0S"}) == {"seconds": 0}
    assert slept == [90]


async def test_wait_until_sleeps_for_the_rest() -> None:
    slept, sleep = _sleeper()
    given = {"sleep": sleep, "now": lambda: NOW}
    for time in ("2026-03-01T12:00:30Z", "2026-03-01T14:00:00+01:00", "2026-01-01"):
        await run("core.wait_until", {"time": time}, given=given)
    assert slept == [30, 3600, 0]


async def test_new_ids_differ() -> None:
    first, second = await run("core.new_id", {}), await run("core.new_id", {})
    assert first != second
    assert uuid.UUID(first).version == 4


def _terminal(answers: str) -> dict[str, io.StringIO]:
    return {"source": io.StringIO(answers), "screen": io.StringIO()}


async def test_ask_a_person() -> None:
    terminal = _terminal(" Ada \n\n")
    assert await run("person.ask", {"question": "Name?"}, given=terminal) == "Ada"
    inputs = {"question": "City?", "default": "Rome"}
    assert await run("person.ask", inputs, given=terminal) == "Rome"
    assert terminal["screen"].getvalue() == "Name? City? [Rome] "
    with pytest.raises(ComponentError, match="Nobody answered 'Name"):
        await run("person.ask", {"question": "Name?"}, given=terminal)


async def test_ask_uses_standard_input_and_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert await run("person.ask", {"question": "Go?"}) == "yes"
    assert capsys.readouterr() == ("", "Go? ")


@pytest.mark.parametrize(
    ("answer", "approved"), [("y", True), ("YES", True), ("", False), ("maybe", False)]
)
async def test_approval_is_only_given_by_yes(answer: str, approved: bool) -> None:
    output = await run("person.approve", {"question": "Pay?"}, given=_terminal(f"{answer}\n"))
    assert output is approved


async def test_choose_takes_a_name_or_a_number() -> None:
    inputs = {"question": "Which?", "options": ["Red", "Blue"]}
    terminal = _terminal("2\ngreen\nred\n")
    assert await run("person.choose", inputs, given=terminal) == "Blue"
    assert await run("person.choose", inputs, given=terminal) == "Red"
    assert "1. Red\n  2. Blue" in terminal["screen"].getvalue()


@pytest.fixture
async def shop(tmp_path: Path) -> dict[str, str]:
    connection = {"url": f"sqlite:///{tmp_path / 'shop.db'}"}
    table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, total NUMERIC)"
    await run("sql.execute", {"statement": table}, connection)
    items = [{"id": 1, "customer": "Ada", "total": 9.5}, {"id": 2, "customer": "Bob"}]
    inputs = {"table": "orders", "items": items}
    assert await run("sql.insert_rows", inputs, connection) == {"rows": 2}
    return connection


async def test_query_returns_rows(shop: dict[str, str]) -> None:
    inputs = {"query": "SELECT * FROM orders WHERE customer = :name", "parameters": {"name": "Ada"}}
    assert await run("sql.query", inputs, shop) == [{"id": 1, "customer": "Ada", "total": 9.5}]
    inputs = {"query": "SELECT id, total FROM orders ORDER BY id DESC", "limit": 1}
    assert await run("sql.query", inputs, shop) == [{"id": 2, "total": None}]
    assert await run("sql.list_tables", {}, shop) == ["orders"]


async def test_values_are_never_part_of_the_statement(shop: dict[str, str]) -> None:
    inputs = {
        "query": "SELECT * FROM orders WHERE customer = :name",
        "parameters": {"name": "x' OR '1'='1"},
    }
    assert await run("sql.query", inputs, shop) == []


async def test_a_query_keeps_no_change(shop: dict[str, str]) -> None:
    await run("sql.query", {"query": "DELETE FROM orders RETURNING id"}, shop)
    assert len(await run("sql.query", {"query": "SELECT id FROM orders"}, shop)) == 2


async def test_execute_changes_rows(shop: dict[str, str]) -> None:
    inputs = {"statement": "UPDATE orders SET total = :t", "parameters": {"t": 1}}
    assert await run("sql.execute", inputs, shop) == {"rows": 2}
    rows = await run("sql.query", {"query": "SELECT DISTINCT total FROM orders"}, shop)
    assert rows == [{"total": 1}]


async def test_insert_is_all_or_nothing(shop: dict[str, str]) -> None:
    items = [{"id": 3, "customer": "Cid"}, {"id": 1, "customer": "Twice"}]
    with pytest.raises(ComponentError, match="UNIQUE constraint failed"):
        await run("sql.insert_rows", {"table": "orders", "items": items}, shop)
    assert len(await run("sql.query", {"query": "SELECT id FROM orders"}, shop)) == 2
    assert await run("sql.insert_rows", {"table": "orders", "items": []}, shop) == {"rows": 0}


@pytest.mark.parametrize(
    ("id", "inputs", "message"),
    [
        ("sql.query", {"query": "SELECT * FROM missing"}, "no such table: missing"),
        ("sql.query", {"query": "UPDATE orders SET id = id"}, "Use 'sql.execute' for it"),
        ("sql.insert_rows", {"table": "order", "items": [{"id": 1}]}, "Nearest: 'orders'"),
        ("sql.insert_rows", {"table": "orders", "items": [{"totl": 1}]}, "Nearest: 'total'"),
    ],
)
async def test_sql_failures_say_why(
    shop: dict[str, str], id: str, inputs: dict[str, Any], message: str
) -> None:
    with pytest.raises(ComponentError) as raised:
        await run(id, inputs, shop)
    assert message in str(raised.value)


@pytest.mark.parametrize("url", ["", "nonsense", "nodb://x"])
async def test_a_database_connection_needs_a_url(url: str) -> None:
    with pytest.raises(ComponentError, match="has no usable 'url'"):
        await run("sql.list_tables", {}, {"url": url})
