"""Fourth stage: the component for an action, by verb, object, service and what came before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache

from flowloom.catalog.catalog import Catalog
from flowloom.offline.actions import Action
from flowloom.offline.lexicon import FUNCTION_WORDS, compatible, singular, verb_class, words_of
from flowloom.offline.profile import Profile, Services, profile_of
from flowloom.retrieval.query import Hit, Query

__all__ = ["Choice", "Chooser", "Search"]

Search = Callable[[Query], Sequence[Hit]]

VERB, RELATED_VERB, NO_VERB, WRONG_VERB = 2.0, 1.5, 1.0, -20.0
HEAD, WORD, EXTRA_WORD = 3.0, 0.7, -0.5
NAMED, NOT_NAMED, RECENT, EARLIER = 4.0, -3.0, 1.6, 0.6
RANK = 1.5
LIST, NO_LIST = 0.5, -1.5
"""Where several things are retrieved: whether the component gives a list of them."""
FITTING_VALUE, NO_PLACE = 1.2, -1.0
ENOUGH = 3.4
"""A component that scores less is no answer: the step is one for a person."""

_IMPLIED = {
    "email": "email", "e-mail": "email", "mail": "email", "notify": "message", "tell": "message",
    "ping": "message", "alert": "message", "inform": "message", "message": "message",
    "text": "message", "dm": "message", "post": "message", "say": "message", "report": "message",
    "publish": "message", "share": "message", "send": "message", "announce": "message",
}  # fmt: skip
"""What the verb alone says that is sent."""


_TO_PEOPLE = frozenset(
    ["email", "e-mail", "mail", "notify", "tell", "ping", "alert", "inform", "message", "text"]
)


@dataclass(frozen=True)
class Choice:
    """The components for an action, best first; empty where none fits.

    Attributes:
        ids: what fits well enough.
        margin: how far the first stands before the second.
        why: the first one's score in words.
        service: the service that the words name, if any.
    """

    ids: tuple[str, ...] = ()
    margin: float = 0.0
    why: str = ""
    service: str = ""


@dataclass
class Chooser:
    """Chooses among the components of a catalog."""

    catalog: Catalog
    search: Search
    profiles: dict[str, Profile] = field(default_factory=dict[str, Profile])

    def __post_init__(self) -> None:
        self.profiles = {item.id: profile_of(item) for item in self.catalog}
        self.services = Services(self.catalog)
        # Planner and generator ask the same for the same request.
        self._found = lru_cache(maxsize=512)(self._search)
        self._nouns_of: dict[str, set[str]] = defaultdict(set)
        for profile in self.profiles.values():
            self._nouns_of[profile.provider] |= profile.heads
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for profile in self.profiles.values():
            for word in profile.heads | profile.objects:
                self._by_word[word].add(profile.id)

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
        action = self._spelled(action)
        own = self.mentions(action, plain)
        hits = {hit.id: hit for hit in self._found(Query(text=plain, k=30))}
        pool = {*hits, *self._worded(action)}

        def best(mentions: Mapping[str, float]) -> list[tuple[float, str, str]]:
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
        for mentions in [own] if own else _elsewhere(named, strict):
            good = [item for item in best(mentions) if item[0] >= ENOUGH]
            if good:
                return _choice(good, mentions)
        return Choice(service=max(own, key=lambda name: own[name], default=""))

    def mentions(self, action: Action, plain: str) -> dict[str, float]:
        """Return the services that the words of an action name, surely enough."""
        heads = frozenset({action.head, *action.nouns[-1:]})
        found = self.services.mentions(plain, heads=heads)
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
    ) -> list[tuple[float, str, str]]:
        """Return score, reason and id of each component of a pool that fits at all."""
        need = _Need(action, plain, mentions, providers, self.services)
        need.named_apart = named_apart
        need.nouns_of = self._nouns_of
        need.around = around
        scored: list[tuple[float, str, str]] = []
        for name in pool:
            profile = self.profiles.get(name)
            if profile is None or profile.kind == "trigger":
                continue
            score, why = need.score(profile, (hits or {}).get(name))
            fitting = shapes & profile.takes
            score += FITTING_VALUE * len(fitting) if fitting or not shapes else NO_PLACE
            scored.append((score, why, name))
        return sorted(scored, key=lambda item: (-item[0], item[2]))

    def _spelled(self, action: Action) -> Action:
        """Mend a noun that no component knows, where just one known noun is nearly the same."""
        head = action.head
        if len(head) < 5 or head in self._by_word or len(self._by_word) > 20_000:
            return action
        near = get_close_matches(head, self._by_word, n=1, cutoff=0.87)
        if not near:
            return action
        return replace(action, head=near[0], nouns=(*action.nouns[:-1], near[0]))

    def _worded(self, action: Action) -> set[str]:
        heads = _heads_of(action)
        found: set[str] = set()
        for word in heads:
            found |= self._by_word.get(word, set())
        return found if len(found) <= 2_000 else set()


def _elsewhere(named: Mapping[str, float] | None, strict: bool) -> list[dict[str, float]]:
    """The services to try for an action that names none itself."""
    found = dict(named or {})
    return [found] if found and strict else [found, {}] if found else [{}]


def _choice(good: Sequence[tuple[float, str, str]], mentions: Mapping[str, float]) -> Choice:
    margin = good[0][0] - (good[1][0] if len(good) > 1 else 0.0)
    service = max(mentions, key=lambda name: mentions[name], default="")
    return Choice(tuple(name for _, _, name in good), margin, good[0][1], service)


def _heads_of(action: Action) -> list[str]:
    """Return the nouns that may be the object, the likeliest first."""
    if action.said in _TO_PEOPLE:
        return [_IMPLIED[action.said]]  # what is governed is who gets the message
    nouns = list(action.nouns)
    heads = [action.head, "".join(nouns[-2:]), "".join(nouns)] if nouns else []
    implied = _IMPLIED.get(action.said)
    if implied:
        heads.append(implied)
    if action.pronoun and re.search(r"\b(?:csv|json|yaml|xml)\s+file\b", action.tail):
        heads.append("file")  # "save it to ⟦0⟧": the place says what is written
    if not nouns and action.pronoun:
        heads.append(action.said)  # "release it": the verb is the noun
    return list(dict.fromkeys(word for word in heads if word))


class _Need:
    """One action, ready to be held against profiles."""

    def __init__(
        self,
        action: Action,
        plain: str,
        mentions: Mapping[str, float],
        providers: Sequence[str],
        services: Services,
    ) -> None:
        self.action = action
        self.mentions = mentions
        self.providers = providers
        self.named_apart = False
        self.nouns_of: Mapping[str, set[str]] = {}
        self.around: frozenset[str] = frozenset()
        self.heads = _heads_of(action)
        self.classes = verb_class(action.verb) if action.verb else ()
        self.derived = self._derived_noun()
        said = {singular(word) for word in words_of(plain)} - FUNCTION_WORDS
        service = {word for name in mentions for word in services.words_of(name)}
        self.words = (said | set(action.nouns)) - service - {action.verb, action.said}
        people = action.said in _TO_PEOPLE
        self.object_words = set(self.heads if people else action.nouns) - service

    def _derived_noun(self) -> str:
        """The stem of a verb that is also a noun: "subscribe" for "subscription"."""
        said = self.action.said
        return said[: max(5, len(said) - 2)] if len(said) >= 6 else ""

    def score(self, profile: Profile, hit: Hit | None) -> tuple[float, str]:
        """Return how well a profile fits, and why."""
        verb = self._verb(profile)
        noun = self._object(profile)
        service = self._service(profile.provider)
        rank = RANK / hit.dense_rank**0.5 if hit and hit.dense_rank else 0.0
        by_meaning = service >= 2.0 and rank >= RANK * 0.7 and not self.named_apart
        if self.heads and self.heads[0] in self.nouns_of.get(profile.provider, ()):
            by_meaning = False  # the service has such a thing, and does not do this to it
        if self._any_channel and service <= 0:
            noun = 0.0
        if noun <= 0 and not by_meaning:
            noun = -3.0
        why = f"verb {verb:+.1f}, object {noun:+.1f}, service {service:+.1f}, meaning {rank:+.1f}"
        return verb + noun + service + rank + self._list(profile), why

    def _list(self, profile: Profile) -> float:
        many = self.action.plural and "retrieve" in self.classes
        if not many or profile.lists is None:
            return 0.0
        return LIST if profile.lists else NO_LIST

    @property
    def _any_channel(self) -> bool:
        """ "Notify the customer": nothing says by what, so no service may be guessed."""
        said = self.action.said
        return said in _TO_PEOPLE and _IMPLIED[said] == "message"

    def _verb(self, profile: Profile) -> float:
        if not self.action.said:
            return NO_VERB
        if set(self.classes) & profile.verbs:
            return VERB
        pairs = ((mine, other) for mine in self.classes for other in profile.verbs)
        if any(compatible(mine, other) for mine, other in pairs):
            return RELATED_VERB
        if self.action.verb and self.action.verb == profile.first:
            return VERB
        is_noun = self.action.said in profile.heads and self.action.pronoun
        if "create" in profile.verbs and (is_noun or self._names_by_stem(profile)):
            return VERB
        return WRONG_VERB

    def _names_by_stem(self, profile: Profile) -> bool:
        stem = self.derived
        return bool(stem) and any(head.startswith(stem) for head in profile.heads)

    def _object(self, profile: Profile) -> float:
        if "create" in profile.verbs and self._names_by_stem(profile):
            return HEAD
        position = next((i for i, word in enumerate(self.heads) if word in profile.heads), None)
        shared = self.object_words & profile.objects
        score = WORD * len(shared)
        if position is not None:
            score += HEAD if position < 3 else HEAD - 0.3
        elif (self.heads and self.heads[0] in profile.objects | profile.words) or (
            profile.kind == "transform" and self.action.verb == profile.first
        ):
            score += HEAD / 2
        elif not shared and not (self.object_words & profile.words):
            return 0.0
        tail = (self.words - self.object_words) & profile.objects
        extra = profile.objects - self.words - set(self.heads) - _service_words(profile.provider)
        extra -= self.around
        score += 0.4 * len(profile.objects & self.around - self.object_words)
        return score + 0.4 * len(tail) + max(-2.0, EXTRA_WORD * len(extra))

    def _service(self, provider: str) -> float:
        if self.mentions:
            best = max(self.mentions.values())
            share = self.mentions.get(provider, 0.0)
            return NAMED * share if share else NOT_NAMED * best if provider else 0.0
        return _context(provider, self.providers)


def _context(provider: str, providers: Sequence[str]) -> float:
    if not provider or provider not in providers:
        return 0.0
    return RECENT if provider == providers[-1] else EARLIER


def _service_words(provider: str) -> set[str]:
    return {singular(word.lower()) for word in re.findall(r"[A-Za-z0-9]+", provider)}
