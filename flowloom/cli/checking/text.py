"""The report for people, and the one that GitHub Actions turns into annotations."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from flowloom.cli.checking.outcome import Outcome, Unreadable
from flowloom.cli.output import one_line, printable
from flowloom.errors import DocumentError

__all__ = ["diff_lines", "github_lines", "text_lines", "total_line"]

_COLOURS = {"+": "32", "-": "31", "@": "36"}
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def text_lines(outcome: Outcome | Unreadable, *, would: bool = False) -> Iterator[str]:
    """Yield the lines about one file; the last one sums up.

    Args:
        would: the mends were not written.
    """
    if isinstance(outcome, Unreadable):
        said = one_line(str(outcome.error))
        yield printable(f"{outcome.source.name}: cannot be read: {said}")
        return
    yield from map(printable, _mend_lines(outcome, would))
    yield from diff_lines(outcome.diff)
    yield from map(printable, _finding_lines(outcome))
    yield printable(_sum(outcome))


def _mend_lines(outcome: Outcome, would: bool) -> Iterator[str]:
    name = outcome.source.name
    for mend in outcome.mended:
        place = f"{name}:{mend.line}:{mend.column}" if mend.line else name
        yield f"{place}: {'would mend' if would else 'mended'} {mend.code}: {mend.message}"


def _finding_lines(outcome: Outcome) -> Iterator[str]:
    name = outcome.source.name
    lines = outcome.document.text.splitlines()
    for item in outcome.reported:
        place = f"{name}:{item.line}:{item.column}" if item.line else name
        yield f"{place}: {item.severity} {item.code}: {item.message}"
        if 0 < item.line <= len(lines):
            yield f"    {lines[item.line - 1].strip()}"
        if item.hint:
            yield f"    hint: {item.hint}"


def _sum(outcome: Outcome) -> str:
    others = len(outcome.reported) - outcome.errors
    parts = [f"{_word(outcome)}", f"{outcome.errors} errors", f"{others} warnings and notes"]
    if outcome.strict:
        parts.append(f"of which {outcome.warnings} warnings count (--strict)")
    harmless = len(outcome.ignored) - outcome.ignored_errors
    if harmless:
        parts.append(f"{harmless} warnings and notes ignored")
    if outcome.ignored_errors and not outcome.passed:
        parts.append(f"{outcome.ignored_errors} errors ignored")
    if outcome.silenced:
        parts.append(f"{len(outcome.silenced)} silenced in the file")
    return f"{outcome.source.name}: {', '.join(parts)}"


def _word(outcome: Outcome) -> str:
    if not outcome.passed:
        return "not valid"
    if outcome.ignored_errors:
        return f"valid apart from {outcome.ignored_errors} ignored errors"
    return "valid"


def total_line(outcomes: Sequence[Outcome | Unreadable]) -> str:
    """Return one line about several files."""
    read = [item for item in outcomes if isinstance(item, Outcome)]
    passed = sum(item.passed for item in read)
    line = f"{len(outcomes)} files: {passed} valid, {len(read) - passed} not valid"
    apart = sum(item.passed and bool(item.ignored_errors) for item in read)
    line += f" ({apart} valid only apart from ignored errors)" if apart else ""
    broken = len(outcomes) - len(read)
    return line + (f", {broken} cannot be read" if broken else "")


def diff_lines(diff: str) -> Iterator[str]:
    """Yield the lines of a diff, in colours where stdout is a terminal."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in diff.splitlines():
        colour = _COLOURS.get(line[:1], "") if coloured else ""
        shown = printable(line)
        yield f"\x1b[{colour}m{shown}\x1b[0m" if colour else shown


def github_lines(outcome: Outcome | Unreadable) -> Iterator[str]:
    """Yield workflow commands, which GitHub Actions shows beside the lines of a change.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    name = outcome.source.name
    if isinstance(outcome, Unreadable):
        error = outcome.error
        line = error.line if isinstance(error, DocumentError) else 0
        yield _command("error", name, line, 0, "cannot be read", str(error))
        return
    for item in outcome.reported:
        level = _LEVELS[item.severity]
        message = f"{item.message}\n{item.hint}".strip()
        yield _command(level, name, item.line, item.column, item.code, message)


def _command(level: str, file: str, line: int, column: int, title: str, message: str) -> str:
    fields = {"file": file, "line": line, "col": column, "title": title}
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in fields.items() if value)
    return f"::{level} {shown}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
