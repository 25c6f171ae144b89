"""Which worked examples a prompt shows: fixed, random, similar to the request, or diverse too."""

from __future__ import annotations

import random
from collections.abc import Sequence

from flowloom.evaluation.cases import Case
from flowloom.evaluation.metrics.matching import Likeness, word_cosine
from flowloom.evaluation.strategies.names import Choice

__all__ = ["chosen_examples", "usable_examples"]

_BALANCE = 0.5


def usable_examples(case: Case, pool: Sequence[Case]) -> list[Case]:
    """Return what may be shown for a case: of its kind, in English, and never its own answer."""
    return [
        item
        for item in pool
        if (item.gold is not None or item.reference)
        and (item.scoring == "outline") == (case.scoring == "outline")
        and item.cluster != case.cluster
        and item.request != case.request
        and item.is_edit == case.is_edit
        and item.language == "en"
    ]


def chosen_examples(
    case: Case,
    pool: Sequence[Case],
    count: int,
    choice: Choice,
    *,
    likeness: Likeness = word_cosine,
    seed: int = 0,
) -> list[Case]:
    """Return ``count`` examples for a case, or as many as there are.

    Args:
        choice: ``fixed``: spread evenly over the pool, the same for every case of a kind;
            ``random``: drawn by seed and case; ``similar``: those with the likest requests, the
            likest last, next to the request; ``diverse``: like the request and unlike each other
            (maximal marginal relevance, Carbonell and Goldstein 1998, both sides with weight 0.5).
    """
    usable = usable_examples(case, pool)
    count = min(count, len(usable))
    if choice == "random":
        return random.Random(f"{seed} {case.id}").sample(usable, count)
    if choice == "similar":
        ranked = sorted(usable, key=lambda item: -likeness(case.request, item.request))
        return ranked[:count][::-1]
    if choice == "diverse":
        return _diverse(case, usable, count, likeness)[::-1]
    return [usable[index * len(usable) // count] for index in range(count)]


def _diverse(case: Case, usable: list[Case], count: int, likeness: Likeness) -> list[Case]:
    near = {item.id: likeness(case.request, item.request) for item in usable}
    # The likeness to what is chosen already; raised by each new one, never counted anew.
    told = dict.fromkeys(near, 0.0)
    chosen: list[Case] = []
    for _ in range(count):
        left = [item for item in usable if item not in chosen]
        best = max(left, key=lambda item: _BALANCE * near[item.id] - _BALANCE * told[item.id])
        chosen.append(best)
        for item in left:
            told[item.id] = max(told[item.id], likeness(best.request, item.request))
    return chosen
