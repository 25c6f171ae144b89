"""A transform that words ask for in passing: "write its text in upper case", "save them sorted"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.choosing.uncovered import named_by
from flowloom.offline.filling.documents import flattened
from flowloom.offline.filling.fill_words import WordFiller
from flowloom.offline.filling.input_names import is_main_text
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["Rework", "rework_of"]


@dataclass(frozen=True)
class Rework:
    """A transform, the input that takes the data, and its other inputs."""

    component: Component
    data: str
    values: Mapping[str, Any]


def rework_of(
    text: str, left: Sequence[str], kind: str, masked: Masked, catalog: Iterable[Component]
) -> Rework | None:
    """Return the one transform whose name and inputs have all the words left over.

    Args:
        text: the masked words of the action; ``left`` those that nothing stands for.
        kind: of the data that is at hand, ``string`` or ``array``.
    """
    found = [
        rework
        for component in catalog
        if component.kind == "transform"
        and (rework := _tried(flattened(component), text, left, kind, masked)) is not None
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _tried(
    component: Component, text: str, left: Sequence[str], kind: str, masked: Masked
) -> Rework | None:
    if not any(named_by(component, [word]) for word in left):
        return None
    if kind_of_schema(component.output) not in ("", kind):
        return None
    data = next((name for name in component.required if _takes(component, name, kind)), "")
    if not data:
        return None
    values = WordFiller(component, masked, text).fill()
    values.pop(data, None)
    lacking = set(component.required) - set(values) - {data}
    said = str(list(values.values())).lower()
    others = [word for word in left if word.lower() not in said]
    fits = not lacking and others and named_by(component, others)
    return Rework(component, data, values) if fits else None


def _takes(component: Component, name: str, kind: str) -> bool:
    schema = component.inputs[name]
    if kind == "string":
        return is_main_text(name, schema)
    return kind_of_schema(schema) == kind
