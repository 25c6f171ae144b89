"""The README's table and picture are those that the recorded figures give."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.ladder_record import (
    HERE,
    picture_of,
    record_of,
    table_of,
    with_table,
    write_record,
)
from flowloom.evaluation.cases import Case
from flowloom.evaluation.samples import Output
from flowloom.workflow.document import dump_yaml
from tests.evaluation.flows import BASE, REQUEST
from tests.evaluation.runs import made_run


def test_the_readme_shows_what_was_recorded() -> None:
    record = json.loads((HERE / "docs" / "ladder.json").read_text("utf-8"))
    readme = (HERE / "README.md").read_text("utf-8")
    assert with_table(readme, record) == readme
    assert picture_of(record) == (HERE / "docs" / "ladder.svg").read_text("utf-8")
    assert "(docs/ladder.svg)" in readme
    assert record["samples"] == record["planned"] >= record["cases"] == 200
    # Every row names its model, or says that there is none.
    assert all("no language model" in name or " · " in name for name in record["arms"])


def test_a_run_becomes_a_table_and_a_picture(tmp_path: Path) -> None:
    cases = [
        Case(id=f"c{index}", request=REQUEST, gold=BASE, level="linear" if index < 3 else "nested")
        for index in range(4)
    ]
    right = Output(status="valid", text=dump_yaml(BASE), model="test")
    refused = Output(status="failed", reason="no", model="test")
    run = made_run(tmp_path / "run", cases, {"rag": [right, right, right, refused]})
    record = record_of(run)
    assert record["arms"]["rag · test"]["correct"][0] == 0.75
    assert record["levels"]["linear"]["correct"]["rag · test"][0] == 1.0
    assert record["levels"]["nested"]["correct"]["rag · test"][0] == 0.0
    (row,) = table_of(record).splitlines()[2:]
    assert row.startswith("| rag · test | 0.750 [0.301, 0.954] | 0.750 [0.301, 0.954] | 0.750 ")
    picture = picture_of(record)
    ElementTree.fromstring(picture)
    # The heights of the bars: 3 of 4, all, and none of a plot of 194.
    bars = [f'height="{194 * value:.1f}"' for value in (0.75, 1.0, 0.0)]
    assert all(bar in picture for bar in bars)
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("a\n<!-- ladder: begin --><!-- ladder: end -->\nb\n")
    write_record(record, tmp_path)
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert readme.startswith("a\n<!-- ladder: begin -->\n| strategy")
    assert readme.endswith("|\n<!-- ladder: end -->\nb\n")
    assert (tmp_path / "docs" / "ladder.svg").read_text("utf-8") == picture


def test_a_text_without_a_place_for_the_table() -> None:
    with pytest.raises(ValueError, match="has no <!-- ladder: begin -->"):
        with_table("nothing", {"arms": {}})
