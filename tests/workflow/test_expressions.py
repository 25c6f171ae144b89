from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.workflow.expressions import (
    Checked,
    ExpressionEnvironment,
    ExpressionProblem,
    Reference,
    rewrite_int_literals,
)
from flowloom.workflow.schema_types import JsonSchema

STATE: JsonSchema = {"type": "string", "enum": ["open", "closed"]}
ITEM: JsonSchema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "price": {"type": "number"},
        "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "state": STATE,
        "nick": {"type": ["string", "null"]},
        "size": {"type": "integer"},
        "fooBar": {"type": "string"},
        "foo_bar": {"type": "string"},
        "X-Header": {"type": "string"},
        "in": {"type": "integer"},
        "any": {},
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["name"],
}


def _object(**properties: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": properties}


VARIABLES: dict[str, JsonSchema] = {
    "steps": _object(
        a=_object(output=_object(items={"type": "array", "items": ITEM}, total=ITEM)),
        b=_object(output={"type": "array", "items": ITEM}),
        c=_object(output=_object(other={"type": "string"})),
    ),
    "inputs": _object(channel={"type": "string"}, limit={"type": "integer"}),
    "run": _object(id={"type": "string"}, started_at={"type": "string", "format": "date-time"}),
}


@pytest.fixture(scope="module")
def environment() -> ExpressionEnvironment:
    return ExpressionEnvironment(VARIABLES)


def _only(checked: Checked) -> ExpressionProblem:
    assert len(checked.problems) == 1, checked.problems
    return checked.problems[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps.a.output.items[0].name", "string"),
        ("steps.a.output.items", "list of object"),
        ("steps.b.output.filter(i, i.price > 1.0)", "list of object"),
        ("steps.b.output.map(i, i.price)", "list of number"),
        ("steps.b.output.map(i, i.count).sum()", "integer"),
        ("sum(steps.b.output.map(i, i.price)) + 1.5", "number"),
        ("avg(steps.b.output.map(i, i.count))", "number"),
        ("size(steps.b.output) > 5", "boolean"),
        ("steps.a.output.total.nick == null", "boolean"),
        ("steps.a.output.total.nick", "string or null"),
        ("steps.a.output.total.fooBar + steps.a.output.total.foo_bar", "string"),
        ("steps.a.output.total['X-Header'] + 'x'", "string"),
        ("steps.a.output.total['name'] + 'x'", "string"),
        ("steps.a.output.total[?'in'].orValue(1) + 1", "integer"),
        ("steps.a.output.total.`X-Header` == 'x'", "boolean"),
        ("steps.a.output.total.rows[0][0]", "string"),
        ("steps.a.output.total.any.whatever[3]", "anything"),
        ("steps.a.output.total.any.whatever + 1", "integer"),
        ("timestamp(run.started_at) + duration('1h')", "string"),
        ("inputs.channel.split(',').join('-').upperAscii()", "string"),
        ("steps.b.output.transformList(i, v, v.count + i)", "list of integer"),
        ("steps.b.output.sortBy(i, i.price)[0].name", "string"),
        ("[3, 1].sort().slice(0, 1)", "list of integer"),
        ("regex.replace(inputs.channel, 'a', 'b')", "string"),
        ("base64.encode(b'abc')", "string"),
        ("math.greatest(inputs.limit, 3)", "integer"),
        ("cel.bind(x, inputs.channel, x + x)", "string"),
        ("steps.?a.?output.?total.?count.orValue(3)", "integer"),
        ("{'a': inputs.limit}", "object"),
        ("null", "null"),
        ("steps.b.output.all(i, v, v.count > i)", "boolean"),
    ],
)
def test_types(environment: ExpressionEnvironment, text: str, words: str) -> None:
    checked = environment.check(text)
    assert checked.problems == ()
    assert checked.result.text == words


def test_a_path_has_the_exact_source_schema(environment: ExpressionEnvironment) -> None:
    for text in ("steps.a.output.items[0].state", "steps.a.output.items[inputs.limit].state"):
        result = environment.check(text).result
        assert result.exact
        assert result.as_schema() is STATE


