"""Schedules in words become cron expressions with a time zone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.offline.timing.schedule import changed_schedule, find_schedule, zone_in


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
        ("every quarter of an hour", "*/15 * * * *", ""),
        ("every half hour", "*/30 * * * *", ""),
        ("every half an hour", "*/30 * * * *", ""),
        ("every hour", "0 * * * *", ""),
        ("every other hour", "0 */2 * * *", ""),
        ("every hour on weekdays", "0 * * * 1-5", ""),
        ("every 10 minutes between 8 and 18 on weekdays", "*/10 8-17 * * 1-5", ""),
        ("every hour between 9 am and 5 pm", "0 9-17 * * *", ""),
        ("every 30 minutes during business hours", "*/30 9-16 * * *", ""),
        ("every hour at :15", "15 * * * *", ""),
        ("every hour at half past", "30 * * * *", ""),
        ("daily 7:15 pm", "15 19 * * *", ""),
        ("daily at noon", "0 12 * * *", ""),
        ("every day at half past eight", "30 8 * * *", ""),
        ("weekdays at half past eight", "30 8 * * 1-5", ""),
        ("weekdays at quarter to nine", "45 8 * * 1-5", ""),
        ("on weekdays at 8:30", "30 8 * * 1-5", ""),
        ("Monday to Friday at 7 am", "0 7 * * 1-5", ""),
        ("every Monday to Thursday at 18:00", "0 18 * * 1,2,3,4", ""),
        ("Mon-Fri at 9am", "0 9 * * 1-5", ""),
        ("every Monday", "0 9 * * 1", ""),
        ("Mondays at 10", "0 10 * * 1", ""),
        ("every Monday and Thursday at 10:30", "30 10 * * 1,4", ""),
        ("each Tue and Thu at 5pm", "0 17 * * 2,4", ""),
        ("every Friday afternoon", "0 14 * * 5", ""),
        ("every Friday at 3 in the afternoon", "0 15 * * 5", ""),
        ("Friday evenings at 7", "0 19 * * 5", ""),
        ("every other Monday at 9", "0 9 * * 1", ""),
        ("biweekly on Fridays at 9", "0 9 * * 5", ""),
        ("on the 1st and 15th at 6 pm", "0 18 1,15 * *", ""),
        ("every month on the 3rd at 8am", "0 8 3 * *", ""),
        ("monthly on the 15th", "0 9 15 * *", ""),
        ("on the last day of every month at 23:00", "0 23 L * *", ""),
        ("at the end of every month", "0 9 L * *", ""),
        ("the first Monday of every month at 9", "0 9 * * 1#1", ""),
        ("on the second Tuesday of each month at 10 am", "0 10 * * 2#2", ""),
        ("every last Friday of the month at 16:00", "0 16 * * 5L", ""),
        ("on 1 January, 1 April, 1 July and 1 October at 10:00 UTC", "0 10 1 1,4,7,10 *", "UTC"),
        ("every year on 24 December at 18:00", "0 18 24 12 *", ""),
        ("every January 1st at midnight", "0 0 1 1 *", ""),
        ("quarterly at 10", "0 10 1 1,4,7,10 *", ""),
        ("every quarter", "0 9 1 1,4,7,10 *", ""),
        ("every 3 months at 7", "0 7 1 */3 *", ""),
        ("at 9 on weekdays", "0 9 * * 1-5", ""),
        ("at 8 and 17 every day", "0 8,17 * * *", ""),
        ("every day at 8am, noon and 6pm", "0 8,12,18 * * *", ""),
        ("every morning at 7", "0 7 * * *", ""),
        ("every evening at 8", "0 20 * * *", ""),
        ("every night at 2", "0 2 * * *", ""),
        ("every night at 11", "0 23 * * *", ""),
        ("nightly at 1 am", "0 1 * * *", ""),
        ("every day except Sunday at 8", "0 8 * * 1,2,3,4,5,6", ""),
        ("weekdays except Friday at 9", "0 9 * * 1,2,3,4", ""),
        ("every other day at 6", "0 6 */2 * *", ""),
        ("once a day", "0 9 * * *", ""),
        ("once a week on Monday at 8", "0 8 * * 1", ""),
        ("twice a day", "0 */12 * * *", ""),
        ("every Sunday at 9 pm New York time", "0 21 * * 0", "America/New_York"),
        ("every weekday at 9 am Berlin time", "0 9 * * 1-5", "Europe/Berlin"),
        ("every Thursday at 8 a.m.", "0 8 * * 4", ""),
        ("each Wednesday at 14h", "0 14 * * 3", ""),
        ("every day at 2130 hours", "30 21 * * *", ""),
        ("every Saturday and Sunday at ten", "0 10 * * 0,6", ""),
        ("every week", "0 9 * * 1", ""),
        ("weekly on Tuesday at 4pm", "0 16 * * 2", ""),
        ("every 5 min", "*/5 * * * *", ""),
        ("Every weekday morning at 8:45", "45 8 * * 1-5", ""),
        ("every Tuesday, 09:15", "15 9 * * 2", ""),
        ("at 07:00 CET every working day", "0 7 * * 1-5", "Europe/Paris"),
        ("every 6 hours", "0 */6 * * *", ""),
        ("every day at ten past nine", "10 9 * * *", ""),
        ("every day at eight thirty", "30 8 * * *", ""),
        ("Every day at 6.30 pm", "30 18 * * *", ""),
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


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("every 90 minutes", "every 90 minutes"),
        ("every day at 9:00 and 17:30", "these times of day"),
    ],
)
def test_what_no_cron_expression_says_is_told(words: str, why: str) -> None:
    found = find_schedule(words)
    assert found is not None
    assert found.cron == ""
    assert why in found.assumed


def test_every_other_week_is_told_to_be_every_week() -> None:
    found = find_schedule("every other Monday at 9")
    assert found is not None
    assert found.cron == "0 9 * * 1"
    assert "every week" in found.assumed


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("Run it at 7:30 instead, weekends included", "30 7 * * *"),
        ("at noon", "0 12 * * 1-5"),
        ("every day at 8", "0 8 * * *"),
        ("only on Mondays and Fridays", "0 9 * * 1,5"),
    ],
)
def test_a_schedule_is_changed_where_words_say_so(words: str, cron: str) -> None:
    assert changed_schedule(words, "0 9 * * 1-5") == cron


def test_words_that_say_no_time_change_nothing() -> None:
    assert changed_schedule("post it to another channel", "0 9 * * 1-5") is None


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("the time in Tokyo", "Asia/Tokyo"),
        ("convert it to Berlin time", "Europe/Berlin"),
        ("post it in Slack", None),
        ("in Korean time", "Asia/Seoul"),
        ("translate it to Korean", None),
    ],
)
def test_zones_by_city(words: str, zone: str | None) -> None:
    assert zone_in(words) == zone
