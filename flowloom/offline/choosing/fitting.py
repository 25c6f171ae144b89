"""How well one component does what one action asks for: verb, object, service and meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flowloom.offline.choosing.profile import Profile, Services
from flowloom.offline.choosing.weights import (
    BY_TYPE,
    CONDITION,
    EARLIER,
    EXTRA_WORD,
    FAR,
    FILE_FORM,
    FITTING_VALUE,
    HEAD,
    IMPLIED,
    KEYWORD,
    LIST,
    LONGER_NAME,
    MEANING,
    MEANT,
    NAMED,
    NEAR,
    NO_LIST,
    NO_OBJECT,
    NO_PLACE,
    NO_VERB,
    NOT_NAMED,
    OPERATION,
    RANK,
    RECENT,
    RELATED_VERB,
    SAID_NAME,
    SAME_VERB,
    STRANGE_VERB,
    TELLING_VALUE,
    UNSAID,
    VERB,
    WORD,
    WRONG_VERB,
    Fit,
)
from flowloom.offline.planning.actions import Action
from flowloom.offline.reading.governed import governed, implied_noun, is_to_people, is_written
from flowloom.offline.reading.lexicon import (
    FUNCTION_WORDS,
    compatible,
    singular,
    verb_class,
    words_of,
)
from flowloom.offline.reading.morphology import is_only_verb
from flowloom.retrieval.query import Hit

__all__ = ["Need"]

_CRUD = frozenset(
    ["create", "get", "list", "update", "delete", "add", "send", "post", "search", "find", "read"]
)
_A_FILE = frozenset({"path"})
_TABLES = frozenset({"csv", "json", "yaml"})
_PARTS = frozenset({"row", "item", "entry", "record", "column", "field", "line"})
_TELLING = frozenset({"channel", "email", "repository", "sql-read", "sql-write"})
_SOFT = frozenset({"retrieve", "transform", "count", "create"})
_LIGHT = frozenset({"run", "execute", "do", "make", "perform", "start", "use"})
"""Verbs that leave it to their noun what is done: "run a query"."""


@dataclass
class Need:
    """One action, ready to be held against profiles.

    Attributes:
        mentions: how surely its words name each service; ``named_apart`` whether a neighbour does.
        providers: services used before it, the latest last.
        shapes: what the values in its words look like.
        nouns_of: what each service has.
        around: nouns that the words before spoke of.
        searched: whether all components are looked at, not only those of a workflow at hand.
    """

    action: Action
    plain: str
    mentions: Mapping[str, float]
    services: Services
    providers: Sequence[str] = ()
    shapes: frozenset[str] = frozenset()
    named_apart: bool = False
    nouns_of: Mapping[str, set[str]] = field(default_factory=dict[str, "set[str]"])
    around: frozenset[str] = frozenset()
    searched: bool = True

    def __post_init__(self) -> None:
        action = self.action
        self.classes = verb_class(action.verb) if action.verb else ()
        said = action.said
        if said == "open" and self.shapes & {"path", "url"}:
            self.classes = ("retrieve",)
        if "invoke" in self.classes and "url" in self.shapes:
            self.classes = (*self.classes, "send", "retrieve")
        self.extensions = frozenset(item[1:] for item in self.shapes if item.startswith("."))
        self.shapes = frozenset(item for item in self.shapes if not item.startswith("."))
        # The stem of a verb that is also a noun: "subscribe" for "subscription".
        self._stem = said[: max(5, len(said) - 2)] if len(said) >= 6 else ""
        service = {word for name in self.mentions for word in self.services.words_of(name)}
        self.heads, objects = governed(action, self.shapes, service, self.around)
        if is_written(action):
            self.classes = ("create",)
        if "file" in objects:
            objects |= self.extensions
        self._object_words = objects - service
        words = {singular(word) for word in words_of(self.plain)} - FUNCTION_WORDS
        spoken = words_of(self.plain)
        self._said = frozenset((*spoken, *(singular(word).replace("-", "") for word in spoken)))
        self._words = (words | set(action.nouns)) - service - {action.verb, said}

    def fit(self, profile: Profile, hit: Hit | None) -> Fit:
        """Return what a component scores."""
        similarity = hit.similarity if hit else 0.0
        verb = self._verb(profile)
        noun = self._object(profile, similarity)
        service = self._service(profile.provider)
        rank = RANK / hit.dense_rank**0.5 if hit and hit.dense_rank else 0.0
        noun = self._missing(profile, service, similarity, rank) if noun <= 0 else noun
        if self.searched and self._any_channel(profile) and service <= 0:
            noun = NO_OBJECT
        return Fit(
            profile.id, verb, noun, service, MEANING * similarity + rank,
            self._list(profile) + self._values(profile) + self._told(profile),
        )  # fmt: skip

    # -- verb --------------------------------------------------------------------------------

    def _verb(self, profile: Profile) -> float:
        said, verb = self.action.said, self.action.verb
        if not said:
            return NO_VERB
        if profile.tests and "delete" in self.classes and self._has_condition():
            return VERB  # rows that are removed are filtered
        if named := self._operation(profile):
            return VERB + named
        same = SAME_VERB if {said, verb} & self._verbs_of(profile) else 0.0
        if set(self.classes) & profile.verbs:
            return VERB + same
        if same:
            return VERB + same
        pairs = ((mine, other) for mine in self.classes for other in profile.verbs)
        if any(compatible(mine, other) for mine, other in pairs):
            return RELATED_VERB
        about = self.action.pronoun or bool(set(self.action.nouns) & profile.objects)
        is_noun = said in profile.heads and about
        if "create" in profile.verbs and (is_noun or self._names_by_stem(profile)):
            return VERB
        return self._other_verb(profile)

    def _has_condition(self) -> bool:
        without = re.match(r"(?:with|without|where|whose)\b", self.action.tail)
        return bool(self.around and self._of_parts() and (self.action.relative or without))

    def _verbs_of(self, profile: Profile) -> frozenset[str]:
        """Words that its author begins with; keywords are verbs where no known verb stands."""
        known = self.classes and profile.kind == "action"
        return profile.openings if known else profile.openings | profile.keywords

    def _operation(self, profile: Profile) -> float:
        """What it counts that the verb is the component's own name, as "wait" or "run a query"."""
        first, *others = profile.operation.split("_") or [""]
        if not first or first in _CRUD or not self._said.issuperset(map(singular, others)):
            return 0.0
        american = re.sub(r"is(e|ing|ed)$", r"iz\1", self.action.said)
        said = (self.action.said, self.action.verb, american)
        light = self.action.said in _LIGHT and first == self.action.head
        return OPERATION + LONGER_NAME * len(others) if first in said or light else 0.0

    def _other_verb(self, profile: Profile) -> float:
        """A verb that nobody knows says nothing; data may be reworked by many a verb."""
        if not self.classes or not profile.verbs:
            return 0.0
        reworks = profile.kind == "transform" and set(self.classes) <= _SOFT
        if set(self.classes) == {"other"} and not is_only_verb(self.action.said):
            # "Draw up a contract": a word of many meanings that makes something new.
            new = words_of(self.action.phrase)[:1] in (["a"], ["an"], ["new"], ["another"])
            return STRANGE_VERB if new and "create" in profile.verbs else WRONG_VERB
        return 0.5 if reworks and profile.verbs <= _SOFT else WRONG_VERB

    def _names_by_stem(self, profile: Profile) -> bool:
        return bool(self._stem) and any(head.startswith(self._stem) for head in profile.heads)

    # -- object ------------------------------------------------------------------------------

    def _object(self, profile: Profile, similarity: float) -> float:
        if "create" in profile.verbs and self._names_by_stem(profile):
            return HEAD
        if self._operation(profile) and not profile.provider:
            return HEAD
        position = next((i for i, word in enumerate(self.heads) if word in profile.heads), None)
        shared = self._object_words & profile.objects
        score = WORD * len(shared)
        if position is not None:
            score += HEAD if position < 3 else HEAD - 0.3
        elif implied_noun(self.action) in profile.heads or self._of_head() in profile.heads:
            score += IMPLIED
        elif self.heads and self.heads[0] in profile.objects | profile.words:
            score += HEAD / 2
        elif self._object_words & profile.keywords:
            score += KEYWORD
        elif self.heads and self.heads[0] in profile.inputs:
            return BY_TYPE
        elif not shared and not (self._object_words & profile.words):
            return self._by_type(profile, similarity)
        return max(score + self._other_words(profile), self._by_type(profile, similarity))

    def _of_head(self) -> str:
        """ "Set the state of issue 4": what has the state."""
        if not self.action.tail.startswith("of "):
            return "-"
        nouns = words_of(re.split(r"\b(?:in|on|to|from|with|by|for|at)\b", self.action.tail[3:])[0])
        kept = [singular(word) for word in nouns if not re.search(r"\d", word)]
        return kept[-1] if kept else "-"

    def _by_type(self, profile: Profile, similarity: float) -> float:
        """ "Sort the orders": a list of any things is what the transform takes."""
        action = self.action
        if profile.kind not in ("transform", "ai") or not profile.data:
            return 0.0
        taught = {action.said, action.verb} & self._verbs_of(profile)
        same = bool(taught or self._operation(profile))
        several = action.plural or action.whole or bool(action.relative) or self._of_parts()
        fits = several or action.pronoun if "list" in profile.data else not several
        tested = profile.tests and bool(action.relative)
        meant = similarity >= MEANT or action.pronoun or tested
        return BY_TYPE if fits and meant and (same or bool(self.around)) else 0.0

    def _of_parts(self) -> bool:
        """ "The column score", "the average of the column score", "sales.csv": parts of a list."""
        nouns = {*self.action.nouns, *map(singular, words_of(self.action.tail))}
        return bool(_PARTS & nouns or self.extensions & _TABLES)

    def _other_words(self, profile: Profile) -> float:
        tail = (self._words - self._object_words) & profile.objects
        extra = profile.objects - self._words - set(self.heads) - _name_words(profile.provider)
        extra -= self.around
        spoken = profile.objects & self.around - self._object_words
        score = 0.4 * len(tail) + 0.4 * len(spoken)
        return score + max(-2.0, EXTRA_WORD * len(extra))

    def _missing(self, profile: Profile, service: float, similarity: float, rank: float) -> float:
        """What it counts that the noun is another: little where the meaning is near."""
        has_such = self.heads and self.heads[0] in self.nouns_of.get(profile.provider, ())
        if service >= 2.0 and rank >= RANK * 0.7 and not self.named_apart and not has_such:
            return self._other_words(profile)
        if has_such and profile.provider:
            return NO_OBJECT  # the service has such a thing, and does not do this to it
        nearness = (similarity - FAR) / (NEAR - FAR)
        absent = NO_OBJECT * (1 - min(1.0, max(0.0, nearness)))
        # Among components at hand, nothing was searched: only what is found by meaning is weighed.
        return absent + (self._other_words(profile) if similarity else 0.0)

    # -- service and form --------------------------------------------------------------------

    def _service(self, provider: str) -> float:
        if self.mentions:
            best = max(self.mentions.values())
            share = self.mentions.get(provider, 0.0)
            return NAMED * share if share else NOT_NAMED * best if provider else 0.0
        if not provider or provider not in self.providers:
            return 0.0
        return RECENT if provider == self.providers[-1] else EARLIER

    def _any_channel(self, profile: Profile) -> bool:
        """ "Notify the customer": nothing says by what, so no service may be guessed."""
        if not profile.provider or {"email", "channel"} & self.shapes & profile.takes:
            return False
        return is_to_people(self.action) and implied_noun(self.action) == "message"

    def _list(self, profile: Profile) -> float:
        at_hand = bool(self.heads) and self.heads[0] in self.around
        many = self.action.plural and "retrieve" in self.classes and not at_hand
        if not many or profile.lists is None:
            return 0.0
        return LIST if profile.lists else NO_LIST

    def _told(self, profile: Profile) -> float:
        """Other words that tell: the operation's name, a condition, the form of a file."""
        name = profile.operation.replace("_", " ")
        rest = self.plain.lower().removeprefix(self.action.said)
        told = SAID_NAME if name and re.search(rf"\b{re.escape(name)}\b", rest) else 0.0
        if name and re.search(rf"\b{re.escape(name.upper())}\b", self.plain):
            told += CONDITION  # a method in capitals: "with POST"
        if "⟦" in self.action.text and not self.shapes and not re.search(r"\d", self.plain):
            told += UNSAID * profile.structures  # one text is all that is said
        if profile.kind == "transform" and self._at_hand(profile):
            told += 2 * NO_OBJECT
        if self.heads[:1] and self.heads[0] in profile.openings:
            told += CONDITION  # "HTML to text" begins with what it takes
        if self.extensions & profile.openings:
            told += FILE_FORM
        if self.extensions & _TABLES and profile.data == "text":
            told += NO_OBJECT
        if profile.tests and self.action.relative:
            told += CONDITION
        if profile.operation.endswith("_by") and not self._said & {"by", "per", "each", "every"}:
            told -= CONDITION  # its name asks by what
        if profile.operation.endswith("_by") and _GROUPED.search(self.plain):
            told += CONDITION  # "the average of the score by team"
        if self.extensions & profile.objects and "path" in profile.takes and "file" in self.heads:
            told += FILE_FORM
        return told

    def _at_hand(self, profile: Profile) -> bool:
        """What is there already need not be extracted: "fetch the link" of a list of links."""
        head = self.heads[0] if self.heads else ""
        return head in self.around & profile.heads and "retrieve" in profile.verbs

    def _values(self, profile: Profile) -> float:
        fitting = self.shapes & profile.takes
        telling = TELLING_VALUE * len(fitting & _TELLING)
        if fitting or not self.shapes or (profile.data and self.shapes == _A_FILE):
            return FITTING_VALUE * len(fitting) + telling  # a file may be read before
        elsewhere = self.shapes & {"repository"} and profile.provider
        return NO_PLACE - TELLING_VALUE if elsewhere else NO_PLACE


_GROUPED = re.compile(
    r"^(?:sum|average|total|count|calculate|minimum|maximum)\b.*\b(?:by|per)\s+(?!hand\b|now\b)[a-z]",
    re.I,
)


def _name_words(provider: str) -> set[str]:
    return {singular(word.lower()) for word in re.findall(r"[A-Za-z0-9]+", provider)}
