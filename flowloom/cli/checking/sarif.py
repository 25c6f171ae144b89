"""SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowloom import __version__
from flowloom.cli.checking.files import Source
from flowloom.cli.checking.outcome import Outcome, Unreadable
from flowloom.errors import DocumentError
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.mending import Mended
from flowloom.verification.registry import Rule

__all__ = ["MendOne", "sarif_log"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MendOne = Callable[[Outcome, Diagnostic], Mended]
"""Mends one finding by rule, if that can be done."""


def sarif_log(
    outcomes: Sequence[Outcome | Unreadable], rules: Mapping[str, Rule], mend: MendOne
) -> dict[str, Any]:
    """Return one run with a result for each finding that is reported.

    What a comment in the file silences, or an option ignores, is a suppressed result; a file that
    cannot be read is a notification of the run.
    """
    codes = list(rules)
    read = [item for item in outcomes if isinstance(item, Outcome)]
    unread = [item for item in outcomes if isinstance(item, Unreadable)]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "flowloom",
                        "version": __version__,
                        "rules": [_rule(rules[code]) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not unread,
                        "toolExecutionNotifications": [_notification(item) for item in unread],
                    }
                ],
                "results": [
                    result for outcome in read for result in _results(outcome, codes, mend)
                ],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    example = f"An example that it is found in:\n\n{rule.example[:2_000]}"
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": example},
        "defaultConfiguration": {"level": rule.severity},
    }


def _results(outcome: Outcome, codes: list[str], mend: MendOne) -> Iterable[dict[str, Any]]:
    for item in outcome.reported:
        yield {**_result(outcome, item, codes), **_fixes(outcome, item, mend)}
    for found, kind in ((outcome.silenced, "inSource"), (outcome.ignored, "external")):
        for item in found:
            yield {**_result(outcome, item, codes), "suppressions": [{"kind": kind}]}


def _result(outcome: Outcome, item: Diagnostic, codes: list[str]) -> dict[str, Any]:
    text = f"{item.message} {item.hint}".strip()
    digest = hashlib.sha256("\0".join(item.key).encode()).hexdigest()[:32]
    location: dict[str, Any] = {"physicalLocation": _place(outcome.source, item.line, item.column)}
    if item.path:
        location["logicalLocations"] = [{"fullyQualifiedName": item.path}]
    return {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": item.severity,
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"flowloomFinding/v1": digest},
    }


def _place(source: Source, line: int, column: int) -> dict[str, Any]:
    found: dict[str, Any] = {"artifactLocation": {"uri": _uri(source)}}
    if line > 0:
        found["region"] = {"startLine": line, **({"startColumn": column} if column > 0 else {})}
    return found


def _uri(source: Source) -> str:
    """Return the path relative to the working directory, percent-encoded."""
    if source.path is None:
        return "stdin"
    absolute = source.path.absolute()
    here = Path.cwd()
    if absolute.is_relative_to(here):
        return quote(absolute.relative_to(here).as_posix())
    return absolute.as_uri()


def _notification(unread: Unreadable) -> dict[str, Any]:
    error = unread.error
    line, column = (error.line, error.column) if isinstance(error, DocumentError) else (0, 0)
    place = _place(unread.source, line, column)
    return {
        "level": "error",
        "message": {"text": str(error)},
        "locations": [{"physicalLocation": place}],
    }


def _fixes(outcome: Outcome, item: Diagnostic, mend: MendOne) -> dict[str, Any]:
    mended = mend(outcome, item)
    if not mended.applied:
        return {}
    region, inserted = _replacement(outcome.document.text, mended.document.text)
    change = {
        "artifactLocation": {"uri": _uri(outcome.source)},
        "replacements": [{"deletedRegion": region, "insertedContent": {"text": inserted}}],
    }
    text = "; ".join(item.message for item in mended.applied)
    return {"fixes": [{"description": {"text": text}, "artifactChanges": [change]}]}


def _replacement(old: str, new: str) -> tuple[dict[str, int], str]:
    """Return the one region of a text that changed, and what stands there now."""
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    most = min(len(old), len(new)) - start
    same = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    line, column = _line_and_column(old, start)
    end_line, end_column = _line_and_column(old, len(old) - same)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    return region, new[start : len(new) - same]


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
