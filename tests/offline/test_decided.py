"""What a person decided, whatever the verb."""

from __future__ import annotations

import pytest

from flowloom.offline.comparing.decided import decision_in


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("they turn it down", "==", "no"),
        ("she vetoes it", "==", "no"),
        ("he doesn't reply", "!=", "yes"),
        ("the client does not respond", "!=", "yes"),
        ("nobody objects", "==", "yes"),
        ("the boss signs it", "==", "yes"),
        ("it was endorsed", "==", "yes"),
        ("she gives no answer", "==", "no"),
    ],
)
def test_decisions(text: str, operator: str, value: str) -> None:
    found = decision_in(text, ("yes", "no"))

    assert found is not None
    assert (found.operator, found.value) == (operator, value)


@pytest.mark.parametrize("text", ["the list is empty", "the price is over 5", "it rains"])
def test_states_of_things_are_no_decisions(text: str) -> None:
    assert decision_in(text, ()) is None


def test_other_choices_are_not_decided_so() -> None:
    assert decision_in("she refuses", ("red", "green")) is None