def test_objects_in_a_derived_type_are_source_schemas(environment: ExpressionEnvironment) -> None:
    result = environment.check("steps.b.output.filter(i, i.count > 1)").result
    assert not result.exact
    assert result.as_schema() == {"type": "array", "items": ITEM}


def test_alternatives_and_literals_keep_what_is_known(environment: ExpressionEnvironment) -> None:
    one = environment.check("inputs.limit > 1 ? steps.a.output.total.state : 'none'").result
    assert one.as_schema() == {"anyOf": [STATE, {"type": "string", "const": "none"}]}
    other = environment.check("{'to': inputs.channel, 'n': 3}").result.as_schema()
    assert other["properties"]["to"] == {"type": "string"}
    assert other["required"] == ["to", "n"]


@pytest.mark.parametrize(
    ("text", "kind", "column", "candidate", "said"),
    [
        ("steps.a.output.itms", "unknown_field", 16, "items", "steps.a.output has no field 'itms'"),
        ("steps.b.output.map(i, i.prise)", "unknown_field", 25, "price", "i has no field 'prise'"),
        ("steps.b.output[0]['nme']", "unknown_field", 19, "name", "steps.b.output[0]"),
        ("steps.bb.output", "unknown_field", 7, "b", "There is no step 'bb'"),
        ("has(inputs.chanel)", "unknown_field", 12, "channel", "inputs has no field"),
        ("input.channel", "unknown_name", 1, "inputs", "no variable 'input'"),
        ("len(steps.b.output)", "unknown_name", 1, "size", "no function 'len'"),
        ("inputs.channel.upper()", "unknown_name", 16, "upperAscii", "no function 'upper'"),
        ("now()", "unknown_name", 1, "", "no function 'now'"),
        ("inputs.channel + 1", "type", 16, "", "'+' does not work on a string and an integer"),
        ("steps.b.output[0].price > 1", "type", 25, "", "a number and an integer"),
        ("inputs.channel == null", "type", 16, "", "a string and null"),
        ("inputs.limit ? 1 : 2", "type", 14, "", "must be a boolean"),
        ("inputs.limit > 1 ? 1 : 'x'", "type", 18, "", "must have the same type"),
        ("inputs.limit && true", "type", 14, "", "needs booleans"),
        ("inputs.channel.length", "type", 16, "", "has no field 'length'"),
        ("steps.b.output.name", "type", 16, "", "list of object"),
        ("inputs.map(k, k)", "type", 1, "", "cannot be looped over"),
        ("'channel' in inputs", "type", 11, "", "'in' does not work"),
        ("steps.?a", "type", 1, "", "optional"),
        ("type(1)", "type", 1, "", "is a type"),
        ("inputs.channel = 'a'", "syntax", 16, "", "'=' alone"),
        ("inputs.channel and true", "syntax", 16, "", "'and' is no operator"),
        ("not inputs.channel", "syntax", 5, "", "'not' is no operator"),
        ("size(${{ inputs.channel }})", "syntax", 6, "", "'$' cannot stand"),
        ("inputs.channel |", "syntax", 16, "", "'|'"),
        ("inputs.", "syntax", 8, "", "unexpected '.'"),
        ("'abc", "syntax", 1, "", "not closed"),
        ("", "syntax", 1, "", "empty"),
        ("(" * 60 + "1" + ")" * 60, "syntax", 0, "", "32 levels"),
    ],
)
def test_problems(
    environment: ExpressionEnvironment,
    text: str,
    kind: str,
    column: int,
    candidate: str,
    said: str,
) -> None:
    problem = _only(environment.check(text))
    assert (problem.kind, problem.column) == (kind, column)
    assert said in problem.message
    assert candidate == "" or candidate in problem.candidates
    assert "flowloom_schema" not in problem.message


