"""No error in any workflow that has none: the examples, and those written for this."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.mending import mend
from flowloom.verification.verifier import verify
from flowloom.workflow.document import read_document
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
OWN = sorted((ROOT / "tests" / "verification" / "workflows").glob("*.yaml"))
FILES = [path for path in [*EXAMPLES, *OWN] if path.name != "requests.yaml"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return builtin_catalog()


def test_there_are_more_than_eighty() -> None:
    assert len(FILES) > 80


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_good_workflow_has_no_error_and_is_not_mended(path: Path, catalog: Catalog) -> None:
    document = read_document(path.read_text(encoding="utf-8"))
    verdict = verify(document, catalog)
    assert [f"{item.path}: {item.message}" for item in verdict.errors] == []
    assert mend(document, catalog, verdict.diagnostics).document is document
