"""What random documents have shown: each case failed once."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.verification.compatibility import misfit
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of
from tests.verification.findings import log

TEXT = {"type": "string"}
CATALOG = Catalog(
    [
        *EXAMPLE_CATALOG,
        Component(
            id="t.texts",
            input={
                "type": "object",
                "properties": {"values": {"type": "object", "additionalProperties": TEXT}},
            },
        ),
        Component(
            id="t.customer",
            output={
                "type": "object",
                "properties": {
                    "mail": {"type": ["string", "null"]},
                    "name": {"type": ["string", "null"]},
                    "free": {},
                    "rows": {"type": "array", "items": {"type": "array"}},
                },
                "required": ["mail", "name", "free", "rows"],
            },
        ),
    ]
)
CUSTOMER = {"id": "c", "uses": "t.customer"}


def codes(*steps: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    """Return code and place of what is said of a workflow, notes left out."""
    document = document_of({"name": "x", **more, "steps": list(steps)})
    found = verify(document, CATALOG).diagnostics
    return [(item.code, item.path) for item in found if item.severity != "note"]


def messages(*steps: dict[str, Any], turn: bool) -> list[str]:
    """Return the messages about a workflow, the keys of all mappings turned round or not."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)[::-1] if turn else list(value)
            return {key: turned(value[key]) for key in keys}
        return [turned(item) for item in value] if isinstance(value, list) else value

    data = turned({"name": "x", "steps": list(steps)})
    found = verify(document_of(data, format="json"), CATALOG).diagnostics
    return sorted(item.message for item in found)


TURNED: dict[str, dict[str, Any]] = {
    "keys near to two kinds": {"id": "a", "trry": [], "swich": "x"},
    "a list of mappings as a text": log([{"id": 1, "uses": 2}]),  # type: ignore[arg-type]
    "inputs one level too deep": {
        "id": "a",
        "uses": "demo.notify",
        "with": {"with": {"text": "x", "user": "y"}},
    },
    "a mapping as a case": {
        "id": "a",
        "switch": "run.id",
        "cases": [{"when": {"a": 1, "b": 2}, "do": []}, {"when": {"a": 1, "b": 2}, "do": []}],
    },
    "mappings as choices": {
        "id": "a",
        "ask": "?",
        "choices": [{"a": 1, "b": 2}, "no"],
    },
}


@pytest.mark.parametrize("name", TURNED)
def test_messages_do_not_depend_on_the_order_of_keys(name: str) -> None:
    steps = (TURNED[name], {"id": "z", "if": "steps.a.output == 'yes'", "then": [log("x")]})
    assert messages(*steps, turn=False) == messages(*steps, turn=True)


@pytest.mark.parametrize("given", ["${{ run.id }}", 3, [1], None])
def test_inputs_that_are_no_mapping_raise_nothing(given: Any) -> None:
    assert codes(CUSTOMER, {"id": "a", "uses": "demo.fetch", "with": given}) != []


@pytest.mark.parametrize("choices", [5, "yes", [1, 2], {"a": 1}])
def test_choices_that_are_no_texts_raise_nothing(choices: Any) -> None:
    found = codes({"id": "a", "ask": "?", "choices": choices}, log("${{ steps.a.output }}", "b"))
    assert "FL105" in [code for code, _ in found]


def test_a_loop_variable_that_is_no_text_raises_nothing_in_a_loop_inside() -> None:
    inner = {"id": "b", "for_each": "[1]", "as": "x", "do": [log("x")]}
    outer = {"id": "a", "for_each": "[1]", "as": {"type": "string"}, "do": [inner]}
    assert [code for code, _ in codes(outer)] == ["FL105"]


INTEGERS = {"type": "object", "additionalProperties": {"type": "integer"}}
TEXTS = {"type": "object", "additionalProperties": TEXT}
MIXED = {"type": "object", "properties": {"a": {"type": "array"}, "b": TEXT}, "required": ["b"]}


def test_the_values_of_a_map_have_a_type() -> None:
    assert misfit(INTEGERS, TEXTS) is not None
    assert misfit(INTEGERS, INTEGERS) is None
    assert misfit(MIXED, TEXTS) == " whose 'a' does not fit"
    assert misfit(MIXED, {**TEXTS, "properties": {"b": TEXT}}) == " whose 'a' does not fit"
    assert misfit(MIXED, {"type": "object"}) is None


