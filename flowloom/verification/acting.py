"""What a call does to the world: its component's effect, narrowed by what it is given."""

from __future__ import annotations

import re

from flowloom.catalog.component import Effect
from flowloom.verification.facts import Use

__all__ = ["effect_of"]

_ADDS = re.compile(r"\s*(?:insert|create)\b", re.IGNORECASE)


def effect_of(use: Use) -> Effect:
    """Return the effect of one use: an ``INSERT`` only adds, a ``DELETE`` request destroys."""
    component = use.component
    if component is None:
        return "read"
    if component.effect == "destructive":
        return "write" if _only_adds(use) else "destructive"
    method = use.inputs.get("method")
    if component.effect == "write" and isinstance(method, str) and method.upper() == "DELETE":
        return "destructive"
    return component.effect


def _only_adds(use: Use) -> bool:
    taint = use.component.taint if use.component else {}
    texts = [use.inputs.get(name) for name, kind in taint.items() if kind == "sql"]
    return any(isinstance(text, str) and _ADDS.match(text) for text in texts)
