"""FL1xx: the shape of a document, each finding at its place."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.errors import DocumentError
from flowloom.workflow.document import read_document
from tests.verification.findings import found, log, places

WRONG: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str]]]] = {
    "an input beside with": (
        [{"id": "a", "uses": "demo.log", "with": {"text": "x"}, "level": "info"}],
        [("FL101", "steps[0].level")],
    ),
    "no id": ([{"wait": "1s"}], [("FL102", "steps[0]")]),
    "no kind": ([{"id": "a"}], [("FL103", "steps[0]")]),
    "an id with a space": ([{"id": "a b", "wait": "1s"}], [("FL104", "steps[0].id")]),
    "an id that is a keyword": ([{"id": "in", "wait": "1s"}], [("FL112", "steps[0].id")]),
    "an empty else": (
        [{"id": "c", "if": "size(run.id) > 3", "then": [log("x")], "else": []}],
        [("FL108", "steps[0].else")],
    ),
    "an empty catch": (
        [{"id": "t", "try": [log("x")], "catch": []}],
        [("FL108", "steps[0].catch")],
    ),
    "an empty branch": (
        [{"id": "p", "parallel": [[log("x")], []]}],
        [("FL108", "steps[0].parallel[1]")],
    ),
    "a reserved word as the loop variable": (
        [{"id": "l", "for_each": "[1]", "as": "for", "do": [log("x")]}],
        [("FL110", "steps[0].as")],
    ),
    "a loop variable of a loop around": (
        [
            {
                "id": "l",
                "for_each": "[1]",
                "do": [{"id": "m", "for_each": "[2]", "do": [log("x")]}],
            }
        ],
        [("FL110", "steps[0].do[0]")],
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_found_at_its_place(name: str) -> None:
    steps, expected = WRONG[name]
    assert places(found(*steps)) == expected


RIGHT: dict[str, list[dict[str, Any]]] = {
    "a case that does nothing on purpose": [
        {
            "id": "s",
            "switch": "run.id",
            "cases": [{"when": "a", "do": []}, {"when": "b", "do": [log("x")]}],
        }
    ],
    "an id with the name of a loop variable": [
        {"id": "item", "uses": "demo.read"},
        {"id": "l", "for_each": "steps.item.output.rows", "do": [log("${{ item.name }}")]},
    ],
    "an id that only other languages reserve": [
        {"id": "for", "uses": "demo.read"},
        log("${{ steps.for.output.text }}"),
    ],
    "two loops beside each other": [
        {"id": "l", "for_each": "[1]", "do": [log("x", "a")]},
        {"id": "m", "for_each": "[1]", "do": [log("x", "b")]},
    ],
}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_is_right_is_let_pass(name: str) -> None:
    assert places(found(*RIGHT[name])) == []


def test_an_input_beside_with_is_told_where_it_belongs() -> None:
    steps, _ = WRONG["an input beside with"]
    (item,) = (one for one in found(*steps) if one.code == "FL101")
    assert "'level' is an input of 'demo.log'" in item.message
    assert item.hint == "Move it under 'with'."


def test_a_bad_id_comes_with_a_good_one() -> None:
    (item,) = (one for one in found({"id": "2 ways", "wait": "1s"}) if one.code == "FL104")
    assert item.candidates == ("_2_ways",)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("name: x\nsteps:\n  - id: a\n    wait: 1s\n    id: b\n", 5, 5),
        ('{"name": "x",\n "steps": [{"id": "a",\n   "id": "b", "wait": "1s"}]}', 3, 4),
        ('{"a": {"k": 1}, "b": {"k": 2},\n\t"a": 3}', 2, 2),
    ],
)
def test_a_key_that_stands_twice_is_named_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(DocumentError) as raised:
        read_document(text)
    assert (raised.value.line, raised.value.column) == (line, column)
    assert f"line {line}, column {column}" in raised.value.message
