"""Every code: its example gives exactly it, and the page of codes is up to date."""

from __future__ import annotations

import pytest

from flowloom.verification.docs import page
from flowloom.verification.examples import (
    EXAMPLE_CATALOG,
    EXAMPLE_ORIGINALS,
    EXAMPLE_OUTLINE,
    EXAMPLE_OUTLINES,
    EXAMPLE_REQUEST,
    EXAMPLE_REQUESTED,
)
from flowloom.verification.registry import rules
from flowloom.verification.verifier import verify
from flowloom.workflow.document import read_document
from tests.conftest import ROOT

BY_HAND = "FL606"
"""The note that comes with every example without trigger."""


@pytest.mark.parametrize("code", sorted(rules()))
def test_the_example_gives_exactly_its_code(code: str) -> None:
    outline = EXAMPLE_OUTLINES.get(code, EXAMPLE_OUTLINE) if code.startswith("FL8") else None
    request = EXAMPLE_REQUEST if code in EXAMPLE_REQUESTED else ""
    before = EXAMPLE_ORIGINALS.get(code)
    original = read_document(before) if before else None
    document = read_document(rules()[code].example)
    verdict = verify(document, EXAMPLE_CATALOG, outline=outline, request=request, original=original)
    found = [item.code for item in verdict.diagnostics if item.code != BY_HAND or code == BY_HAND]
    # A step that was left out takes its text along.
    also = ["FL802"] if code == "FL801" else []
    assert found == [code, *also]
    assert {item.severity for item in verdict.diagnostics if item.code == code} == {
        rules()[code].severity
    }


def test_the_page_of_codes_is_up_to_date() -> None:
    text = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert text == page(), "run: python -m flowloom.verification.docs"
