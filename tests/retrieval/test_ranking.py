"""Fusion, routing and producers: the pure parts of a search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.fusion import combine_parts, fuse, relative_dense, relative_lexical
from flowloom.retrieval.lexical import Analyzer, top
from flowloom.retrieval.producers import needed_objects, producer_table
from flowloom.retrieval.routing import Alias, aliases, limit_per_provider, named
from tests.retrieval.stand_ins import CATALOG


def _array(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def test_relative_scores_by_hand() -> None:
    dense = relative_dense(4, np.array([2, 0, 3]), _array(0.9, 0.7, 0.5))
    assert dense == pytest.approx([0.5, 0, 1, 0])
    lexical = relative_lexical(_array(0, 4, 2, 0))
    assert lexical == pytest.approx([0, 1, 0.5, 0])
    assert fuse(dense, lexical) == pytest.approx([0.25, 0.5, 0.75, 0])
    assert relative_lexical(_array(0, 0)) == pytest.approx([0, 0])


def test_the_best_part_counts_not_the_sum_of_parts() -> None:
    whole = _array(0.5, 0.5)
    scores = combine_parts(whole, [_array(0.9, 0.6), _array(0, 0.6), _array(0, 0.6)])
    assert scores[0] > scores[1]
    assert combine_parts(whole, []) is whole


def test_top_is_sorted_and_ties_keep_their_order() -> None:
    assert list(top(_array(1, 3, 3, 2), 3)) == [1, 2, 3]
    assert list(top(_array(1, 3), 9)) == [1, 0]


def _named(text: str) -> set[str]:
    known = {alias.words: alias for alias in aliases([*CATALOG, *_ORDINARY])}

    def find(phrases: Sequence[str]) -> list[Alias]:
        return [known[phrase] for phrase in phrases if phrase in known]

    return {alias.words for alias in named(text, find)}


_ORDINARY = [
    Entry(f"x{at}", "Roster", description="All teams of a league", provider=f"League{at}")
    for at in range(3)
] + [Entry("monday.items", "List items", "monday.com", provider="monday.com")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("post it in Slack", {"slack"}),
        ("post it to slack please", {"slack"}),
        ("notify the teams about it", set[str]()),
        ("post it in teams", {"teams"}),
        ("tell Teams about it", {"teams"}),
        ("post it with Microsoft Teams", {"microsoft teams"}),
        ("list the items of monday.com", {"monday com"}),
        ("filter a list", set[str]()),
    ],
)
def test_services_that_a_request_names(text: str, found: set[str]) -> None:
    assert _named(text) == found


def test_a_provider_does_not_fill_the_list() -> None:
    provider = {1: "a", 2: "a", 3: "a", 4: "b", 5: "", 6: "", 7: ""}
    ranked = limit_per_provider([1, 2, 3, 4, 5, 6, 7], provider.__getitem__, 2)
    assert ranked == [1, 2, 4, 5, 6, 7, 3]


def test_ids_are_needed_and_names_are_not() -> None:
    analyzer = Analyzer()
    entry = Entry("a", "GET /people/{id}/films/{film_id}/{name}", requires=("tagId", "text"))
    assert needed_objects(entry, analyzer) == set(analyzer.stems("people film tag"))


def test_the_producer_searches_or_lists_the_object_at_the_same_provider() -> None:
    analyzer = Analyzer()
    other = Entry("other.mine", "List playlists", provider="Deezer")
    table = producer_table([*CATALOG, other], analyzer)
    (producer,) = table["Spotify", analyzer.stems("playlist")[0]]
    assert CATALOG[producer.position].id == "spotify.mine"
