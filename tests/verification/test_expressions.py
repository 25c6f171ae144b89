"""FL4xx: expressions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verification.findings import READ, found, log, places

TEXT = "steps[1].with.text"
WRONG: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a sum of literals": ("${{ 'a' + 'b' }}", [("FL408", TEXT)]),
    "a choice between literals": ("n: ${{ true ? 1 : 2 }}", [("FL408", TEXT)]),
    "division by zero": ("${{ string(size(run.id) / 0) }}", [("FL409", TEXT)]),
    "division by 0.0": ("${{ string(double(size(run.id)) / 0.0) }}", [("FL409", TEXT)]),
    "remainder by what is zero": ("${{ string(size(run.id) % (2 - 2)) }}", [("FL409", TEXT)]),
    "division of literals by zero": ("${{ string(1 / 0) }}", [("FL409", TEXT)]),
    "inside a comprehension": (
        "${{ string(steps.r.output.rows.map(row, 1 / 0)) }}",
        [("FL404", TEXT)],
    ),
    "inside a condition": (
        "${{ steps.r.output.rows.exists(row, 1 % 0 == 1) ? 'a' : 'b' }}",
        [("FL409", TEXT)],
    ),
    "behind a literal list": ("${{ ['a', 'b'][2] + run.id }}", [("FL409", TEXT)]),
    "a negative index": ("${{ steps.r.output.rows[-1].name }}", [("FL409", TEXT)]),
    "a key that a literal map has not": ("${{ {'a': run.id}['b'] }}", [("FL409", TEXT)]),
    "a pattern that is none": ("${{ run.id.matches('(') ? 'a' : 'b' }}", [("FL409", TEXT)]),
    "a pattern to replace": ("${{ regex.replace(run.id, '[a-', 'x') }}", [("FL409", TEXT)]),
    "null in a text": ("all: ${{ null }}", [("FL407", TEXT)]),
    "a list in a text": ("all: ${{ steps.r.output.rows }}", [("FL407", TEXT)]),
    "an object in a text": ("one: ${{ steps.r.output }}", [("FL407", TEXT)]),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_found_at_its_place(name: str) -> None:
    text, expected = WRONG[name]
    assert places(found(READ, log(text))) == expected


RIGHT = (
    "${{ string(size(run.id) / 2) }}",
    "${{ string(10 / size(run.id)) }}",
    "${{ ['a', 'b'][1] + run.id }}",
    "${{ {'a': run.id}['a'] }}",
    "costs ${{ '$' }}${{ run.id }}",
    "${{ '1/0' + run.id }}",
    "${{ run.id.matches('^a+$') ? 'a' : 'b' }}",
    "${{ run.id.matches(steps.r.output.text) ? 'a' : 'b' }}",
    "${{ regex.replace(run.id, '[a-c]', '(') }}",
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_let_pass(text: str) -> None:
    assert places(found(READ, log(text))) == []


def test_the_place_is_that_of_the_operator() -> None:
    text = "${{ string(size(run.id) / 0) }}"
    (item,) = (one for one in found(READ, log(text)) if one.code == "FL409")
    (whole,) = (one for one in found(READ, log("${{ 1 + }}")) if one.code == "FL401")
    assert item.column - whole.column == text.index("/") - "${{ 1 + }}".index("}}") + 1


def test_a_constant_is_told_what_it_is() -> None:
    (item,) = (one for one in found(READ, log("${{ 'a' + 'b' }}")) if one.code == "FL408")
    assert '"ab"' in item.message
    assert item.hint == "Write the value itself."


def test_an_int_beside_a_double_is_told_what_to_write() -> None:
    step = {"id": "c", "if": "size(run.id) > 1.5", "then": [log("x")]}
    (item,) = (one for one in found(step) if one.code == "FL404")
    assert item.hint == "Write a whole number as 10.0, or convert the integer with double(…)."


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"id": "w", "wait": "${{ [1, size(run.id)] }}"}, [("FL407", "steps[0].wait")]),
        ({"id": "w", "wait": "${{ run.started_at }}"}, []),
        ({"id": "w", "wait": "${{ size(run.id) }}"}, [("FL305", "steps[0].wait")]),
        ({"id": "w", "wait": "${{ size(run.id) }}m"}, []),
        ({"id": "w", "wait": "${{ 'a mo' + 'ment' }}"}, [("FL304", "steps[0].wait")]),
        ({"id": "w", "wait": "${{ duration('5m') }}"}, []),
        ({"id": "q", "ask": "${{ run }}"}, [("FL407", "steps[0].ask")]),
        ({"id": "l", "for_each": "run.id", "do": [log("x")]}, [("FL406", "steps[0].for_each")]),
    ],
)
def test_what_an_expression_is_for(step: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert places(found(step)) == expected
