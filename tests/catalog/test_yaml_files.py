"""Component files in YAML and JSON, and the YAML reading below them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.component import Component, Connection, OpenApiRun, Parameter, PythonRun
from flowloom.catalog.source_text import SourceText, decode_source
from flowloom.catalog.yaml_files import components_to_yaml, read_component_file
from flowloom.errors import CatalogError

FILE = """\
# what we have
components:
  - id: crm.find
    title: Find a customer
    kind: action
    input:
      type: object
      required: [email]
      properties: {email: {type: string}}
    run: {type: python, target: "crm:find"}
  - id: crm.broken
    colour: blue
  - just text
  - id: crm.find
"""


def test_reads_components_and_names_wrong_entries_with_their_line() -> None:
    entries = read_component_file(SourceText("crm.yaml", FILE))
    assert [component.id for component in entries.components] == ["crm.find"]
    assert entries.components[0].required == ("email",)
    assert entries.components[0].run == PythonRun(target="crm:find")
    assert [(item.entry, item.line) for item in entries.skipped] == [
        ("components[1] 'crm.broken'", 11),
        ("components[2]", 13),
        ("components[3] 'crm.find'", 14),
    ]
    assert "'colour' is unknown" in entries.skipped[0].reason
    assert "stands twice" in entries.skipped[2].reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("id: 1x", "the id '1x' is of another form"),
        ("title: x", "'id' is missing"),
        ("{id: a, input: {type: strng}}", "'input.type' is not a valid JSON Schema"),
        ("{id: a, input: {type: array}}", "must be a JSON Schema of type 'object'"),
        ("{id: a, effect: wipe}", "'effect' is wrong"),
    ],
)
def test_reason_says_what_is_wrong(fields: str, reason: str) -> None:
    entries = read_component_file(SourceText("a.yaml", f"components:\n  - {fields}\n"))
    assert reason in entries.skipped[0].reason


def test_unknown_key_and_wrong_form_are_errors() -> None:
    with pytest.raises(CatalogError, match=r"line 2: the key 'component' is unknown.*'components'"):
        read_component_file(SourceText("a.yaml", "components: []\ncomponent: []\n"))
    with pytest.raises(CatalogError, match="must be a list"):
        read_component_file(SourceText("a.yaml", "components: {a: 1}"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-01-01", "2026-01-01"),
        ("012", 12),
        ("0o17", 15),
        ("0xff", 255),
        ("1e3", 1000.0),
        ("12:30", "12:30"),
        ("~", None),
        ("", None),
        ("True", True),
        ("'true'", "true"),
        ("-.5", -0.5),
        ("1_000", "1_000"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    data = SourceText("a.yaml", f"key: {text}\n").data
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2", "line 2"),
        ("a: 1\na: 2", "line 2: the key 'a' stands twice"),
        ("a: !!python/object:os.system x", "the tag .* is not allowed"),
        ("a: !thing {b: 1}", "the tag '!thing' is not allowed"),
        ("? [1]\n: 2", "a key must be text"),
        ("&a [*a]", "inside itself"),
        ("--- 1\n--- 2", "not valid YAML"),
        ("# only a comment", "holds no data"),
        ("a: !!int x", "is not of the type int"),
    ],
)
def test_broken_yaml_is_an_error_of_one_line(text: str, message: str) -> None:
    with pytest.raises(CatalogError, match=message) as raised:
        _ = SourceText("a.yaml", text).data
    assert "\n" not in str(raised.value)


def test_nested_aliases_stay_small() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(SourceText("a.yaml", "\n".join(lines)).data) == 30


@pytest.mark.parametrize("nesting", ["[" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_an_error(nesting: str) -> None:
    with pytest.raises(CatalogError):
        _ = SourceText("a.json", nesting).data


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x00\x01", "binary"), (b"\xff\xfe", "binary"), (b"", "empty"), (b" \n", "empty")],
)
def test_binary_and_empty_content_are_errors(content: bytes, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        decode_source(content, "a.bin")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
TRICKY = st.sampled_from(["no", "1e3", "0o17", "2026-01-01", "~", "null", "a: b", "- x", "#", "12"])


@given(
    title=TEXT | TRICKY,
    keywords=st.lists(TEXT | TRICKY, max_size=3),
    default=st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TRICKY,
)
def test_what_is_written_reads_back_the_same(
    title: str, keywords: list[str], default: object
) -> None:
    component = Component(
        id="a.b",
        title=title,
        keywords=tuple(keywords),
        input={"type": "object", "properties": {"x": {"default": default}}},
        connection=Connection(type="a", auth="bearer"),
        run=OpenApiRun(
            server="https://example.com",
            method="GET",
            path="/",
            parameters=(Parameter(input="x", name="x", place="query"),),
        ),
        source="a.yaml",
    )
    text = components_to_yaml([component])
    assert read_component_file(SourceText("a.yaml", text)).components == (component,)
