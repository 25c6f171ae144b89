"""Third stage: what pronouns, nouns and conditions refer to among what the steps produce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flowloom.offline.choosing.choose import Chooser
from flowloom.offline.comparing.conditions import Condition
from flowloom.offline.planning.actions import Action
from flowloom.offline.planning.plan import Reference
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, verb_class
from flowloom.offline.reading.masking import Masked

__all__ = ["Known", "References", "is_sent"]


@dataclass(frozen=True)
class Known:
    """Something that words may refer to: what a step produced, or the item of a loop.

    Attributes:
        nouns: what it is called, in the singular; ``plural`` whether it is a list.
        block: the block it stands in, by identity.
        also: what its component calls the items; ``component`` what produced it.
        holds: what a file that was read is called to hold ("users.json").
    """

    reference: Reference
    nouns: tuple[str, ...]
    plural: bool
    provider: str = ""
    block: int = 0
    action: Action | None = None
    also: frozenset[str] = frozenset()
    component: str = ""
    holds: frozenset[str] = frozenset()


@dataclass
class References:
    """What words may refer to.

    Attributes:
        known: what there is, the oldest first.
        providers: services used so far, the latest last.
    """

    chooser: Chooser
    masked: Masked
    known: list[Known] = field(default_factory=list[Known])
    providers: list[str] = field(default_factory=list[str])

    def subject_of(self, condition: Condition) -> tuple[Reference | None, Condition]:
        """Return what a condition is about; the last noun may be the field."""
        if not condition.subject:
            last = self._latest_list() if condition.count else self._latest()
            return (last.reference if last else None), condition
        known = self._find(condition.subject)
        if condition.verbal:
            return self._doer_of(condition, known)
        if known is not None and set(condition.subject[-1:]) & set(known.nouns[-1:]):
            return known.reference, condition
        front, last_noun = condition.subject[:-1], condition.subject[-1]
        known = (self._find(front) if front else None) or known
        if known is None and not front:
            known = self._latest()
        if known is None:
            return None, condition
        attribute = condition.attribute or last_noun
        rest = [noun for noun in front if noun not in known.nouns]
        if condition.attribute == "":
            attribute = "_".join([*rest, last_noun])
        if known.action and last_noun in (known.action.verb, known.action.head):
            attribute = condition.attribute
        return known.reference, replace(condition, attribute=attribute, guessed=False)

    def _doer_of(
        self, condition: Condition, known: Known | None
    ) -> tuple[Reference | None, Condition]:
        """ "does not approve": about the step that gets the approval."""
        verb = condition.subject[-1:]
        about = next((k for k in reversed(self.known) if _related(list(verb), k)), None)
        about = about or known or self._latest()
        return (about.reference if about else None), condition

    def _find(self, nouns: Sequence[str], *, plural: bool = False) -> Known | None:
        """Return the latest thing that is called by these nouns."""
        wanted = [singular(noun) for noun in nouns]
        if not wanted:
            return self._latest()
        best: tuple[int, Known] | None = None
        for known in self.known:
            if plural and not (known.plural or known.reference.item):
                continue
            if not self._is_called(known, wanted):
                continue
            points = 2 * (wanted[-1] in known.nouns[-1:]) + len(set(wanted) & set(known.nouns))
            if best is None or points >= best[0]:
                best = (points, known)
        return best[1] if best else self._listing(wanted, plural=plural)

    def _listing(self, wanted: list[str], *, plural: bool) -> Known | None:
        """Return the latest list whose component says what its items are ("its rows")."""
        held = (known for known in reversed(self.known) if wanted[-1] in known.holds)
        if plural and (found := next(held, None)) is not None:
            return found
        items = {wanted[-1], "item", "one"} & {wanted[-1]}
        lists = (k for k in reversed(self.known) if items & (k.also | {"item", "one", "result"}))
        return next((known for known in lists if known.also), None)

    def _is_called(self, known: Known, wanted: list[str]) -> bool:
        if wanted[-1] in known.nouns[-1:] or _related(wanted, known):
            return True
        return len(wanted) == 1 and wanted[0] in known.nouns

    def _latest_list(self) -> Known | None:
        return next((k for k in reversed(self.known) if k.plural), None) or self._latest()

    def _latest(self) -> Known | None:
        return self.known[-1] if self.known else None

    def _antecedent(self, action: Action) -> Known | None:
        if action.pronoun or re.search(r"\b(?:it|them|its|their)\b", action.text, re.I):
            plural = bool(re.search(r"\b(?:them|their|these|those)\b", action.text, re.I))
            if plural:
                lists = [known for known in self.known if known.plural]
                return lists[-1] if lists else self._latest()
            return self._not_sent(action) or self._latest()
        return None

    def _not_sent(self, action: Action) -> Known | None:
        """ "Mail its title and close it": what is changed is no message that has just been sent."""
        if not {"update", "delete"} & set(verb_class(action.verb)):
            return None
        return next(
            (k for k in reversed(self.known) if k.action is None or not is_sent(k.action)), None
        )

    def _with_antecedent(self, action: Action, about: Known | None) -> Action:
        if about is None or not action.pronoun or not about.nouns:
            return action
        if action.said in self._verbs_that_are_nouns(about):
            return action
        send = "send" in verb_class(action.verb)
        nouns = () if send else about.nouns
        return replace(
            action,
            nouns=nouns,
            head=nouns[-1] if nouns else "",
            plural=action.plural and about.plural,
        )

    def _verbs_that_are_nouns(self, about: Known) -> set[str]:
        """Verbs that are what some component of the same service makes: "release it"."""
        return {
            head
            for profile in self.chooser.profiles.values()
            if profile.provider == about.provider or profile.provider in self.providers[-3:]
            for head in profile.heads
            if "create" in profile.verbs and head not in FUNCTION_WORDS
        } - {"copy", "update", "list", "file", "object", "share"}


def is_sent(action: Action) -> bool:
    """Return whether an action sends or writes something: what it gives is seldom spoken of."""
    return "send" in verb_class(action.verb) or action.verb in ("log", "append", "write")


def _related(wanted: list[str], known: Known) -> bool:
    """ "if the supervisor does not approve": a verb and the noun made of it."""
    return any(
        len(word) >= 6 and len(noun) >= 6 and word[:6] == noun[:6]
        for word in wanted
        for noun in known.nouns
    )
