"""ROUGE-L and BLEU between two descriptions: an extra; words alike do not make a workflow right."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["bleu", "rouge_l", "words_of"]


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return re.findall(r"\w+", text.lower())


def rouge_l(gold: str, found: str) -> float:
    """Return ROUGE-L (Lin 2004) as F1: the longest common subsequence of words."""
    one, other = words_of(gold), words_of(found)
    if not one or not other:
        return float(one == other)
    return 2 * _common_subsequence(one, other) / (len(one) + len(other))


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        above_left = 0
        for index, candidate in enumerate(other, 1):
            above = row[index]
            row[index] = above_left + 1 if word == candidate else max(above, row[index - 1])
            above_left = above
    return row[-1]


def bleu(gold: str, found: str, longest: int = 4) -> float:
    """Return sentence BLEU up to ``longest`` words (Papineni 2002) with brevity penalty.

    Counts of two words and more are smoothed by one (Lin and Och 2004), so that a short sentence
    without a common group of four words is not 0.
    """
    one, other = words_of(gold), words_of(found)
    if not one or not other:
        return float(one == other)
    logs = 0.0
    for n in range(1, longest + 1):
        wanted, given = _groups(one, n), _groups(other, n)
        smooth = int(n > 1)
        shared = (wanted & given).total() + smooth
        if not shared:
            return 0.0
        logs += math.log(shared / (given.total() + smooth))
    brevity = min(0.0, 1 - len(one) / len(other))
    return math.exp(logs / longest + brevity)


def _groups(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))
