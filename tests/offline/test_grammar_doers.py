"""Who does something: a person gets a step, the workflow itself is nobody."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.decisions import question_in
from flowloom.offline.reading.grammar.people import is_nobody, is_person
from tests.offline.grammar_forms import plain


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        (
            "Accounting will have to approve the expense",
            ["@accounting approve the expense"],
        ),
        ("The plumber needs to call the tenant", ["@the plumber call the tenant"]),
        ("Dave has to look at the numbers", ["@Dave look at the numbers"]),
        ("The janitor has to unlock the gym", ["@the janitor unlock the gym"]),
        ("our assistant should order flowers", ["@our assistant order flowers"]),
        ("The photos have to be checked by an editor", ["@an editor check the photos"]),
        ("I'd like Ann to approve it", ["@Ann approve it"]),
        ("The chef needs to okay the menu", ["@the chef okay the menu"]),
        ("QA has to test the build", ["@QA test the build"]),
        ("It's up to Carla to choose the venue", ["@Carla choose the venue"]),
        ("We need the tenant to countersign the lease", ["@the tenant countersign the lease"]),
        (
            "The paperwork must be stamped by the notary",
            ["@the notary stamp the paperwork"],
        ),
        (
            "I need someone to call the client, then log the call in Salesforce",
            ["@someone call the client", "log the call in Salesforce"],
        ),
        (
            "Unless it is cheap, the invoice needs approving by the CFO",
            ["if it is cheap => @the CFO approve the invoice"],
        ),
        ("Whoever is on call must acknowledge it", ["@whoever is on call acknowledge it"]),
    ],
)
def test_the_subject_is_who_does_it(text: str, actions: list[str]) -> None:
    assert [item.lower() for item in plain(text)] == [item.lower() for item in actions]


@pytest.mark.parametrize(
    "text",
    [
        "get Marta to translate the letter",
        "have somebody from legal read the terms",
        "make the intern proofread the text",
        "wait until the landlord agrees",
        "let the head of sales countersign it",
    ],
)
def test_causatives_keep_their_words(text: str) -> None:
    [action] = plain(text)
    assert action.startswith("@")
    assert action.endswith(text)


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("the bot should reply with ⟦0⟧", ["reply with ⟦0⟧"]),
        ("You may then discard the draft", ["discard the draft"]),
        ("the system must notify ⟦0⟧", ["notify ⟦0⟧"]),
        ("I need you to fetch the rates", ["fetch the rates"]),
    ],
)
def test_nobody_but_the_workflow(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("give the warehouse a heads-up in ⟦0⟧", ["tell the warehouse in ⟦0⟧"]),
        ("keep my manager posted on Slack", ["tell my manager on Slack"]),
        ("drop the support team a line on Slack", ["tell the support team on Slack"]),
        ("The team should get a mail about it", ["send a mail to the team about it"]),
        ("let the field staff know that it rains", ["tell the field staff it rains"]),
    ],
)
def test_who_gets_a_message_does_nothing(text: str, actions: list[str]) -> None:
    assert plain(text) == actions


def test_a_consent_has_two_answers_and_other_deeds_have_none() -> None:
    consent = question_in("wait for the buyer to accept it")
    assert consent is not None
    assert (consent.to, consent.choices) == ("buyer", ("yes", "no"))
    deed = question_in("have the buyer to pick a colour")
    assert deed is not None
    assert (deed.to, deed.choices, deed.words) == ("buyer", (), "pick a colour")


@pytest.mark.parametrize(
    "who", ["my boss", "the site owner", "HR", "our supplier", "a librarian", "the finance team"]
)
def test_people(who: str) -> None:
    assert is_person(who)


@pytest.mark.parametrize(
    "what", ["the folder", "the support channel", "each invoice", "the server", "the Todoist"]
)
def test_things(what: str) -> None:
    assert not is_person(what)


@pytest.mark.parametrize("who", ["you", "the workflow", "we", "our system"])
def test_nobody(who: str) -> None:
    assert is_nobody(who)
    assert not is_person(who)
