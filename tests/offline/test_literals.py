"""Values, dates, durations, amounts and patterns are found in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.offline.filling.literals import values_of
from flowloom.offline.filling.numbers import formula_in, limit_in, money_in, pattern_in
from flowloom.offline.reading.masking import mask
from flowloom.offline.timing.moments import date_in, duration_in, moment_words, relative_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('post "Hi there" to #dev', [("Hi there", "quoted"), ("#dev", "channel")]),
        ("mail a.txt to bob@x.com", [("a.txt", "path"), ("bob@x.com", "email")]),
        ("get issue #42 of acme/app", [("42", "number"), ("acme/app", "repository")]),
        ("refund ch_3XY and APP-42", [("ch_3XY", "id"), ("APP-42", "id")]),
        ("read A1:C50 of 1AbC", [("A1:C50", "id"), ("1AbC", "id")]),
        ("release v1.2.0", [("v1.2.0", "id")]),
        ("the phone +44 1234 567", [("+44 1234 567", "id")]),
        ("wait until 2026-12-24 18:00 UTC", [("2026-12-24T18:00:00Z", "date")]),
        ('post {"a": {"b": 1}} there', [('{"a": {"b": 1}}', "json")]),
        ("the first three of 1,200", [("3", "number"), ("1200", "number")]),
        ("translate letter.ko.txt", [("letter.ko.txt", "path")]),
    ],
)
def test_values_and_their_forms(text: str, values: list[tuple[str, str]]) -> None:
    masked = mask(text)
    assert [(item.text, item.form) for item in values_of(masked.text, masked)] == values


@given(st.text(max_size=80))
def test_values_never_overlap(text: str) -> None:
    masked = mask(text)
    found = values_of(masked.text, masked)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on 2026-05-01", "2026-05-01"),
        ("at 2026-05-01 9:30", "2026-05-01T09:30:00Z"),
        ("2026-05-01T09:30+02:00", "2026-05-01T09:30:00+02:00"),
        ("on 3 June 2026 at 2 pm", "2026-06-03T14:00:00Z"),
        ("on December 24th, 2026", "2026-12-24"),
        ("on 31 February 2026", None),
        ("on Friday", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("wait 2 hours", "2h"),
        ("for an hour and a half", "1h30m"),
        ("1 hour and 20 minutes", "1h20m"),
        ("half an hour", "30m"),
        ("three days", "3d"),
        ("a week", "7d"),
        ("90 s", None),
        ("90s", "90s"),
        ("a while", None),
    ],
)
def test_durations(text: str, duration: str | None) -> None:
    assert duration_in(text) == duration


@pytest.mark.parametrize(
    ("text", "hours"),
    [("in the last 7 days", 168), ("since yesterday", 24), ("two hours ago", 2), ("soon", None)],
)
def test_times_before_the_run(text: str, hours: int | None) -> None:
    wanted = f'string(timestamp(run.started_at) - duration("{hours}h"))' if hours else None
    assert relative_in(text) == wanted


def test_words_for_a_day_are_kept_as_they_stand() -> None:
    assert moment_words("schedule it tomorrow at 9 in my calendar") == "tomorrow at 9"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("the first five entries", 5),
        ("the 10 newest rows", 10),
        ("up to 20 of them", 20),
        ("the newest mail", 1),
        ("the last 7 days", None),
        ("the latest issues", None),
    ],
)
def test_how_many_are_wanted(text: str, count: int | None) -> None:
    assert limit_in(text) == count


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "refund $12.50", 1250),
        ("amount", "refund 500 yen", 500),
        ("currency", "in euros, 20 euros", "eur"),
        ("amount", "refund it", None),
    ],
)
def test_money_in_the_smallest_unit(name: str, text: str, value: object) -> None:
    schema = {"type": "integer", "description": "Amount in the smallest unit of the currency."}
    assert money_in(name, schema, text) == value


def test_formulas_and_patterns() -> None:
    assert formula_in("calculate (12 + 3) * 7 please") == "(12 + 3) * 7"
    assert formula_in("calculate the sum") is None
    assert pattern_in("all .txt files") == "*.txt"
    assert pattern_in("the PDF files") == "*.pdf"
    assert pattern_in("the old files") is None
