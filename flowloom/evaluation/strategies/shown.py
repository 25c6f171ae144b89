"""Which of the candidates a prompt really shows."""

from __future__ import annotations

from itertools import zip_longest

from flowloom.agents.generator import candidates_text
from flowloom.roles import Candidates

__all__ = ["COMPONENT_TOKENS", "CandidateTexts", "shown_ids"]

COMPONENT_TOKENS = 8_000
"""As much as the agents' generator shows."""
MOST_KEPT = 200


class CandidateTexts:
    """Candidates in words, made once for the same candidates."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}

    def of(self, candidates: Candidates) -> tuple[str, tuple[str, ...]]:
        """Return the text that a prompt shows, and the ids that stand in it."""
        lists = [*candidates.by_step.items(), ("", candidates.always)]
        key = tuple(part for name, items in lists for part in (name, *(item.id for item in items)))
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            text = candidates_text(candidates, COMPONENT_TOKENS)
            self._kept[key] = text, shown_ids(candidates, text)
        return self._kept[key]


def shown_ids(candidates: Candidates, text: str) -> tuple[str, ...]:
    """Return the ids that stand in the text made of the candidates: the found ones best first.

    Of several searches the first of each come before the second of each; what is shown to every
    request (control flow, transforms) comes last.
    """
    heads = {line.partition(" | ")[0] for line in text.splitlines() if " | " in line}
    columns = zip_longest(*candidates.by_step.values())
    found = [item for column in columns for item in column if item is not None]
    order = dict.fromkeys(item.id for item in (*found, *candidates.always))
    return tuple(name for name in order if name in heads)
