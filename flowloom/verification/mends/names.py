"""Mends of names in expressions: FL402, FL403, FL501 and FL506; only that name changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts, Site
from flowloom.verification.mends.nearness import only_near
from flowloom.verification.mends.registry import Proposal, mend_rule, set_value
from flowloom.workflow.cel.results import ExpressionProblem
from flowloom.workflow.path import Path, at

__all__: list[str] = []

_STEP = re.compile(r"steps\s*\.\s*\??\s*([A-Za-z_]\w*)")
_BEFORE_A_FIELD = re.compile(r"[\s.?\[\"']*")
_OTHER_LANGUAGES = {
    "False": "false",
    "None": "null",
    "True": "true",
    "float": "double",
    "includes": "contains",
    "len": "size",
    "length": "size",
    "nil": "null",
    "str": "string",
}
"""Names of other languages for what CEL calls otherwise and writes in the same place."""


def _offset(facts: Facts, item: Diagnostic, path: Path) -> int:
    """Return the 0-based offset of a diagnostic in the string at its path."""
    return max(item.column - facts.document.position(path)[1], 0)


def _replaced(text: str, start: int, old: str, new: str) -> str | None:
    """Return the text with one name replaced; None if it does not stand there."""
    end = start + len(old)
    if text[start:end] != old or re.match(r"\w", text[end:]):
        return None
    return text[:start] + new + text[end:]


def _proposal(text: str, path: Path, start: int, old: str, new: str | None) -> Iterator[Proposal]:
    changed = None if new is None else _replaced(text, start, old, new)
    if changed is not None:
        yield Proposal(set_value(path, changed), f"{old!r} is written {new!r}")


def _problems(
    facts: Facts, item: Diagnostic, path: Path, kind: str
) -> Iterator[tuple[Site, ExpressionProblem]]:
    offset = _offset(facts, item, path)
    for site in facts.sites_at.get(path, ()):
        for problem in site.checked.problems if site.checked else ():
            if problem.kind == kind and site.column + max(problem.column - 1, 0) == offset:
                yield site, problem


@mend_rule("FL402", "a misspelt variable or function, or one as other languages call it")
def unknown_name(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one variable or function that the name is a slip of."""
    text = str(at(facts.data, path))
    for _, problem in _problems(facts, item, path, "unknown_name"):
        name = problem.name.rpartition(".")[2]
        meant = _OTHER_LANGUAGES.get(name) or only_near(name, problem.candidates)
        start = text.find(name, _offset(facts, item, path))
        yield from _proposal(text, path, start, name, meant)


@mend_rule("FL403", "a misspelt field in an expression")
def unknown_field(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one field that the name is a slip of."""
    yield from _fields(facts, item, path)


@mend_rule("FL506", "a misspelt input of the run in an expression")
def unknown_run_input(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one declared input that the name is a slip of."""
    yield from _fields(facts, item, path, facts.declared_inputs)


def _fields(
    facts: Facts, item: Diagnostic, path: Path, known: Iterable[str] = ()
) -> Iterator[Proposal]:
    text = str(at(facts.data, path))
    for _, problem in _problems(facts, item, path, "unknown_field"):
        offset = _offset(facts, item, path)
        before = _BEFORE_A_FIELD.match(text, offset)
        start = before.end() if before else offset
        meant = only_near(problem.name, known or problem.candidates)
        yield from _proposal(text, path, start, problem.name, meant)


@mend_rule("FL501", "a misspelt step in an expression")
def unknown_step(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one step id that the name is a slip of."""
    text = str(at(facts.data, path))
    found = _STEP.match(text, _offset(facts, item, path))
    if found is not None:
        name = found.group(1)
        yield from _proposal(text, path, found.start(1), name, only_near(name, facts.tree.by_id))
