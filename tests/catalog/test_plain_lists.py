"""Plain id and description lists, as JSON and JSON Lines."""

from __future__ import annotations

import json

import pytest

from flowloom.catalog.plain_lists import effect_of_words, read_json_lines, read_plain_list
from flowloom.catalog.source_text import SourceText
from flowloom.errors import CatalogError

CONNECTOR = "Amazon_S3_bucket__2_0_0__create_bucket"


def test_entry_with_id_and_description_is_a_component_without_a_run() -> None:
    text = json.dumps([{"id": CONNECTOR, "description": "Create a bucket"}])
    (component,) = read_plain_list(SourceText("list.json", text)).components
    assert component.id == CONNECTOR
    assert component.description == "Create a bucket"
    assert component.provider == "Amazon S3"
    assert component.effect == "write"
    assert component.run is None
    assert component.source == "list.json"


def test_more_fields_are_read() -> None:
    entry = {
        "id": "crm.delete",
        "name": "Delete a customer",
        "description": "Delete one customer",
        "group": "sales",
        "input": {"type": "object", "properties": {"id": {"type": "string"}}},
        "kind": "action",
        "note": "not read",
    }
    (component,) = read_plain_list(SourceText("l.json", json.dumps([entry]))).components
    assert component.title == "Delete a customer"
    assert component.keywords == ("sales",)
    assert component.effect == "destructive"
    assert list(component.inputs) == ["id"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"description": "x"}, "'id' is missing"),
        ({"id": "a"}, "'description' is missing"),
        ({"id": "GET /a", "description": "x"}, "must start with a letter"),
        ({"id": "a", "description": 3}, "'description' must be text"),
        ({"id": "a", "description": "x", "effect": "wipe"}, "'effect' is 'wipe'"),
        ({"id": "a", "description": "x", "keywords": 3}, "'keywords' must be a list"),
        ("a", "must be an object"),
    ],
)
def test_wrong_entry_is_named_with_its_line(entry: object, reason: str) -> None:
    good = {"id": "good", "description": "x"}
    text = json.dumps([good, entry], indent=1)
    entries = read_plain_list(SourceText("l.json", text))
    assert [component.id for component in entries.components] == ["good"]
    assert reason in entries.skipped[0].reason
    assert entries.skipped[0].entry.startswith("entry 1")
    assert entries.skipped[0].line == 6


def test_same_id_twice_is_a_wrong_entry() -> None:
    entry = {"id": "a", "description": "x"}
    entries = read_plain_list(SourceText("l.json", json.dumps([entry, entry])))
    assert len(entries.components) == 1
    assert "stands twice" in entries.skipped[0].reason


def test_json_lines() -> None:
    text = '{"id": "a", "description": "x"}\n\n{"id": "b"}\n'
    entries = read_json_lines(SourceText("l.jsonl", text))
    assert [component.id for component in entries.components] == ["a"]
    assert (entries.skipped[0].entry, entries.skipped[0].line) == ("line 3 'b'", 3)
    with pytest.raises(CatalogError, match="line 1"):
        read_json_lines(SourceText("l.jsonl", "{"))


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("retrievewithwhere_incident", "read"),
        ("getUsersByUserId", "read"),
        ("create_Issue", "write"),
        ("deleteUsers", "destructive"),
        ("DOWNLOADFILECONTENT_file", "write"),
        ("INVOKEFUNCTION", "write"),
    ],
)
def test_effect_of_words(words: str, effect: str) -> None:
    assert effect_of_words(words) == effect
