"""Requests are cut into sentences, items and alternatives."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.segment import segment


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("List the files. Then delete them.", ["List the files", "delete them"]),
        ("(a) list files (b) send a message", ["list files", "send a message"]),
        ("1. list files\n2. send a message", ["list files", "send a message"]),
        ("- list files\n* send a message", ["list files", "send a message"]),
        ("Please do the following:\n- list files", ["list files"]),
        ("Could you please list the files?", ["list the files"]),
        (
            "If it is red, stop it, otherwise start it",
            ["If it is red, stop it", "otherwise start it"],
        ),
        ("List rows and for each row send a mail", ["List rows", "for each row send a mail"]),
        ("If it is red and if it is big, delete it", ["If it is red and if it is big, delete it"]),
        ("", []),
    ],
)
def test_a_request_is_cut(text: str, parts: list[str]) -> None:
    assert segment(text) == parts


def test_a_full_stop_inside_a_name_or_address_cuts_nothing() -> None:
    masked = mask('Mail bob@example.com about "a. b." in Shop.io. Then list files')
    parts = [masked.unmask(part) for part in segment(masked.text)]
    assert parts == ['Mail bob@example.com about "a. b." in Shop.io', "list files"]


def test_masked_values_come_back_as_they_were() -> None:
    text = 'Post "it\'s here" to #eng and https://example.com/a.csv, acme/app and ~/x/y.txt.'
    masked = mask(text)
    assert masked.unmask(masked.text) == text
    assert [value for value, _ in masked.values_in(masked.text)] == [
        "it's here", "#eng", "https://example.com/a.csv", "acme/app", "~/x/y.txt",
    ]  # fmt: skip
    assert masked.values_in("⟦0⟧") == [("it's here", True)]
