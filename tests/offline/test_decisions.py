"""What a person is asked, and conditions on the answer."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.decisions import Asked, answer_in, question_in

CHOICES = ("refund", "replace", "reject")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Ask Maria whether it may go out", Asked("Maria", ("yes", "no"))),
        ("ask the team lead if we can ship", Asked("team lead", ("yes", "no"))),
        ("ask the boss for approval", Asked("boss", ("yes", "no"))),
        ("Ask customer care to choose between refund, replace and reject",
         Asked("customer care", CHOICES)),
        ("let Tom pick small, medium or large", Asked("Tom", ("small", "medium", "large"))),
        ("ask Bob which size he wants: S, M or L", Asked("Bob", ("S", "M", "L"))),
        ("ask me for the title", Asked("me")),
        ("send a mail to Bob", None),
    ],
)  # fmt: skip
def test_questions(text: str, asked: Asked | None) -> None:
    assert question_in(text) == asked


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("she says yes", "yes"),
        ("so", "yes"),
        ("the manager approves", "yes"),
        ("the answer is no", "no"),
        ("he declines", "no"),
        ("they choose replace", "replace"),
        ("it's refund", "refund"),
        ("refunded", "refund"),
        ("the list is empty", None),
    ],
)
def test_answers(text: str, value: str | None) -> None:
    found = answer_in(text, CHOICES)
    assert (found.value if found else None) == value
    assert found is None or found.answer
