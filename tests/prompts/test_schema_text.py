"""Schemas in few words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.agents.answers import ChangesAnswer
from flowloom.prompts.schema_text import form_of, type_text
from flowloom.workflow.outline import Outline

INNER = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {}}}}}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({}, "any"),
        (True, "any"),
        ({"type": "integer"}, "integer"),
        ({"type": "string", "format": "date-time"}, "string(date-time)"),
        ({"enum": ["a", 1, None]}, '"a"|1|null'),
        ({"const": "x"}, '"x"'),
        ({"type": ["string", "null"]}, "string|null"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string|integer"),
        ({"type": "array", "items": {"type": "number"}}, "[number]"),
        ({"type": "object"}, "object"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "{name: string}"),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["a"]},
            "{a: any, b?: any}",
        ),
        ({"$ref": "#/$defs/Step"}, "Step"),
        ({"x-same-as": "items"}, "<same type as input items>"),
        ({"x-items-of": "items"}, "<one item of input items>"),
    ],
)
def test_types(schema: Any, text: str) -> None:
    assert type_text(schema) == text


def test_objects_are_opened_to_a_depth() -> None:
    assert type_text(INNER, 2) == "{a?: {b?: any}}"
    assert type_text(INNER, 1) == "{a?: object}"


KEYS = ["type", "properties", "items", "enum", "anyOf", "required", "$ref", "format", "const"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_no_schema_breaks_the_line(schema: dict[str, Any]) -> None:
    assert "\n" not in type_text(schema)


def test_the_forms_name_every_field() -> None:
    form = form_of(Outline.model_json_schema())
    assert all(f"{name}?:" in form for name in Outline.model_fields)
    changes = form_of(ChangesAnswer.model_json_schema())
    assert 'SetValue = {op: "set", id?: string, path: string' in changes
