"""Every example is composed again offline, is what the file holds, and is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flowloom.agents.verifier import Verifier
from flowloom.catalog.sources import builtin_catalog
from flowloom.offline.composer import Composed, OfflineComposer
from flowloom.retrieval.entry import entry_of
from flowloom.retrieval.index import ComponentIndex
from flowloom.workflow.document import Document, document_of, read_file
from flowloom.workflow.edits import apply_changes

EXAMPLES = Path(__file__).parent.parent / "examples"
REQUESTS: list[dict[str, str]] = YAML(typ="safe", pure=True).load(
    (EXAMPLES / "requests.yaml").read_text(encoding="utf-8")
)
by_file = pytest.mark.parametrize("example", REQUESTS, ids=[item["file"] for item in REQUESTS])


@pytest.fixture(scope="module")
def composer(tmp_path_factory: pytest.TempPathFactory) -> OfflineComposer:
    catalog = builtin_catalog()
    index = ComponentIndex.open(tmp_path_factory.mktemp("data") / "index")
    index.sync(entry_of(item) for item in catalog)
    return OfflineComposer(catalog, index.search)


def compose(example: dict[str, str], composer: OfflineComposer) -> tuple[Composed, Document]:
    if "edit" not in example:
        found = composer.compose(example["request"])
        assert found.workflow is not None
        return found, document_of(found.workflow)
    base = read_file(EXAMPLES / example["edit"])
    found = composer.change(example["request"], base.data)
    return found, apply_changes(base, found.changes)


@by_file
def test_the_request_still_makes_the_workflow(
    example: dict[str, str], composer: OfflineComposer
) -> None:
    found, document = compose(example, composer)
    assert found.unsupported == ()
    assert document.data == read_file(EXAMPLES / example["file"]).data


@by_file
def test_the_verifier_accepts_the_workflow(example: dict[str, str]) -> None:
    document = read_file(EXAMPLES / example["file"])
    checked = Verifier(builtin_catalog()).check(document, outline=None, request=example["request"])
    assert [item.message for item in checked.verdict.errors] == []


def test_the_examples_have_different_shapes() -> None:
    shapes = {_shape(read_file(EXAMPLES / item["file"]).data) for item in REQUESTS}
    assert len(REQUESTS) >= 11
    assert len(shapes) >= 8


def _shape(data: dict[str, Any]) -> str:
    return f"{data.get('trigger', {}).get('uses')} {_kinds(data['steps'])}"


def _kinds(steps: list[dict[str, Any]]) -> list[Any]:
    keys = ("uses", "if", "for_each", "ask", "wait")
    found: list[Any] = []
    for step in steps:
        found.append(next(key for key in keys if key in step))
        found += [_kinds(step[key]) for key in ("then", "else", "do") if key in step]
    return found
