"""Setting values: "change X to Y", "B instead of A", "only … with …", "make it …"."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.editing.restating import Restating
from flowloom.offline.editing.slots import Slot, form_of, open_slots, slots_of
from flowloom.offline.filling.fill import Filler
from flowloom.offline.filling.input_names import spaced
from flowloom.offline.filling.literals import values_of
from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, NUMBERS, singular, words_of
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.workflow.edits import SetValue

__all__ = ["Setting"]

_SENT_TO = re.compile(
    r"^(?:also\s+)?(?:send|post|write|mail|put|deliver)\s+(?:it|that|this)\s+(?:in)?to\s+"
    r"(?P<value>⟦\d+⟧)(?:\s+instead)?$",
    re.I,
)
NAMES = 1.5
"""From this strength on, words name a value."""


@dataclass
class Setting(Restating):
    """Changes single values; all else stays as it is written."""

    _last_set: str = ""

    def _set(self, text: str) -> bool:
        readers = (
            self._sent_to, self._called, self._from_to, self._named, self._goes_to, self._only_with,
            self._value_instead, self._said_input, self._use_values,
        )  # fmt: skip
        return any(read(text) for read in readers)

    def _called(self, text: str) -> bool:
        """ "Rename the workflow to …"."""
        match = forms.CALLED.match(text)
        if match is None:
            return False
        name = str(self._value(match.group("name") or match.group("name2")))
        self.changes.append(SetValue(path="name", value=name.strip()))
        return True

    # -- from one value to another -----------------------------------------------------------

    def _from_to(self, text: str) -> bool:
        for pattern in (forms.FROM_TO, forms.VALUE_INSTEAD, forms.VALUE_TO_VALUE):
            match = pattern.match(text)
            if match and self._exchange(match.group("old"), match.group("new"), text):
                return True
        return False

    def _exchange(self, old: str, new: str, text: str) -> bool:
        before, after = self._literal(old), self._literal(new)
        if before is None or after is None:
            return False
        found = [slot for slot in slots_of(self.existing) if _same(slot.value, before)]
        meant = self._meant(found, text) or found
        for slot in meant:
            self._put(slot, after, new)
        return bool(meant)

    def _literal(self, text: str) -> Any:
        """Return the one value that words are, or None where they are more than a value."""
        text = re.sub(r"^(?:the|a|an|at|to|with|by)\s+", "", text.strip(" ,."), flags=re.I)
        found = values_of(text, self.nester.masked)
        if len(found) == 1 and found[0].end - found[0].start == len(text):
            value = found[0].text
            return _number(value) if found[0].form == "number" else value
        return text if re.fullmatch(r"[\w.@/-]+", text) and not is_action(f"{text} it") else None

    # -- a value that is named, or the only one of its form ----------------------------------

    def _named(self, text: str) -> bool:
        for pattern in (forms.SET, forms.SHOULD_BE, forms.USE_AS):
            match = pattern.match(text)
            if match is None:
                continue
            groups = match.groupdict()
            owner, value = groups.get("owner") or "", groups["value"]
            value = re.sub(r"\s+instead$", "", value, flags=re.I)
            words = tuple(singular(word) for word in words_of(groups["field"]))
            if self._set_field(words, owner, value):
                return True
        return False

    def _set_field(self, words: tuple[str, ...], owner: str, value: str) -> bool:
        if (
            words
            and words[-1] in ("time", "schedule", "hour", "trigger", "day")
            and (self.reschedule(f"at {value}") or self.reschedule(value))
        ):
            return True
        if words[-1:] in (("repository",), ("repo",)) and self._set_repository(value):
            return True
        slot = self._slot_named(words, owner, value) or self._only_slot(value, owner)
        if slot is None:
            return False
        literal = self._literal(value)
        self._put(slot, literal if literal is not None else self._value(value), value)
        return True

    def _slot_named(self, words: tuple[str, ...], owner: str, value: str) -> Slot | None:
        words = tuple(word for word in words if word not in FUNCTION_WORDS)
        for among in (slots_of(self.existing), open_slots(self.existing)):
            found = [slot for slot in among if self._takes(slot, value)]
            named = [slot for slot in found if slot.strength(words) >= NAMES]
            if words in (("message",), ("text",)) and not owner and _in_several(named):
                return None  # which of them is not said
            if len(words) > 1 or owner:  # "the Slack message": the step's name goes first
                named = self._meant(named, f"{owner} {' '.join(words[:-1])}") or named
            best = max((slot.strength(words) for slot in named), default=0.0)
            named = [slot for slot in named if slot.strength(words) == best]
            named = self._meant(named, f"{owner} {' '.join(words[:-1])}") or named
            if len(named) == 1 or (named and len({slot.step for slot in named}) == 1):
                return named[0]
        return None

    def _takes(self, slot: Slot, value: str) -> bool:
        number = isinstance(self._literal(value), int | float)
        kind = kind_of_schema(slot.schema)
        if slot.around is not None:
            return isinstance(slot.value, int | float) == number
        return number or kind not in ("integer", "number")

    def _only_slot(self, value: str, owner: str) -> Slot | None:
        """The one value of the same form: a number for a number, an address for an address."""
        literal = self._literal(value)
        form = form_of(literal)
        if literal is None or not form:
            return None
        found = [slot for slot in slots_of(self.existing) if form_of(slot.value) == form]
        # "size(…) > 0" asks whether there is any: its 0 is no threshold.
        found = [slot for slot in found if slot.around is None or slot.value != 0]
        found = self._meant(found, owner) or found
        if len(found) > 1:
            found = [slot for slot in found if _is_file(slot.value) == _is_file(literal)]
        return found[0] if len(found) == 1 else None

    def _meant(self, slots: list[Slot], words: str) -> list[Slot]:
        """Those in the step that words mean, if they mean one that has any."""
        plain = self.nester.plain(words)
        if not words.strip() or not plain:
            return []
        if self._means_trigger(plain):
            return [slot for slot in slots if not slot.step]
        action = self._action(plain)
        matches = self.existing.matches(action, plain, verb=is_action(plain))
        for _, step in matches[:2]:
            inside = [slot for slot in slots if slot.step == step.id]
            if inside:
                return inside
        return []

    def _means_trigger(self, plain: str) -> bool:
        """ "The webhook path": of what starts the workflow."""
        trigger = self.existing.data.get("trigger") or {}
        profile = self.existing.chooser.profiles.get(str(trigger.get("uses", "")))
        return bool(profile) and bool({*words_of(plain)} & {"trigger", *profile.heads})

    def _use_values(self, text: str) -> bool:
        """ "Use latitude 48.1 and longitude 11.6": several inputs of one step by name."""
        match = forms.USE_VALUES.match(text)
        values = values_of(match.group("rest"), self.nester.masked) if match else []
        if match is None or not values:
            return False
        for step in self._calls():
            component = self.existing.catalog.get(str(step.data["uses"]))
            if component is None:
                continue
            said = f"use the {match.group('rest')}"
            filled = Filler(component, self.nester.masked, said).fill().values
            given = step.data.get("with") or {}
            changed = {k: v for k, v in filled.items() if k in given and given[k] != v}
            if len(changed) == len(values):
                for name, value in changed.items():
                    self.changes.append(SetValue(id=step.id, path=f"with.{name}", value=value))
                return True
        return False

    def _put(self, slot: Slot, value: Any, words: str) -> None:
        if type(value) is not type(slot.value) or isinstance(value, str):
            given = self._filled(slot, words)
            value = given if given is not None and slot.around is None else value
        if isinstance(value, str) and kind_of_schema(slot.schema) == "array":
            value = [value]
        if isinstance(slot.value, str) and isinstance(value, int | float):
            value = str(value) if slot.around is None else value
        self.changes.append(slot.set(value))
        self._last_set = slot.step
        if form_of(slot.value) == "path" and slot.around is None and isinstance(value, str):
            self._follow(slot, value)

    def _follow(self, changed: Slot, value: str) -> None:
        """Where a file gets another name, the steps that use it take the new one."""
        for slot in slots_of(self.existing):
            here = (slot.step, slot.path) == (changed.step, changed.path)
            if slot.value == changed.value and not here:
                self.changes.append(slot.set(value))

    def _sent_to(self, text: str) -> bool:
        """ "… and send it to ⟦0⟧" behind a change: the step that was changed goes there."""
        match = _SENT_TO.match(text)
        if match is None or not self._last_set:
            return False
        value = match.group("value")
        form = form_of(self._literal(value))
        inside = [slot for slot in slots_of(self.existing) if slot.step == self._last_set]
        found = [slot for slot in inside if form and form_of(slot.value) == form]
        if len(found) == 1:
            self._put(found[0], self._literal(value), value)
        return len(found) == 1

    def _filled(self, slot: Slot, words: str) -> Any:
        """Let the filler read the value as it would in a new step: durations, choices, dates."""
        holder = self.existing.data.get("trigger") if not slot.step else None
        step = self.existing.by_id.get(slot.step)
        data = holder or (step.data if step else {})
        component = self.existing.catalog.get(str(data.get("uses", "")))
        if component is None or slot.name not in component.inputs:
            return None
        text = f"set with the {spaced(slot.name)} {words}"
        return Filler(component, self.nester.masked, text).fill().values.get(slot.name)

    def _set_repository(self, value: str) -> bool:
        literal = str(self._literal(value) or "")
        owner, slash, name = literal.partition("/")
        changed = False
        for step in self._calls():
            given = step.data.get("with") or {}
            if slash and {"owner", "repo"} <= set(given):
                self.changes.append(SetValue(id=step.id, path="with.owner", value=owner))
                self.changes.append(SetValue(id=step.id, path="with.repo", value=name))
                changed = True
        return changed

    # -- a value without a name --------------------------------------------------------------

    def _goes_to(self, text: str) -> bool:
        """ "The mail should go to …": the one value of that form in the step."""
        match = forms.GOES_TO.match(text)
        if match is None:
            return False
        slot = self._only_slot(match.group("value"), match.group("what"))
        literal = self._literal(match.group("value"))
        if slot is not None:
            self._put(slot, literal, match.group("value"))
        return slot is not None

    def _value_instead(self, text: str) -> bool:
        """ "Post to ⟦0⟧ instead": a step that is there, with another value."""
        match = forms.INSTEAD.match(text)
        if match is None or re.search(r"\binstead of\b", text, re.I):
            return False
        words = match.group("a") or match.group("b")
        plain = self.nester.plain(words)
        values = values_of(words, self.nester.masked)
        step = self._same_component(words, plain) if is_action(plain) else None
        if len(values) == 1 and not self._names_other_service(words, plain):
            value = words[values[0].start : values[0].end]
            slot = self._slot_like(value, step)
            if slot is not None:
                self._put(slot, self._literal(value), value)
                return True
        return step is not None and self._restate(step, words)

    def _same_component(self, words: str, plain: str) -> ExistingStep | None:
        best = self.nester.choose(self._action(words), plain, None).ids[:1]
        found = [step for step in self._calls() if (str(step.data["uses"]),) == best]
        if not found and not best:
            near = self.existing.match(self._action(words), plain)
            found = [near] if near is not None and near in self._calls() else []
        return found[0] if len(found) == 1 else None

    def _names_other_service(self, words: str, plain: str) -> bool:
        named = self.existing.chooser.mentions(self._action(words), plain)
        return bool(named) and not set(named) & set(self.existing.providers())

    def _slot_like(self, value: str, step: ExistingStep | None) -> Slot | None:
        form = form_of(self._literal(value))
        found = [slot for slot in slots_of(self.existing) if form and form_of(slot.value) == form]
        found = [slot for slot in found if _is_file(slot.value) == _is_file(self._literal(value))]
        inside = [slot for slot in found if step and slot.step == step.id]
        found = inside or found
        return found[0] if len(found) == 1 else None

    def _said_input(self, text: str) -> bool:
        """ "Cc ⟦0⟧ on the mail": the verb is the name of an input."""
        match = forms.SAID_INPUT.match(text)
        if match is None:
            return False
        name = match.group("name").lower()
        slots = [slot for slot in open_slots(self.existing) if slot.name.lower() == name]
        slots = self._meant(slots, match.group("what") or "") or slots
        if len(slots) != 1 or not slots[0].step:
            return False
        self._put(slots[0], self._literal(match.group("value")), match.group("value"))
        return True

    @abstractmethod
    def reschedule(self, text: str) -> bool:
        """Change when it runs."""


def _in_several(slots: Sequence[Slot]) -> bool:
    return len({slot.step for slot in slots}) > 1


def _is_file(value: Any) -> bool:
    return bool(re.search(r"\.[A-Za-z0-9]{1,5}$", str(value)))


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, int | float) and not isinstance(value, bool):
        return value == wanted or value == str(wanted)
    return isinstance(value, str) and value.strip("#").lower() == str(wanted).strip("#").lower()


def _number(text: str) -> Any:
    if text.lower() in NUMBERS:
        return NUMBERS[text.lower()]
    return float(text) if "." in text else int(text) if re.fullmatch(r"-?\d+", text) else text
