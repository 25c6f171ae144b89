"""Mends by rule: only what has one mend, never a valid workflow, and once is enough."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.mending import Mended, mend
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of
from tests.verification.test_verifier import GOOD, READ, log


def mended(document: Document) -> Mended:
    return mend(document, EXAMPLE_CATALOG, verify(document, EXAMPLE_CATALOG).diagnostics)


@pytest.mark.parametrize(
    ("step", "right"),
    [
        ({"id": "a", "uses": "demo.lgo", "with": {"text": "hi"}}, log("hi")),
        ({"id": "a", "uses": "demo.log@9", "with": {"text": "hi"}}, log("hi")),
        ({"id": "a", "uses": "demo.log", "wiht": {"text": "hi"}}, log("hi")),
        ({"id": "a", "uses": "demo.log", "with": {"txt": "hi"}}, log("hi")),
        (log("hi", times="3"), log("hi", times=3)),
        (log("hi", level="INFO"), log("hi", level="info")),
        (
            log("hi", times="steps.r.output.count"),
            log("hi", times="${{ steps.r.output.count }}"),
        ),
        (
            {"id": "a", "if": "steps.r.output.rows[0].age > 10", "then": [log("hi", "b")]},
            {"id": "a", "if": "steps.r.output.rows[0].age > 10.0", "then": [log("hi", "b")]},
        ),
    ],
)
def test_a_slip_with_one_mend_is_mended(step: dict[str, Any], right: dict[str, Any]) -> None:
    once = mended(document_of({"name": "x", "steps": [READ, step]}))
    assert once.document.data["steps"][1] == right
    assert verify(once.document, EXAMPLE_CATALOG).valid
    assert len(once.applied) == 1
    assert mended(once.document).document is once.document


@pytest.mark.parametrize(
    "step",
    [
        {"id": "a", "uses": "demo.something", "with": {"text": "hi"}},
        {"id": "a", "uses": "demo.log", "with": {"words": "hi"}},
        log("hi", times="many"),
        log("${{ steps.r.output.words }}"),
    ],
)
def test_what_has_no_one_mend_is_left_alone(step: dict[str, Any]) -> None:
    document = document_of({"name": "x", "steps": [READ, step]})
    assert mended(document).document is document


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_valid_workflow_is_never_changed(name: str) -> None:
    document = document_of({"name": "x", "steps": GOOD[name]})
    assert mended(document).document is document
