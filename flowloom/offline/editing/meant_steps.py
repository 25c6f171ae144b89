"""Changes of whole steps, by the kind that a sentence is of: removed, kept, replaced, moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.editing.moving import Moving
from flowloom.offline.editing.removing import Removing
from flowloom.offline.editing.replacing import Replacing
from flowloom.offline.editing.targets import PLACE_WORDS, Targets, core_of, is_negated
from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.grammar.clauses import plain_clause
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, verb_class, words_of
from flowloom.offline.reading.morphology import is_base_form
from flowloom.workflow.edits import MoveStep, Place

__all__ = ["MeantSteps"]

_AWAY = re.compile(
    r"\b(?:out|away|off|rid|no|gone?|anymore|any more|longer|needed|necessary)\b", re.I
)
_KEPT = re.compile(
    r"\b(?:except(?:\s+for)?|apart from|down to|other than|besides|but(?!\s+only)|keep|retain"
    r"|leave|only|just)"
    r"\b\s*(?:only\s+|just\s+)?(?P<kept>.+)$",
    re.I,
)
_NEW_FIRST = re.compile(
    r",?\s+(?:instead of|rather than|(?:is|are|would be)\s+(?:better|nicer|preferable)\s+(?:than"
    r"|to)|in place of|in lieu of|in favou?r of(?= not)|and not(?: by| to| in"
    r"| on| with)?|not(?: by| to| in| on| with| through| via)?|over|but not|where)\s+",
    re.I,
)
_OLD_FIRST = re.compile(
    r"\s+(?:with|by|for|to|into)\s+|,?\s+(?:but|use|just)\s+|,\s*|\.\s+|;\s*", re.I
)
_LEAD = re.compile(
    r"^(?:(?:please|and|but|just|now|we|i|you|let['’]?s|let|it|that|should|would|could|better"
    r"|use|using"
    r"|go|with|rather|instead of|instead|rather than|in place of|not|do not|don['’]t|no longer"
    r"|any more"
    r"|anymore|swap|switch|replace|exchange|substitute|change|turn|convert|from|prefer|want|the"
    r"|a|an"
    r"|forget|left|no)\b[\s,]*)+",
    re.I,
)
_TAIL = re.compile(r"[\s,]*\b(?:instead|please|any ?more|any longer|from now on)[\s.!]*$", re.I)
_INSTEAD = re.compile(r"\binstead\b(?! of)", re.I)
_BEFORE = re.compile(
    r"\b(?:before|ahead of|in front of|prior to|earlier than|precedes?|above)\b", re.I
)
_AFTER = re.compile(r"\b(?:after|behind|following|later than|follows?|below|once)\b", re.I)
_FIRST = re.compile(
    r"\b(?:first|(?:at|to|in) the (?:very )?(?:start|beginning|front|top)|earliest)\b", re.I
)
_LAST = re.compile(r"\b(?:last|(?:at|to) the (?:very )?(?:end|bottom)|finally|latest)\b", re.I)


@dataclass
class MeantSteps(Targets, Removing, Replacing, Moving):
    """Makes changes of steps from a sentence of a known kind."""

    # -- removing ----------------------------------------------------------------------------

    def take_away_meant(self, text: str) -> bool:
        """Remove the steps that a sentence means."""
        if forms.AT_TIMES.search(text) or _does_something(self.nester.plain(text)):
            return False
        others = forms.REST.search(text)
        targets = self.steps_meant(text[: others.start()] if others else text, changed=True)
        self._take_away(targets)
        if targets and others:
            self._besides(others.group(1), targets)
        return bool(targets)

    def keep_only_meant(self, text: str) -> bool:
        """Remove all others in the loop or branch that is named, or of all."""
        match = _KEPT.search(text)
        if match is None:
            return False
        kept = {step.id for step in self.steps_meant(match.group("kept"))}
        pool = self._pool(text)
        left = [
            step
            for step in pool
            if step.id not in kept and not self._holds(step, kept) and not self._held(step, kept)
        ]
        top = [step for step in left if step.holder not in {item.id for item in left}]
        if not kept or not top:
            return False
        self._take_away(top)
        return True

    def _held(self, step: ExistingStep, kept: set[str]) -> bool:
        return any(step.id in {item.id for item in self.existing.inside(name)} for name in kept)

    # -- replacing ---------------------------------------------------------------------------

    def replace_meant(self, text: str) -> bool:
        """Put in place what is new for what is there: the one cut that has both.

        Both sides of each word that may stand between the two are tried: the one is a step that
        is there, the other something else that a component does.
        """
        best: tuple[float, ExistingStep, str] | None = None
        pool = {step.id for step in self._pool(text)}
        for old, said in _cuts(PLACE_WORDS.sub(" ", text).strip()):
            new = self._with_old_noun(said, old)
            targets = [step for step in self._old_meant(old, new) if step.id in pool]
            if not targets or not new:
                continue
            score = self._is_new(new, targets[0])
            if score > 0 and (best is None or score > best[0]):
                best = (score, targets[0], new)
        if best is None:
            return self._instead_of_its_like(text)
        _, target, new = best
        before = len(self.changes)
        self._replace_step(target, new)
        return len(self.changes) > before

    def _instead_of_its_like(self, text: str) -> bool:
        """ "Create the board in X instead": in place of what does the same elsewhere."""
        new = _bare(text)
        targets = self._nearest_in_kind(new) if _INSTEAD.search(text) else []
        before = len(self.changes)
        for target in targets:
            self._replace_step(target, new)
        return len(self.changes) > before

    def _with_old_noun(self, new: str, old: str) -> str:
        """ "A slack message … for a teams one", "deleting the lead … update it": the same noun."""
        nouns = [word for word in core_of(self.nester.plain(old)) if word not in FUNCTION_WORDS]
        if not nouns:
            return new
        new = re.sub(r"\b(?:it|them)\b", f"the {nouns[-1]}", new, flags=re.I)
        return re.sub(r"\bones?\b", nouns[-1], new, flags=re.I)

    def _old_meant(self, old: str, new: str) -> list[ExistingStep]:
        found = self.steps_meant(old, several=False)
        if len(found) < 2:
            return found
        # Of several steps of a service, the one that does what the new one does.
        scores = self.step_scores(new)
        return sorted(found, key=lambda step: -scores.get(step.id, 0.0))

    def _is_new(self, new: str, target: ExistingStep) -> float:
        """Return how surely words are something else than a step that is there; 0 if they are."""
        plain = self.nester.plain(new)
        action = self._action(plain)
        mentions = self.existing.chooser.mentions(action, plain)
        here = self._provider(target)
        others = [name for name in mentions if name != here]
        if others:
            return 2.0 + max(mentions[name] for name in others)
        if not is_action(plain):
            action = self._as_the_target_does(target, action, plain)
            plain = " ".join((action.verb, *action.nouns))
        fits = self.nester.choose(action, plain, None).fits
        if not fits or fits[0].id == target.data.get("uses"):
            return 0.0
        return min(1.0, fits[0].score / 6)

    # -- moving ------------------------------------------------------------------------------

    def move_meant(self, text: str) -> bool:
        """Move one step beside another, or to an end, as the words of order say."""
        for pattern, before in ((_BEFORE, True), (_AFTER, False)):
            match = pattern.search(text)
            if match is None:
                continue
            what, where = text[: match.start()], text[match.end() :]
            step, anchor = self._one_meant(what), self._one_meant(where)
            if step is None or anchor is None or step.id == anchor.id:
                return False
            place = Place(before=anchor.id) if before else Place(after=anchor.id)
            self.changes.append(MoveStep(id=step.id, place=place))
            return True
        match = _FIRST.search(text) or _LAST.search(text)
        step = self._one_meant(_without(text, match)) if match else None
        if match is None or step is None:
            return False
        at = "start" if _FIRST.search(text) else "end"
        self.changes.append(MoveStep(id=step.id, place=Place(at=at)))
        return True

    def move_known_meant(self, text: str) -> bool:
        """ "Tell people before saving": what is done already is asked for at another place."""
        before = len(self.changes)
        if not self.move_meant(text) or len(self.changes) != before + 1:
            return False
        change = self.changes[-1]
        step = self.existing.by_id[change.id] if isinstance(change, MoveStep) else None
        words = re.split(_BEFORE.pattern + "|" + _AFTER.pattern, text, maxsplit=1, flags=re.I)[0]
        plain = self.nester.plain(plain_clause(words.strip(" ,")))
        best = self.nester.choose(self._action(plain), plain, None).ids[:1]
        if step is None or best != (str(step.data.get("uses")),):
            del self.changes[before:]
        return len(self.changes) > before

    def _one_meant(self, words: str) -> ExistingStep | None:
        words = words.strip(" ,.")
        if re.match(r"(?:the\s+)?loop$", words, re.I):
            return next((step for step in self.existing.steps if "for_each" in step.data), None)
        found = self.steps_meant(words, several=False) if words else []
        return found[0] if found else None


def _does_something(plain: str) -> bool:
    """Whether the verb of a sentence without a negation does anything but take away."""
    if is_negated(plain) or _AWAY.search(plain):
        return False
    words = [word for word in words_of(plain) if word != "please"]
    classes = set(verb_class(words[0])) if words and is_base_form(words[0]) else set[str]()
    return bool(classes) and not classes & {"delete", "other"}


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to cut a sentence into what was and what shall be, the surest first."""
    lead = re.match(r"^(?:instead of|rather than|in place of)\s+", text, re.I)
    if lead:
        rest = text[lead.end() :]
        for match in re.finditer(r",\s*|\s+", rest):
            if match.group(0).strip() or is_action(rest[match.end() :]):
                yield _bare(rest[: match.start()]), _bare(rest[match.end() :])
        return
    for match in _NEW_FIRST.finditer(text):
        yield _bare(text[match.end() :]), _bare(text[: match.start()])
    for match in _OLD_FIRST.finditer(text):
        yield _bare(text[: match.start()]), _bare(text[match.end() :])


def _bare(text: str) -> str:
    """Return a side without the words of the change; a verb that says what to do stays."""
    bare = _TAIL.sub("", _LEAD.sub("", text.strip(" ,.")))
    return plain_clause(bare) if len(words_of(bare)) > 2 else bare
