"""The registry of rules that mend, as that of the checks: a code, a function, one line each.

A rule only proposes. ``verification.mending`` takes a proposal if the verifier then finds fewer
errors, none of them of a new code, and nothing else in the document has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeAlias

from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts
from flowloom.workflow.edits import Change, SetValue, UnsetValue
from flowloom.workflow.path import Path, format_path

__all__ = [
    "MEND_MODULES",
    "MendRule",
    "Proposal",
    "Propose",
    "mend_rule",
    "mend_rules",
    "renamed",
    "set_value",
    "unset_value",
]

MEND_MODULES = ("keys", "components", "inputs", "names", "syntax", "templates", "ids")
"""The modules of ``flowloom.verification.mends`` that hold rules, in the order of their trial."""


@dataclass(frozen=True)
class Proposal:
    """Changes that would mend one slip, and what they do in words."""

    changes: tuple[Change, ...]
    message: str


Propose: TypeAlias = Callable[[Facts, Diagnostic, Path], Iterator[Proposal]]


@dataclass(frozen=True)
class MendRule:
    """One rule.

    Attributes:
        code: the code of the diagnostics that it mends.
        summary: one line that says what it mends.
        propose: yields proposals for one diagnostic at a path, best first.
    """

    code: str
    summary: str
    propose: Propose = field(repr=False)


_RULES: dict[str, list[MendRule]] = {}
_loaded: list[str] = []


def mend_rule(code: str, summary: str) -> Callable[[Propose], Propose]:
    """Register a function as a rule for a code; one code may have several rules."""

    def register(propose: Propose) -> Propose:
        _RULES.setdefault(code, []).append(MendRule(code, summary, propose))
        return propose

    return register


def mend_rules() -> Mapping[str, Sequence[MendRule]]:
    """Return the rules by code, in order."""
    if not _loaded:
        for name in MEND_MODULES:
            import_module(f"flowloom.verification.mends.{name}")
        _loaded.extend(MEND_MODULES)
    return dict(sorted(_RULES.items()))


def set_value(path: Path, value: Any) -> tuple[Change, ...]:
    """Return the change that sets the value at a path."""
    return (SetValue(path=format_path(path), value=value),)


def unset_value(path: Path) -> tuple[Change, ...]:
    """Return the change that removes the value at a path."""
    return (UnsetValue(path=format_path(path)),)


def renamed(path: Path, value: Any, *new: str | int) -> tuple[Change, ...]:
    """Return the changes that move a value to ``new``, which is relative to what holds it."""
    return (*unset_value(path), *set_value((*path[:-1], *new), value))
