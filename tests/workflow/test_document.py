"""Documents: YAML 1.2 and JSON in and out, positions, and everything that cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import DocumentError, StorageError
from flowloom.workflow.document import (
    content_hash,
    document_of,
    dump,
    dump_yaml,
    read_document,
    read_file,
)

COMMENTED = """\
# top
name: x
on: no
steps:
  # first
  - id: a   # why
    with: {a: 1e3, d: 2026-01-01, t: 12:30:00, o: 012, q: "yes"}
"""

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), inner, max_size=3
        )
    ),
    max_leaves=12,
)


def test_scalars_mean_what_the_author_wrote() -> None:
    data = read_document(COMMENTED).data
    assert data["on"] == "no"
    assert data["steps"][0]["with"] == {
        "a": 1000.0,
        "d": "2026-01-01",
        "t": "12:30:00",
        "o": 12,
        "q": "yes",
    }


def test_comments_quotes_and_number_forms_come_out_again() -> None:
    assert dump_yaml(read_document(COMMENTED).tree) == COMMENTED


def test_positions_are_those_of_the_values() -> None:
    document = read_document(COMMENTED)
    assert document.position(("steps", 0, "id")) == (6, 9)
    assert document.position(("steps", 0, "with", "d")) == (7, 23)
    assert document.position(("steps", 0, "nothing", "here")) == (6, 5)


def test_positions_in_json_with_tabs() -> None:
    document = read_document('{\n\t"name": "x",\n\t"steps": [{"id":\t"a"}]\n}')
    assert document.format == "json"
    assert document.position(("name",)) == (2, 10)
    assert document.position(("steps", 0)) == (3, 12)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=5), json_values, max_size=4))
def test_data_survives_yaml_and_json(data: dict[str, Any]) -> None:
    assert document_of(data, format="json").data == data
    assert document_of(data, format="yaml").data == data


def test_words_that_older_readers_take_for_bools_are_quoted() -> None:
    text = dump({"a": "no", "b": "2026-01-01", "c": "plain"}, "yaml")
    assert text == 'a: "no"\nb: "2026-01-01"\nc: plain\n'


def test_several_lines_are_written_as_a_block() -> None:
    assert dump({"a": "one\ntwo\n"}, "yaml") == "a: |\n  one\n  two\n"


def test_the_hash_does_not_depend_on_key_order() -> None:
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "this is nothing"),
        ("a: [", "line 1"),
        ("- 1", "is a mapping"),
        ("a: 1\na: 2", "line 2"),
        ("\x00", "cannot be read"),
        ("a: !!python/object:os.system x", "JSON does not know"),
        ("a: .inf", "finite"),
        ("? [1]\n: 2", "no text"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": }', "line 1"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested deeper"),
        ("a: " + "[" * 150 + "]" * 150, "nested deeper"),
        ("a: " + "x" * 2_000_001, "larger than"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_alias_bomb_is_stopped() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        rows.append(f"{name}: &{name} [{', '.join(['*' + before] * 10)}]")
    with pytest.raises(DocumentError, match="aliases"):
        read_document("\n".join(rows))


def test_files_that_are_no_text_or_not_there(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(DocumentError, match="UTF-8"):
        read_file(binary)
    with pytest.raises(StorageError, match="absent"):
        read_file(tmp_path / "absent.yaml")
