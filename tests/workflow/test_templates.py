from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import ExpressionError
from flowloom.workflow.templates import (
    ExpressionPart,
    LiteralPart,
    Template,
    bare_expression,
    parse_template,
    templates_in,
)


def test_a_whole_string_expression_keeps_its_type() -> None:
    template = parse_template("${{ steps.a.output }}")
    assert template.is_expression
    assert template.parts == (ExpressionPart("steps.a.output", 4),)


def test_plain_text_is_literal() -> None:
    template = parse_template("costs $5 {{ not }} ${ this }")
    assert template.is_literal
    assert template.literal == "costs $5 {{ not }} ${ this }"
    assert parse_template("").parts == (LiteralPart(""),)


def test_several_expressions_with_columns() -> None:
    text = "a ${{x}} b ${{  y  }}"
    template = parse_template(text)
    assert not template.is_expression
    assert template.parts == (
        LiteralPart("a "),
        ExpressionPart("x", 5),
        LiteralPart(" b "),
        ExpressionPart("y", 16),
    )
    assert [text[part.column] for part in template.expressions] == ["x", "y"]


@pytest.mark.parametrize(
    "expression",
    [
        "'a }} b'",
        '"a }} b"',
        "'''a }} ' b'''",
        '"""a }} " b"""',
        r"r'\}} '",
        r"'\' }} '",
        'r"}}"',
        "b'}}'",
        "rb'}}'",
        "{'a': {'b': 1}}",
        "[{'a': {'b': {}}}]",
    ],
)
def test_closing_braces_inside_an_expression(expression: str) -> None:
    template = parse_template(f"x ${{{{ {expression} }}}} y")
    assert template.parts == (LiteralPart("x "), ExpressionPart(expression, 6), LiteralPart(" y"))


def test_braces_of_a_map_may_touch_the_closing_ones() -> None:
    assert parse_template("${{{'a': 1}}}").parts == (ExpressionPart("{'a': 1}", 3),)


def test_escape_gives_a_literal_opening() -> None:
    template = parse_template("write $${{ name }} or ${{ x }}")
    assert template.parts == (LiteralPart("write ${{ name }} or "), ExpressionPart("x", 26))


@pytest.mark.parametrize(
    ("text", "column"), [("ab ${{ x", 4), ("${{ 'x }}'", 1), ("${{ {'a' }}", 1)]
)
def test_an_unclosed_expression_is_refused(text: str, column: int) -> None:
    with pytest.raises(ExpressionError, match="not closed") as caught:
        parse_template(text)
    assert caught.value.column == column


def test_an_empty_expression_is_refused() -> None:
    with pytest.raises(ExpressionError, match="no expression") as caught:
        parse_template("a ${{  }}")
    assert caught.value.column == 3


def test_bare_expression_takes_off_the_braces() -> None:
    assert bare_expression(" ${{ a > 1 }} ") == "a > 1"
    assert bare_expression(" a > 1 ") == "a > 1"
    with pytest.raises(ExpressionError, match="mixes text"):
        bare_expression("${{ a }} > ${{ b }}")


def test_templates_in_nested_data() -> None:
    found = list(templates_in({"a": ["x", "${{ y }}"], "b": {"c": "z ${{ w }}"}, "d": 3}))
    assert [path for path, _ in found] == [("a", 1), ("b", "c")]
    assert found[1][1].expressions[0].text == "w"


_literals = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["$", "${{", "}}", "$${{", "a$$"]
)
_expressions = st.sampled_from(["x", "'}}'", "{'a': {'b': 1}}", '"\\"}}"', "a.b[0] > 1"])


@given(st.lists(st.tuples(_literals, _expressions), max_size=4), _literals)
def test_round_trip(pieces: list[tuple[str, str]], tail: str) -> None:
    parts: list[LiteralPart | ExpressionPart] = []
    for literal, expression in pieces:
        parts += [LiteralPart(literal), ExpressionPart(expression, 0)]
    written = str(Template((*parts, LiteralPart(tail))))
    parsed = parse_template(written)
    assert str(parsed) == written
    assert _content(parsed.parts) == _content((*parts, LiteralPart(tail)))


def _content(parts: tuple[LiteralPart | ExpressionPart, ...]) -> list[str]:
    """Texts and expressions in turn; a literal dollar before an expression is written as one."""
    out = [""]
    for part in parts:
        if isinstance(part, LiteralPart):
            out[-1] += part.text
        elif set(part.text) == {"$", "'"}:
            out[-1] += part.text.strip("'")
        else:
            out += [part.text, ""]
    return out


@given(st.text(alphabet="${}'\"ab \\r/\n", max_size=40))
def test_any_text_parses_or_is_refused_with_a_column(text: str) -> None:
    try:
        template = parse_template(text)
    except ExpressionError as error:
        column = error.column
        template = parse_template("")
    else:
        column = 1
    assert 1 <= column <= max(len(text), 1)
    assert all(text[part.column :].startswith(part.text) for part in template.expressions)
    assert parse_template(str(template)).literal == template.literal


def test_templates_do_not_import_the_expression_library() -> None:
    code = (
        "import sys, flowloom.workflow.templates, flowloom.workflow.models\n"
        "heavy = [m for m in sys.modules if m.startswith(('cel_expr_python', 'google.protobuf'))]\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
