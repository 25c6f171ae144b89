"""The built-in components for CSV, JSON, YAML and XML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.builtin.tables import format_csv, format_yaml, parse_csv, parse_yaml
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import Case, run

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

CASES = [
    Case(
        "csv.parse",
        {"text": '\ufeffname,note\nAda,"a, ""b""\nc"\nBob\n\n'},
        [{"name": "Ada", "note": 'a, "b"\nc'}, {"name": "Bob", "note": ""}],
    ),
    Case(
        "csv.parse",
        {"text": "1;2\n3;4", "delimiter": ";", "has_header": False},
        [{"column_1": "1", "column_2": "2"}, {"column_1": "3", "column_2": "4"}],
    ),
    Case("csv.parse", {"text": ""}, []),
    Case(
        "csv.format",
        {"items": [{"a": 1, "b": "x,y"}, {"b": None, "c": [1]}]},
        'a,b,c\n1,"x,y",\n,,[1]\n',
    ),
    Case("csv.format", {"items": [{"a": 1, "b": 2}], "columns": ["b"]}, "b\n2\n"),
    Case("json.parse", {"text": '{"a": [1, null]}'}, {"a": [1, None]}),
    Case("json.format", {"value": {"a": "ü"}}, '{"a": "ü"}'),
    Case("json.format", {"value": [1], "indent": 2}, "[\n  1\n]"),
    Case("json.get_value", {"value": {"a": [{"b": 1}, {"b": 2}]}, "path": "a.1.b"}, 2),
    Case("json.get_value", {"value": {}, "path": "a", "default": "none"}, "none"),
    Case(
        "yaml.parse",
        {"text": "no: on\nday: 2026-03-01\nlist: [1, 1.5, ~]\n"},
        {"no": "on", "day": "2026-03-01", "list": [1, 1.5, None]},
    ),
    Case("yaml.format", {"value": {"b": [1, "x"], "a": "ü"}}, "b:\n- 1\n- x\na: ü\n"),
    Case(
        "xml.parse",
        {"text": '<o id="7"><i>a</i><i n="2">b</i><e/></o>'},
        {"o": {"@id": "7", "i": ["a", {"@n": "2", "#text": "b"}], "e": ""}},
    ),
    Case(
        "xml.format",
        {"value": {"o": {"@id": 7, "i": ["a<", {"#text": True}], "e": None}}},
        '<o id="7">\n  <i>a&lt;</i>\n  <i>true</i>\n  <e />\n</o>\n',
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_gives_the_expected_output(case: Case) -> None:
    assert await run(case.id, case.inputs) == case.expected


@pytest.mark.parametrize(
    ("id", "inputs", "message"),
    [
        ("csv.parse", {"text": "a,b\n1,2,3"}, "Row 2 has 3 cells, the header has 2"),
        ("json.parse", {"text": "{"}, "The text is no JSON"),
        (
            "json.get_value",
            {"value": {"a": [1]}, "path": "a.x"},
            "nothing at 'x' of the path 'a.x'",
        ),
        ("json.get_value", {"value": {"a": 1}, "path": "a.b.c"}, "nothing at 'b'"),
        ("yaml.parse", {"text": "a: ["}, "The text is no YAML"),
        ("yaml.parse", {"text": "!!python/object:os.system x"}, "The text is no YAML"),
        ("xml.parse", {"text": "<a>"}, "The text is no XML"),
        ("xml.parse", {"text": BOMB}, "document type, which is refused"),
        ("xml.format", {"value": {"a": 1, "b": 2}}, "one root element, not 2"),
    ],
)
async def test_failures_say_why(id: str, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(ComponentError) as raised:
        await run(id, inputs)
    assert message in str(raised.value)


async def test_csv_files_are_written_read_and_extended(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "people.csv")
    written = await run("csv.write_file", {"path": path, "items": [{"name": "Ada", "n": 1}]})
    assert written == {"path": path, "size": len("name,n\nAda,1\n")}
    more = {"path": path, "items": [{"n": 2, "name": "Bob"}], "append": True}
    await run("csv.write_file", more)
    rows = [{"name": "Ada", "n": "1"}, {"name": "Bob", "n": "2"}]
    assert await run("csv.read_file", {"path": path}) == rows
    with pytest.raises(ComponentError, match="has no column 'age'"):
        await run("csv.write_file", {"path": path, "items": [{"age": 3}], "append": True})
    assert await run("csv.read_file", {"path": path}) == rows


async def test_csv_files_in_other_encodings(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_bytes("straße;ort\nHöhe;Köln\n".encode("cp1252"))
    inputs = {"path": str(file), "delimiter": ";", "encoding": "cp1252"}
    assert await run("csv.read_file", inputs) == [{"straße": "Höhe", "ort": "Köln"}]


async def test_data_files_round_trip(tmp_path: Path) -> None:
    value: dict[str, Any] = {"order": {"@id": "7", "item": ["a", "b"]}}
    path = {kind: str(tmp_path / f"data.{kind}") for kind in ("json", "yaml", "xml")}
    await run("json.write_file", {"path": path["json"], "value": value})
    await run("yaml.write_file", {"path": path["yaml"], "value": value})
    await run("xml.write_file", {"path": path["xml"], "value": value})
    assert await run("json.read_file", {"path": path["json"]}) == value
    assert await run("yaml.read_file", {"path": path["yaml"]}) == value
    assert await run("xml.read_file", {"path": path["xml"]}) == value
    assert '"@id": "7"' in await run("file.read", {"path": path["json"]})


async def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(ComponentError, match=r"json\.write_file"):
        await run("json.write_file", {"path": str(tmp_path / "taken"), "value": 1})
    assert await run("file.list", {"directory": str(tmp_path), "pattern": "*"}) == []


NAMES = st.text("abcxyz_ü", min_size=1, max_size=5)
CELLS = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from('",;\n'), max_size=8)


@given(st.lists(NAMES, min_size=2, max_size=4, unique=True), st.data())
def test_csv_round_trip(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.fixed_dictionaries({name: CELLS for name in names}), min_size=1))
    assert parse_csv(format_csv(rows)) == rows


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["C"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_yaml_round_trip(value: Any) -> None:
    assert parse_yaml(format_yaml(value)) == value
