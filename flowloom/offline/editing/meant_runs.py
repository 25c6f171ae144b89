"""Changes of when it runs and of what happens on errors, by the kind of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.editing.guarding import Guarding
from flowloom.offline.editing.rescheduling import Rescheduling
from flowloom.offline.editing.targets import Targets
from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["MeantRuns"]

_TIMES = re.compile(
    r"\b(?P<count>\d+|once|twice|" + "|".join(NUMBERS) + r")\s*(?:more\s+)?"
    r"(?P<noun>times|x|attempts|tries|goes|chances|retries)?\b",
    re.I,
)
_AGAIN = re.compile(r"\b(?:retr(?:y|ies|ying)|try|tries|tried|attempts?|again|another go)\b", re.I)
_GOES_ON = re.compile(
    r"\b(?:ignor\w+|tolerat\w+|carr(?:y|ies) on|continu\w+|go(?:es)? on|keep going|may|might|rest"
    r"|no problem)\b|(?:\bnot|n['’]t|\bnever) (?:stop|abort|fail|matter|break|hurt|end|affect"
    r"|spoil)\b",
    re.I,
)
_FAILS = re.compile(
    r"\b(?:fail\w*|errors?|break\w*|goes wrong|(?:does|do)(?:n['’]t| not) work|flaky|unreliable"
    r"|down)\b",
    re.I,
)
_COUNTS = {"once": 1, "twice": 2}


@dataclass
class MeantRuns(Targets, Rescheduling, Guarding):
    """Makes changes of the trigger and of error handling from a sentence of a known kind."""

    def reschedule_meant(self, text: str) -> bool:
        """Change the schedule by what it is now, or to what the words say."""
        if forms.REMOVE.match(text) and forms.AT_TIMES.search(text):
            return self._reschedule_sentence(text)
        return self.reschedule(text)

    def failure_meant(self, text: str) -> bool:
        """Let a step be tried more often, or let it fail."""
        count = self._times(text)
        if count and _AGAIN.search(text):
            target = self._failing_step(text)
            if target is not None:
                self._set_attempts(target, count)
            return target is not None
        if _GOES_ON.search(text):
            target = self._failing_step(text)
            if target is not None:
                self._go_on(target)
            return target is not None
        return False

    def _times(self, text: str) -> int:
        found = [match for match in _TIMES.finditer(text) if match.group("noun")]
        found = found or [m for m in _TIMES.finditer(text) if m.group("count").lower() in _COUNTS]
        if not found:
            return 0
        word = found[0].group("count").lower()
        return _COUNTS.get(word) or NUMBERS.get(word) or int(word)

    def _failing_step(self, text: str) -> ExistingStep | None:
        words = _AGAIN.sub(" ", _GOES_ON.sub(" ", _FAILS.sub(" ", _TIMES.sub(" ", text))))
        found = [step for step in self.steps_meant(words, several=False) if "uses" in step.data]
        calls = self._calls()
        return found[0] if found else calls[0] if len(calls) == 1 else None
