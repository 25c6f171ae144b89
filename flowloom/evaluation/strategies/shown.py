"""Which of the candidates a prompt really shows."""

from __future__ import annotations

from itertools import zip_longest

from flowloom.roles import Candidates

__all__ = ["shown_ids"]


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
