"""Checks the files one after the other, writes those that were mended, and writes the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.catalog.catalog import Catalog
from flowloom.cli import output
from flowloom.cli.checking.files import Source, read_source, text_for
from flowloom.cli.checking.outcome import Outcome, Unreadable, checked
from flowloom.cli.checking.selection import Selection
from flowloom.cli.checking.text import text_lines, total_line
from flowloom.cli.files import write_atomically
from flowloom.errors import DocumentError, StorageError
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.mending import Mended, mend_one
from flowloom.verification.registry import rules

__all__ = ["Task", "outcomes_of", "write_json", "write_sarif", "write_text"]


@dataclass(frozen=True)
class Task:
    """What is done with each file.

    Attributes:
        fix: mend and write.
        show: mend and only show.
        collect: a file that cannot be read does not end the command.
    """

    catalog: Catalog
    selection: Selection
    fix: bool = False
    show: bool = False
    strict: bool = False
    collect: bool = False


def outcomes_of(sources: Sequence[Source], task: Task) -> list[Outcome | Unreadable]:
    """Check every file, and write those that were mended.

    Raises:
        DocumentError, StorageError: a file cannot be read, unless such files are collected; or
            it cannot be written.
    """
    return [_outcome(source, task) for source in sources]


def _outcome(source: Source, task: Task) -> Outcome | Unreadable:
    try:
        read = read_source(source)
    except (DocumentError, StorageError) as error:
        if not task.collect:
            raise
        return Unreadable(source, error)
    outcome = checked(
        source,
        read,
        task.catalog,
        task.selection,
        mending=task.fix or task.show,
        keep=task.show,
        strict=task.strict,
    )
    if task.fix and outcome.mended_document is not None and source.path is not None:
        write_atomically(source.path, text_for(read, outcome.mended_document))
    return outcome


def write_text(
    outcomes: Sequence[Outcome | Unreadable], *, would: bool, filtered: bool = False
) -> None:
    """Write the report for people to stdout.

    Args:
        would: the mends were not written.
        filtered: of stdin, the mended text goes to stdout, and the report to stderr.
    """
    for outcome in outcomes:
        piped = filtered and outcome.source.path is None
        for line in text_lines(outcome, would=would):
            (output.note if piped else _write)(line)
        if piped and isinstance(outcome, Outcome):
            output.write_out(text_for(outcome.read, outcome.document))
    if len(outcomes) > 1:
        _write(total_line(outcomes))


def _write(line: str) -> None:
    output.write_out(line + "\n")


def write_json(outcomes: Sequence[Outcome | Unreadable], *, alone: bool) -> None:
    """Write one JSON object: of the one file that was named, or with a list of ``files``."""
    files = [
        outcome.data() if isinstance(outcome, Outcome) else _unreadable(outcome)
        for outcome in outcomes
    ]
    if alone:
        output.print_json(files[0])
        return
    valid, passed = (all(item[key] for item in files) for key in ("valid", "passed"))
    output.print_json({"valid": valid, "passed": passed, "files": files})


def _unreadable(unread: Unreadable) -> dict[str, object]:
    error = unread.error
    return {
        "valid": False,
        "passed": False,
        "file": unread.source.name,
        "error": {"type": type(error).__name__, "message": error.message, "hint": error.hint},
    }


def write_sarif(outcomes: Sequence[Outcome | Unreadable], catalog: Catalog) -> None:
    """Write a SARIF log."""
    from flowloom.cli.checking.sarif import sarif_log

    def mend(outcome: Outcome, item: Diagnostic) -> Mended:
        return mend_one(outcome.document, catalog, item)

    output.print_json(sarif_log(outcomes, rules(), mend))
