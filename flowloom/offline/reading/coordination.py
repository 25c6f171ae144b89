"""Several values with one verb: "fetch ⟦0⟧ and ⟦1⟧" is one step for each, or one for all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flowloom.offline.planning.shapes import shape_of

__all__ = ["one_value", "separate_values"]

_SERIES = re.compile(r"⟦\d+⟧(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)⟦\d+⟧)+")

_PAIR = r"(⟦\d+⟧)\s+(to|as|into|in)\s+(⟦\d+⟧)"
_PAIRS = re.compile(
    rf"^(?P<verb>[a-z]+\s+(?:[a-z]+\s+){{0,3}}?)(?P<pairs>{_PAIR}(?:(?:\s*,\s*(?:and\s+)?"
    rf"|\s+and\s+){_PAIR})+)$",
    re.I,
)
_TITLES = re.compile(
    r"\b(?:titled|called|named|entitled|with (?:the )?(?:titles|names|subjects))\s+$", re.I
)
_NUMBER = re.compile(r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\s+(?=[a-z])", re.I)
_NAMES = re.compile(
    r"\b(?P<noun>columns?|fields?)\s+\w+(?:\s*,\s*\w+)*(?:\s*,)?\s+and\s+\w+"
    r"|\b\w+(?:\s*,\s*\w+)*(?:\s*,)?\s+and\s+\w+\s+(?P<noun2>columns|fields)\b"
)


def separate_values(
    text: str, values: Sequence[str], takes_many: Callable[[str], bool]
) -> list[str]:
    """Return one action for each of several values of one shape, where a step takes one.

    Args:
        text: masked words of one action.
        values: what the masks ``⟦n⟧`` stand for.
        takes_many: whether the step that does the action takes several values at once.
    """
    if match := _PAIRS.match(text):
        verb = match.group("verb")
        pairs = re.findall(_PAIR, match.group("pairs"))
        return [f"{verb}{first} {word} {second}" for first, word, second in pairs]
    match = _SERIES.search(text)
    if match is None:
        return [text]
    if _TITLES.search(text[: match.start()]) and not takes_many(_bare_number(text)):
        titles = re.findall(r"⟦\d+⟧", match.group(0))
        parts = (_bare_number(text[: match.start()]) + one + text[match.end() :] for one in titles)
        return list(parts)
    masks = re.findall(r"⟦\d+⟧", match.group(0))
    shapes = {shape_of(values[int(mask.strip("⟦⟧"))]) for mask in masks}
    if len(shapes) != 1 or not shapes & {"url", "path", "channel"} or takes_many(text):
        return [text]
    return [text[: match.start()] + mask + text[match.end() :] for mask in masks]


def one_value(text: str) -> str:
    """Return an action with only the first of several values named together, and no field names."""
    text = _NAMES.sub(lambda match: match.group("noun") or match.group("noun2"), text)
    return _SERIES.sub(lambda match: match.group(0).partition("⟧")[0] + "⟧", text)


def _bare_number(text: str) -> str:
    return _NUMBER.sub("", text, count=1)
