"""Producers: where the ids come from that a component needs.

Nobody says "playlist 37i9dQ" in a request: a component that takes a ``playlist_id`` is of use only
beside one that finds the playlist. So each object whose id a good candidate needs draws in the
component of the same provider that searches, lists or gets that object.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.lexical import Analyzer
from flowloom.retrieval.verbs import METHOD_PATH, entry_action

__all__ = ["Producer", "needed_objects", "producer_table"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ID_WORDS = frozenset({"id", "ids", "uuid", "guid", "key"})
_SEARCH = frozenset({"search", "find", "lookup", "query"})
_LIST = frozenset({"list", "browse", "all"})
_KEPT = 8


class Producer(NamedTuple):
    """A component that gives ids of an object, and how sure that is (0 to 1)."""

    position: int
    strength: float


def needed_objects(entry: Entry, analyzer: Analyzer) -> set[str]:
    """Stems of the objects whose ids the entry requires: by input name or path parameter."""
    found = {item for name in entry.requires for item in _object_of(name, "", analyzer)}
    path = METHOD_PATH.search(entry.name)
    if path:
        segments = path.group(2).split("/")
        for before, segment in zip(["", *segments], segments, strict=False):
            for name in _PLACEHOLDER.findall(segment):
                found.update(_object_of(name, before, analyzer))
    return found


def _object_of(name: str, before: str, analyzer: Analyzer) -> Iterator[str]:
    """``movie_id`` -> movi; a bare ``id`` is named by the path segment before it."""
    terms = analyzer.stems(name)
    if not terms or terms[-1] not in _ID_WORDS:
        return
    owner = terms[:-1] or analyzer.stems(_PLACEHOLDER.sub(" ", before))
    yield from owner[-1:]


def producer_table(
    entries: Iterable[Entry], analyzer: Analyzer
) -> dict[tuple[str, str], list[Producer]]:
    """For each provider and object that some entry needs, its best producers."""
    listed = list(entries)
    needs = [needed_objects(entry, analyzer) for entry in listed]
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry, objects in zip(listed, needs, strict=True):
        wanted[entry.provider].update(objects)
    table: defaultdict[tuple[str, str], list[Producer]] = defaultdict(list)
    for position, (entry, own) in enumerate(zip(listed, needs, strict=True)):
        offered = wanted[entry.provider] - own
        for item, strength in _strengths(entry, offered, bool(own), analyzer):
            table[entry.provider, item].append(Producer(position, strength))
    return {key: sorted(found, key=lambda p: -p.strength)[:_KEPT] for key, found in table.items()}


def _strengths(
    entry: Entry, objects: set[str], needy: bool, analyzer: Analyzer
) -> Iterator[tuple[str, float]]:
    """How surely an entry gives the ids of each object; one that needs ids itself counts half."""
    if not objects or entry_action(entry.name) != "read":
        return
    words = set(analyzer.stems(_PLACEHOLDER.sub(" ", entry.name)))
    searches = not words.isdisjoint(analyzer.stem_set(_SEARCH))
    in_name = 1.0 if searches else 0.7 if not words.isdisjoint(analyzer.stem_set(_LIST)) else 0.5
    in_text = 0.8 if searches else 0.0
    described = set(analyzer.stems(entry.plain_description)) if searches else set[str]()
    outputs = {item for name in entry.produces for item in _object_of(name, "", analyzer)}
    for item in objects:
        strength = in_name if item in words | outputs else in_text if item in described else 0.0
        if strength:
            yield item, strength * (0.5 if needy else 1.0)
