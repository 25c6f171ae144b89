"""Ids of steps and names of loop variables, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flowloom.offline.planning.actions import Action
from flowloom.offline.reading.lexicon import FUNCTION_WORDS

__all__ = ["Names"]

_RESERVED = frozenset({"item", "index", "inputs", "trigger", "steps", "error", "run", "true",
                       "false", "null", "in", "if", "for", "size", "string", "int", "type",
                       "double", "bool", "list", "map", "bytes", "uint", "duration", "timestamp",
                       "dyn", "has", "all", "exists", "matches", "request"})  # fmt: skip


class Names:
    """Gives out names that are not taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def unique(self, wanted: str) -> str:
        """Return ``wanted`` as an identifier, numbered if it is taken."""
        base = re.sub(r"\W+", "_", wanted.lower()).strip("_")[:50] or "step"
        base = f"step_{base}" if base[0].isdigit() else base
        name, number = base, 2
        while name in self._taken:
            name, number = f"{base}_{number}", number + 1
        self._taken.add(name)
        return name

    def variable(self, noun: str) -> str:
        """Return a name for the item of a loop."""
        base = re.sub(r"\W+", "_", noun.lower()).strip("_") or "entry"
        return self.unique(f"one_{base}" if base in _RESERVED else base)

    def of_action(self, action: Action) -> str:
        """Return an id that says what a step does."""
        noun = action.head if action.head not in FUNCTION_WORDS else ""
        return self.unique("_".join(part for part in (action.said or action.verb, noun) if part))
