"""The built-in components for dates and numbers."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.builtin.dates import end_of, start_of
from flowloom.catalog.builtin.moments import add_months, parse_duration
from flowloom.catalog.builtin.numbers import format_number, parse_number
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import Case, run

NOON = "2026-03-01T12:30:15+00:00"

CASES = [
    Case("date.add", {"date": "2026-01-31", "months": 1}, "2026-02-28T00:00:00+00:00"),
    Case("date.add", {"date": NOON, "days": -1, "duration": "PT30M"}, "2026-02-28T13:00:15+00:00"),
    Case("date.add", {"date": "2024-02-29", "years": 1}, "2025-02-28T00:00:00+00:00"),
    Case("date.difference", {"start": "2026-03-01", "end": "2026-03-08"}, 7.0),
    Case(
        "date.difference",
        {"start": NOON, "end": "2026-03-01T12:00:15Z", "unit": "minutes"},
        -30.0,
    ),
    Case("date.format", {"date": NOON, "format": "%d.%m.%Y %H:%M"}, "01.03.2026 12:30"),
    Case(
        "date.format",
        {"date": NOON, "format": "%H:%M", "timezone": "Asia/Seoul"},
        "21:30",
    ),
    Case("date.parse", {"text": "Sun, 1 Mar 2026 12:30:15 GMT"}, NOON),
    Case(
        "date.parse",
        {"text": "01.03.2026", "format": "%d.%m.%Y", "timezone": "Europe/Berlin"},
        "2026-03-01T00:00:00+01:00",
    ),
    Case("date.start_of", {"date": NOON, "period": "hour"}, "2026-03-01T12:00:00+00:00"),
    Case("date.start_of", {"date": NOON, "period": "week"}, "2026-02-23T00:00:00+00:00"),
    Case("date.start_of", {"date": NOON, "period": "quarter"}, "2026-01-01T00:00:00+00:00"),
    Case(
        "date.start_of",
        {"date": NOON, "period": "day", "timezone": "Asia/Seoul"},
        "2026-03-01T00:00:00+09:00",
    ),
    Case("date.end_of", {"date": NOON, "period": "month"}, "2026-03-31T23:59:59+00:00"),
    Case("date.end_of", {"date": NOON, "period": "week"}, "2026-03-01T23:59:59+00:00"),
    Case("date.end_of", {"date": NOON, "period": "year"}, "2026-12-31T23:59:59+00:00"),
    Case(
        "date.convert_timezone",
        {"date": "2026-07-01T09:00", "timezone": "UTC", "from_timezone": "Europe/Berlin"},
        "2026-07-01T07:00:00+00:00",
    ),
    Case(
        "date.parts",
        {"date": NOON},
        {
            "year": 2026,
            "month": 3,
            "day": 1,
            "hour": 12,
            "minute": 30,
            "second": 15,
            "weekday": "Sunday",
            "iso_week": 9,
            "quarter": 1,
            "is_weekend": True,
        },
    ),
    Case("date.is_before", {"date": "2026-03-01", "other": NOON}, True),
    Case("date.is_before", {"date": NOON, "other": "2026-03-01T13:00:00+01:00"}, False),
    Case("math.calculate", {"formula": "2 + 3 * (4 - 1) ** 2"}, 29.0),
    Case(
        "math.calculate",
        {"formula": "round(price * n * 1.2) // 1", "values": {"price": 9.99, "n": 3}},
        36.0,
    ),
    Case("math.calculate", {"formula": "max(-a, sqrt(16), 7 % 4)", "values": {"a": 1}}, 4.0),
    Case("math.round", {"number": 2.675, "digits": 2}, 2.68),
    Case("math.round", {"number": 2.5, "halves": "even"}, 2.0),
    Case("math.round", {"number": -2.5}, -3.0),
    Case("math.percentage", {"part": 1, "whole": 8}, 12.5),
    Case("number.parse", {"text": "$1,299.50"}, 1299.5),
    Case("number.parse", {"text": "1.299,50 €", "decimal_sign": ","}, 1299.5),
    Case("number.format", {"number": 1234567.891}, "1,234,567.89"),
    Case(
        "number.format",
        {"number": 1234.5, "thousands": ".", "unit": "EUR"},
        "1.234,50 EUR",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_gives_the_expected_output(case: Case) -> None:
    assert await run(case.id, case.inputs) == case.expected


@pytest.mark.parametrize(
    ("id", "inputs", "message"),
    [
        ("date.parse", {"text": "soon"}, "'soon' is no date"),
        ("date.parse", {"text": "1/2", "format": "%d.%m.%Y"}, "does not have the form"),
        ("date.now", {"timezone": "Mars/Base"}, "no time zone 'Mars/Base'"),
        ("date.add", {"date": NOON, "duration": "a while"}, "'a while' is no duration"),
        ("math.calculate", {"formula": "price * 2", "values": {"prize": 1}}, "Nearest: 'prize'"),
        ("math.calculate", {"formula": "__import__('os')"}, "is no arithmetic"),
        ("math.calculate", {"formula": "(1).__class__"}, "is no arithmetic"),
        ("math.calculate", {"formula": "1 / 0"}, "has no result"),
        ("math.calculate", {"formula": "9 ** 9 ** 9 ** 9"}, "has no result"),
        ("math.calculate", {"formula": "1 +"}, "has no result"),
        ("math.percentage", {"part": 1, "whole": 0}, "The whole is zero"),
        ("math.random", {"minimum": 2, "maximum": 1}, "above the maximum"),
        ("number.parse", {"text": "many"}, "'many' is no number"),
    ],
)
async def test_failures_say_why(id: str, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(ComponentError) as raised:
        await run(id, inputs)
    assert message in str(raised.value)


async def test_now_reads_the_clock_in_a_time_zone() -> None:
    clock = {"clock": lambda: datetime(2026, 3, 1, 12, 30, 15, 999, UTC)}
    found = await run("date.now", {"timezone": "Asia/Seoul"}, given=clock)
    assert found == "2026-03-01T21:30:15+09:00"
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= datetime.fromisoformat(await run("date.now", {})) <= datetime.now(UTC)


async def test_random_numbers_stay_in_range_and_can_be_seeded() -> None:
    inputs = {"minimum": 3, "maximum": 5}
    found = [await run("math.random", inputs, given={"source": random.Random(1)}) for _ in "ab"]
    assert found[0] == found[1]
    assert await run("math.random", inputs) in (3, 4, 5)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT5M", 300),
        ("P1DT2H", 93600),
        ("P2W", 1209600),
        ("pt1.5s", 1.5),
        ("5m", 300),
        ("1h 30m", 5400),
        ("2 hours and 5 minutes", 7500),
        ("90 sec", 90),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "5", "m5", "5 parsecs", "P1Y"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ComponentError, match="is no duration"):
        parse_duration(text)


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
PERIODS = st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])


@given(MOMENTS, PERIODS)
def test_a_period_holds_its_moments(moment: datetime, period: Any) -> None:
    text = moment.replace(microsecond=0).isoformat()
    start, end = start_of(text, period), end_of(text, period)
    assert start <= text <= end
    assert (start_of(end, period), end_of(start, period)) == (start, end)


@given(MOMENTS, st.integers(-600, 600))
def test_adding_months_goes_to_that_month(moment: datetime, months: int) -> None:
    after = add_months(moment, months)
    assert (after.year - moment.year) * 12 + after.month - moment.month == months
    assert after.day <= moment.day


@given(st.floats(-1e9, 1e9), st.sampled_from([",", "."]))
def test_formatted_numbers_can_be_read(number: float, thousands: Any) -> None:
    text = format_number(number, thousands=thousands)
    sign: Any = "." if thousands == "," else ","
    assert parse_number(text, sign) == pytest.approx(number, abs=0.0051)
