"""The decisions of a workflow, and which of their outcomes were taken.

An outcome is a number: 0 is true, 1 is false for a condition; for a switch the case, the default
last; 0 is success, 1 failure for a ``try`` with ``catch`` and for a step with ``on_error``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowloom.workflow.models import (
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    StepBase,
    SwitchStep,
    TryStep,
    WhileStep,
)
from flowloom.workflow.path import Path

__all__ = ["Decisions"]


@dataclass(frozen=True)
class _Way:
    """One outcome that leads to a place."""

    decision: Path
    outcome: int


@dataclass
class _Decision:
    outcomes: int
    ways: tuple[_Way, ...]
    taken: set[int]


class Decisions:
    """All decisions of a workflow, open until every outcome was taken."""

    def __init__(self, steps: Block) -> None:
        self._known: dict[Path, _Decision] = {}
        self._open_behind: dict[_Way, int] = {}
        self.open = 0
        self._read(steps, ("steps",), ())

    def __contains__(self, path: Path) -> bool:
        return path in self._known

    def choose(self, path: Path, natural: int) -> int:
        """Return an outcome that was not taken, or leads to such, else the natural one."""
        known = self._known[path]
        outcomes = range(known.outcomes)
        fresh = [item for item in outcomes if item not in known.taken]
        behind = [item for item in outcomes if self._open_behind.get(_Way(path, item))]
        for wanted in (fresh, behind):
            if wanted:
                return natural if natural in wanted else wanted[0]
        return natural

    def take(self, path: Path, outcome: int) -> None:
        """Remember that an outcome was taken."""
        known = self._known[path]
        if outcome in known.taken:
            return
        known.taken.add(outcome)
        self.open -= 1
        for way in known.ways:
            self._open_behind[way] -= 1

    def _add(self, path: Path, outcomes: int, ways: tuple[_Way, ...]) -> None:
        self._known[path] = _Decision(outcomes, ways, set())
        self.open += outcomes
        for way in ways:
            self._open_behind[way] = self._open_behind.get(way, 0) + outcomes

    def _read(self, steps: Block, path: Path, ways: tuple[_Way, ...]) -> None:
        for index, step in enumerate(steps):
            for block, place, more in self._blocks(step, (*path, index), ways):
                self._read(block, place, more)

    def _blocks(
        self, step: StepBase, path: Path, ways: tuple[_Way, ...]
    ) -> Iterator[tuple[Block, Path, tuple[_Way, ...]]]:
        match step:
            case CallStep(on_error="continue"):
                self._add((*path, "on_error"), 2, ways)
            case IfStep():
                yield from self._branches(step, path, ways)
            case SwitchStep():
                place = (*path, "switch")
                self._add(place, len(step.cases) + 1, ways)
                for index, case in enumerate(step.cases):
                    yield case.do, (*path, "cases", index, "do"), (*ways, _Way(place, index))
                yield step.default, (*path, "default"), (*ways, _Way(place, len(step.cases)))
            case WhileStep():
                place = (*path, "while")
                self._add(place, 2, ways)
                yield step.do, (*path, "do"), (*ways, _Way(place, 0))
            case ForEachStep():
                yield step.do, (*path, "do"), ways
            case ParallelStep():
                for index, branch in enumerate(step.parallel):
                    yield branch, (*path, "parallel", index), ways
            case TryStep():
                yield from self._tried(step, path, ways)
            case _:
                return

    def _branches(
        self, step: IfStep, path: Path, ways: tuple[_Way, ...]
    ) -> Iterator[tuple[Block, Path, tuple[_Way, ...]]]:
        conditions = [((*path, "if"), (*path, "then"), step.then)]
        for index, branch in enumerate(step.elif_):
            here = (*path, "elif", index)
            conditions.append(((*here, "if"), (*here, "then"), branch.then))
        for place, inner, block in conditions:
            self._add(place, 2, ways)
            yield block, inner, (*ways, _Way(place, 0))
            ways = (*ways, _Way(place, 1))
        yield step.else_, (*path, "else"), ways

    def _tried(
        self, step: TryStep, path: Path, ways: tuple[_Way, ...]
    ) -> Iterator[tuple[Block, Path, tuple[_Way, ...]]]:
        place = (*path, "try")
        if step.catch and any(map(_may_fail, step.try_)):
            self._add(place, 2, ways)
            yield step.catch, (*path, "catch"), (*ways, _Way(place, 1))
        yield step.try_, place, ways
        yield step.finally_, (*path, "finally"), ways


def _may_fail(step: StepBase) -> bool:
    return isinstance(step, CallStep) and step.on_error == "fail"
