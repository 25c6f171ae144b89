"""Our own cases: requests over the built-in catalog, each with the workflow that it should give.

``matches`` says what a workflow differs in from what a case expects; ``judge`` says the same of a
whole result. How the cases were made and what exact means: ``cases/README.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ruamel.yaml import YAML

from flowloom.evaluation.equality.matching import defaults_of, differences
from flowloom.evaluation.equality.normal_form import Defaults

__all__ = ["HALVES", "Case", "Half", "defaults_of", "judge", "matches", "read_half"]

Half: TypeAlias = Literal["development", "measure"]
HALVES: tuple[Half, ...] = ("development", "measure")
FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request and what it should give.

    Attributes:
        workflow: the workflow that an edit starts from; None for a new one.
        expected: the workflow that the requester would accept; None if there is none to make.
        alternatives: others that are equally right.
        statuses: the outcomes that are right; ``expected`` counts only where it is ``valid``.
        free: places whose wording is free, as step id and input name; they may also be left out.
            What they refer to is not free.
    """

    id: str
    request: str
    half: Half
    theme: str
    tags: tuple[str, ...]
    workflow: dict[str, Any] | None
    expected: dict[str, Any] | None
    alternatives: tuple[dict[str, Any], ...]
    statuses: tuple[str, ...]
    free: tuple[str, ...]

    @property
    def accepted(self) -> tuple[dict[str, Any], ...]:
        """Every workflow that is right, the expected one first."""
        return (self.expected, *self.alternatives) if self.expected else ()


def read_half(half: Half, folder: Path = FOLDER) -> list[Case]:
    """Return the cases of one half, by file name, in the order of the files."""
    return [
        _case(row, half, path.stem)
        for path in sorted((folder / half).glob("*.yaml"))
        for row in YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    ]


def _case(row: Mapping[str, Any], half: Half, theme: str) -> Case:
    return Case(
        id=row["id"],
        request=row["request"].strip(),
        half=half,
        theme=row.get("theme", theme),
        tags=tuple(row["tags"]),
        workflow=row.get("workflow"),
        expected=_named(row["id"], row.get("expected")),
        alternatives=tuple(_named(row["id"], item) or {} for item in row.get("alternatives", ())),
        statuses=tuple(row.get("statuses", ("valid",))),
        free=tuple(row.get("free", ())),
    )


def _named(name: str, workflow: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"name": name, **workflow} if workflow else None


def judge(
    status: str, got: dict[str, Any] | None, case: Case, defaults: Defaults | None = None
) -> list[str]:
    """Return what is wrong with a result; empty if it is exactly right."""
    if status not in case.statuses:
        return [f"status: expected {' or '.join(case.statuses)}, got {status}"]
    if status != "valid":
        return []
    return matches(got, case, defaults) if got else ["valid without a workflow"]


def matches(got: dict[str, Any], case: Case, defaults: Defaults | None = None) -> list[str]:
    """Return how a workflow differs from the accepted one that is nearest; empty if it is exact.

    Args:
        got: plain data of a workflow.
        defaults: the default of each input, by component; see ``defaults_of``.
    """
    return differences(got, case.accepted, case.free, defaults)