def test_columns_count_over_lines(environment: ExpressionEnvironment) -> None:
    problem = _only(environment.check("inputs.channel\n  + 'é' + 1"))
    assert problem.column == len("inputs.channel\n  + 'é' +")


def test_a_problem_is_not_repeated_for_what_follows_from_it(
    environment: ExpressionEnvironment,
) -> None:
    assert _only(environment.check("steps.zz.output.field")).name == "zz"


def _refs(environment: ExpressionEnvironment, text: str) -> list[tuple[str, set[int]]]:
    found = environment.check(text).references
    return [(reference.text, set(reference.guarded_at)) for reference in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps.a.output.items[0].name", [("steps.a.output.items[0].name", set[int]())]),
        ("has(steps.a) ? steps.a.output.total.count : 0",
         [("steps.a", {0}), ("steps.a.output.total.count", {0})]),
        ("has(steps.a) ? steps.c.output.other : ''",
         [("steps.a", {0}), ("steps.c.output.other", set[int]())]),
        ("!has(steps.a) || steps.a.output.total.count > 1",
         [("steps.a", {0}), ("steps.a.output.total.count", {0})]),
        ("steps.a.output.total.count > 1 && has(steps.a)",
         [("steps.a.output.total.count", {0}), ("steps.a", {0})]),
        ("steps.a.output.total.count > 1 && has(steps.a.output.total)",
         [("steps.a.output.total.count", {2}), ("steps.a.output.total", {2})]),
        ("!has(steps.a) ? 0 : steps.a.output.total.count",
         [("steps.a", {0}), ("steps.a.output.total.count", {0})]),
        ("has(steps.a) || steps.a.output.total.count > 1",
         [("steps.a", {0}), ("steps.a.output.total.count", set[int]())]),
        ("has(steps.a.output.total)", [("steps.a.output.total", {2})]),
        ("steps.a.?output.total.orValue({})", [("steps.a.output.total", {1, 2})]),
        ("steps.b.output[inputs.limit].name",
         [("steps.b.output", set[int]()), ("inputs.limit", set[int]())]),
        ("steps.b.output.exists(inputs, inputs.name == 'a')", [("steps.b.output", set[int]())]),
        ("string(1) + math.least(1, 2)", list[tuple[str, set[int]]]()),
    ],
)  # fmt: skip
def test_references(
    environment: ExpressionEnvironment, text: str, expected: list[tuple[str, set[int]]]
) -> None:
    assert _refs(environment, text) == expected


def test_references_say_where_and_how_often(environment: ExpressionEnvironment) -> None:
    checked = environment.check("steps.b.output.exists(i, i.name == inputs.channel)")
    assert checked.references == (
        Reference("steps", ("b", "output"), 1),
        Reference("inputs", ("channel",), 36, bound=True),
    )


def test_a_wrong_expression_still_has_its_references(environment: ExpressionEnvironment) -> None:
    checked = environment.check("steps.a.output.itms + inputs.channel")
    assert not checked.ok
    assert [reference.text for reference in checked.references] == [
        "steps.a.output.itms",
        "inputs.channel",
    ]


def test_what_a_condition_says_about_presence(environment: ExpressionEnvironment) -> None:
    checked = environment.check("has(steps.a) && !has(steps.b)")
    assert checked.present_if_true == {("steps", "a")}
    assert environment.check("!has(steps.a)").present_if_false == {("steps", "a")}
    assert environment.check("1 > 2").constant


def test_scopes_share_types_and_keep_their_variables_apart(
    environment: ExpressionEnvironment,
) -> None:
    inner = environment.with_variables({"item": ITEM, "index": {"type": "integer"}})
    assert inner.check("item.name + string(index) + inputs.channel").ok
    assert inner.check("item['X-Header'].size() > index").ok
    assert inner.check("item.name // a comment").ok
    assert inner.check("steps.b.output.exists(i, i == item)").ok
    wrong = _only(inner.check("item.tags.size() > 1 && item.prise > 1.0"))
    assert (wrong.column, wrong.candidates[0]) == (30, "price")
    assert _only(environment.check("item.name")).kind == "unknown_name"
    other = environment.with_variables({"item": {"type": "string"}})
    assert other.check("item + 'x'").ok
    nested = inner.with_variables({"row": {"type": "array", "items": {"type": "string"}}})
    assert nested.check("row.join(',') + item.name").references[0] == Reference("row", (), 1)


