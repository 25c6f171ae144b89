"""Mends by rule: slips that have just one mend, each proved by verifying the outcome.

The rules stand in ``flowloom.verification.mends``; here their proposals are tried. A proposal is
taken if the verifier then finds fewer errors, none of a code that was not there before, and
nothing but the place that it names has changed. So a document without errors is never changed,
a mended one is not mended again, and errors never become more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from flowloom.catalog.catalog import Catalog
from flowloom.verification.analysis import facts_of
from flowloom.verification.diagnostic import Diagnostic, Severity, Verdict
from flowloom.verification.mends.application import apply_in_place
from flowloom.verification.mends.registry import Proposal, mend_rules
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document
from flowloom.workflow.edits import SetValue, UnsetValue
from flowloom.workflow.path import Path, parse_path

__all__ = ["AppliedMend", "Mended", "mend", "mend_one"]

MAX_TRIES = 100
"""Verifications at most for one document; what is left then is left to others."""
MAX_DEPTH = 3
"""A mend may bring to light what it hid; so many mends in a row count as one."""


@dataclass(frozen=True)
class AppliedMend:
    """One slip that was mended: what the verifier called it, where, and what was done.

    Attributes:
        path, line, column: the place before this mend (earlier ones done).
    """

    code: str
    path: str
    message: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Mended:
    """The document after the mends; the same object if no rule applied."""

    document: Document
    applied: tuple[AppliedMend, ...] = ()


def mend(
    document: Document,
    catalog: Catalog,
    diagnostics: Iterable[Diagnostic],
    *,
    codes: Collection[str] | None = None,
    warnings: bool = False,
) -> Mended:
    """Mend by rule all that has just one mend; the caller verifies the outcome.

    Args:
        diagnostics: what the verifier found in this document.
        codes: only findings of these are mended; None stands for all.
        warnings: mend warnings too. Without that a document without errors is not changed.
    """
    rules = mend_rules()
    wanted = ("error", "warning") if warnings else ("error",)
    found = [item for item in diagnostics if item.severity in wanted and item.code in rules]
    if not found:
        return Mended(document)
    return _Mender(catalog, codes, wanted).mended(document)


def mend_one(document: Document, catalog: Catalog, diagnostic: Diagnostic) -> Mended:
    """Mend just this finding of a document, whether an error or a warning."""
    mender = _Mender(catalog, None, ("error", "warning"))
    return mender.mended(document, only=lambda item: item.key == diagnostic.key)


_Step: TypeAlias = tuple[Document, Verdict, tuple[AppliedMend, ...]]


@dataclass
class _Mender:
    """Tries proposals on one document until none helps."""

    catalog: Catalog
    codes: Collection[str] | None
    severities: tuple[str, ...]
    tries: int = field(default=MAX_TRIES)

    def mended(
        self, document: Document, only: Callable[[Diagnostic], bool] | None = None
    ) -> Mended:
        verdict = verify(document, self.catalog)
        if only is not None:
            step = self._step(document, verdict, 1, only)
            return Mended(document) if step is None else Mended(step[0], step[2])
        applied: list[AppliedMend] = []
        while True:
            step = self._several(document, verdict) or self._step(document, verdict, MAX_DEPTH)
            if step is None:
                return Mended(document, tuple(applied))
            document, verdict, done = step
            applied += done

    def _several(self, document: Document, verdict: Verdict) -> _Step | None:
        """Return the document after as many mends as help together, which saves time."""
        group: list[tuple[Diagnostic, Proposal]] = []
        touched: set[Path] = set()
        mended: set[tuple[str, str, str]] = set()
        for item, proposal in self._proposals(document, verdict, None):
            places = {parse_path(change.path) for change in _in_place(proposal)}
            known = item.key in mended or item.severity != "error"
            if places and not known and not _meet(touched, places):
                group.append((item, proposal))
                mended.add(item.key)
                touched |= places
        return self._together(document, verdict, group)

    def _together(
        self, document: Document, before: Verdict, group: list[tuple[Diagnostic, Proposal]]
    ) -> _Step | None:
        if len(group) < 2 or self.tries <= 0:
            return None
        changed = apply_in_place(document, [proposal.changes for _, proposal in group])
        if changed is not None:
            self.tries -= 1
            after = verify(changed, self.catalog)
            # Each of them has to be worth an error.
            enough = len(before.errors) - len(after.errors) >= len(group)
            if enough and self._is_better(after, before):
                return changed, after, tuple(_applied(item, mend) for item, mend in group)
        half = len(group) // 2
        return self._together(document, before, group[:half]) or self._together(
            document, before, group[half:]
        )

    def _step(
        self,
        document: Document,
        before: Verdict,
        depth: int,
        only: Callable[[Diagnostic], bool] | None = None,
        goal: Verdict | None = None,
    ) -> _Step | None:
        """Return the document after the first mend (or row of mends) that helps."""
        goal = goal or before
        for item, proposal in self._proposals(document, before, only):
            if self.tries <= 0:
                return None
            changed = apply_in_place(document, [proposal.changes])
            if changed is None:
                continue
            self.tries -= 1
            after = verify(changed, self.catalog)
            done = (_applied(item, proposal),)
            if self._is_better(after, goal):
                return changed, after, done
            if depth > 1 and item.key not in {found.key for found in after.diagnostics}:
                further = self._step(changed, after, depth - 1, goal=goal)
                if further is not None:
                    return further[0], further[1], (*done, *further[2])
        return None

    def _proposals(
        self, document: Document, verdict: Verdict, only: Callable[[Diagnostic], bool] | None
    ) -> Iterator[tuple[Diagnostic, Proposal]]:
        rules = mend_rules()
        # By path, since the order of keys in the file must not decide.
        found = sorted(
            (item for item in verdict.diagnostics if self._is_mine(item, only)),
            key=lambda item: (item.path, item.code, item.column, item.message),
        )
        facts = facts_of(document, self.catalog, None, "") if found else None
        for item in found:
            for rule in rules.get(item.code, ()):
                if facts is not None:
                    for proposal in rule.propose(facts, item, parse_path(item.path)):
                        yield item, proposal

    def _is_mine(self, item: Diagnostic, only: Callable[[Diagnostic], bool] | None) -> bool:
        return (
            item.severity in self.severities
            and (self.codes is None or item.code in self.codes)
            and (only is None or only(item))
        )

    def _is_better(self, after: Verdict, before: Verdict) -> bool:
        """Whether there are fewer errors, or as many and fewer warnings; none of a new code."""
        mine, theirs = _codes(before, "error"), _codes(after, "error")
        if not set(theirs) <= set(mine):
            return False
        if len(theirs) != len(mine) or "warning" not in self.severities:
            return len(theirs) < len(mine)
        mine, theirs = _codes(before, "warning"), _codes(after, "warning")
        return len(theirs) < len(mine) and set(theirs) <= set(mine)


def _applied(item: Diagnostic, proposal: Proposal) -> AppliedMend:
    return AppliedMend(item.code, item.path, proposal.message, item.line, item.column)


def _in_place(proposal: Proposal) -> list[SetValue | UnsetValue]:
    """Return the changes, if they move no step: paths of others would mean other places then."""
    found = [item for item in proposal.changes if isinstance(item, SetValue | UnsetValue)]
    return [] if any(item.path.endswith("]") for item in found) else found


def _meet(some: set[Path], others: set[Path]) -> bool:
    """Whether two sets of places overlap: one lies in the other."""
    longest = max((len(path) for path in others), default=0)
    return any(path[:size] in some for path in others for size in range(len(path) + 1)) or any(
        path[:size] in others for path in some for size in range(min(len(path), longest) + 1)
    )


def _codes(verdict: Verdict, severity: Severity) -> list[str]:
    return [item.code for item in verdict.diagnostics if item.severity == severity]
