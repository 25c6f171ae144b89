"""What is wrong with a document's shape is named with its place and what exists nearest."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from flowloom.errors import DocumentError
from flowloom.workflow.document import read_document
from flowloom.workflow.json_schema import workflow_schema
from flowloom.workflow.path import format_path, parse_path
from flowloom.workflow.shape import shape_problems, workflow_of
from tests.workflow.test_models import STEPS


@pytest.mark.parametrize(
    ("step", "path", "kind", "candidates"),
    [
        ({"id": "a", "usess": "x"}, "steps[0]", "unknown_kind", ("uses",)),
        ({"id": "a", "uses": "x", "wit": {}}, "steps[0].wit", "unknown_key", ("with",)),
        ({"id": "1a", "uses": "x"}, "steps[0].id", "bad_id", ("_1a",)),
        ({"id": "a", "uses": 3}, "steps[0].uses", "bad_value", ()),
        ({"uses": "x"}, "steps[0]", "missing_key", ()),
        (3, "steps[0]", "bad_value", ()),
        ({"id": "a", "if": "x", "then": [{"id": "b"}]}, "steps[0].then[0]", "unknown_kind", ()),
        (
            {"id": "a", "if": "x", "then": [], "elif": [{"if": "y", "the": []}]},
            "steps[0].elif[0].the",
            "unknown_key",
            ("then",),
        ),
        (
            {"id": "a", "switch": "x", "cases": [{"when": {}, "do": []}]},
            "steps[0].cases[0].when",
            "bad_value",
            (),
        ),
        ({"id": "a", "switch": "x", "cases": []}, "steps[0].cases", "empty", ()),
    ],
)
def test_each_problem_is_named(
    step: Any, path: str, kind: str, candidates: tuple[str, ...]
) -> None:
    problems = shape_problems({"name": "x", "steps": [step]})
    assert (path, kind, candidates) in [
        (format_path(item.path), item.kind, item.candidates) for item in problems
    ]


def test_all_problems_come_at_once() -> None:
    steps = [{"id": "a", "uses": 1}, {"id": "b", "uses": 2}]
    problems = shape_problems({"nam": "x", "steps": steps})
    assert {format_path(item.path) for item in problems} == {
        "nam",
        "",
        "steps[0].uses",
        "steps[1].uses",
    }


def test_a_wrong_document_is_refused_with_its_line() -> None:
    with pytest.raises(DocumentError, match=r"steps\[0\]\.wit \(line 5\)") as caught:
        workflow_of(read_document("name: x\nsteps:\n  - id: a\n    uses: x\n    wit: 1\n"))
    assert caught.value.line == 5


def test_the_published_schema_takes_every_kind_and_refuses_unknown_keys() -> None:
    schema = workflow_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    good = {"name": "x", "steps": list(STEPS.values())}
    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors({**good, "step": []})) != []


@pytest.mark.parametrize("text", ["steps[0].with.a", 'a["b c"][1]', 'x["q\\"q"].y', ""])
def test_paths_are_read_as_written(text: str) -> None:
    assert format_path(parse_path(text)) == text


def test_a_broken_path_is_refused() -> None:
    with pytest.raises(ValueError, match="character 2"):
        parse_path("a[")