def test_a_text_cannot_close_the_bindings_of_its_scope(
    environment: ExpressionEnvironment,
) -> None:
    inner = environment.with_variables({"item": {"type": "integer"}})
    for text in ("item) + (item", "item), (item", "1)", "item) ? (1) : (2"):
        assert _only(inner.check(text)).kind == "syntax"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("steps.b.output[0].price > 10", "steps.b.output[0].price > 10.0"),
        ("10 < steps.b.output[0].price", "10.0 < steps.b.output[0].price"),
        ("steps.b.output[0].price * 2 > 1 + 3", "steps.b.output[0].price * 2.0 > 1.0 + 3.0"),
        ("steps.b.output[0].price == -1", "steps.b.output[0].price == -1.0"),
        ("steps.b.output[0].price in [1, 2]", "steps.b.output[0].price in [1.0, 2.0]"),
        ("true ? steps.b.output[0].price : 0", "true ? steps.b.output[0].price : 0.0"),
        (
            "steps.b.output.filter(i, i.price >= 5 && i.count >= 5)",
            "steps.b.output.filter(i, i.price >= 5.0 && i.count >= 5)",
        ),
        ("steps.b.output[0].price > inputs.limit", None),
        ("inputs.channel > 1", None),
        ("inputs.limit > 1", None),
        ("inputs.chanel > 1", None),
        ("inputs.", None),
    ],
)
def test_integer_literals_beside_numbers(
    environment: ExpressionEnvironment, text: str, mended: str | None
) -> None:
    assert rewrite_int_literals(text, environment) == mended
    if mended is not None:
        assert environment.check(mended).ok


def test_schemas_that_refer_to_themselves() -> None:
    tree: JsonSchema = {"type": "object", "properties": {"name": {"type": "string"}}}
    tree["properties"]["child"] = tree
    environment = ExpressionEnvironment({"tree": tree})
    assert environment.check("tree.child.child.name + 'x'").ok
    assert not environment.check("tree.nme + 'x'").ok


def test_two_schemas_of_one_structure_can_be_compared() -> None:
    one = _object(a={"type": "string", "format": "email"}, b={"type": "integer"})
    two = _object(b={"type": "integer"}, a={"type": "string"})
    environment = ExpressionEnvironment({"x": one, "y": two, "z": _object(c=one)})
    assert environment.check("x == y && y != z.c && [x] + [y] != []").ok
    assert environment.check("[x]").result.as_schema()["items"] == {**one, **_closed()}


def _closed() -> dict[str, Any]:
    return {"additionalProperties": False}


def test_thousands_of_steps() -> None:
    steps = _object(**{f"s{i}": _object(output={"type": "string"}) for i in range(5_000)})
    environment = ExpressionEnvironment({"steps": steps})
    assert environment.check("steps.s4999.output + 'x'").ok
    assert not environment.check("steps.s5000.output + 'x'").ok


def test_more_properties_than_protobuf_can_hold_are_not_typed() -> None:
    many = _object(**{f"s{i}": {"type": "string"} for i in range(5_000)})
    environment = ExpressionEnvironment({"many": many})
    assert environment.check("many.s3").result.text == "string"
    assert environment.check("many.s3 + 1").ok


def test_maps_inside_objects() -> None:
    numbers: JsonSchema = {"type": "object", "additionalProperties": {"type": "number"}}
    names = ("rates", "foo_bar", "fooBar", "RatesEntry", "_x", "a-b", "x__y")
    environment = ExpressionEnvironment({"x": _object(**dict.fromkeys(names, numbers))})
    assert environment.check("x.rates.usd + 1.5").ok
    assert environment.check("x['a-b'].usd + x.foo_bar.a + x.fooBar.b + x._x.c + x.x__y.d").ok
    assert not environment.check("x.fooBar.usd + 'a'").ok


