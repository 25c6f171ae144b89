"""When a name is a slip of the pen of another one, and of no other.

Two names may be close as texts and mean the opposite (``include_x`` and ``exclude_x``, ``step1``
and ``step2``). So names are compared word by word, and digits must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["only_near", "slips"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_LONG = 8
"""Letters from which a word may have two slips."""
_SHORTEST = {"swapped": 3, "left out": 4, "wrong": 5}
"""Letters of the longer word from which one slip of a kind is a slip: get is not set."""


def only_near(name: str, candidates: Iterable[str]) -> str | None:
    """Return the one candidate that ``name`` is a slip of; None if there is none or several.

    A candidate that differs only in case and separators comes before all others.
    """
    rated: dict[str, int] = {}
    for candidate in dict.fromkeys(candidates):
        count = slips(name, candidate)
        if count is not None and candidate != name:
            rated[candidate] = count
    same = [item for item, count in rated.items() if count == 0]
    found = same or list(rated)
    return found[0] if len(found) == 1 else None


def slips(name: str, candidate: str) -> int | None:
    """Return how many letters are wrong, left out, too many or swapped; None if it is no slip."""
    mine, theirs = _words(name), _words(candidate)
    if "".join(mine) == "".join(theirs):
        return 0
    if len(mine) != len(theirs):
        # A separator is missing or too many: nothing else may be wrong.
        return None
    counts = [_in_word(one, other) for one, other in zip(mine, theirs, strict=True)]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) and sum(known) <= 2 else None


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _in_word(one: str, other: str) -> int | None:
    if one == other:
        return 0
    kind = _kind(one, other)
    # Beginnings such as in-, ex-, de- and un- turn the meaning round; email is not gmail.
    if one[0].isdigit() or (one[0] != other[0] and kind != "swapped"):
        return None
    longer = max(len(one), len(other))
    most = 2 if longer >= _LONG and one[:2] == other[:2] else 1
    count = _distance(one, other, most)
    return count if count <= most and longer >= _SHORTEST[kind] else None


def _kind(one: str, other: str) -> str:
    if len(one) != len(other):
        return "left out"
    return "swapped" if sorted(one) == sorted(other) else "wrong"


def _distance(one: str, other: str, most: int) -> int:
    """Return the distance of Damerau and Levenshtein (optimal string alignment), if small."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, target in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != target))
            swapped = row > 1 and column > 1 and one[row - 2] == target
            if swapped and other[column - 2] == letter:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]
