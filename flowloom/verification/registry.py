"""The registry of checks: each is a small function with a code, a severity and an example.

The page ``docs/diagnostics.md`` is generated from here, and a test runs every example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from flowloom.verification.diagnostic import Mender, Severity
from flowloom.verification.facts import Facts, Finding

__all__ = ["CHECK_MODULES", "Check", "Level", "Rule", "check", "checks_on", "rule", "rules"]

Level: TypeAlias = Literal["document", "node", "use", "site", "run"]
T = TypeVar("T")

CHECK_MODULES = (
    "shape",
    "declared_inputs",
    "components",
    "inputs",
    "input_groups",
    "expressions",
    "constants",
    "references",
    "outputs",
    "control_flow",
    "conditions",
    "writes",
    "runs",
    "safety",
    "effects",
    "taint",
    "addresses",
    "privacy",
    "faithfulness",
    "requested",
    "unasked_changes",
    "unnamed",
    "dry_run",
)
"""The modules of ``flowloom.verification.checks``, in the order in which their checks run."""


@dataclass(frozen=True)
class Rule:
    """What one code means.

    Attributes:
        code: ``FL`` and three digits; the first is the group.
        summary: one line that explains it.
        example: a small workflow (YAML) that triggers it, checked by a test with the catalog of
            ``flowloom.verification.examples``.
        mender: who can mend it, unless a finding says otherwise.
    """

    code: str
    severity: Severity
    summary: str
    example: str
    mender: Mender = "generator"


@dataclass(frozen=True)
class Check(Generic[T]):
    """One check function, the codes it may give, and what it looks at."""

    level: Level
    codes: tuple[str, ...]
    run: Callable[[Facts, T], Iterable[Finding]] = field(repr=False)


_RULES: dict[str, Rule] = {}
_CHECKS: dict[Level, list[Check[Any]]] = {
    "document": [],
    "node": [],
    "use": [],
    "site": [],
    "run": [],
}
_loaded: list[str] = []


def rule(
    code: str, severity: Severity, summary: str, *, example: str, mender: Mender = "generator"
) -> str:
    """Register what a code means and return the code.

    Raises:
        ValueError: the code is registered already.
    """
    if code in _RULES:
        raise ValueError(f"the code {code!r} is registered twice")
    _RULES[code] = Rule(code, severity, summary, example.strip("\n") + "\n", mender)
    return code


def check(
    level: Level, codes: Sequence[str]
) -> Callable[[Callable[[Facts, T], Iterable[Finding]]], Callable[[Facts, T], Iterable[Finding]]]:
    """Register a check function for a level of the document.

    Args:
        level: what it is called for: once for the ``document``, for each step (``node``), each
            use of a component (``use``) or each expression (``site``), or once for a document
            that has no error so far (``run``).
        codes: the codes of its findings.
    """

    def register(
        run: Callable[[Facts, T], Iterable[Finding]],
    ) -> Callable[[Facts, T], Iterable[Finding]]:
        _CHECKS[level].append(Check(level, tuple(codes), run))
        return run

    return register


def _load() -> None:
    if not _loaded:
        for name in CHECK_MODULES:
            import_module(f"flowloom.verification.checks.{name}")
        _loaded.extend(CHECK_MODULES)


def rules() -> dict[str, Rule]:
    """Return every code in order, with what it means."""
    _load()
    return dict(sorted(_RULES.items()))


def checks_on(level: Level) -> Sequence[Check[Any]]:
    """Return the checks of one level, in order."""
    _load()
    return _CHECKS[level]
