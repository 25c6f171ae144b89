"""One search: find by meaning and by words, fuse, route to named services, add producers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from flowloom.errors import ConfigError, nearest
from flowloom.retrieval.embedder import Embedder
from flowloom.retrieval.entry import Entry
from flowloom.retrieval.fusion import (
    Scores,
    combine_parts,
    fuse,
    relative_dense,
    relative_lexical,
)
from flowloom.retrieval.lexical import top
from flowloom.retrieval.producers import needed_objects
from flowloom.retrieval.query import Hit, Query
from flowloom.retrieval.routing import limit_per_provider, named
from flowloom.retrieval.sentences import sentences
from flowloom.retrieval.snapshot import Snapshot
from flowloom.retrieval.store import Store
from flowloom.retrieval.vectors import Near, VectorIndex
from flowloom.retrieval.verbs import entry_action, text_action

__all__ = ["Searcher"]

_DEPTH = 100
_ROUTE_WEIGHT = 1.0
_PRODUCER_WEIGHT = 0.7
_PRODUCED_FOR = 10
_REWEIGHED = 50
_ACTION_WEIGHT = 0.05
_CROWDED = 5_000
_MOST_PER_PROVIDER = 3
_USUAL = 50
_REMEMBERED = 512

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of a query: what it finds, and where the services that it names are."""

    near: Near
    dense: Scores
    lexical: Scores
    scores: Scores
    scope: Positions
    places: Mapping[int, tuple[int, float]]
    """Rank (from 1) and similarity of what is near in meaning."""


