"""Edits change what was asked and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.errors import EditError
from flowloom.workflow.document import Document, document_of, read_document
from flowloom.workflow.edits import apply_changes, changes_of, find_steps

TEXT = """\
# what it is for
name: x
trigger:
  uses: core.schedule
  with: {cron: "0 9 * * *"}
steps:
  # about a
  - id: a   # why
    uses: q
    with: {n: 1e3, d: 2026-01-01}
  - id: b
    if: steps.a.output > 1
    then:
      - id: c
        uses: z     # z
"""


def changed(*changes: dict[str, Any]) -> Document:
    return apply_changes(read_document(TEXT), changes_of(list(changes)))


def test_no_change_is_the_same_document() -> None:
    document = read_document(TEXT)
    assert apply_changes(document, []) is document


def test_a_set_value_changes_one_line() -> None:
    new = changed({"op": "set", "id": "a", "path": "with.n", "value": 4}).text
    assert new == TEXT.replace("n: 1e3", "n: 4")


def test_the_trigger_is_set_from_the_top() -> None:
    new = changed({"op": "set", "path": "trigger.with.cron", "value": "0 8 * * *"}).text
    assert new == TEXT.replace("0 9 * * *", "0 8 * * *")


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ({"before": "a"}, ("steps", 0)),
        ({"after": "a"}, ("steps", 1)),
        ({"after": "c"}, ("steps", 1, "then", 1)),
        ({}, ("steps", 2)),
        ({"at": "start"}, ("steps", 0)),
        ({"into": "b", "block": "then", "at": "start"}, ("steps", 1, "then", 0)),
        ({"into": "b", "block": "else"}, ("steps", 1, "else", 0)),
    ],
)
def test_a_step_is_added_where_it_was_asked_for(
    place: dict[str, str], path: tuple[str | int, ...]
) -> None:
    new = changed({"op": "add", "step": {"id": "new", "stop": "no"}, "place": place})
    assert find_steps(new.data)["new"][2] == path
    for line in TEXT.splitlines():
        assert line in new.text


def test_a_removed_step_takes_nothing_else_along() -> None:
    new = changed({"op": "remove", "id": "c"})
    assert set(find_steps(new.data)) == {"a", "b"}
    assert "# about a" in new.text


def test_a_step_is_moved_whole() -> None:
    new = changed({"op": "move", "id": "a", "place": {"into": "b", "block": "then"}})
    assert find_steps(new.data)["a"][2] == ("steps", 0, "then", 1)
    assert "with: {n: 1e3, d: 2026-01-01}" in new.text


def test_a_replaced_step_may_keep_its_id() -> None:
    new = changed({"op": "replace", "id": "c", "step": {"id": "c", "uses": "other"}})
    assert new.data["steps"][1]["then"] == [{"id": "c", "uses": "other"}]


def test_a_value_is_unset() -> None:
    assert "d" not in changed({"op": "unset", "id": "a", "path": "with.d"}).data["steps"][0]["with"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"op": "remove", "id": "cc"}, "no step 'cc'. Nearest: 'c'"),
        ({"op": "add", "step": {"id": "a", "stop": ""}}, "'a' is taken"),
        ({"op": "replace", "id": "c", "step": {"id": "a", "stop": ""}}, "'a' is taken"),
        ({"op": "unset", "id": "a", "path": "with.none"}, "nothing at"),
        ({"op": "set", "id": "a", "path": "with[", "value": 1}, "no path"),
        ({"op": "add", "step": {"id": "n"}, "place": {"into": "b"}}, "Which block"),
        (
            {"op": "add", "step": {"id": "n"}, "place": {"into": "b", "block": "elif[3].then"}},
            "no block",
        ),
    ],
)
def test_a_change_that_does_not_fit_says_why(change: dict[str, Any], says: str) -> None:
    with pytest.raises(EditError) as caught:
        changed(change)
    assert says in str(caught.value)


def test_json_documents_are_edited_too() -> None:
    document = document_of({"name": "x", "steps": [{"id": "a", "stop": ""}]}, format="json")
    new = apply_changes(
        document, changes_of([{"op": "set", "id": "a", "path": "stop", "value": "z"}])
    )
    assert new.format == "json"
    assert new.data["steps"][0]["stop"] == "z"


FOREIGN = """\
name: x
steps:
- id: a
  uses:   q
  with:
      n: 1
      list:
      - 1
- id: b
  if: >-
    steps.a.output > 1
  then:
  - id: c
    uses: z
    with: {
      a: 1,
      b: 2 }

# the end
outputs: {}
"""


def test_another_authors_formatting_stays_byte_for_byte() -> None:
    change = {"op": "set", "id": "c", "path": "uses", "value": "other"}
    new = apply_changes(read_document(FOREIGN), changes_of([change]))
    assert new.text == FOREIGN.replace("uses: z", "uses: other")


def test_an_added_step_stands_in_as_its_neighbours() -> None:
    change = {"op": "add", "step": {"id": "n", "stop": "bye"}, "place": {"after": "a"}}
    new = apply_changes(read_document(FOREIGN), changes_of([change]))
    assert new.text == FOREIGN.replace("- id: b\n", "- id: n\n  stop: bye\n- id: b\n")
