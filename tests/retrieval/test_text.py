"""Words, entries, sentences and verbs."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.component import Component
from flowloom.retrieval.entry import Entry, entry_of
from flowloom.retrieval.sentences import MOST_SENTENCES, sentences
from flowloom.retrieval.verbs import entry_action, text_action
from flowloom.retrieval.words import split_name, tokens


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("getUserById", "get User By Id"),
        ("HTTPServer_error", "HTTP Server error"),
        ("GET /pets/{petId}/toys", "GET pets toys"),
        ("ServiceNow_incident__4_0_0__retrievewithwhere_incident",
         "Service Now incident retrieve withwhere"),
        ("v1.2.3", ""),
        ("slack.chat.post_message", "slack chat post message"),
    ],
)  # fmt: skip
def test_names_become_words_without_versions_and_parameters(name: str, words: str) -> None:
    assert split_name(name) == words


@given(st.text(max_size=80))
def test_tokens_are_lower_case_words(text: str) -> None:
    assert all(word == word.lower() and word.strip() for word in tokens(text))


def test_the_embedded_text_has_no_parameters_and_no_markup() -> None:
    entry = Entry(
        "a", "listPets", "Zoo", "<p>Lists **all** [pets](http://x.y)</p>", "limit: how many"
    )
    assert entry.dense_text == "Zoo | list Pets: Lists all pets"


@pytest.mark.parametrize("field", [item.name for item in dataclasses.fields(Entry)])
def test_every_field_changes_the_hash(field: str) -> None:
    entry = Entry("a", "b")
    other: object = ("x",) if field in ("requires", "produces") else "x"
    assert dataclasses.replace(entry, **{field: other}).content_hash != entry.content_hash


def test_a_component_becomes_an_entry() -> None:
    component = Component(
        id="slack.chat.post",
        title="Post a message",
        description="Send it",
        keywords=("notify",),
        provider="Slack",
        input={
            "type": "object",
            "properties": {"channel": {"type": "string", "description": "Where"}},
            "required": ["channel"],
        },
        output={"type": "object", "properties": {"ts": {"type": "string"}}},
    )
    entry = entry_of(component)
    assert (entry.provider, entry.requires, entry.produces) == ("Slack", ("channel",), ("ts",))
    assert entry.parameters == "channel: Where"
    assert "notify" in entry.description


def test_only_several_sentences_are_parts() -> None:
    assert sentences("List the open issues.") == []
    assert sentences("List the open issues. Then post them! Ok.") == [
        "List the open issues.",
        "Then post them!",
    ]
    assert len(sentences("Do one more thing. " * 50)) == MOST_SENTENCES


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("DELETE /pets/{id}", "delete"),
        ("createPet", "create"),
        ("pets", ""),
        ("GET /create", "read"),
    ],
)
def test_the_action_of_a_name(name: str, action: str) -> None:
    assert entry_action(name) == action


def test_the_action_of_a_request() -> None:
    assert text_action("Please remove the second message") == "delete"
