"""Our own cases: requests over the built-in catalog, each with the workflow that it should give.

``matches`` says what a workflow differs in from what a case expects; ``judge`` says the same of a
whole result. How the cases were made and what exact means: ``cases/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ruamel.yaml import YAML

from flowloom.catalog.catalog import Catalog
from tests.offline.own_case_expressions import references
from tests.offline.own_case_form import Defaults, normal_workflow, positions

__all__ = ["HALVES", "Case", "Half", "defaults_of", "judge", "matches", "read_half"]

Half: TypeAlias = Literal["development", "measure"]
HALVES: tuple[Half, ...] = ("development", "measure")
FOLDER = Path(__file__).parent / "cases"

_ONLY_IF_EXPECTED = frozenset({"to", "outputs"})


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


def defaults_of(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """Return the default of each input that has one, by component."""
    return {
        component.id: {
            name: schema["default"]
            for name, schema in component.inputs.items()
            if "default" in schema
        }
        for component in catalog
    }


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
    found = [_differences(want, got, case.free, defaults) for want in case.accepted]
    return min(found, key=len, default=["no workflow is expected"])


def _differences(
    want: dict[str, Any], got: dict[str, Any], free: Sequence[str], defaults: Defaults | None
) -> list[str]:
    free_places = _free_places(want, free)
    asked = frozenset(place for place, key in free_places if key == "choices")
    left, right = (
        normal_workflow(item, questions=asked, defaults=defaults) for item in (want, got)
    )
    return list(_compare("", left, right, frozenset(free_places)))


def _free_places(want: dict[str, Any], free: Sequence[str]) -> list[tuple[str, str]]:
    places = {**positions(want), "trigger": "trigger"}
    parts = [entry.split(".", 1) for entry in free]
    return [(places[step], key) for step, key in parts if step in places]


def _compare(path: str, want: Any, got: Any, free: frozenset[tuple[str, str]]) -> Iterator[str]:
    if isinstance(want, dict) and isinstance(got, dict):
        yield from _compare_keys(path, want, got, free)
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path}: expected {len(want)} entries, got {len(got)}: {_short(got)}"
            return
        for index, (one, other) in enumerate(zip(want, got, strict=True)):
            yield from _compare(f"{path}[{index}]", one, other, free)
    elif want != got:
        yield f"{path}: expected {_short(want)}, got {_short(got)}"


def _compare_keys(
    path: str, want: dict[str, Any], got: dict[str, Any], free: frozenset[tuple[str, str]]
) -> Iterator[str]:
    place = str(want.get("place", ""))
    for key in dict.fromkeys([*want, *got]):
        here = f"{path}.{key}".lstrip(".")
        left, right = want.get(key), got.get(key)
        if key == "place" or (key in _ONLY_IF_EXPECTED and key not in want):
            continue
        if (place, key) in free:
            yield from _lost_references(here, left, right)
        elif key == "with" and place and left is not None and right is not None:
            yield from _compare_inputs(here, place, left, right, free)
        elif key == "retry" and left and right:
            yield from _compare(here, left, {name: right.get(name) for name in left}, free)
        else:
            yield from _compare(here, left, right, free)


def _compare_inputs(
    path: str,
    place: str,
    want: dict[str, Any],
    got: dict[str, Any],
    free: frozenset[tuple[str, str]],
) -> Iterator[str]:
    for name in sorted({*want, *got}):
        here = f"{path}.{name}"
        if (place, name) in free:
            yield from _lost_references(here, want.get(name), got.get(name))
        elif name not in want:
            yield f"{here}: not asked for, got {_short(got[name])}"
        elif name not in got:
            yield f"{here}: expected {_short(want[name])}, it is missing"
        elif want[name] != got[name]:
            yield f"{here}: expected {_short(want[name])}, got {_short(got[name])}"


def _lost_references(path: str, want: Any, got: Any) -> Iterator[str]:
    lost = _references_in(want) - _references_in(got)
    if lost:
        yield f"{path}: expected a reference to {', '.join(sorted(lost))}, got {_short(got)}"


def _references_in(value: Any) -> frozenset[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return frozenset[str]().union(*(_references_in(item) for item in value))
    if not isinstance(value, str) or "${{" not in value:
        return frozenset()
    inner = (part.split(" }}")[0] for part in value.split("${{ ")[1:])
    return frozenset[str]().union(*(references(text) for text in inner))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:157]}..."