names = st.sampled_from(["a", "b-c", "in", "a_b", "A_b", "aB", "", "é", "_0", "true", "x.y"])
schemas = st.recursive(
    st.sampled_from(
        [
            {},
            {"type": "string"},
            {"type": ["number", "null"]},
            {"type": "integer"},
            {"enum": [1, "a"]},
            {"type": "null"},
            {"type": "array"},
            {"type": 3},
            {"properties": 1},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"type": st.just(["array", "null"]), "items": inner}),
        st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": inner}),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(names, inner, max_size=4),
                "required": st.lists(names, max_size=2),
            }
        ),
        st.fixed_dictionaries({"anyOf": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, max_size=3)}),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, schemas, max_size=3), schemas)
def test_any_schema_builds(variables: dict[str, JsonSchema], local: JsonSchema) -> None:
    environment = ExpressionEnvironment({**variables, "known": local})
    assert environment.check("[known] != []").problems == ()
    inner = environment.with_variables({"item": local})
    # ``known`` and ``item`` have one schema and so one type.
    assert inner.check("[known, item].size() == 2 && [known] == [item]").problems == ()


_WORDS = """
steps inputs a b output . ?. [ ] ( ) 'x' "}}" 1 1.5 + == && || ! ? : , { } in has size map item i
true null `k` // é .map(i,i) .exists(i,i.name=='a') [0] ['name'] $ \\
"""
_words = st.sampled_from([*_WORDS.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(_words, max_size=9).map(" ".join) | st.text(max_size=30))
def test_any_text_is_checked_without_raising(text: str) -> None:
    inner = ENVIRONMENT.with_variables({"item": ITEM})
    for environment in (ENVIRONMENT, inner):
        checked = environment.check(text)
        assert all(p.message.endswith((".", "?")) for p in checked.problems)
        assert all(0 <= p.column <= len(text) + 1 for p in checked.problems), checked
        assert checked.references == () or text.strip() != ""
        for reference in checked.references:
            assert text[reference.column - 1 :].startswith(reference.root)


ENVIRONMENT = ExpressionEnvironment(VARIABLES)


@pytest.mark.parametrize(
    "text",
    [
        "{'name': 'a', 'value': any}.value < 1.0",
        "[{'name': 'a', 'value': any}].filter(m, m.value < 1.0)",
        "{'a': 'x', 'b': {'c': 'y', 'd': any}}.b.d < 1.0",
        "{'a': any ? 'x' : 'y', 'b': any}.b < 1.0",
    ],
)
def test_a_map_may_hold_values_of_several_types(text: str) -> None:
    checked = ExpressionEnvironment({"any": {}}).check(text)
    assert checked.problems == ()
    assert {reference.column for reference in checked.references} == {
        text.index("any") + 1,
        text.rindex("any") + 1,
    }


def test_a_map_of_one_type_keeps_it() -> None:
    problem = _only(ExpressionEnvironment({"any": {}}).check("{'a': 'x', 'b': 'y'}.b < 1.0"))
    assert problem.column == 24


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("free.?a.orValue([])", {"type": "array"}),
        ("free.?a.?b.orValue([1])", {"type": "array"}),
        ("known.?a.orValue([])", {"type": "array", "items": {"type": "string"}}),
        ("free.?a.orValue('')", {}),
        ("known.?some.orValue([])", {"type": "array", "items": {"type": ["number", "null"]}}),
    ],
)
def test_what_may_be_anything_or_a_list_may_be_a_list(text: str, expected: JsonSchema) -> None:
    texts: JsonSchema = {"type": "array", "items": {"type": "string"}}
    some: JsonSchema = {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 1}
    variables: dict[str, JsonSchema] = {
        "free": {"type": "object"},
        "known": {"type": "object", "properties": {"a": texts, "some": some}},
    }
    assert ExpressionEnvironment(variables).check(text).result.schema == expected
