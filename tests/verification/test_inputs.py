"""FL3xx: what a step gives to its component."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.verification.literals import literal_problems
from tests.verification.findings import READ, catalog_of, found, log, places

TEXT = {"type": "string"}
EITHER = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
NESTED = {
    "type": "object",
    "properties": {"size": {"type": "object", "properties": {"width": {"type": "integer"}}}},
    "additionalProperties": False,
}

REFUSED: dict[str, tuple[dict[str, Any], Any, str, str]] = {
    "none of several": (EITHER, 5, "FL303", ""),
    "none of several, in a list": (EITHER, ["a", 5], "FL303", "[1]"),
    "none of several objects": (
        {"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]},
        {"c": 1},
        "FL303",
        "",
    ),
    "the form of the one that is meant": (
        {"anyOf": [{"type": "string", "format": "email"}, {"type": "array", "items": TEXT}]},
        "ops@",
        "FL304",
        "",
    ),
    "several types": ({"type": ["string", "integer"]}, True, "FL303", ""),
    "another const": ({"const": "a"}, "b", "FL303", ""),
    "no multiple": ({"type": "integer", "multipleOf": 5}, 7, "FL303", ""),
    "at the exclusive least": ({"type": "number", "exclusiveMinimum": 0}, 0, "FL303", ""),
    "at the exclusive most": ({"type": "number", "exclusiveMaximum": 1}, 1, "FL303", ""),
    "exclusive as in older drafts": (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        0,
        "FL303",
        "",
    ),
    "twice in a list": ({"type": "array", "uniqueItems": True}, [1, 2, 1], "FL303", "[2]"),
    "too few keys": ({"type": "object", "minProperties": 1}, {}, "FL303", ""),
    "deep inside": (NESTED, {"size": {"width": "wide"}}, "FL303", ".size.width"),
    "in all parts": ({"allOf": [TEXT, {"maxLength": 2}]}, "abc", "FL303", ""),
    "what it must not be": ({"not": {"enum": ["root"]}, "type": "string"}, "root", "FL303", ""),
    "true for one": ({"enum": [1, 2]}, True, "FL303", ""),
    "a key that needs another": (
        {"type": "object", "dependentRequired": {"user": ["password"]}},
        {"user": "ada"},
        "FL303",
        "",
    ),
    "a pattern for keys": (
        {"type": "object", "patternProperties": {"^n_": {"type": "integer"}}},
        {"n_a": "x"},
        "FL303",
        ".n_a",
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_literal_that_is_refused_is_found_at_its_place(name: str) -> None:
    schema, value, code, place = REFUSED[name]
    items = found({"id": "a", "uses": "demo.x", "with": {"v": value}}, catalog=catalog_of(v=schema))
    assert places(items) == [(code, f"steps[0].with.v{place}")]


ALLOWED: dict[str, tuple[dict[str, Any], Any]] = {
    "one of several": (EITHER, ["a"]),
    "null where it may be": ({"anyOf": [TEXT, {"type": "null"}]}, None),
    "null in a list of types": ({"type": ["string", "null"]}, None),
    "a multiple with fractions": ({"type": "number", "multipleOf": 0.1}, 0.3),
    "true is not one": ({"type": "array", "uniqueItems": True}, [1, True, "1"]),
    "a default that has no form": ({**TEXT, "format": "email", "default": ""}, ""),
    "an expression for a choice": ({"enum": ["a", "b"]}, "${{ run.id }}"),
    "an expression inside a const": ({"const": {"a": 1}}, {"a": "${{ 1 + size(run.id) }}"}),
    "a not that is not understood": ({"not": {"required": ["a"], "x-other": 1}}, {"a": 1}),
    "a not of another kind": ({"not": {"required": ["a"]}}, {"b": 1}),
    "a pattern that Python cannot read": ({**TEXT, "pattern": r"\p{L}+("}, "abc"),
    "open objects": ({"type": "object", "properties": {"a": TEXT}}, {"b": 1}),
    "a reference left over": ({"$ref": "#/x"}, {"b": 1}),
}


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_literal_that_is_allowed_passes(name: str) -> None:
    schema, value = ALLOWED[name]
    assert list(literal_problems(value, schema)) == []


def test_a_wrong_choice_comes_with_the_right_one() -> None:
    (problem,) = literal_problems("OPEN", {"enum": ["open", "closed"]})
    assert problem.candidates[0] == "open"


def test_a_missing_kind_lists_what_would_fit() -> None:
    (problem,) = literal_problems(5, EITHER)
    assert problem.message == "5 fits none of: string, list of string."


LEVELS: dict[str, tuple[dict[str, Any], list[tuple[str, str]], tuple[str, ...]]] = {
    "one level too high": (
        {"width": 3},
        [("FL302", "steps[0].with.width")],
        ("options.size.width",),
    ),
    "one level too deep": (
        {"inputs": {"title": "x"}},
        [("FL302", "steps[0].with.inputs")],
        ("title",),
    ),
    "inside another input": (
        {"options": {"title": "x"}},
        [("FL302", "steps[0].with.options.title")],
        ("title",),
    ),
    "misspelt": ({"tilte": "x"}, [("FL302", "steps[0].with.tilte")], ("title",)),
}


@pytest.mark.parametrize("name", sorted(LEVELS))
def test_an_input_at_the_wrong_level_is_told_where_it_belongs(name: str) -> None:
    given, expected, candidates = LEVELS[name]
    catalog = catalog_of(title=TEXT, options=NESTED)
    items = found({"id": "a", "uses": "demo.x", "with": given}, catalog=catalog)
    assert places(items) == expected
    assert items[0].candidates == candidates


def test_a_required_input_one_level_too_deep_is_one_error() -> None:
    items = found({"id": "a", "uses": "demo.log", "with": {"params": {"text": "x"}}})
    assert places(items) == [("FL302", "steps[0].with.params")]


TYPES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "a number for an integer": ({"type": "integer"}, "${{ steps.r.output.rows[0].age }}", ""),
    "numbers for integers": (
        {"type": "array", "items": {"type": "integer"}},
        "${{ steps.r.output.rows.map(row, row.age) }}",
        "",
    ),
    "inside a list": (
        {"type": "array", "items": {"type": "integer"}},
        [1, "${{ steps.r.output.text }}"],
        "[1]",
    ),
    "inside an object": (NESTED, {"size": {"width": "${{ steps.r.output.text }}"}}, ".size.width"),
    "text around a number": ({"type": "integer"}, "${{ steps.r.output.count }} ", ""),
    "text around a list": ({"type": "array"}, "all: ${{ steps.r.output.count }}", ""),
    "text around a boolean": ({"type": "boolean"}, "${{ steps.r.output.count }}!", ""),
    "neither of two": (EITHER, "${{ steps.r.output.count }}", ""),
}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_an_expression_of_another_type_is_found_at_its_place(name: str) -> None:
    schema, value, place = TYPES[name]
    step = {"id": "a", "uses": "demo.x", "with": {"v": value}}
    items = found(READ, step, catalog=catalog_of(v=schema))
    assert places(items, "FL305") == [("FL305", f"steps[1].with.v{place}")]
    assert next(item for item in items if item.code == "FL305").hint


FITTING: dict[str, tuple[dict[str, Any], Any]] = {
    "an integer for a number": ({"type": "number"}, "${{ steps.r.output.count }}"),
    "text for one of two": (EITHER, "${{ steps.r.output.text }}"),
    "mixed text for one of two": (EITHER, "n: ${{ steps.r.output.count }}"),
    "a list for one of two": (EITHER, "${{ steps.r.output.rows.map(row, row.name) }}"),
    "mixed text where anything goes": ({}, "n: ${{ steps.r.output.count }}"),
    "a converted number": ({"type": "integer"}, "${{ int(2.5 * double(size(run.id))) }}"),
    "a nullable one": ({"type": ["integer", "null"]}, "${{ steps.r.output.count }}"),
}


@pytest.mark.parametrize("name", sorted(FITTING))
def test_an_expression_that_fits_passes(name: str) -> None:
    schema, value = FITTING[name]
    step = {"id": "a", "uses": "demo.x", "with": {"v": value}}
    assert places(found(READ, step, catalog=catalog_of(v=schema))) == []


CONSTANT: dict[str, tuple[dict[str, Any], str, list[tuple[str, str]]]] = {
    "no choice": ({"enum": ["a", "b"]}, "${{ 'c' + 'd' }}", [("FL303", "steps[1].with.v")]),
    "no address": (
        {"type": "string", "format": "uri"},
        "${{ 'example' + '.com' }}",
        [("FL304", "steps[1].with.v")],
    ),
    "out of range": (
        {"type": "integer", "maximum": 9},
        "${{ 2 * 5 }}",
        [("FL303", "steps[1].with.v")],
    ),
    "of another type": ({"type": "integer"}, "${{ 'a' + 'b' }}", [("FL305", "steps[1].with.v")]),
    "as it should be": ({"enum": ["a", "ab"]}, "${{ 'a' + 'b' }}", []),
    "not known": ({"enum": ["a", "b"]}, "${{ run.id }}", []),
}


@pytest.mark.parametrize("name", sorted(CONSTANT))
def test_a_constant_expression_is_held_against_the_input(name: str) -> None:
    schema, value, expected = CONSTANT[name]
    step = {"id": "a", "uses": "demo.x", "with": {"v": value}}
    items = found(READ, step, catalog=catalog_of(v=schema))
    assert places(items, "FL303", "FL304", "FL305") == expected


def test_a_mixed_text_is_one_error_however_many_expressions_it_has() -> None:
    text = "${{ steps.r.output.count }}${{ steps.r.output.count }}"
    assert places(found(READ, log("x", times=text))) == [("FL305", "steps[1].with.times")]


@pytest.mark.parametrize("text", ["a moment", "10 minuets", "5x", "-3s", "1 h"])
def test_a_wait_for_no_duration(text: str) -> None:
    assert places(found({"id": "w", "wait": text})) == [("FL304", "steps[0].wait")]


@pytest.mark.parametrize(
    "text", ["10m", "1h30m", "2.5s", "2026-03-01T09:00:00Z", "${{ run.started_at }}"]
)
def test_a_wait_for_a_time(text: str) -> None:
    assert places(found({"id": "w", "wait": text})) == []
