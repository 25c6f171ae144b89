"""Taking a JSON object out of what a model says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.agents.structured import extract_object

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.text(min_size=1), values, min_size=1, max_size=3)


@given(
    objects, st.sampled_from(["", "Here you are: ", "Sure!\n\n"]), st.sampled_from(["", "\nBye."])
)
def test_any_object_is_found_among_words(value: dict[str, Any], before: str, after: str) -> None:
    assert extract_object(before + json.dumps(value) + after) == value


@given(objects)
def test_any_object_is_found_in_a_fence(value: dict[str, Any]) -> None:
    text = f"An example is {{}}.\n```json\n{json.dumps(value, indent=1)}\n```\nIt has a }}."
    assert extract_object(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1} and {"b": {"c": 2}}', {"b": {"c": 2}}),
        ('<think>{"draft": {"x": 1}}</think>{"a": 1}', {"a": 1}),
        ('{"text": "a } and a { and \\" done"}', {"text": 'a } and a { and " done'}),
        ('{oops} {"a": 1}', {"a": 1}),
        ('It\'s "quoted: {"a": 1}', {"a": 1}),
    ],
)
def test_the_longest_object_is_taken(text: str, value: dict[str, Any]) -> None:
    assert extract_object(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no complete JSON object"),
        ("[1, 2]", "no complete JSON object"),
        ('{"steps": [{"id": "a"}], "more": "cut o', "no complete JSON object"),
        ('{"a": 1,}', "broken at line 1, column"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_object_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        extract_object(text)


def test_endless_brackets_take_no_endless_time() -> None:
    with pytest.raises(ValueError, match="no complete"):
        extract_object("{" * 500_000)
