"""Short ways to fill the inputs of a component of the built-in catalog."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import load_catalog
from flowloom.offline.filling.carrying import family_of
from flowloom.offline.filling.fill import Filled, Filler
from flowloom.offline.filling.implied import Implied
from flowloom.offline.filling.sources import Source
from flowloom.offline.reading.lexicon import singular, words_of
from flowloom.offline.reading.masking import mask
from flowloom.offline.rendering.schemas import Typed, item_of, list_in

__all__ = ["builtin", "filled", "item", "step", "trigger", "with_steps_first"]


@cache
def builtin() -> Catalog:
    """The built-in catalog."""
    return load_catalog([]).catalog


def step(component: str, **values: Any) -> Source:
    """An earlier step, called by the last word of its component's id."""
    found = builtin()[component]
    nouns = frozenset(map(singular, words_of(f"{found.title} {found.description}")))
    return Source(
        Typed(f"steps.{component.rpartition('.')[2]}.output", found.output),
        nouns=nouns,
        component=component,
        family=family_of(found),
        values=values,
        tells=found.effect == "read",
    )


def item(component: str, name: str, **values: Any) -> Source:
    """The item of a loop over what a component gives."""
    source = step(component, **values)
    listed = list_in(source.value)
    assert listed is not None
    return Source(
        item_of(listed, name),
        kind="item",
        nouns=source.nouns | {name},
        component=component,
        family=source.family,
        values=values,
    )


def trigger(component: str) -> Source:
    """What a trigger gives."""
    return Source(Typed("trigger.output", builtin()[component].output), kind="trigger")


def filled(component: str, words: str, *sources: Source, nouns: tuple[str, ...] = ()) -> Filled:
    """The inputs of a component for the words of one action; the nearest source comes first."""
    masked = mask(words)
    filler = Filler(
        builtin()[component], masked, masked.text, nouns=nouns, sources=sources, past=sources
    )
    return filler.fill()


def with_steps_first(
    component: str, words: str, *sources: Source
) -> tuple[Filled, list[tuple[str, dict[str, Any]]]]:
    """The inputs of a component, and the steps that had to come first with theirs."""
    masked = mask(words)
    before: list[tuple[str, dict[str, Any]]] = []

    def first(implied: Implied) -> Source:
        before.append((implied.component.id, dict(implied.values)))
        return replace(
            step(implied.component.id, **implied.values),
            value=Typed(f"steps.first{len(before)}.output", implied.component.output),
        )

    filler = Filler(
        builtin()[component], masked, masked.text, sources=sources, past=sources,
        catalog=builtin(), first=first,
    )  # fmt: skip
    return filler.fill(), before
