"""One action of a request becomes one call: its component, or a step for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from flowloom.offline.choosing.choose import DOUBTFUL, Choice
from flowloom.offline.choosing.weights import SURE, Fit
from flowloom.offline.planning.actions import Action, parse_action
from flowloom.offline.planning.plan import Call, Node
from flowloom.offline.planning.plan import Reference as Ref
from flowloom.offline.planning.references import Known, References
from flowloom.offline.planning.shapes import noun_of, shape_of, shapes_of
from flowloom.offline.planning.trial import Trial, fields_in
from flowloom.offline.reading.decisions import Asked
from flowloom.offline.reading.joints import cuts_of
from flowloom.offline.reading.lexicon import (
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    base_verb,
    is_plural,
    singular,
    verb_class,
    words_of,
)
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.rendering.names import Names
from flowloom.offline.rendering.schemas import Typed, gives_a_list

__all__ = ["Calls", "nouns_in", "plural_of", "words_of_action"]


LEFT_OVER = -0.5
"""A reading of an action that is tried so, or worse, leaves words or values over."""
APART = 3.0
"""Of coordinated objects, one that fits by so much less than all together is no thing apart."""


@dataclass
class Calls(References):
    """Adds calls to blocks, and remembers what they produce.

    Attributes:
        asked: the steps that ask a person, the latest last.
        unsupported: what cannot be planned, a sentence each.
    """

    names: Names = field(default_factory=Names)
    unsupported: list[str] = field(default_factory=list[str])
    asked: list[Call] = field(default_factory=list[Call])
    _stems: frozenset[str] = frozenset()

    def plain(self, text: str) -> str:
        """Put names back and leave quoted texts out."""

        def name(match: re.Match[str]) -> str:
            number = int(match.group(1))
            value = self.masked.values[number]
            if number in self.masked.quoted:
                return " "
            if not shape_of(value):
                return value
            before = text[: match.start()].split()
            last = before[-1].lower() if before else ""
            # A value stands for its noun only where no noun is said: not in "the feed ⟦0⟧".
            alone = last in PREPOSITIONS or (len(before) <= 2 and base_verb(last) == last)
            return noun_of(value) if alone else " "

        return re.sub(r"\s+", " ", re.sub(r"⟦(\d+)⟧", name, text)).strip()

    def parsed(self, text: str) -> list[Action]:
        """Return the actions that masked words ask for."""
        return parse_action(text, self.plain(text))

    def add_call(
        self,
        action: Action,
        plain: str,
        sentence: Sentence,
        block: list[Node],
        named: dict[str, float] | None = None,
        about: Known | None = None,
    ) -> Call:
        """Add the step of one action to a block: what does it best, or a person."""
        choice = self._after_trial(
            self.choose(action, plain, named, self._form_of(action, about)), action
        )
        call = Call(
            id=self.names.of_action(action),
            action=action,
            plain=plain,
            said=self.masked.unmask(action.text),
            component=choice.ids[0] if choice.ids else "",
            others=choice.ids[1:6],
            sentence=sentence.text,
            service=choice.service,
            why=choice.why,
            margin=choice.margin,
            fits=choice.fits,
            rivals=choice.rivals,
            about=about.reference if about else None,
        )
        block.append(call)
        self.remember(call, block)
        if not call.component and _is_decision(action):
            self.asked.append(call)
        return call

    def asked_as(self, text: str) -> list[str]:
        """Return the words by which components for an action, and its parts, are looked up."""
        plain = self.plain(text)
        actions = parse_action(text, plain)
        parts = [words_of_action(action) for action in actions] if len(actions) > 1 else []
        return [plain, *parts]

    def cut_apart(self, text: str) -> list[str]:
        """Cut words that hold a second action: "upload ⟦0⟧ and after that delete it".

        They are cut where two components leave less over than one for all of them.
        """
        cuts = list(cuts_of(text))
        whole = self._read_as_one(text) if cuts else None
        if not cuts or (whole is not None and whole.tried > LEFT_OVER):
            return [text]
        tried = whole.tried if whole is not None else 4 * LEFT_OVER
        for left, right in cuts:
            first, second = self._read_as_one(left), self._read_as_one(right, behind=left)
            if first is None or second is None:
                continue
            if first.tried + second.tried >= tried - LEFT_OVER:
                return [left, *self.cut_apart(right)]
        return [text]

    def _read_as_one(self, text: str, behind: str = "") -> Fit | None:
        action = self.parsed(text)[0]
        if action.pronoun and behind:
            spoken = self.parsed(behind)[0]
            action = replace(action, nouns=spoken.nouns, head=spoken.head)
        plain = self.plain(text)
        return self._best(action, plain, self.chooser.mentions(action, plain))

    def apart(self, actions: list[Action], plain: str) -> list[Action]:
        """Keep coordinated objects together where one component takes them all.

        "Create a lead and a contact" is done by two components, "put the labels a and b on it"
        by one: nothing is left over when the words are read as one action.
        """
        if len(actions) < 2:
            return actions
        named = self.chooser.mentions(actions[-1], plain)
        whole = self._best(actions[0], plain, named)
        parts = [self._best(action, words_of_action(action), named) for action in actions[1:]]
        if whole is None or whole.tried < 0:
            return actions
        worse = all(
            part is None or part.tried < 0 or part.score < min(SURE, whole.score - APART)
            for part in parts
        )
        same = all(part is not None and part.id == whole.id for part in parts)
        return actions[:1] if worse or same else actions

    def _best(self, action: Action, plain: str, named: dict[str, float]) -> Fit | None:
        choice = self._after_trial(self.choose(action, plain, named), action)
        return choice.fits[0] if choice.ids else None

    def add_question(self, action: Action, asked: Asked, block: list[Node]) -> Call:
        """Add a step that asks a person, without looking for a component."""
        call = Call(
            id=self.names.of_action(action),
            action=action,
            plain=self.plain(action.text),
            said=self.masked.unmask(asked.words or action.text),
            choices=tuple(self.masked.unmask(item, quotes=False) for item in asked.choices),
            to=self.masked.unmask(asked.to),
            question=True,
        )
        block.append(call)
        self.asked.append(call)
        self.remember(call, block)
        return call

    def _form_of(self, action: Action, about: Known | None) -> frozenset[str]:
        """ "Read it" of a file that was named before: how it is written says what reads it."""
        reads = action.pronoun and action.verb in ("read", "open", "load", "parse")
        if not reads or about is None or about.action is None:
            return frozenset()
        values = (value for value, _ in self.masked.values_in(about.action.text))
        said = {end.lower() for end in re.findall(r"\.(?:csv|json|ya?ml|xml)\b", about.action.text)}
        return frozenset(said) | frozenset(
            shape for shape in shapes_of(values) if shape == "path" or shape.startswith(".")
        )

    def choose(
        self,
        action: Action,
        plain: str,
        named: dict[str, float] | None,
        more: frozenset[str] = frozenset(),
    ) -> Choice:
        """Return the components that do an action, best first; ``more`` shapes of what it takes."""
        around = frozenset(noun for known in self.known[-1:] for noun in known.nouns)
        first = words_of(action.phrase)[:1]
        strict = not (set(first) & DETERMINERS)
        shapes = more | shapes_of(value for value, _ in self.masked.values_in(action.text))
        return self.chooser.choose(
            action,
            plain,
            providers=self.providers,
            named=named,
            shapes=shapes,
            around=around,
            strict=strict,
        )

    def _after_trial(self, choice: Choice, action: Action) -> Choice:
        """Prefer the component that takes what the words say, and needs no more."""
        if not choice.ids:
            return choice
        catalog = self.chooser.catalog
        outputs = (
            self.output_of(known.component).schema for known in self.known if known.component
        )
        spoken = frozenset(noun for known in self.known for noun in (*known.nouns, *known.also))
        trial = Trial(self.masked, action, fields_in(outputs), bool(self.known), spoken)
        fits = trial.ranked(choice.fits, {fit.id: catalog[fit.id] for fit in choice.fits})
        others = [name for name in choice.ids if name not in {fit.id for fit in fits}]
        near = {
            self.chooser.profiles[fit.id].provider
            for fit in fits
            if fits[0].score - fit.score < DOUBTFUL
        }
        same = fits[0].id == choice.ids[0] and len(near) > 1
        rivals = tuple(name for name in choice.rivals if name in near) if same else ()
        margin = fits[0].score - (fits[1].score if len(fits) > 1 else 0.0)
        ids = (*(fit.id for fit in fits), *others)
        return replace(
            choice, ids=ids, margin=margin, why=fits[0].why, fits=tuple(fits), rivals=rivals
        )

    def remember(self, call: Call, block: list[Node]) -> None:
        """Let later words refer to what a call produces."""
        profile = self.chooser.profiles.get(call.component)
        provider = profile.provider if profile else ""
        if provider:
            self.providers.append(provider)
        action = call.action
        if checked := self._checked(action):
            action = replace(action, nouns=checked, head=checked[-1])
        nouns = action.nouns or ((action.head,) if action.head else ())
        output = self.output_of(call.component)
        gives_list = gives_a_list(output)
        single = bool(output.schema) and not gives_list
        plural = gives_list or (not single and (call.action.plural or call.action.whole))
        also = profile.words if profile and gives_list else frozenset[str]()
        self._stems = self._file_words(call.action.text) or self._stems
        holds = self._stems if gives_list or not output.schema else frozenset[str]()
        self.known.append(
            Known(Ref(step=call.id), nouns, plural, provider, id(block), action, also,
                  call.component, holds)
        )  # fmt: skip

    def _checked(self, action: Action) -> tuple[str, ...]:
        """After "check whether ⟦0⟧ exists", "it" is the file."""
        if not re.match(r"check\s+(?:whether|if)\b", action.text, re.I):
            return ()
        values = [value for value, _ in self.masked.values_in(action.text)]
        return nouns_in(noun_of(values[0])) if values else ()

    def _file_words(self, text: str) -> frozenset[str]:
        """ "users.json" may hold users."""
        names = [value for value, _ in self.masked.values_in(text) if shape_of(value) == "path"]
        stems = [name.rpartition("/")[2].rpartition(".")[0] for name in names]
        words = [word for stem in stems for word in re.findall(r"[A-Za-z]{3,}", stem)]
        return frozenset(singular(word.lower()) for word in words if is_plural(word.lower()))

    def output_of(self, component: str) -> Typed:
        """Return what a component gives; without schema where nothing is known."""
        found = self.chooser.catalog.get(component) if component else None
        return Typed("", found.output if found else {})

    def add_companion(
        self,
        action: Action,
        sentence: Sentence,
        block: list[Node],
        named: dict[str, float],
    ) -> None:
        """ "Create an X with a Y": the Y is another thing to create, where a component does it."""
        match = re.match(r"with (?:a|an|the)\s+((?:\w+\s*){1,3})$", action.tail)
        if match is None or "create" not in verb_class(action.verb) or not self.providers:
            return
        nouns = nouns_in(match.group(1))
        other = replace(action, head=nouns[-1] if nouns else "", nouns=nouns, tail="", number=1)
        plain = f"{action.verb} {match.group(1)}"
        choice = self.choose(other, plain, named)
        profile = self.chooser.profiles.get(choice.ids[0]) if choice.ids else None
        if profile and profile.provider == self.providers[-1] and set(nouns) <= profile.objects:
            self.add_call(other, plain, sentence, block, named)

    def kinds(self, choice: Choice) -> frozenset[str]:
        """Return the verb classes of the best component of a choice."""
        profile = self.chooser.profiles.get(choice.ids[0]) if choice.ids else None
        return profile.verbs if profile else frozenset()


def _is_decision(action: Action) -> bool:
    decisions = {"approval", "confirmation", "permission", "consent", "decision", "review"}
    return bool(decisions & set(action.nouns)) or action.verb in ("approve", "ask", "confirm")


def nouns_in(text: str) -> tuple[str, ...]:
    """Return the nouns of a phrase, in the singular."""
    kept = (word for word in words_of(text) if word not in FUNCTION_WORDS | PRONOUNS)
    return tuple(singular(word) for word in kept)


def plural_of(noun: str) -> str:
    """Return the plural of a noun."""
    if is_plural(noun):
        return noun
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun[:-1] + "ies" if re.search(r"[^aeiou]y$", noun) else noun + "s"


def words_of_action(action: Action) -> str:
    """Return verb, object and tail of an action as words."""
    return " ".join(part for part in (action.verb, action.phrase, action.tail) if part)
