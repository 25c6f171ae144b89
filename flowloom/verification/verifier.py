"""The verifier: every registered check over one document, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.verification.analysis import facts_of
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import Level, checks_on, rules
from flowloom.workflow.document import Document, content_hash
from flowloom.workflow.outline import Outline

__all__ = ["verify"]

_ORDER = {"error": 0, "warning": 1, "note": 2}


def verify(
    document: Document,
    catalog: Catalog,
    *,
    outline: Outline | None = None,
    request: str = "",
    original: Document | None = None,
    said: str = "",
) -> Verdict:
    """Check a document as a compiler does; never raises, whatever the document holds.

    Args:
        outline: the plan that the workflow is to follow, if there is one.
        request: the request that it is to answer, if there is one.
        original: the document before the change that the plan describes, if it is one.
        said: what the person said before the request, where it is part of a conversation.

    Returns:
        The verdict over exactly this document: errors first, then by place.
    """
    facts = facts_of(document, catalog, outline, request, original, said)
    found = dict.fromkeys(_diagnostic(document, finding) for finding in _findings(facts))
    if not any(item.severity == "error" for item in found):
        run = _on(facts, "run", [facts])
        found |= dict.fromkeys(_diagnostic(document, finding) for finding in run)
    ordered = sorted(
        found,
        key=lambda item: (_ORDER[item.severity], item.line, item.column, item.path, item.code),
    )
    return Verdict(content_hash=content_hash(document.data), diagnostics=tuple(ordered))


def _findings(facts: Facts) -> Iterator[Finding]:
    yield from _on(facts, "document", [facts])
    yield from _on(facts, "node", facts.tree.nodes)
    yield from _on(facts, "use", facts.uses.values())
    yield from _on(facts, "site", facts.sites)


def _on(facts: Facts, level: Level, things: Iterable[Any]) -> Iterator[Finding]:
    checks = checks_on(level)
    for thing in things:
        for item in checks:
            yield from item.run(facts, thing)


def _diagnostic(document: Document, finding: Finding) -> Diagnostic:
    rule = rules()[finding.code]
    line, column = document.position(finding.path)
    return Diagnostic.at(
        finding.path,
        finding.code,
        rule.severity,
        finding.message,
        hint=finding.hint,
        candidates=finding.candidates,
        mender=finding.mender or rule.mender,
        step=finding.step,
        line=line,
        column=column + max(finding.column, 0) if line else 0,
    )
