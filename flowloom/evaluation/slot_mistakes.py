"""Which mistake the difference between two values is: of inputs, conditions and references."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowloom.evaluation.forms import Slot
from flowloom.evaluation.mistakes import MistakeKind

__all__ = ["lost_reference", "slot_mistake"]


def slot_mistake(
    gold: Slot | None, found: Slot | None, names: Mapping[str, str]
) -> MistakeKind | None:
    """Return the kind of mistake that a value is, None if it is right.

    Args:
        gold: the value wanted, None if none is.
        found: the value given, None if none is.
        names: the gold workflow's key of each step of the output that stands for one of its.
    """
    if gold is None:
        return None if found is None else "inputs.redundancy"
    if found is None:
        return "references.omitted" if gold.references else "inputs.omission"
    if _renamed(found.text, names) == gold.text:
        return None
    return lost_reference(gold, found, names) or _other_value(gold, found)


def lost_reference(gold: Slot, found: Slot | None, names: Mapping[str, str]) -> MistakeKind | None:
    """Return what is wrong with what a value refers to, None if nothing is lost."""
    if found is None:
        return "references.omitted" if gold.references else None
    wanted = {_producer(item) for item in gold.references}
    given = {_producer(_renamed(item, names)) for item in found.references}
    if wanted <= given:
        return None
    if not given:
        return "references.literal"
    return "references.omitted" if given <= wanted else "references.wrong_producer"


def _other_value(gold: Slot, found: Slot) -> MistakeKind:
    if bool(gold.references) == bool(found.references) and gold.kind != found.kind:
        return "inputs.type"
    if not gold.references and _core(gold.text) == _core(found.text):
        return "inputs.transformation"
    fields = {item.rpartition(".")[2] for item in gold.references}
    if gold.references and fields == {item.rpartition(".")[2] for item in found.references}:
        return "inputs.transformation"
    return "inputs.extraction"


def _producer(reference: str) -> str:
    """Return the step, loop item or root that a reference reads from."""
    parts = reference.split(".")
    return ".".join(parts[:2]) if parts[0] == "steps" else parts[0]


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return re.sub(
        r"\b(steps ?\. ?)(\w+)", lambda match: match[1] + names.get(match[2], match[2]), text
    )


def _core(text: str) -> str:
    """Return letters and digits alone, in small letters."""
    return re.sub(r"[\W_]", "", text).lower()
