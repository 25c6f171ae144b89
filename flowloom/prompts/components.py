"""Candidate components in few words, within a token budget."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flowloom.catalog.component import Component
from flowloom.prompts.schema_text import type_text
from flowloom.workflow.visible_text import plain_line

__all__ = ["components_text", "estimated_tokens"]

MAX_DESCRIPTION = 160
CHARACTERS_PER_TOKEN = 3.5
FULL_SHARE = 0.75
_MOST_KEPT = 1_000
_KEPT: dict[int, tuple[Component, str]] = {}
"""Full blocks by the identity of their component, which is frozen: the same ones come again."""


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has: 3.5 characters each (English needs fewer)."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def components_text(components: Sequence[Component], max_tokens: int) -> str:
    """Return the components, best first, one block each; every text in one visible line.

    Three quarters of the budget go to full blocks; the others get one line with the required
    inputs, as long as there is room. How many were left out is said at the end.
    """
    blocks: list[str] = []
    left = max_tokens
    for component in components:
        block = _kept_block(component)
        if estimated_tokens(block) > left - max_tokens * (1 - FULL_SHARE):
            block = _brief(component)
        cost = estimated_tokens(block) + 1
        if cost > left:
            blocks.append(f"({len(components) - len(blocks)} more are not shown)")
            break
        left -= cost
        blocks.append(block)
    return "\n".join(blocks)


def _kept_block(component: Component) -> str:
    kept = _KEPT.get(id(component))
    if kept is not None and kept[0] is component:
        return kept[1]
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    block = _full(component)
    _KEPT[id(component)] = component, block
    return block


def _full(component: Component) -> str:
    lines = [_head(component)]
    if component.description:
        lines.append(f"  {plain_line(component.description, MAX_DESCRIPTION)}")
    lines.append(f"  with: {_inputs(component) or 'nothing'}")
    lines.append(f"  output: {type_text(component.output) if component.output else 'not known'}")
    return "\n".join(lines)


def _head(component: Component) -> str:
    marks = [component.kind, component.effect if component.effect != "read" else ""]
    if component.connection is not None:
        need = "needs" if component.connection.required else "may have"
        marks.append(f"{need} a {component.connection.type} connection")
    if component.deprecated:
        marks.append(f"deprecated, use {component.replaced_by or 'another one'}")
    noted = plain_line("; ".join(mark for mark in marks if mark), MAX_DESCRIPTION)
    return f"{component.id} | {plain_line(component.title or component.id, 80)} [{noted}]"


def _inputs(component: Component) -> str:
    required = component.required
    names = sorted(component.inputs, key=lambda name: name not in required)
    parts = (
        f"{plain_line(name, 80)}{'*' if name in required else ''}: {type_text(schema)}"
        for name, schema in ((name, component.inputs[name]) for name in names)
    )
    return ", ".join(parts)


def _brief(component: Component) -> str:
    needed = ", ".join(f"{plain_line(name, 80)}*" for name in component.required)
    return f"{_head(component)} with: {needed or 'nothing required'}"
