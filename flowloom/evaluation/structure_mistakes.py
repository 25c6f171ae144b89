"""Mistakes of structure: steps in another order, in another block, or with a block too few."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from flowloom.evaluation.alignment import Alignment, Pair
from flowloom.evaluation.forms import StepForm
from flowloom.evaluation.mistakes import Mistake, MistakeKind

__all__ = ["structure_mistakes"]

_CONTROL = frozenset(["if", "switch", "for_each", "while", "try", "parallel"])
_Place = tuple[str, str]


def structure_mistakes(alignment: Alignment) -> Iterator[Mistake]:
    """Yield what is wrong with order and nesting; a block's own lack is told once, at the block."""
    yield from _blocks(alignment)
    names = {pair.found.key: pair.gold.key for pair in alignment.pairs}
    known = set(names.values())
    together: dict[_Place, list[Pair]] = {}
    for pair in alignment.pairs:
        wanted, given = _place(pair.gold), _place(pair.found)
        if (wanted[0] and wanted[0] not in known) or (given[0] and given[0] not in names):
            continue
        if (names.get(given[0], ""), given[1]) == wanted:
            together.setdefault(wanted, []).append(pair)
        else:
            same_owner = names.get(given[0], "") == wanted[0]
            yield Mistake(
                kind="structure.wrong_branch" if same_owner else "structure.wrong_parent",
                step=pair.found.id,
                expected=_told(wanted),
                found=_told((names.get(given[0], ""), given[1])),
            )
    for pairs in together.values():
        yield from _order(pairs)


def _blocks(alignment: Alignment) -> Iterator[Mistake]:
    for step in alignment.missing:
        if step.kind in _CONTROL:
            kind: MistakeKind = (
                "structure.parallel_flattened"
                if step.kind == "parallel"
                else "structure.missing_dependency"
            )
            yield Mistake(kind=kind, step=step.id, expected=step.label)
    for step in alignment.extra:
        if step.kind in _CONTROL:
            yield Mistake(kind="structure.extra_dependency", step=step.id, found=step.label)


def _place(step: StepForm) -> _Place:
    return step.chain[-1] if step.chain else ("", "")


def _told(place: _Place) -> str:
    return f"{place[0]}.{place[1]}" if place[0] else "the workflow"


def _order(pairs: Sequence[Pair]) -> Iterator[Mistake]:
    """Yield the fewest steps whose moving explains the order (the rest is in order already)."""
    placed = sorted(pairs, key=lambda pair: pair.found.index)
    kept = _longest_increasing([pair.gold.index for pair in placed])
    for at, pair in enumerate(placed):
        if at not in kept:
            yield Mistake(kind="structure.order", step=pair.found.id, found=pair.found.label)


def _longest_increasing(numbers: Sequence[int]) -> frozenset[int]:
    """Return the places of a longest increasing subsequence (patience sorting)."""
    ends: list[int] = []
    places: list[int] = []
    links: dict[int, int] = {}
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        if at:
            links[place] = places[at - 1]
        ends[at : at + 1] = [number]
        places[at : at + 1] = [place]
    kept: list[int] = places[-1:]
    while kept and kept[-1] in links:
        kept.append(links[kept[-1]])
    return frozenset(kept)
