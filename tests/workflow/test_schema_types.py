from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.workflow.schema_types import (
    JsonSchema,
    coerce_numbers,
    schema_at,
    schema_in_words,
    shape_of,
)

STRING: JsonSchema = {"type": "string"}
INTEGER: JsonSchema = {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "anything"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "string", "nullable": True}, "string or null"),
        ({"anyOf": [STRING, {"type": "null"}]}, "string or null"),
        ({"oneOf": [STRING, INTEGER]}, "anything"),
        ({"oneOf": [INTEGER, {"type": "number"}]}, "number"),
        ({"type": ["integer", "number"]}, "number"),
        ({"enum": ["a", "b"]}, "string"),
        ({"enum": ["a", 1]}, "anything"),
        ({"const": 3}, "integer"),
        ({"type": "array"}, "list"),
        ({"type": "array", "items": STRING}, "list of string"),
        ({"properties": {"a": {}}}, "object"),
        ({"type": "object"}, "map"),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": True}, "map"),
        ({"type": "object", "additionalProperties": INTEGER}, "map of integer"),
        ({"type": "null"}, "null"),
        ({"$ref": "#/elsewhere"}, "anything"),
        ({"type": "nonsense"}, "anything"),
    ],
)
def test_shapes(schema: JsonSchema, words: str) -> None:
    assert schema_in_words(schema) == words


def test_all_of_is_one_object() -> None:
    shape = shape_of(
        {
            "allOf": [
                {"type": "object", "properties": {"a": STRING}, "required": ["a"]},
                {"properties": {"b": INTEGER}, "required": ["b"]},
            ]
        }
    )
    assert dict(shape.properties) == {"a": STRING, "b": INTEGER}
    assert shape.required == {"a", "b"}


def test_a_union_of_objects_has_all_their_fields() -> None:
    shape = shape_of(
        {
            "oneOf": [
                {"type": "object", "properties": {"a": STRING, "k": STRING}, "required": ["k"]},
                {"type": "object", "properties": {"a": INTEGER, "k": STRING}, "required": ["k"]},
                {"type": "null"},
            ]
        }
    )
    assert shape.kind == "object"
    assert shape.nullable
    assert shape.required == {"k"}
    assert shape.properties["a"] == {"anyOf": [STRING, INTEGER]}
    assert shape.properties["k"] == STRING


def test_schema_at_gives_the_source_schema() -> None:
    state: JsonSchema = {"type": "string", "enum": ["open", "closed"]}
    issue: JsonSchema = {"type": "object", "properties": {"state": state}}
    schema: JsonSchema = {
        "type": ["object", "null"],
        "properties": {
            "issues": {"type": "array", "items": issue},
            "pair": {"type": "array", "prefixItems": [STRING, INTEGER]},
            "free": {"type": "object"},
            "labels": {"type": "object", "additionalProperties": INTEGER},
            "headers": {"type": "object", "patternProperties": {"^X-": STRING}},
            "either": {"anyOf": [issue, {"type": "object", "properties": {"n": INTEGER}}]},
        },
    }
    assert schema_at(schema, ["issues", 3, "state"]) is state
    assert schema_at(schema, ["issues", None, "state"]) is state
    assert schema_at(schema, ["issues", "state"]) is None
    assert schema_at(schema, ["nothing"]) is None
    assert schema_at(schema, ["issues", 0, "state", "deeper"]) is None
    assert schema_at(schema, ["pair", 1]) == INTEGER
    assert schema_at(schema, ["free", "x", "y", 2]) == {}
    assert schema_at(schema, ["labels", "any"]) == INTEGER
    assert schema_at(schema, ["headers", "X-Id"]) == STRING
    assert schema_at(schema, ["either", "n"]) == INTEGER
    assert schema_at(schema, ["either", "state"]) == state


def test_numbers_become_floats_where_the_schema_says_number() -> None:
    schema: JsonSchema = {
        "type": "object",
        "properties": {
            "price": {"type": "number"},
            "count": INTEGER,
            "list": {"type": "array", "items": {"type": ["number", "null"]}},
            "rates": {"type": "object", "additionalProperties": {"type": "number"}},
        },
    }
    value = {"price": 12, "count": 3, "list": [1, None], "rates": {"a": 2}, "more": 1}
    out = coerce_numbers(value, schema)
    assert out == value
    assert [type(out["price"]), type(out["count"])] == [float, int]
    assert type(out["list"][0]) is float
    assert type(out["rates"]["a"]) is float


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["type", "items", "anyOf", "properties"]), json_values))
def test_broken_schemas_are_read_as_anything_or_less(schema: dict[str, Any]) -> None:
    shape = shape_of(schema)
    assert shape.kind in ("any", "string", "integer", "number", "boolean", "null", "array") or (
        shape.kind in ("object", "map")
    )
    found = schema_at(schema, ["a", 0])
    assert found is None or isinstance(found, dict)
    assert coerce_numbers({"a": [1]}, schema) == {"a": [1]}