class Searcher:
    """Searches one content of the index; safe to use from one thread at a time."""

    def __init__(
        self, store: Store, snapshot: Snapshot, vectors: VectorIndex, embedder: Embedder
    ) -> None:
        """Search ``snapshot`` and ``vectors``, both derived from ``store``."""
        self._store = store
        self._snapshot = snapshot
        self._vectors = vectors
        self._embedder = embedder
        self._size = len(snapshot.vectors)
        self._entries: dict[int, Entry] = {}
        self._vector_of: dict[str, Scores] = {}
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._search)

    def search(self, query: Query) -> list[Hit]:
        """The best hits of the whole request, its sentences and its steps.

        One run asks the same several times: planner, retriever and generator read the same words.
        """
        if query.boost or query.k > _DEPTH:
            return self._search(query)
        # Without boosted ids, fewer hits are the beginning of more.
        most = _USUAL if query.k > 0 and not query.steps else query.k
        found = self._remembered(replace(query, k=max(query.k, most)))
        return list(found[: max(query.k, 0)])

    def _search(self, query: Query) -> list[Hit]:
        parts = [*sentences(query.text), *(step for step in query.steps if step.strip())]
        texts = list(dict.fromkeys(text for text in (query.text, *parts) if text.strip()))
        if not texts or not self._size or query.k < 1:
            return []
        allowed = self._allowed(query.providers)
        found = self._find(texts, allowed)
        scores = combine_parts(found[0].scores, [text.scores for text in found[1:]])
        if allowed is not None:
            scores = _only(scores, allowed)
        self._prefer_stated_actions(scores, texts)
        produced = self._add_producers(scores)
        ranked = [int(at) for at in top(scores, max(_DEPTH, query.k)) if scores[at] > 0]
        scope = np.unique(np.concatenate([text.scope for text in found]))
        if self._size > _CROWDED and not len(scope) and not query.providers:
            ranked = self._spread(ranked)
        boosted = self._boosted(query.boost)
        chosen = _with_boosted(ranked, boosted, query.k)
        self._load(chosen)
        named_positions = set(scope.tolist())
        return [
            self._hit(at, float(scores[at]), found, produced, boosted, at in named_positions)
            for at in chosen
        ]

    def close(self) -> None:
        """Let go of files."""
        self._vectors.close()
        self._snapshot.features.close()

    # -- finding -------------------------------------------------------------------------

    def _find(self, texts: Sequence[str], allowed: Positions | None) -> list[_Text]:
        """Search each text; a sentence that names no service belongs to those of the request."""
        queries = self.embedded(texts)
        nears = (
            self._vectors.search(queries, _DEPTH)
            if allowed is None
            else [self._near(query, allowed) for query in queries]
        )
        general = self._scope(texts[0])
        found: list[_Text] = []
        for text, query, near in zip(texts, queries, nears, strict=True):
            dense = relative_dense(self._size, *near)
            lexical = self._snapshot.lexical.scores(text)
            if allowed is not None:
                lexical = _only(lexical, allowed)
            scores = fuse(dense, relative_lexical(lexical))
            scope = self._scope(text)
            if not len(scope) and text in texts[0]:
                scope = general
            if len(scope) and allowed is None:
                scores += _ROUTE_WEIGHT * self._within(query, lexical, scope)
            found.append(_Text(near, dense, lexical, scores, scope, _places(near)))
        return found

    def embedded(self, texts: Sequence[str]) -> Scores:
        """Return the vectors of texts; those that are new are embedded in one call."""
        known = {text: self._vector_of[text] for text in texts if text in self._vector_of}
        new = [text for text in texts if text not in known]
        if new:
            known.update(zip(new, self._embedder.embed(new), strict=True))
            self._vector_of.update(known)
            while len(self._vector_of) > _REMEMBERED:
                self._vector_of.pop(next(iter(self._vector_of)))
        return np.stack([known[text] for text in texts])

    def _within(self, query: Scores, lexical: Scores, scope: Positions) -> Scores:
        """The fused scores when only the named services' components compete."""
        dense = relative_dense(self._size, *self._near(query, scope))
        base = np.zeros(self._size, np.float32)
        base[scope] = 0.25
        return base + fuse(dense, relative_lexical(_only(lexical, scope)))

    def _near(self, query: Scores, scope: Positions) -> Near:
        """Exact nearest entries among some positions."""
        similarities = self._snapshot.vectors[scope] @ query
        best = top(similarities, _DEPTH)
        return scope[best], similarities[best]

    def _scope(self, text: str) -> Positions:
        """Positions of the components of the services that a text names."""
        found = named(text, self._snapshot.features.find_aliases)
        positions = {at for alias in found for at in alias.positions}
        return np.array(sorted(positions), np.int64)

    def _allowed(self, providers: Sequence[str]) -> Positions | None:
        if not providers:
            return None
        of_each = self._store.providers()
        unknown = [name for name in providers if name not in set(of_each)]
        if unknown:
            raise ConfigError(
                f"No component of the index has the provider {unknown[0]!r}.",
                hint=nearest(unknown[0], {name for name in of_each if name}),
            )
        wanted = set(providers)
        return np.array([at for at, name in enumerate(of_each) if name in wanted], np.int64)

    # -- ranking -------------------------------------------------------------------------

    def _add_producers(self, scores: Scores) -> dict[int, str]:
        """Raise the producers of what the best candidates need; tell for which object each is."""
        best = [int(at) for at in top(scores, _PRODUCED_FOR) if scores[at] > 0]
        self._load(best)
        highest = float(scores.max(initial=0.0))
        gains: dict[int, tuple[float, str]] = {}
        for candidate in best:
            entry = self._entries[candidate]
            needs = needed_objects(entry, self._snapshot.lexical.analyzer)
            for item, found in self._snapshot.features.producers(entry.provider, needs).items():
                rated = [
                    (p.strength * (1 + float(scores[p.position]) / highest), -p.position, p)
                    for p in found
                    if p.position != candidate and np.isfinite(scores[p.position])
                ]
                if not rated:
                    continue
                producer = max(rated)[2]
                gain = _PRODUCER_WEIGHT * producer.strength * float(scores[candidate])
                gains[producer.position] = max(
                    gains.get(producer.position, (0.0, "")), (gain, item)
                )
        for position, (gain, _) in gains.items():
            scores[position] += gain
        return {position: item for position, (_, item) in gains.items()}

    def _prefer_stated_actions(self, scores: Scores, texts: Sequence[str]) -> None:
        """Raise candidates that do what a text says: "delete" means the deleting sibling."""
        stated = {text_action(text) for text in texts} - {""}
        best = [int(at) for at in top(scores, _REWEIGHED) if scores[at] > 0] if stated else []
        self._load(best)
        for at in best:
            if entry_action(self._entries[at].name) in stated:
                scores[at] *= 1 + _ACTION_WEIGHT

    def _spread(self, ranked: list[int]) -> list[int]:
        """In a large catalog, keep one provider from filling the list."""
        self._load(ranked)
        return limit_per_provider(ranked, lambda at: self._entries[at].provider, _MOST_PER_PROVIDER)

    def _boosted(self, ids: Sequence[str]) -> set[int]:
        return set(self._store.positions(list(dict.fromkeys(ids))).values()) if ids else set()

    def _load(self, positions: Sequence[int]) -> None:
        missing = [at for at in positions if at not in self._entries]
        if missing:
            self._entries.update(self._store.at(missing))

    # -- telling -------------------------------------------------------------------------

    def _hit(
        self,
        at: int,
        score: float,
        found: Sequence[_Text],
        produced: Mapping[int, str],
        boosted: set[int],
        is_named: bool,
    ) -> Hit:
        places = [text.places[at] for text in found if at in text.places]
        dense = min((rank for rank, _ in places), default=0)
        lexical = min((r for text in found if (r := _lexical_rank(text.lexical, at))), default=0)
        entry = self._entries[at]
        reasons = [
            f"meaning {dense}" if dense else "",
            f"words {lexical}" if lexical else "",
            f"{entry.provider} is named" if is_named else "",
            f"gives the {produced[at]} id that others need" if at in produced else "",
            "in use already" if at in boosted else "",
        ]
        reason = ", ".join(part for part in reasons if part)
        similarity = max((cosine for _, cosine in places), default=0.0)
        return Hit(entry.id, max(score, 0.0), dense, lexical, reason, similarity)


def _only(scores: Scores, positions: Positions) -> Scores:
    """The scores of some positions; 0 elsewhere."""
    kept = np.zeros_like(scores)
    kept[positions] = scores[positions]
    return kept


def _with_boosted(ranked: Sequence[int], boosted: set[int], count: int) -> list[int]:
    """The first ``count`` of ``ranked``; the last give way to boosted ones not among them."""
    best = list(ranked[:count])
    order = {at: rank for rank, at in enumerate(ranked)}
    absent = sorted(boosted - set(best), key=lambda at: (order.get(at, len(order)), at))[:count]
    if not absent:
        return best
    keep = [at for at in best if at in boosted]
    room = count - len(absent) - len(keep)
    others = [at for at in best if at not in boosted][: max(room, 0)]
    kept = set(keep) | set(others)
    return [at for at in best if at in kept][:count] + absent[: count - min(len(kept), count)]


def _places(near: Near) -> dict[int, tuple[int, float]]:
    positions, cosines = near[0].tolist(), near[1].tolist()
    ranked = zip(positions, cosines, strict=True)
    return {at: (rank, round(cosine, 4)) for rank, (at, cosine) in enumerate(ranked, 1)}


def _lexical_rank(scores: Scores, at: int) -> int:
    return int((scores > scores[at]).sum()) + 1 if scores[at] > 0 else 0
