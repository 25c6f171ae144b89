"""Which steps words mean, wherever they stand in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.meaning.classifier import ChangeKinds
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, NUMBERS, singular, word_set, words_of
from flowloom.offline.reading.morphology import (
    gerund_of,
    is_base_form,
    is_known_noun,
    nominal_of,
    participle_of,
    third_person_of,
)

__all__ = ["PLACE_WORDS", "Targets", "core_of", "is_negated"]

_NEGATED = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|without|unnecessary|superfluous|dont|doesnt)\b"
    r"|n['’]t\b",
    re.I,
)
_FRAME = word_set(
    """
    please anymore more any longer no not never need needed needs required necessary want
    wanted have has had be been being do does did don't doesn't didn't dont doesnt isn't
    aren't isnt shouldn't needn't wouldn't won't can can't could should must would will may
    might let let's lets make made sure there point bother bothering it's that's step steps
    action actions part thing things stuff call calls task everything anything whatever
    something all every each both just only keep kept stay stays remain remains retain except
    apart besides rest other others otherwise else related touches uses use using nobody
    someone one two first second third last final loop branch condition longer go goes gone
    away out really again
    """
)
"""Words of the change itself, or of where it is made: they mean no step."""
_POSITIONS = ("first", "second", "third", "fourth", "fifth")
_ALL = re.compile(r"\b(?:all|every|each|both|everything|anything|whatever|stuff)\b", re.I)
_COUNTED = re.compile(r"\b(?:two|three|four|[2-9])\s+(?:\w+\s+)?\w+s\b", re.I)
_NUMBERED = re.compile(
    r"\b(?P<which>first|second|third|fourth|fifth|last|final|next to last)\s+"
    r"(?:(?P<count>\d|two|three|four|both)\s+)?(?P<noun>[a-z]+)",
    re.I,
)
_IN_LOOP = re.compile(r"\b(?:in|inside|within|of|from)\s+(?:the|this|that|each)\s+loop\b", re.I)
PLACE_WORDS = re.compile(
    r",?\s*\b(?:in|inside|within|of|from)\s+(?:the|this|that|each)\s+(?:loop|(?:else|then"
    r"|otherwise)"
    r"\s+(?:branch|part|block))\b,?\s*",
    re.I,
)
_PARTS = re.compile(r"\s+(?:and|or|nor)\s+|,\s*(?:and\s+|nor\s+)?", re.I)

NEAR = 0.35
"""From this cosine on, a step may be meant though no word of it is said."""

SAME = 0.75
"""Where several steps are meant, what scores so much of the best is meant too."""


def is_negated(text: str) -> bool:
    """Return whether words say that something is not to be."""
    return bool(_NEGATED.search(text))


def core_of(text: str, *, changed: bool = False) -> list[str]:
    """Return the words of a sentence that may name a step.

    Args:
        changed: whether the sentence says what becomes of the step. Its verb is the change's then:
            "drop the mail" is about "mail". Behind a negation it is the step's: "we no longer send
            the mail" is about "send mail".
    """
    words = [word for word in words_of(text) if word not in _FRAME]
    said = [word for word in words if word not in FUNCTION_WORDS]
    if said and changed and not is_negated(text) and is_base_form(said[0]) and len(said) > 1:
        return said[1:]
    return said


@dataclass
class Targets(Editing):
    """Finds steps by score.

    Attributes:
        kinds: tells kinds of changes apart, and gives vectors.
    """

    kinds: ChangeKinds = field(default_factory=ChangeKinds)

    def steps_meant(
        self, text: str, *, several: bool = True, changed: bool = False
    ) -> list[ExistingStep]:
        """Return the steps that words mean, none where they mean none surely enough."""
        pool = self._pool(text)
        if numbered := self._by_position(text, pool):
            return numbered
        if of_service := self._of_service(text, pool):
            return of_service
        found: list[ExistingStep] = []
        parts = _PARTS.split(text) if several else [text]
        for part in parts:
            best = self._best(part, pool, every=several, changed=changed)
            found += [step for step in best if step not in found]
        return found or self._best(text, pool, every=several, changed=changed)

    def _pool(self, text: str) -> list[ExistingStep]:
        """The steps among which words choose: those of the loop or the branch that they name."""
        if _IN_LOOP.search(text):
            loops = [step.id for step in self.existing.steps if "for_each" in step.data]
            return [step for loop in loops for step in self.existing.inside(loop)]
        if match := re.search(r"\b(else|then|otherwise)\s+(?:branch|part|block)\b", text, re.I):
            block = "then" if match.group(1).lower() == "then" else "else"
            return [step for step in self.existing.steps if step.block == block]
        return list(self.existing.steps)

    def _by_position(self, text: str, pool: list[ExistingStep]) -> list[ExistingStep]:
        match = _NUMBERED.search(text)
        if match is None:
            return []
        noun = match.group("noun").lower()
        steps = pool
        if singular(noun) not in ("step", "action", "thing", "task", "one", "call"):
            steps = self._best(noun, pool, every=True)
            if len(steps) < 2:
                return []
        elif not match.group("noun") or len(pool) == len(self.existing.steps):
            steps = self.existing.block_of("", "")
        count = match.group("count") or "1"
        number = 2 if count == "both" else NUMBERS.get(count.lower()) or int(count)
        which = match.group("which").lower()
        if which in _POSITIONS:
            at = _POSITIONS.index(which)
            return steps[at : at + number]
        return steps[-number:]

    def _of_service(self, text: str, pool: list[ExistingStep]) -> list[ExistingStep]:
        """ "Everything that has to do with X": all steps of a service, and no thing of it."""
        plain = self.nester.plain(text)
        named = self.existing.chooser.mentions(self._action(f"use {plain}"), plain)
        used = [step for step in pool if self._provider(step) in named]
        words = {word for name in named for word in self.existing.chooser.services.words_of(name)}
        left = [word for word in core_of(plain) if not {word, singular(word)} & words]
        about = [step for step in used if self._said_of(step, left)]
        if not used or (about and not _ALL.search(text)):
            return []
        return about or used

    def _said_of(self, step: ExistingStep, words: list[str]) -> bool:
        profile = self.existing.chooser.profiles.get(str(step.data.get("uses", "")))
        known = set(step.id.lower().split("_")) | (profile.objects if profile else frozenset[str]())
        return bool({singular(word) for word in words} & {singular(word) for word in known})

    def _best(
        self, text: str, pool: list[ExistingStep], *, every: bool, changed: bool = False
    ) -> list[ExistingStep]:
        scores = self.step_scores(text, changed=changed)
        found = [(scores[step.id], step) for step in pool if scores.get(step.id, 0) > 0]
        if not found:
            return []
        best = max(score for score, _ in found)
        many = every and self._means_several(text)
        return [step for score, step in found if score >= (SAME * best if many else best)][
            : None if many else 1
        ]

    def _means_several(self, text: str) -> bool:
        return bool(_ALL.search(text) or _COUNTED.search(text))

    def step_scores(self, text: str, *, changed: bool = False) -> dict[str, float]:
        """Return how surely words mean each step, by id; no entry where they do not."""
        scores: dict[str, float] = {}
        for plain, verb in self._phrases(self.nester.plain(text), changed=changed):
            if scores and not verb:
                break
            for score, step in self.existing.matches(self._action(plain), plain, verb=verb):
                scores[step.id] = max(scores.get(step.id, 0.0), score)
        scores = self._of_named_service(text, scores)
        if re.search(r"\b(?:loop\w*|iterat\w+)\b", text, re.I):
            scores |= {step.id: 3.0 for step in self.existing.steps if "for_each" in step.data}
        if not scores and (found := self.step_of(text)) is not None:
            scores[found.id] = 2.4
        return scores or self._near_in_meaning(text)

    def _near_in_meaning(self, text: str) -> dict[str, float]:
        """Where no word is shared: the steps whose components' descriptions are near."""
        words = " ".join(w for w in core_of(self.nester.plain(text)) if is_known_noun(singular(w)))
        calls = self._calls()
        if self.kinds.embed is None or not words or not calls:
            return {}
        found = (self.existing.catalog.get(str(step.data["uses"])) for step in calls)
        told = [f"{item.title}. {item.description}" if item else "" for item in found]
        vectors = self.kinds.embed([words, *told])
        near = (vectors[1:] @ vectors[0]).tolist()
        return {
            step.id: 4 * share for step, share in zip(calls, near, strict=True) if share >= NEAR
        }

    def _of_named_service(self, text: str, scores: dict[str, float]) -> dict[str, float]:
        """Where words name a service that is used, they mean no step of another."""
        plain = self.nester.plain(text)
        named = self.existing.chooser.mentions(self._action(f"use {plain}"), plain)
        here = {step.id for step in self._calls() if self._provider(step) in named}
        kept = {name: score for name, score in scores.items() if name in here}
        return kept or (dict.fromkeys(here, 2.4) if len(here) == 1 else scores)

    def _phrases(self, plain: str, *, changed: bool) -> list[tuple[str, bool]]:
        """The ways to read words as an action: with the verb in any form, or as a thing."""
        words = core_of(plain, changed=changed)
        if not words:
            return []
        found: list[tuple[str, bool]] = []
        for at, word in enumerate(words):
            verb = _verb_in(word, first=at == 0)
            rest = [*words[:at], *words[at + 1 :]]
            if verb and (rest or at == 0):
                found.append((" ".join((verb, *rest)), True))
        return [*found[:3], (" ".join(words), False)]


def _verb_in(word: str, *, first: bool) -> str:
    made = participle_of(word) or gerund_of(word) or nominal_of(word)
    if made:
        return made
    if first and is_base_form(word):
        return word
    return third_person_of(word) if first else ""