def test_a_value_of_the_wrong_type_is_found_by_the_dry_run_where_types_say_nothing() -> None:
    wrong = {"id": "a", "uses": "t.texts", "with": {"values": "${{ dyn({'a': run.id, 'b': 3}) }}"}}
    right = {"id": "a", "uses": "t.texts", "with": {"values": "${{ dyn({'a': 'b'}) }}"}}
    index = {"id": "b", "uses": "t.texts", "with": {"values": "${{ dyn({'a': [1, 2][index]}) }}"}}
    loop = {"id": "l", "for_each": "[1, 2]", "do": [index]}
    assert ("FL901", "steps[0].do[0].with.values") in codes(loop)
    assert codes(wrong) == [("FL901", "steps[0].with.values")]
    assert codes(right) == []


def test_a_guard_of_one_field_is_none_of_another() -> None:
    mail = {"id": "m", "uses": "demo.log", "with": {"text": "${{ string(steps.c.output.mail) }}"}}
    dear = log("Dear ${{ steps.c.output.name }}", "d")
    told = {"id": "i", "if": "steps.m.output.text != ''", "then": [dear]}
    assert ("FL903", "steps[2].then[0].with.text") in codes(CUSTOMER, mail, told)


def test_an_index_before_something_unknown_is_judged() -> None:
    value = "${{ steps.c.output.rows[0][0] }}"
    step = {"id": "a", "uses": "demo.log", "with": {"text": value}}
    assert codes(CUSTOMER, step) == [("FL902", "steps[1].with.text")]


def test_whether_a_step_ran_is_known_though_its_output_is_not() -> None:
    maybe = {**CUSTOMER, "on_error": "continue"}
    step = log("Dear ${{ has(steps.c) ? steps.c.output.name : 'all' }}")
    assert codes(maybe, step) == [("FL903", "steps[1].with.text")]


def test_what_a_while_waits_for_is_no_guard_of_its_own_inputs() -> None:
    body = [{**log("${{ steps.r.output.rows[0].name }}", "a")}]
    steps = [
        {"id": "r", "uses": "demo.find"},
        {"id": "w", "while": "!has(steps.a)", "max_iterations": 3, "do": body},
    ]
    assert ("FL902", "steps[1].do[0].with.text") in codes(*steps)


BAD_SCHEMAS: dict[str, tuple[Any, str]] = {
    "a type that does not exist": ({"type": "text"}, ".type"),
    "one of several types": ({"type": ["string", "int"]}, ".type[1]"),
    "a bound that is no number": ({"type": "integer", "minimum": "many"}, ".minimum"),
    "a negative length": ({"type": "string", "minLength": -1}, ".minLength"),
    "no list of choices": ({"enum": "a, b"}, ".enum"),
    "names twice": ({"type": "object", "required": ["a", "a"]}, ".required"),
    "further in": ({"type": "array", "items": {"type": "dict"}}, ".items.type"),
    "in a property": (
        {"type": "object", "properties": {"a": {"type": 3}}},
        ".properties.a.type",
    ),
    "in a union": ({"anyOf": [{"type": "string"}, {"type": "none"}]}, ".anyOf[1].type"),
    "an empty union": ({"oneOf": []}, ".oneOf"),
}


@pytest.mark.parametrize("name", BAD_SCHEMAS)
def test_an_input_needs_a_json_schema(name: str) -> None:
    schema, where = BAD_SCHEMAS[name]
    step = log("${{ inputs.k == null ? '' : 'x' }}")
    found = [item for item in codes(step, inputs={"k": schema}) if item[0] == "FL113"]
    assert found == [("FL113", f"inputs.k{where}")]


def test_the_candidates_name_the_type_that_was_meant() -> None:
    data = {"name": "x", "inputs": {"k": {"type": "int"}}, "steps": [log("${{ inputs.k }}")]}
    found = [item for item in verify(document_of(data), CATALOG).errors if item.code == "FL113"]
    assert [item.candidates for item in found] == [("integer",)]


def test_schemas_of_every_kind_are_accepted() -> None:
    schema = {
        "type": ["object", "null"],
        "title": "A thing",
        "properties": {"a": True, "b": {"type": "number", "multipleOf": 0.5, "maximum": 3}},
        "required": ["a"],
        "additionalProperties": False,
        "anyOf": [{"minProperties": 1}, {"not": {"const": None}}],
        "default": None,
        "x-own": 3,
    }
    step = log("${{ inputs.k == null ? '' : 'x' }}")
    assert [code for code, _ in codes(step, inputs={"k": schema}) if code == "FL113"] == []
