"""What stands between the steps of a request."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.grammar.connections import connected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("read ⟦0⟧ along with ⟦1⟧", "read ⟦0⟧ and ⟦1⟧"),
        ("read ⟦0⟧ plus ⟦1⟧", "read ⟦0⟧ and ⟦1⟧"),
        ("Create a card ⟦0⟧ together with a task ⟦1⟧", "Create a card ⟦0⟧ and create a task ⟦1⟧"),
        ("post ⟦0⟧ to A as well as to B", "post ⟦0⟧ to A and post ⟦0⟧ to B"),
        ("add 3 plus 4", "add 3 plus 4"),
    ],
)
def test_joining_words_are_and(text: str, plain: str) -> None:
    assert connected(text) == plain


@pytest.mark.parametrize(
    "words", ["When that is ready", "Once it's done", "As soon as they are in place"]
)
def test_a_finished_step_only_orders(words: str) -> None:
    assert connected(f"Fetch ⟦0⟧. {words}, post ⟦1⟧.") == "Fetch ⟦0⟧. Then post ⟦1⟧."


def test_a_finished_thing_without_a_step_before_stays() -> None:
    assert connected("When it is ready, post ⟦0⟧.") == "When it is ready, post ⟦0⟧."


@pytest.mark.parametrize(
    "words", ["the subject should be", "Its subject is", "The subject must read"]
)
def test_an_attribute_belongs_to_the_step_before(words: str) -> None:
    assert connected(f"Email ⟦0⟧. {words} ⟦1⟧.") == "Email ⟦0⟧ with the subject ⟦1⟧."


def test_a_loop_before_a_colon_keeps_its_action() -> None:
    said = connected("Go through the open issues of ⟦0⟧: put the label ⟦1⟧ on each, then close it.")
    assert said == (
        "Get the open issues of ⟦0⟧. For each issue, put the label ⟦1⟧ on it, then close it."
    )


def test_a_question_that_a_search_answers_is_no_step() -> None:
    assert connected("What is late? Search Jira for ⟦0⟧.") == "Search Jira for ⟦0⟧."


def test_who_starts_by_doing_does() -> None:
    assert connected("Start by taking pictures.") == "take pictures."


def test_a_purpose_of_people_is_for_them() -> None:
    assert connected("Get the logs so we can audit them.") == (
        "Get the logs. Have somebody to audit them."
    )
