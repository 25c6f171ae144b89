"""An output's text as far as it can be read, with the verdict over it; and who judges."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.errors import DocumentError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.equality.matching import defaults_of
from flowloom.evaluation.forms import FlowForm, form_of
from flowloom.evaluation.metrics.matching import Likeness, word_cosine
from flowloom.evaluation.prices import PriceTable
from flowloom.evaluation.samples import Output
from flowloom.verification.analysis import facts_of
from flowloom.verification.diagnostic import Verdict
from flowloom.verification.registry import checks_on, rules
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of, read_document
from flowloom.workflow.shape import parse_workflow

__all__ = ["Judge", "Reading", "document_in", "read_output", "runs"]


@dataclass(frozen=True)
class Judge:
    """What scoring needs beside case and output; made once for a run.

    Attributes:
        catalog: the components that the verifier knows.
        prices: what models cost.
        likeness: of two texts, 0 to 1; what WorFBench's nodes are matched by.
        latest: what was made of the case scored last; it is the same for its next answer.
    """

    catalog: Catalog
    prices: PriceTable = field(default_factory=PriceTable)
    likeness: Likeness = word_cosine
    latest: dict[str, tuple[Case, Any]] = field(
        default_factory=dict[str, tuple[Case, Any]], compare=False, repr=False
    )

    @cached_property
    def defaults(self) -> dict[str, dict[str, Any]]:
        """The default of each input that has one, by component."""
        return defaults_of(self.catalog)

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids of the components that exist."""
        return frozenset(self.catalog.ids)


@dataclass(frozen=True)
class Reading:
    """An output's text as far as it can be read.

    Attributes:
        document: None if the text is no YAML or JSON mapping; then there is no verdict either.
        form: what metrics compare; empty if there is no document.
        convertible: whether its shape is that of a workflow.
    """

    document: Document | None
    form: FlowForm
    convertible: bool
    verdict: Verdict | None

    @property
    def workflow(self) -> dict[str, Any] | None:
        """The plain data, if its shape is that of a workflow."""
        return self.document.data if self.document is not None and self.convertible else None

    @property
    def valid(self) -> bool:
        """Whether the full verifier found no error."""
        return self.verdict is not None and self.verdict.valid


def read_output(case: Case, output: Output, judge: Judge) -> Reading:
    """Read and verify an output's text."""
    document = document_in(output.text)
    if document is None:
        return Reading(None, FlowForm(), False, None)
    original = document_of(case.prior) if case.prior is not None else None
    return Reading(
        document=document,
        form=form_of(document.data, judge.defaults),
        convertible=parse_workflow(document.data)[0] is not None,
        verdict=verify(document, judge.catalog, request=case.request, original=original),
    )


def document_in(text: str) -> Document | None:
    """Return the document that a text is, None if it is none."""
    if not text.strip():
        return None
    try:
        return read_document(text)
    except DocumentError:
        return None


def runs(reading: Reading, judge: Judge) -> bool:
    """Return whether nothing of the groups 1 to 6, and nothing in a dry run, stands against it."""
    if reading.document is None or reading.verdict is None:
        return False
    if reading.verdict.valid:
        return True
    if any(item.code[2] not in "78" for item in reading.verdict.errors):
        return False
    # The verifier runs only what has no error; safety and faithfulness are no matter here.
    facts = facts_of(reading.document, judge.catalog, None, "")
    found = (finding for item in checks_on("run") for finding in item.run(facts, facts))
    return all(rules()[finding.code].severity != "error" for finding in found)
