"""Checks one file, mends it where that is asked for, and sorts what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import PurePath
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.cli.checking.files import ReadSource, Source
from flowloom.cli.checking.selection import Selection
from flowloom.errors import UserError
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.verification.mending import AppliedMend, mend
from flowloom.verification.suppressions import without_silenced
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document

__all__ = ["Outcome", "Unreadable", "checked"]


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read."""

    source: Source
    error: UserError


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found in one file.

    Attributes:
        document: what the verdict is about: the mended document after ``--fix``.
        mended: what the rules mended, or would mend (``--diff``).
        mended_document: the document with these mends.
        reported: findings of the codes that are reported, without silenced ones.
        ignored: findings of codes that are left out.
        silenced: warnings and notes that a comment in the file silences.
        strict: whether warnings count.
    """

    source: Source
    read: ReadSource
    document: Document
    verdict: Verdict
    reported: tuple[Diagnostic, ...]
    ignored: tuple[Diagnostic, ...] = ()
    silenced: tuple[Diagnostic, ...] = ()
    mended: tuple[AppliedMend, ...] = ()
    mended_document: Document | None = None
    strict: bool = False

    @property
    def errors(self) -> int:
        """Errors that count."""
        return sum(item.severity == "error" for item in self.reported)

    @property
    def ignored_errors(self) -> int:
        """Errors that do not count."""
        return sum(item.severity == "error" for item in self.ignored)

    @property
    def warnings(self) -> int:
        """Warnings that are reported."""
        return sum(item.severity == "warning" for item in self.reported)

    @property
    def passed(self) -> bool:
        """Whether nothing that counts was found."""
        return not self.errors and not (self.strict and self.warnings)

    @property
    def diff(self) -> str:
        """What the mends change, as a unified diff; empty if nothing."""
        if self.mended_document is None:
            return ""
        name = PurePath(self.source.name).as_posix()
        before = self.read.document.text.splitlines(keepends=True)
        after = self.mended_document.text.splitlines(keepends=True)
        return "".join(_with_last_line_end(unified_diff(before, after, name, name)))

    def data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "valid": self.verdict.valid,
            "passed": self.passed,
            "file": self.source.name if self.source.path else "-",
            "content_hash": self.verdict.content_hash,
            "diagnostics": _plain(self.reported),
            "ignored": _plain(self.ignored),
            "silenced": _plain(self.silenced),
            "mended": [
                {
                    "code": item.code,
                    "path": item.path,
                    "line": item.line,
                    "column": item.column,
                    "message": item.message,
                }
                for item in self.mended
            ],
            "diff": self.diff,
        }


def _plain(found: tuple[Diagnostic, ...]) -> list[dict[str, Any]]:
    return [item.model_dump(mode="json") for item in found]


def _with_last_line_end(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def checked(
    source: Source,
    read: ReadSource,
    catalog: Catalog,
    selection: Selection,
    *,
    mending: bool = False,
    keep: bool = False,
    strict: bool = False,
) -> Outcome:
    """Check one file.

    Args:
        mending: mend by rule what is reported.
        keep: the verdict stays that of the file as it is; the mends are only shown.
    """
    document = read.document
    verdict = verify(document, catalog)
    outcome = Outcome(
        source=source, read=read, document=document, verdict=verdict, reported=(), strict=strict
    )
    if mending:
        found = mend(
            document, catalog, verdict.diagnostics, codes=selection.reported, warnings=True
        )
        if found.applied:
            outcome = replace(outcome, mended=found.applied, mended_document=found.document)
            if not keep:
                document = found.document
                verdict = verify(document, catalog)
    kept = without_silenced(document, verdict.diagnostics)
    return replace(
        outcome,
        document=document,
        verdict=verdict,
        reported=tuple(item for item in kept.kept if item.code not in selection.left_out),
        ignored=tuple(item for item in kept.kept if item.code in selection.left_out),
        silenced=kept.silenced,
    )
