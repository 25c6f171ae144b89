"""Which codes are reported: ``--select`` and ``--ignore`` with prefixes, as linters have them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flowloom.errors import UserError, nearest

__all__ = ["Selection", "selection_of"]


@dataclass(frozen=True)
class Selection:
    """The codes that are left out.

    Attributes:
        left_out: codes that were not selected, or ignored.
        reported: all others.
    """

    reported: frozenset[str]
    left_out: frozenset[str] = frozenset()


def selection_of(select: Iterable[str], ignore: Iterable[str], known: Collection[str]) -> Selection:
    """Return what is reported; of two prefixes that fit a code, the longer one counts.

    Args:
        select, ignore: codes or beginnings of codes (``FL4``), several in one with commas.
        known: every code.

    Raises:
        UserError: no code begins so.
    """
    wanted, unwanted = _prefixes(select, known), _prefixes(ignore, known)
    left_out = {
        code
        for code in known
        if (wanted and not _longest(code, wanted))
        or (_longest(code, unwanted) and _longest(code, unwanted) >= _longest(code, wanted))
    }
    return Selection(frozenset(known) - left_out, frozenset(left_out))


def _prefixes(texts: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    found = tuple(part.strip().upper() for text in texts for part in text.split(","))
    for prefix in found:
        if not prefix or not any(code.startswith(prefix) for code in known):
            raise UserError(
                f"There is no code {prefix!r}.",
                hint=nearest(prefix, known) or "The codes are in docs/diagnostics.md.",
            )
    return found


def _longest(code: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)
