"""Changes of values, by what of a sentence stands in the workflow already and what does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.offline.editing.setting import Setting
from flowloom.offline.editing.slots import Slot, form_of, open_slots, slots_of
from flowloom.offline.editing.targets import Targets
from flowloom.offline.filling.input_names import is_main_text
from flowloom.offline.filling.literals import Value, values_of
from flowloom.offline.reading.grammar.clauses import plain_clause
from flowloom.offline.reading.lexicon import words_of

__all__ = ["MeantValues"]


@dataclass
class MeantValues(Targets, Setting):
    """Sets values that a sentence says anywhere."""

    def exchange_meant(self, text: str) -> bool:
        """Put a new value where the old one stands that is said too."""
        old, new = self._old_and_new(text)
        if not len(old) == len(new) == 1:
            return False
        words = text[new[0].start : new[0].end]
        for slot in self._in_meant(self._slots_with(old[0], slots_of(self.existing)), text):
            self._put(slot, self._literal(words), words)
        return True

    def set_meant(self, text: str) -> bool:
        """Set each new value where the old one stands that is said, or the one of its form."""
        if self.exchange_meant(text):
            return True
        slots = slots_of(self.existing)
        chosen = [(item, self._slot_for(item, text, slots)) for item in self._old_and_new(text)[1]]
        for item, slot in chosen:
            if slot is not None:
                words = text[item.start : item.end]
                self._put(slot, self._literal(words), words)
        return any(slot is not None for _, slot in chosen)

    def restate_meant(self, text: str) -> bool:
        """ "Sort it by date": what a step does is said again, with other inputs."""
        plain = plain_clause(text)
        step = self._same_component(plain, self.nester.plain(plain))
        return step is not None and self._restate(step, plain)

    def _old_and_new(self, text: str) -> tuple[list[Value], list[Value]]:
        """The values of a sentence that stand in the workflow, and the others."""
        slots = slots_of(self.existing)
        said = [item for item in values_of(text, self.nester.masked) if _may_be_set(item, text)]
        old = [item for item in said if self._slots_with(item, slots)]
        return old, [item for item in said if item not in old]

    def _slots_with(self, item: Value, slots: Sequence[Slot]) -> list[Slot]:
        exact = [slot for slot in slots if str(slot.value) == item.text]
        wanted = item.text.strip("#").lower()
        return exact or [slot for slot in slots if str(slot.value).strip("#").lower() == wanted]

    def _slot_for(self, item: Value, text: str, slots: Sequence[Slot]) -> Slot | None:
        """The input for a value, in the step that is meant most surely; else anywhere."""
        words = tuple(words_of(text[: item.start]))[-3:]
        scores = self.step_scores(text)
        every = [*slots, *(slot for slot in open_slots(self.existing) if slot.step)]
        for name in sorted(scores, key=lambda name: -scores[name]):
            inside = [slot for slot in every if slot.step == name]
            if (slot := self._fitting(item, text, words, inside)) is not None:
                return slot
        return self._fitting(item, text, words, list(slots))

    def _fitting(
        self, item: Value, text: str, words: Sequence[str], slots: Sequence[Slot]
    ) -> Slot | None:
        """The one that is named before the value, has its form, or is the text of a step."""
        value = self._literal(text[item.start : item.end])
        form = form_of(value)
        named = [slot for slot in slots if any(slot.strength((word,)) >= 2 for word in words)]
        same = [slot for slot in slots if form and form_of(slot.value) == form]
        same = [slot for slot in same if slot.around is None or slot.value != 0]
        texts = [slot for slot in slots if item.quoted and is_main_text(slot.name, slot.schema)]
        for found in (named, same, texts):
            if len(found) == 1:
                return found[0]
        return None

    def _in_meant(self, slots: list[Slot], text: str) -> list[Slot]:
        """Those in the step that the sentence means most surely, if it has any of them."""
        scores = self.step_scores(text)
        for name in sorted(scores, key=lambda name: -scores[name]):
            inside = [slot for slot in slots if slot.step == name]
            if inside:
                return inside
        return slots


_UNIT = re.compile(
    r"\s*(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|times|attempts|tries|o['’]?clock"
    r"|[ap]\.?m)\b",
    re.I,
)


def _may_be_set(item: Value, text: str) -> bool:
    """Durations and counts of attempts are read elsewhere; "one" is mostly no number."""
    if item.form != "number":
        return True
    one = item.text.lower() == "one" or (item.spelled and item.text == "1")
    return not one and not _UNIT.match(text[item.end :])
