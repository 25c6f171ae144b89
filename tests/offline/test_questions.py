"""Questions are requests, and what stands before a colon or an arrow is a clause."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.colons import said_as_clause
from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.questions import is_question, request_of
from flowloom.offline.reading.segment import segment


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        ("Does ⟦0⟧ exist?", "check whether ⟦0⟧ exists"),
        ("Is there a file ⟦0⟧?", "check whether there is a file ⟦0⟧"),
        ("How many lines does ⟦0⟧ have?", "count the lines of ⟦0⟧"),
        ("How many issues are there in ⟦0⟧?", "count the issues in ⟦0⟧"),
        ("What is the weather in Berlin?", "get the weather in Berlin"),
    ],
)
def test_a_question_becomes_a_request(question: str, request_: str) -> None:
    assert is_question(question)
    assert request_of(question) == request_


def test_a_favour_in_the_form_of_a_question_is_no_question() -> None:
    assert segment("Could you please list the files?") == ["list the files"]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("more than 100 rows: post it", "if more than 100 rows, post it"),
        ("else: post it", "otherwise, post it"),
        ("anything else: post it", "otherwise, post it"),
        ("yes: post it", "if yes, post it"),
        ("every day: post it", "every day, post it"),
        ("new file in ⟦0⟧: read it", "when new file in ⟦0⟧, read it"),
        ("new file in ⟦0⟧ -> read it", "when new file in ⟦0⟧, read it"),
        ("csv to json: ⟦0⟧ -> ⟦1⟧", "read ⟦0⟧, then write it to ⟦1⟧"),
        ("read ⟦0⟧ -> sort it -> ⟦1⟧", "read ⟦0⟧, then sort it, then write it to ⟦1⟧"),
        ("post this to ⟦0⟧: hello", "post this to ⟦0⟧: hello"),
    ],
)
def test_colons_and_arrows(text: str, clause: str) -> None:
    assert said_as_clause(text) == clause


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Add to my calendar: Lunch with Ada at noon", "Lunch with Ada at noon"),
        ("Post to the team: we are done.", "we are done"),
    ],
)
def test_what_follows_the_colon_of_a_message_is_its_text(text: str, said: str) -> None:
    assert mask(text).values == (said,)


@pytest.mark.parametrize("text", ["Create the following: tickets", "List these: files",
                                  "Send a mail: list the files"])  # fmt: skip
def test_other_colons_hold_no_text(text: str) -> None:
    assert mask(text).values == ()
