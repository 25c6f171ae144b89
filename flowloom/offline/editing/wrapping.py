"""Loops around steps that are there: "do this for every row in …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.editing.guarding import Guarding
from flowloom.offline.editing.slots import Slot, form_of, slots_of
from flowloom.offline.planning.plan import Loop, Node
from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.lexicon import singular, words_of
from flowloom.offline.rendering.schemas import kind_of_schema
from flowloom.workflow.edits import AddStep, MoveStep, Place

__all__ = ["Wrapping"]

_USING = re.compile(
    r",?\s+(?:and\s+)?(?:using|with|taking|where|use|take)\s+(?:its|their|the)\s+"
    r"(?:columns?\s+|fields?\s+)?(?P<field>[\w-]+)(?:\s+(?:column|field))?\s+"
    r"(?:as|for|is|being)\s+(?:the\s+|an?\s+)?(?P<input>[\w ]+)$",
    re.I,
)


_PAIRS = re.compile(
    r",?\s+(?:and\s+)?(?:using|taking|with|use|take)\s+(?P<inputs>[\w ,]+?)\s+from\s+"
    r"(?:its\s+|the\s+)?(?:columns?|fields?)\s+(?P<fields>[\w ,]+)$",
    re.I,
)


@dataclass
class Wrapping(Guarding):
    """Puts steps into loops."""

    def _loop_around(self, text: str) -> bool:
        match = _PAIRS.search(text) or _USING.search(text)
        sentence = classify(text[: match.start()] if match else text, editing=True)
        if not sentence.each or len(sentence.actions) != 1:
            return False
        targets = self._looped(sentence.actions[0])
        if not targets:
            return False
        block: list[Node] = []
        inside = {step.id for step in targets}
        self.nester.known = [
            known for known in self.nester.known if known.reference.step not in inside
        ]
        self.nester.loop_block(sentence.each, block)
        loop = block[-1]
        if not isinstance(loop, Loop):
            return False
        self._place_loop(block, loop, targets)
        for field, wanted in _fields(match) if match else ():
            self._use_field(loop, field, wanted, inside)
        if match is None and not any(loop.item in str(step.data) for step in targets):
            self.renderer.assumptions.append(f"No step in the loop uses its {loop.item!r} yet.")
        return True

    def _looped(self, words: str) -> list[ExistingStep]:
        """The steps that "do this", "run it all" or "send the mail" mean."""
        if forms.DO_THIS.match(words):
            return self.existing.block_of("", "")
        return []

    def _place_loop(self, block: list[Node], loop: Loop, targets: list[ExistingStep]) -> None:
        self.nodes.extend(block)
        for step in self.renderer.steps(block):
            self.changes.append(AddStep(step=step, place=Place(before=targets[0].id)))
        for step in targets:
            self.changes.append(MoveStep(id=step.id, place=Place(into=loop.id, block="do")))

    def _use_field(self, loop: Loop, name: str, words: str, inside: set[str]) -> None:
        """Put a field of the item where words say: "its column url as the address"."""
        wanted = tuple(singular(word) for word in words_of(words))
        slots = [slot for slot in slots_of(self.existing) if slot.step in inside]
        slot = _best(slots, wanted, name)
        if slot is None:
            self.unsupported.append(f"No input of these steps is called {words!r}.")
            return
        value = f"{loop.item}.{name}"
        kind = kind_of_schema(slot.schema)
        if kind in ("number", "integer"):
            value = (
                f"{'double' if kind == 'number' else 'int'}({value})"  # a table's cells are texts
            )
        self.changes.append(slot.set("${{ " + value + " }}"))


def _fields(match: re.Match[str]) -> list[tuple[str, str]]:
    """Return each field with the words for the input that takes it."""
    groups = match.groupdict()
    if "field" in groups:
        return [(groups["field"], groups["input"])]
    fields, inputs = (re.split(r"\s*,\s*|\s+and\s+", groups[name]) for name in ("fields", "inputs"))
    return list(zip(fields, inputs, strict=False))


def _best(slots: list[Slot], wanted: tuple[str, ...], name: str) -> Slot | None:
    named = [slot for slot in slots if slot.around is None and slot.strength(wanted) >= 1.5]
    same = [slot for slot in slots if slot.name == name or form_of(slot.value) == name]
    found = named or same
    return max(found, key=lambda slot: slot.strength(wanted), default=None)
