"""Schedules in words become cron expressions with a time zone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.offline.schedule import find_schedule


@pytest.mark.parametrize(
    ("words", "cron", "zone"),
    [
        ("every weekday at 9 in Seoul", "0 9 * * 1-5", "Asia/Seoul"),
        ("every 15 minutes", "*/15 * * * *", ""),
        ("every minute", "* * * * *", ""),
        ("hourly", "0 * * * *", ""),
        ("every two hours", "0 */2 * * *", ""),
        ("on the first of each month at 6 pm", "0 18 1 * *", ""),
        ("on the 15th of every month at noon", "0 12 15 * *", ""),
        ("every Monday at 8:30 am New York time", "30 8 * * 1", "America/New_York"),
        ("every Tuesday and Thursday at midnight", "0 0 * * 2,4", ""),
        ("on Fridays at 17:05", "5 17 * * 5", ""),
        ("at 9am every day in Berlin", "0 9 * * *", "Europe/Berlin"),
        ("each morning", "0 8 * * *", ""),
        ("every day at 7 in the evening", "0 19 * * *", ""),
        ("every weekend at 10 UTC", "0 10 * * 0,6", "UTC"),
        ("daily at six o'clock", "0 6 * * *", ""),
    ],
)
def test_words_become_cron(words: str, cron: str, zone: str) -> None:
    found = find_schedule(f"{words}, send a report")
    assert found is not None
    assert (found.cron, found.timezone) == (cron, zone)


def test_a_missing_hour_is_said_to_be_assumed() -> None:
    found = find_schedule("send a report every day")
    assert found is not None
    assert found.cron == "0 9 * * *"
    assert "9:00" in found.assumed


@pytest.mark.parametrize("text", ["send a report", "for every row send a mail", "on Friday"])
def test_what_is_no_schedule_is_none(text: str) -> None:
    assert find_schedule(text) is None


@given(st.integers(0, 23), st.integers(0, 59))
def test_any_time_of_day_is_read(hour: int, minute: int) -> None:
    found = find_schedule(f"every day at {hour}:{minute:02d}")
    assert found is not None
    assert found.cron == f"{minute} {hour} * * *"
