"""Words that say how steps run."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.flow_words import attempts_in, goes_on, pause_in, stop_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("If that fails, send a mail", {"failure": "that"}),
        ("if anything goes wrong, send a mail", {"failure": "anything"}),
        ("Should the download fail, send a mail", {"failure": "the download"}),
        ("on error, send a mail", {"failure": "that"}),
        ("if it doesn't work, send a mail", {"failure": "it"}),
        ("send a mail if that fails", {"failure": "that"}),
        ("if it works, send a mail", {"succeeds": True}),
        ("whatever happens, send a mail", {"always": True}),
        ("whether or not this works, send a mail", {"always": True}),
        ("send a mail in any case", {"always": True}),
        ("at the same time, send a mail", {"together": True}),
        ("send a mail in parallel", {"together": True}),
        ("send a mail and try it up to 5 times", {"attempts": 5}),
        ("send a mail with up to three retries", {"attempts": 3}),
        ("send a mail", {"failure": "", "always": False, "together": False, "attempts": 0}),
    ],
)
def test_how_steps_run(text: str, found: dict[str, Any]) -> None:
    sentence = classify(text)
    assert {name: getattr(sentence, name) for name in found} == found
    assert sentence.actions == ("send a mail",)


def test_nothing_can_have_failed_before_the_first_sentence() -> None:
    sentence = classify("when the build fails, send a mail", first=True)
    assert (sentence.failure, sentence.trigger) == ("", "the build fails")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("wait 2 hours", "2h"),
        ("wait for half an hour", "30m"),
        ("pause for ten minutes", "10m"),
        ("sleep 45s", "45s"),
        ("wait a day", "1d"),
        ("wait two weeks", "14d"),
        ("wait until noon", None),
        ("wait for the reply", None),
    ],
)
def test_pauses(text: str, duration: str | None) -> None:
    found = pause_in(text)
    assert (found.duration if found else None) == duration


def test_a_pause_may_lead() -> None:
    assert classify("After 10 minutes, send a mail").actions == ("wait 10 minutes", "send a mail")
    assert classify("two days later send a mail").actions == ("wait two days", "send a mail")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stop", ("", False)),
        ("end the run", ("", False)),
        ("stop with the message ⟦0⟧", ("⟦0⟧", False)),
        ("stop with an error message ⟦0⟧", ("⟦0⟧", True)),
        ("abort the workflow", ("", True)),
        ("stop the machine", None),
        ("cancel the order", None),
        ("finish", None),
    ],
)
def test_the_end_of_a_run(text: str, found: tuple[str, bool] | None) -> None:
    assert stop_in(text) == found


def test_going_on_and_trying_again() -> None:
    assert goes_on("carry on with the rest")
    assert not goes_on("post it")
    assert (attempts_in("retry twice"), attempts_in("try again"), attempts_in("post it")) == (
        2,
        2,
        0,
    )
