"""Fourth stage: the component for an action, by verb, object, service and what came before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.fitting import Need
from flowloom.offline.choosing.profile import Profile, Services, profile_of
from flowloom.offline.choosing.weights import ENOUGH, Fit
from flowloom.offline.planning.actions import Action
from flowloom.offline.reading.governed import governed
from flowloom.offline.reading.lexicon import verb_class
from flowloom.retrieval.query import Hit, Query

__all__ = ["DOUBTFUL", "Choice", "Chooser", "Search"]

Search = Callable[[Query], Sequence[Hit]]

SHOWN = 8
DOUBTFUL = 1.0
"""Services whose components stand nearer than this are asked about."""


@dataclass(frozen=True)
class Choice:
    """The components for an action, best first; empty where none fits.

    Attributes:
        ids: what fits well enough.
        margin: how far the first stands before the second.
        why: the first one's score in words.
        service: the service that the words name, if any.
        rivals: the services between which neither words nor conversation decide.
        fits: what the best scored, whether they are good enough or not.
    """

    ids: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    margin: float = 0.0
    why: str = ""
    service: str = ""
    fits: tuple[Fit, ...] = ()


@dataclass
class Chooser:
    """Chooses among the components of a catalog."""

    catalog: Catalog
    search: Search
    profiles: dict[str, Profile] = field(default_factory=dict[str, Profile])

    def __post_init__(self) -> None:
        self.profiles = {item.id: profile_of(item) for item in self.catalog}
        self.services = Services(self.catalog)
        # Planner and generator, and each reading of a request, ask for the same again.
        self._chosen = lru_cache(maxsize=512)(self._choose)
        self._found = lru_cache(maxsize=512)(self._search)
        self._named = lru_cache(maxsize=512)(self._mentioned)
        self._nouns_of: dict[str, set[str]] = defaultdict(set)
        for profile in self.profiles.values():
            self._nouns_of[profile.provider] |= profile.heads
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for profile in self.profiles.values():
            for word in profile.heads | profile.objects:
                self._by_word[word].add(profile.id)

    def _mentioned(self, text: str, heads: frozenset[str]) -> dict[str, float]:
        return self.services.mentions(text, heads=heads)

    def _search(self, query: Query) -> tuple[Hit, ...]:
        return tuple(self.search(query))

    def choose(
        self,
        action: Action,
        plain: str,
        *,
        providers: Sequence[str] = (),
        named: Mapping[str, float] | None = None,
        shapes: frozenset[str] = frozenset(),
        around: frozenset[str] = frozenset(),
        strict: bool = False,
    ) -> Choice:
        """Return the components for an action.

        Args:
            plain: its words without quotes.
            providers: the services used before it, the latest last.
            around: nouns that the words before spoke of.
            strict: whether what ``named`` names is surely the service of this action too.
            shapes: what the values in the words look like.
            named: services that its sentence names elsewhere, for coordinated actions.
        """
        elsewhere = tuple(sorted((named or {}).items()))
        used = tuple(dict.fromkeys(reversed(providers)))[::-1]
        return self._chosen(action, plain, used, elsewhere, shapes, around, strict)

    def _choose(
        self,
        action: Action,
        plain: str,
        providers: tuple[str, ...],
        elsewhere: tuple[tuple[str, float], ...],
        shapes: frozenset[str],
        around: frozenset[str],
        strict: bool,
    ) -> Choice:
        named = dict(elsewhere)
        action = self._spelled(action)
        own = self.mentions(action, plain)
        words = _resolved(action, plain)
        hits = {hit.id: hit for hit in self._found(Query(text=words, k=50))}
        pool = {*hits, *self._worded(action, shapes)}

        def best(mentions: Mapping[str, float]) -> list[Fit]:
            return self.rank(
                action,
                plain,
                pool,
                mentions=mentions,
                providers=providers,
                hits=hits,
                shapes=shapes,
                named_apart=not own and bool(mentions),
                around=around,
            )

        # A service that a neighbour names counts, unless it has nothing of this kind.
        ranked: list[Fit] = []
        for mentions in [own] if own else _elsewhere(named, strict):
            ranked = best(mentions)
            good = [item for item in ranked if item.score >= ENOUGH]
            if good:
                rivals = () if mentions else self._rivals(good, providers)
                return _choice(good, mentions, rivals)
        service = max(own, key=lambda name: own[name], default="")
        return Choice(service=service, fits=tuple(ranked[:SHOWN]))

    def _rivals(self, good: Sequence[Fit], providers: Sequence[str]) -> tuple[str, ...]:
        """The services that do it equally well, where nothing says which is meant."""
        best = self.profiles[good[0].id].provider
        if not best or best in providers:
            return ()
        # What takes a value that the other has no place for is meant: a repository, a channel.
        close = (
            fit
            for fit in good
            if good[0].score - fit.score < DOUBTFUL and good[0].rest - fit.rest < 2 * DOUBTFUL
        )
        found = list(dict.fromkeys(self.profiles[fit.id].provider for fit in close))
        return tuple(found) if len(found) > 1 and "" not in found else ()

    def mentions(self, action: Action, plain: str) -> dict[str, float]:
        """Return the services that the words of an action name, surely enough."""
        heads = frozenset({action.head, *action.nouns[-1:]})
        begins = bool(action.verb) and plain.lower().startswith(action.said)
        # "Share" is a verb, not the beginning of a name.
        found = self._named(plain[len(action.said) :] if begins else plain, heads)
        return {name: share for name, share in found.items() if share >= 0.3}

    def rank(
        self,
        action: Action,
        plain: str,
        pool: Iterable[str],
        *,
        mentions: Mapping[str, float],
        providers: Sequence[str] = (),
        hits: Mapping[str, Hit] | None = None,
        shapes: frozenset[str] = frozenset(),
        named_apart: bool = False,
        around: frozenset[str] = frozenset(),
    ) -> list[Fit]:
        """Return how well each component of a pool fits, best first."""
        need = Need(
            action,
            plain,
            mentions,
            self.services,
            providers=providers,
            shapes=shapes,
            named_apart=named_apart,
            nouns_of=self._nouns_of,
            around=around,
            searched=hits is not None,
        )
        fits: list[Fit] = []
        for name in pool:
            profile = self.profiles.get(name)
            if profile is not None and profile.kind != "trigger":
                fits.append(need.fit(profile, (hits or {}).get(name)))
        return sorted(fits, key=lambda item: (-item.score, item.id))

    def _spelled(self, action: Action) -> Action:
        """Mend a noun that no component knows, where just one known noun is nearly the same."""
        head = action.head
        if len(head) < 6 or head in self._by_word or len(self._by_word) > 20_000:
            return action
        near = get_close_matches(head, self._by_word, n=1, cutoff=0.87)
        if not near:
            return action
        return replace(action, head=near[0], nouns=(*action.nouns[:-1], near[0]))

    def _worded(self, action: Action, shapes: frozenset[str]) -> set[str]:
        heads, _ = governed(action, shapes, set())
        found: set[str] = set()
        for word in heads:
            found |= self._by_word.get(word, set())
        return found if len(found) <= 2_000 else set()


def _resolved(action: Action, plain: str) -> str:
    """Put the noun for the pronoun, so that "delete it" is searched as "delete object"."""
    if "⟦" in action.text:
        # Behind the object, values are named: "with the title …, the text … and the labels …".
        plain = re.split(r",?\s+with (?:the|a|an)\s|\s,", plain, maxsplit=1)[0]
    elif "create" in verb_class(action.verb):
        # "A case with a comment": the comment is made by another component.
        plain = re.sub(r"\s+with (?:a|an)\s+\w+(?: on it)?(?=\s*$)", "", plain)
    if not (action.pronoun and action.nouns):
        return plain
    nouns = " ".join(action.nouns)
    return re.sub(r"\b(?:it|them|this|that|these|those)\b", nouns, plain, count=1)


def _elsewhere(named: Mapping[str, float] | None, strict: bool) -> list[dict[str, float]]:
    """The services to try for an action that names none itself."""
    found = dict(named or {})
    return [found] if found and strict else [found, {}] if found else [{}]


def _choice(good: Sequence[Fit], mentions: Mapping[str, float], rivals: tuple[str, ...]) -> Choice:
    margin = good[0].score - (good[1].score if len(good) > 1 else 0.0)
    service = max(mentions, key=lambda name: mentions[name], default="")
    ids = tuple(item.id for item in good)
    return Choice(ids, rivals, margin, good[0].why, service, tuple(good[:SHOWN]))
