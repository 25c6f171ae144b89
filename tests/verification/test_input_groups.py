"""FL307 and FL308: inputs that exclude each other, and groups of which one must be given."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from tests.verification.findings import found, places

TEXT = {"type": "string"}
NAMES = ("a", "b", "c")


def catalog_with(**groups: Any) -> Catalog:
    schema = {
        "type": "object",
        "properties": dict.fromkeys(NAMES, TEXT),
        "additionalProperties": False,
        **groups,
    }
    return Catalog([Component(id="demo.x", effect="write", input=schema)])


ONE_OF = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
ANY_OF = {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
CASES: list[tuple[dict[str, Any], str, list[tuple[str, str]]]] = [
    (ONE_OF, "a", []),
    (ONE_OF, "ab", [("FL307", "steps[0].with")]),
    (ONE_OF, "c", [("FL308", "steps[0]")]),
    (ANY_OF, "ab", []),
    (ANY_OF, "c", [("FL308", "steps[0]")]),
    ({"allOf": [ONE_OF]}, "ab", [("FL307", "steps[0].with")]),
    ({"not": {"required": ["a", "b"]}}, "ab", [("FL307", "steps[0].with")]),
    ({"not": {"required": ["a", "b"]}}, "a", []),
    ({"dependentRequired": {"a": ["b"]}}, "a", [("FL308", "steps[0]")]),
    ({"dependentRequired": {"a": ["b"]}}, "ab", []),
    ({"dependentRequired": {"a": ["b"]}}, "c", []),
    ({"dependentSchemas": {"a": {"not": {"required": ["b"]}}}}, "ab", [("FL307", "steps[0].with")]),
    ({"dependentSchemas": {"a": {"properties": {"b": False}}}}, "ab", [("FL307", "steps[0].with")]),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, "a", [("FL308", "steps[0]")]),
    ({"dependentSchemas": {"a": ANY_OF}}, "a", []),
    # Alternatives that say more than which inputs are given are not told apart by that.
    (
        {
            "oneOf": [
                {"required": ["a"], "properties": {"a": {"const": "x"}}},
                {"required": ["a"], "properties": {"a": {"const": "y"}}},
            ]
        },
        "a",
        [],
    ),
    ({"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}, "ab", []),
    ({"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}, "a", [("FL308", "steps[0]")]),
    ({"oneOf": "nonsense", "not": 3, "dependentSchemas": []}, "a", []),
]


@pytest.mark.parametrize(("groups", "given", "expected"), CASES)
def test_groups(groups: dict[str, Any], given: str, expected: list[tuple[str, str]]) -> None:
    step = {"id": "s", "uses": "demo.x", "with": dict.fromkeys(given, "x")}
    assert places(found(step, catalog=catalog_with(**groups))) == expected


def test_both_names_are_said_and_are_candidates() -> None:
    step = {"id": "s", "uses": "demo.x", "with": {"a": "x", "b": "y"}}
    (item,) = (one for one in found(step, catalog=catalog_with(**ONE_OF)) if one.code == "FL307")
    assert "'a' and 'b'" in item.message
    assert item.candidates == ("a", "b")
