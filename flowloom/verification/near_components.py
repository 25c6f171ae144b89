"""Components near to a name that the catalog does not have: by spelling, and by what it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from weakref import WeakKeyDictionary

from flowloom.catalog.catalog import Catalog

__all__ = ["near_components"]

MOST = 5
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_COMMON = 0.2
"""Share of a catalog from which on a word says nothing, unless the catalog is small."""
_SMALL = 50
_SHARED = 400
"""Components at most whose spelling is compared."""


class _Words:
    """Which components have a word in their id, and which in title or keywords only."""

    def __init__(self, catalog: Catalog) -> None:
        self.ids = catalog.ids
        self.in_id: dict[str, list[str]] = defaultdict(list)
        self.in_text: dict[str, list[str]] = defaultdict(list)
        self.counts: dict[str, int] = {}
        for component in catalog:
            own = set(_words(component.id))
            self.counts[component.id] = len(own)
            for word in own:
                self.in_id[word].append(component.id)
            for word in set(_words(" ".join((component.title, *component.keywords)))) - own:
                self.in_text[word].append(component.id)


_KNOWN: WeakKeyDictionary[Catalog, _Words] = WeakKeyDictionary()


def near_components(catalog: Catalog, name: str) -> tuple[str, ...]:
    """Return ids near to a name, best first.

    Close spellings come first; then those that share the name's words, wherever they stand in it
    (``github.create_issue`` and ``github.issues.create``), in titles and keywords too.
    """
    words = _KNOWN.get(catalog)
    if words is None:
        words = _KNOWN[catalog] = _Words(catalog)
    wanted = list(dict.fromkeys(_words(name)))
    rated = _rated(words, wanted)
    pool = words.ids
    if len(pool) > _SHARED:
        pool = tuple(rated)[:_SHARED] or pool[:_SHARED]
    spelt = get_close_matches(name, pool, n=MOST, cutoff=0.6)
    said = [item for item, share in rated.items() if share >= 0.5]
    sure = [item for item in said if rated[item] >= 0.99]
    slips = [item for item in spelt if item in get_close_matches(name, spelt, n=1, cutoff=0.85)]
    return tuple(dict.fromkeys([*slips, *sure, *spelt, *said]))[:MOST]


def _rated(words: _Words, wanted: list[str]) -> dict[str, float]:
    """Return components with the share of the wanted words that they have, best first."""
    points: defaultdict[str, float] = defaultdict(float)
    most = len(words.ids) * _COMMON if len(words.ids) > _SMALL else len(words.ids)
    for word in wanted:
        for found, weight in ((words.in_id, 1.0), (words.in_text, 0.6)):
            listed = found.get(word, ())
            if len(listed) <= most:
                for item in listed:
                    points[item] += weight
    share = {item: count / max(1, len(wanted)) for item, count in points.items()}
    order = sorted(share, key=lambda item: (-share[item], words.counts[item], item))
    return {item: share[item] for item in order}


def _words(text: str) -> Iterable[str]:
    """Yield the words of a name or text in small letters, without the s of a plural."""
    for word in _WORD.findall(text):
        lower = word.lower()
        plural = len(lower) > 3 and lower.endswith("s") and not lower.endswith("ss")
        yield lower[:-1] if plural else lower
