"""A workflow taken into parts: its head entry by entry, and each step without those inside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flowloom.workflow.document import Document
from flowloom.workflow.edits import find_steps

__all__ = ["changed_leaves", "names_step", "own_data", "parts_of", "steps_named_in"]

_BLOCKS = frozenset(
    ["then", "elif", "else", "cases", "default", "do", "try", "catch", "finally", "parallel"]
)
_BRANCHES = ("elif", "cases")
_SINGLE = ("name", "description", "trigger")
_ENTRIES = ("inputs", "outputs")
_STEP = re.compile(r"\bsteps\s*\.\s*\??\s*(\w+)")


def parts_of(document: Document) -> dict[str, str]:
    """Return each part as text: by step id, and as ``trigger`` or ``inputs.channel``."""
    head = {name: _text(value) for name, value in _head(document.data)}
    steps = find_steps(document.data).items()
    return {**head, **{name: _text(own_data(block[index])) for name, (block, index, _) in steps}}


def own_data(step: dict[str, Any]) -> dict[str, Any]:
    """Return a step without the steps inside it; conditions of its branches stay."""
    own = {key: value for key, value in step.items() if key not in _BLOCKS}
    for key in _BRANCHES:
        branches = step.get(key)
        if isinstance(branches, list):
            own[key] = [
                {name: value for name, value in branch.items() if name not in _BLOCKS}
                for branch in branches
                if isinstance(branch, dict)
            ]
    return own


def changed_leaves(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield what differs between two texts of a part: each value before and after, as JSON text.

    A list counts as one value; a value that is not there is an empty text.
    """
    old, new = (dict(_leaves(json.loads(text), ())) if text else {} for text in (before, after))
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            yield old.get(place, ""), new.get(place, "")


def _leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*place, key))
    else:
        yield place, _text(value)


def steps_named_in(value: Any) -> tuple[str, ...]:
    """Return the ids that stand as ``steps.<id>`` in any text of a value, each once."""
    return tuple(dict.fromkeys(_STEP.findall(_text(value))))


def names_step(text: str, step_id: str) -> bool:
    """Say whether a part's text names a step."""
    return step_id in _STEP.findall(text)


def _head(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((name, data[name]) for name in _SINGLE if name in data)
    for key in _ENTRIES:
        entries = data.get(key)
        if isinstance(entries, dict):
            yield from ((f"{key}.{name}", value) for name, value in entries.items())


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
