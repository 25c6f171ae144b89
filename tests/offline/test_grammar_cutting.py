"""Clauses are cut apart, summed up, or have no verb."""

from __future__ import annotations

import pytest

from flowloom.offline.planning.actions import is_action, parse_action
from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.grammar.clauses import plain_sentences
from flowloom.offline.reading.grammar.phrasal import phrasal_verb, with_particle_first
from tests.offline.grammar_forms import plain


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        (
            "Bump the version, tag it, and ship the release",
            ["bump the version", "tag it", "ship the release"],
        ),
        (
            "scrap the old tickets and ditch their labels",
            ["scrap the old tickets", "ditch their labels"],
        ),
        (
            "first pull the contacts, second tag them, third email them",
            ["pull the contacts", "tag them", "email them"],
        ),
        (
            "A jira issue is required, and then the slack channel should be informed",
            ["create a jira issue", "inform the slack channel"],
        ),
        (
            "Amend the entry, recalculate the total and escalate it",
            ["amend the entry", "recalculate the total", "escalate it"],
        ),
        ("Could you perhaps bump its priority?", ["bump its priority"]),
        ("reindex the shop, then reboot the server", ["reindex the shop", "reboot the server"]),
    ],
)
def test_any_verb_begins_a_clause(text: str, actions: list[str]) -> None:
    assert [item.lower() for item in plain(text)] == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        (
            "Prepare the meeting: book a room, draft an agenda and send it to ⟦0⟧",
            ["book a room", "draft an agenda", "send it to ⟦0⟧"],
        ),
        (
            "Offboard the employee: lock his account and delete him from BambooHR",
            ["lock his account", "delete the employee from BambooHR"],
        ),
        (
            "Set the release up: tag the commit, bump the version and publish the notes",
            ["tag the commit", "bump the version", "publish the notes"],
        ),
        (
            "From ⟦0⟧ I need the totals: sum up the column amount, then sort it",
            ["read ⟦0⟧", "sum up the column amount", "sort it"],
        ),
    ],
)
def test_a_lead_that_sums_up_is_no_step(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Reminder to ⟦0⟧ about the rent", ["send a reminder to ⟦0⟧ about the rent"]),
        ("a short note to ⟦0⟧ saying ⟦1⟧", ["post a short note to ⟦0⟧ saying ⟦1⟧"]),
        ("fetch ⟦0⟧, outcome into ⟦1⟧", ["fetch ⟦0⟧", "write it to ⟦1⟧"]),
    ],
)
def test_phrases_without_a_verb(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


def test_a_quoted_text_and_a_place_are_a_post() -> None:
    assert plain_sentences(["⟦0⟧ into ⟦1⟧ on Slack"], frozenset([0])) == [
        "post ⟦0⟧ into ⟦1⟧ on Slack"
    ]
    assert plain_sentences(["⟦0⟧ to ⟦1⟧"], frozenset()) == ["⟦0⟧ to ⟦1⟧"]


def test_nothing_is_to_be_done() -> None:
    assert plain_sentences(["if it is there, nothing needs to happen"]) == []
    kept = ["if it is there, nothing", "otherwise, log ⟦0⟧"]
    assert plain_sentences(kept) == kept


def test_looking_it_up_is_what_the_question_asked_for() -> None:
    assert plain_sentences(["get the weather in ⟦0⟧", "Look it up and post it"]) == [
        "get the weather in ⟦0⟧",
        "post it",
    ]


def test_phrasal_verbs_have_a_plain_verb_and_an_object() -> None:
    assert phrasal_verb("draw up a contract") == ("create", "a contract")
    assert with_particle_first("jot the totals down in ⟦0⟧") == "jot down the totals in ⟦0⟧"
    [action] = parse_action("spin up a new board", "spin up a new board")
    assert (action.verb, action.head) == ("create", "board")


@pytest.mark.parametrize("text", ["star the repo", "squash-merge it", "tally the votes"])
def test_a_verb_that_no_list_knows(text: str) -> None:
    assert is_action(text)


@pytest.mark.parametrize("text", ["subject ⟦0⟧", "status of the order", "blue folder"])
def test_a_noun_is_no_verb(text: str) -> None:
    assert not is_action(text)


def test_what_no_form_fits_is_left_over() -> None:
    sentence = classify("the moon over the sea")
    assert sentence.left_over == ("the moon over the sea",)
    assert classify("close the issue").left_over == ()
