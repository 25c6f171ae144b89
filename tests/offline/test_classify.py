"""Sentences are taken apart: trigger, condition, loop, place, actions."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.planning.actions import is_action, parse_action
from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.language import is_english


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if the list is empty, send a mail", {"condition": "the list is empty"}),
        ("send a mail if the list is empty", {"condition": "the list is empty"}),
        ("if the list is empty then send a mail", {"condition": "the list is empty"}),
        ("unless it is closed, delete it", {"condition": "it is closed", "negated": True}),
        ("otherwise delete it", {"otherwise": True}),
        ("for each row, send a mail", {"each": "row"}),
        ("send a mail for every row", {"each": "row"}),
        ("for each row, if it is red, send a mail", {"each": "row", "condition": "it is red"}),
        ("finally delete it", {"place": "end", "resumes": True}),
        ("before that create a folder", {"place": "before"}),
        ("while it is running, wait 5 minutes", {"repeat": "it is running"}),
    ],
)
def test_what_leads_or_trails_is_told(text: str, found: dict[str, Any]) -> None:
    sentence = classify(text)
    assert {name: getattr(sentence, name) for name in found} == found
    assert sentence.actions


def test_only_the_first_sentence_names_a_trigger() -> None:
    text = "when a new mail arrives, post a message"
    assert classify(text, first=True).trigger == "a new mail arrives"
    assert classify(text).trigger == ""
    assert classify(text).condition == "a new mail arrives"


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("create a ticket and send a message", ("create a ticket", "send a message")),
        ("create a ticket, then send a message", ("create a ticket", "send a message")),
        ("retrieve and delete the old files", ("retrieve the old files", "delete the old files")),
        ("create a ticket and a task", ("create a ticket and a task",)),
        ("in the inbox, search for mails", ("search for mails in the inbox",)),
        ("list the price list and report", ("list the price list and report",)),
        ("send a message too", ("send a message",)),
    ],
)
def test_a_sentence_is_cut_at_its_verbs(text: str, actions: tuple[str, ...]) -> None:
    assert classify(text).actions == actions


def test_places_of_an_edit_are_told() -> None:
    sentence = classify("send a mail after updating the lead", editing=True)
    assert (sentence.place, sentence.anchor) == ("after", "updating the lead")
    assert sentence.actions == ("send a mail",)


def test_coordinated_objects_share_their_phrase() -> None:
    text = "fetch all users, groups, and teams from the directory"
    actions = parse_action(text, text)
    assert [(item.head, item.tail) for item in actions] == [
        ("user", "from the directory"), ("group", "from the directory"),
        ("team", "from the directory"),
    ]  # fmt: skip
    assert all(item.verb == "fetch" and item.plural for item in actions)


def test_a_number_a_pronoun_and_a_relative_clause_are_seen() -> None:
    [two] = parse_action("", "create two new leads")
    [them] = parse_action("", "delete them")
    [owned] = parse_action("", "delete all files that belong to a user")
    assert (two.number, two.head) == (2, "lead")
    assert (them.pronoun, them.head) == (True, "")
    assert (owned.relative, owned.head, owned.whole) == ("belong to a user", "file", True)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("send a mail", True),
        ("mail the report", True),
        ("list them", True),
        ("email and phone", False),
        ("the files", False),
        ("price lists", False),
    ],
)
def test_verbs_are_told_from_nouns(text: str, yes: bool) -> None:
    assert is_action(text) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Send an email to the team every Monday", True),
        ("Erstelle jeden Montag ein Ticket und sende eine Nachricht an das Team", False),
        ("Crée un ticket et envoie un message à l'équipe", False),
        ("每周一发送邮件", False),
        ("매주 월요일에 메일을 보내 줘", False),
        ("Create tickets", True),
    ],
)
def test_other_languages_are_recognised(text: str, yes: bool) -> None:
    assert is_english(text) is yes
