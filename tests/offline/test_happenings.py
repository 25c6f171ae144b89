"""What "whenever S" means with the components that there are."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.classify import classify
from flowloom.offline.timing.happenings import is_happening, settled


def _starts(words: str) -> bool:
    return "mail" in words


@pytest.mark.parametrize(
    "words",
    ["a parcel is added to the list", "a new order", "a letter arrives", "a file gets deleted"],
)
def test_happenings(words: str) -> None:
    assert is_happening(words)


@pytest.mark.parametrize("words", ["a parcel is late", "the price is over 5", "the door is closed"])
def test_states(words: str) -> None:
    assert not is_happening(words)


@pytest.mark.parametrize("lead", ["Whenever", "As soon as", "Each time", "When"])
def test_a_state_is_a_condition(lead: str) -> None:
    sentence = classify(f"{lead} a parcel is heavier than 20, log it", first=True)

    found = settled(sentence, (), _starts, triggers=True)

    assert (found.trigger, found.condition) == ("", "a parcel is heavier than 20")


def test_what_a_trigger_starts_on_stays() -> None:
    sentence = classify("When a mail comes in, log it", first=True)

    assert settled(sentence, (), _starts, triggers=True).trigger == sentence.trigger != ""


def test_without_triggers_what_happened_is_gone_over() -> None:
    sentence = classify("Whenever a parcel is added in the depot, log it", first=True)

    found = settled(sentence, (), _starts, triggers=False)

    assert (found.trigger, found.each) == ("", "parcel in the depot")
