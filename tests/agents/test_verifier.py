"""Checking, mending and checking again."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.agents.verifier import MAX_ROUNDS, Mend, Verifier
from flowloom.catalog.catalog import Catalog
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document, content_hash, document_of
from flowloom.workflow.edits import SetValue, apply_changes
from tests.graph.stand_ins import CATALOG, Findings, error, no_mend, workflow


def test_without_mends_the_document_is_checked_once() -> None:
    findings = Findings([[error()]])
    document = document_of(workflow())
    checked = Verifier(CATALOG, findings, no_mend).check(document, outline=None, request="x")
    assert findings.calls == 1
    assert checked.document is document
    assert checked.verdict.errors == (error(),)


def test_a_rule_that_always_applies_is_stopped_and_the_verdict_fits_the_document() -> None:
    count = 0

    def mend(
        document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
    ) -> tuple[Document, tuple[Mend, ...]]:
        nonlocal count
        count += 1
        change = SetValue(id="post", path="with.text", value=str(count))
        return apply_changes(document, [change]), (Mend(code="FL1", path="", message="m"),)

    checked = Verifier(CATALOG, Findings([[error()]]), mend).check(
        document_of(workflow()), outline=None, request="x"
    )
    assert len(checked.mends) == MAX_ROUNDS
    assert checked.verdict.content_hash == content_hash(checked.document.data)
