from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from flowloom.errors import ExpressionError
from flowloom.workflow.expressions import evaluate, render
from flowloom.workflow.templates import parse_template

VALUES: dict[str, JsonValue] = {
    "x": {"list": [1, 2.5, "s", None, True], "map": {"X-Id": "h", "b": 1}, "n": 7},
    "price": 2.5,
    "words": ["b", "a"],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x.n + 1", 8),
        ("price * 2.0", 5.0),
        ("x.list", [1, 2.5, "s", None, True]),
        ("x.list.map(i, i)", [1, 2.5, "s", None, True]),
        ("x.map['X-Id']", "h"),
        ("x.?absent.orValue('none')", "none"),
        ("has(x.absent)", False),
        ("timestamp('2020-01-01T00:00:00.5Z') + duration('1s')", "2020-01-01T00:00:01.5Z"),
        ("timestamp('2020-01-01T09:00:00+09:00')", "2020-01-01T00:00:00Z"),
        ("duration('3500ms')", "3.5s"),
        ("duration('-90s')", "-90s"),
        ("b'abc'", "YWJj"),
        ("{1: 'a', 2: 'b'}", {"1": "a", "2": "b"}),
        ("sum([1, 2])", 3),
        ("[1.5, 2].sum()", 3.5),
        ("avg([1, 2])", 1.5),
        ("words.sort().join(',')", "a,b"),
        ("words.map(w, size(w)).sum()", 2),
        ("x.n / 2", 3),
        ("lists.range(size(words))", [0, 1]),
        ("null", None),
    ],
)
def test_values(text: str, value: JsonValue) -> None:
    out = evaluate(text, VALUES)
    assert out == value
    assert type(out) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0", "divide by zero"),
        ("x.absent", "Key not found"),
        ("x.list[9]", "index"),
        ("x.n * price", "overload"),
        ("nobody", "no variable 'nobody'"),
        ("nothing(1)", "no function 'nothing'"),
        ("x +", "ends too early"),
        ("0.0 / 0.0", "JSON cannot hold"),
        ("1.0 / 0.0", "JSON cannot hold"),
        ("type(1)", "JSON cannot hold"),
        ("x.?absent", "optional"),
        ("9223372036854775807 + 1", "overflow"),
        ("sum(['a'])", "sum needs numbers"),
        ("avg([])", "empty list"),
        ("lists.range(1000000000)", "lists.range needs"),
        ("lists.range(x.n * 1000000)", "lists.range needs"),
        ("timestamp('nonsense')", "failed"),
        (
            "lists.range(1000).map(a, lists.range(1000).map(b, a * b)).size()",
            "Iteration budget",
        ),
    ],
)
def test_failures(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        evaluate(text, VALUES)


def test_a_number_too_large_for_cel_is_refused() -> None:
    with pytest.raises(ExpressionError):
        evaluate("n + 1", {"n": 2**70})


def test_text_that_the_library_would_cut_is_refused() -> None:
    values: list[JsonValue] = ["a\0b", ["a\0b"], {"a\0b": 1}]
    for value in values:
        with pytest.raises(ExpressionError, match="NUL"):
            evaluate("[v]", {"v": value})
    assert evaluate("[w]", {"w": 1, "v": "a\0b"}) == [1]


def test_a_path_gives_the_value_as_it_is() -> None:
    value: JsonValue = {"z": 1, "a": 2**70}
    assert evaluate("v", {"v": value}) is value


def test_render_keeps_the_type_of_a_whole_expression() -> None:
    assert render(parse_template("${{ x.list }}"), VALUES) == [1, 2.5, "s", None, True]
    assert render(parse_template("just text"), VALUES) == "just text"


def test_render_joins_text() -> None:
    template = parse_template("${{ x.n }} of ${{ words[0] }} at ${{ price }}: ${{ price > 1.0 }}")
    assert render(template, VALUES) == "7 of b at 2.5: true"
    assert render(parse_template("$${{ x }} ${{ 1.0 }}"), VALUES) == "${{ x }} 1"


@pytest.mark.parametrize(("text", "said"), [("x", "object"), ("words", "list"), ("null", "null")])
def test_render_refuses_what_is_no_text(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        render(parse_template(f"a ${{{{ {text} }}}}"), VALUES)


ints = st.integers(-(2**31), 2**31)


@given(ints, ints)
def test_integer_arithmetic(a: int, b: int) -> None:
    values: dict[str, JsonValue] = {"a": a, "b": b}
    assert evaluate("a + b", values) == a + b
    assert evaluate("a * b", values) == a * b
    assert evaluate("[a, b].sum()", values) == a + b
    assert evaluate("a < b ? a : b", values) == min(a, b)


@given(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100))
def test_float_arithmetic(a: float, b: float) -> None:
    out = evaluate("a - b", {"a": a, "b": b})
    assert isinstance(out, float)
    assert math.isclose(out, a - b)


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_json_goes_through_unchanged(value: JsonValue) -> None:
    out = evaluate("[value].map(v, v)", {"value": value})
    assert out == [value]
    assert isinstance(out, list)
    assert type(out[0]) is type(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'name': 'a', 'value': x}.value < 1.0", True),
        ("[{'name': 'a', 'value': x}].filter(m, m.value > 1.0)", []),
        ("{'value': x, 'name': 'a'}.name + 'b'", "ab"),
        ("{'a': 'x', 'b': {'c': 'y', 'd': x}}.b.d + 1.0", 1.5),
    ],
)
def test_a_map_may_hold_values_of_several_types(text: str, expected: JsonValue) -> None:
    assert evaluate(text, {"x": 0.5}) == expected
