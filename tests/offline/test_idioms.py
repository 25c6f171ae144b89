"""Turns of phrase become plain actions, and series of values separate ones."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.coordination import one_value, separate_values
from flowloom.offline.reading.idioms import plain_actions
from flowloom.offline.reading.row_filters import kept_instead


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("take ⟦0⟧", ["read ⟦0⟧"]),
        ("keep the rows where region equals North", ["filter the rows where region equals North"]),
        ("keep only the columns date and usd", ["keep only the fields date and usd"]),
        ("drop the rows where the state is late", ["filter the rows where the state is not late"]),
        ("keep those with a price between 10 and 20",
         ["filter the rows where the price is at least 10",
          "filter the rows where the price is at most 20"]),
        ("keep the rows where a is 1 and b is 2",
         ["filter the rows where a is 1", "filter the rows where b is 2"]),
        ("remove duplicate rows by email", ["deduplicate the rows by email"]),
        ("find the row in ⟦0⟧ where id is 7", ["read ⟦0⟧", "find the row where id is 7"]),
        ("find all rows in ⟦0⟧ where id is 7", ["read ⟦0⟧", "filter the rows where id is 7"]),
        ("get the 10 newest rows of ⟦0⟧ (sort by the column time, latest first)",
         ["read ⟦0⟧", "sort the rows by time in descending order", "take the first 10 rows"]),
        ("show me the total of the amount in ⟦0⟧ for each city as a Markdown table, saved in ⟦1⟧",
         ["sum the amount in ⟦0⟧ by city", "make a Markdown table of it", "write it to ⟦1⟧"]),
        ("post the titles of its first five entries",
         ["take the first five entries", "post the titles of the entries"]),
        ("get the list into a json file called ⟦0⟧", ["get the list", "write it to json file ⟦0⟧"]),
        ("delete ⟦0⟧ afterwards", ["delete ⟦0⟧"]),
        ("send a mail", ["send a mail"]),
    ],
)  # fmt: skip
def test_plain_actions(text: str, actions: list[str]) -> None:
    assert plain_actions(text) == actions


def test_removing_rows_keeps_the_others() -> None:
    kept = kept_instead("remove the rows without an email")
    assert kept == "filter the rows where the email is not empty"
    assert kept_instead("remove the file") == ""


def test_several_values_are_several_actions_where_a_step_takes_one() -> None:
    values = ("https://a.example", "https://b.example", "x")
    text = "fetch ⟦0⟧ and ⟦1⟧"
    assert separate_values(text, values, lambda _: False) == ["fetch ⟦0⟧", "fetch ⟦1⟧"]
    assert separate_values(text, values, lambda _: True) == [text]
    assert separate_values("fetch ⟦0⟧ and ⟦2⟧", values, lambda _: False) == ["fetch ⟦0⟧ and ⟦2⟧"]


def test_pairs_of_values_share_their_verb() -> None:
    text = "download ⟦0⟧ to ⟦1⟧ and ⟦2⟧ to ⟦3⟧"
    assert separate_values(text, (), lambda _: True) == [
        "download ⟦0⟧ to ⟦1⟧", "download ⟦2⟧ to ⟦3⟧",
    ]  # fmt: skip


def test_names_of_fields_are_no_objects() -> None:
    assert one_value("keep only the fields date and usd") == "keep only the fields"
    assert one_value("zip ⟦0⟧ and ⟦1⟧ into ⟦2⟧") == "zip ⟦0⟧ into ⟦2⟧"
