"""Places of JSON values, held against the reader of the standard library."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowloom.workflow.document import read_document
from flowloom.workflow.json_positions import positions_of_json
from flowloom.workflow.path import Path

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def count(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from(["", " \n\t"]))
def test_what_stands_there_is_the_value(
    value: Any, indent: int | str | None, escaped: bool, before: str
) -> None:
    text = before + json.dumps(value, indent=indent, ensure_ascii=escaped)
    found = positions_of_json(text)
    assert len(found) == count(value)
    lines = text.split("\n")
    for path, (line, column) in found.items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == at(value, path)


def test_a_key_longer_than_yaml_allows() -> None:
    name = "k" * 2_000
    document = read_document(f'{{"{name}" : [ 1 ]}}')
    assert document.position((name, 0)) == (1, 2_009)
