"""What a verb governs, said or implied."""

from __future__ import annotations

import pytest

from flowloom.offline.planning.actions import parse_action
from flowloom.offline.reading.governed import governed, is_written


def heads(text: str, plain: str, shapes: tuple[str, ...] = (), around: tuple[str, ...] = ()) -> str:
    [action, *_] = parse_action(text, plain)
    found, _ = governed(action, frozenset(shapes), set(), frozenset(around))
    return found[0]


@pytest.mark.parametrize(
    ("text", "plain", "shapes", "head"),
    [
        ("create an issue", "create an issue", (), "issue"),
        ("get the contents of the page", "get the contents of the page", (), "page"),
        ("get the number of stars", "get the number of stars", (), "star"),
        ("post ⟦0⟧ to the channel", "post to the channel", (), "message"),
        ("log ⟦0⟧", "log", (), "log"),
        ("notify the customer", "notify the customer", (), "message"),
        ("send the summary to ⟦0⟧", "send the summary to", ("email",), "email"),
        ("post the titles to ⟦0⟧", "post the titles to", ("channel",), "message"),
        ("write the pages to ⟦0⟧", "write the pages to json file", ("path",), "jsonfile"),
        ("get issue 4", "get issue 4", (), "issue"),
        ("release it", "release it", (), "release"),
    ],
)
def test_the_likeliest_noun(text: str, plain: str, shapes: tuple[str, ...], head: str) -> None:
    assert heads(text, plain, shapes) == head


def test_an_answer_to_a_mail_is_a_mail() -> None:
    assert heads("reply to its sender", "reply to its sender", (), ("email",)) == "email"


@pytest.mark.parametrize(
    ("words", "written"),
    [("save the rows as csv file", True), ("read the csv file", False), ("save it", False)],
)
def test_what_is_written_is_a_file(words: str, written: bool) -> None:
    assert is_written(parse_action(words, words)[0]) is written
