"""The offline summarizer keeps what binds, in its order, within the limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowloom.offline.talking.summarizer import OfflineSummarizer
from flowloom.prompts.components import estimated_tokens
from flowloom.roles import SummaryTask

MESSAGES = (
    ("person", "Hello there!"),
    ("person", "List the open issues of acme/app and post them to #eng. Thanks a lot!"),
    ("assistant", "Made 'digest' with 2 steps. It runs by hand.\n1. issues\n2. post"),
    ("person", "Never post on weekends."),
    ("assistant", "Changed the schedule."),
    ("person", "ok"),
    ("person", "The weather is fine today"),
    ("person", "Use at most 10 issues"),
)


async def summary_of(
    messages: tuple[tuple[str, str], ...],
    max_tokens: int,
    summary: str = "",
    decisions: tuple[str, ...] = (),
) -> str:
    task = SummaryTask(
        summary=summary, messages=messages, decisions=decisions, max_tokens=max_tokens
    )
    return (await OfflineSummarizer().summarize(task)).text


async def test_everything_that_says_something_is_kept_where_there_is_room() -> None:
    assert (await summary_of(MESSAGES, 500)).splitlines() == [
        "person: List the open issues of acme/app and post them to #eng.",
        "assistant: Made 'digest' with 2 steps.",
        "person: Never post on weekends.",
        "assistant: Changed the schedule.",
        "person: The weather is fine today",
        "person: Use at most 10 issues",
    ]


async def test_what_binds_is_kept_first() -> None:
    assert (await summary_of(MESSAGES, 20)).splitlines() == [
        "person: Never post on weekends.",
        "person: Use at most 10 issues",
    ]


async def test_an_earlier_summary_is_shortened_further() -> None:
    first = await summary_of(MESSAGES, 500)
    again = await summary_of((("person", "It must never mail Bob."),), 40, first)
    assert "person: It must never mail Bob." in again
    assert "person: Never post on weekends." in again
    assert "assistant: Changed the schedule." not in again


async def test_a_summary_of_nothing_new_stays_as_it_is() -> None:
    first = await summary_of(MESSAGES, 500)
    assert await summary_of((), 500, first) == first


async def test_what_is_decided_elsewhere_is_not_repeated() -> None:
    text = await summary_of(MESSAGES, 500, decisions=("Never post on weekends",))
    assert "weekends" not in text


_TEXT = st.text(max_size=60)


@given(
    st.lists(st.tuples(st.sampled_from(["person", "assistant"]), _TEXT), max_size=8),
    _TEXT,
    st.integers(0, 60),
)
async def test_the_limit_holds_and_nothing_is_invented(
    messages: list[tuple[str, str]], summary: str, limit: int
) -> None:
    text = await summary_of(tuple(messages), limit, summary)
    assert estimated_tokens(text) <= limit
    said = " ".join(" ".join(text.split()) for _, text in messages) + " ".join(summary.split())
    for line in text.splitlines():
        words = line.split(": ", 1)[1].split()
        assert all(word in said for word in words)
