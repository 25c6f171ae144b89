"""Filters that may let nothing through: an expression rewritten so that one of them does not.

What a predicate says of values made from a schema is chance. So a filter is tried with its
predicate false, and the others of the expression true; ``exists`` with the same predicate too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from flowloom.workflow.cel.tokens import Token, tokens

__all__ = ["Predicate", "filters_of", "with_outcomes"]

Predicate: TypeAlias = tuple[str, ...]
"""The tokens of a predicate, its variables by number: the same whatever they are called."""

_MACROS = frozenset(["filter", "exists", "existsOne", "exists_one"])
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True)
class _Test:
    """One ``filter`` or ``exists``: its predicate, and where that stands in the text.

    Attributes:
        name: the whole call, with what it is called on.
    """

    macro: str
    predicate: Predicate
    start: int
    end: int
    name: str


def filters_of(text: str) -> dict[Predicate, str]:
    """Return the filters of an expression by their predicates, each as it is written first."""
    found: dict[Predicate, str] = {}
    for item in _tests(text):
        if item.macro == "filter":
            found.setdefault(item.predicate, item.name)
    return found


def with_outcomes(text: str, nothing: Predicate | None) -> str:
    """Return an expression whose filters let everything through, but one of them nothing.

    Args:
        nothing: the predicate that is false, wherever it stands; None if all are true.
    """
    out: list[str] = []
    at = 0
    for item in _tests(text):
        if item.start >= at:  # A predicate inside another one is gone with it.
            out += [text[at : item.start], "false" if item.predicate == nothing else "true"]
            at = item.end
    return "".join((*out, text[at:]))


@lru_cache(maxsize=1024)
def _tests(text: str) -> tuple[_Test, ...]:
    if not any(name in text for name in ("filter", "exists")):
        return ()
    found = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    return tuple(
        test
        for index, token in enumerate(found)
        if token.text in _MACROS and index and found[index - 1].text == "."
        for test in _test_at(text, found, index)
    )


def _test_at(text: str, found: Sequence[Token], index: int) -> Iterator[_Test]:
    arguments = _arguments(found, index + 1)
    if len(arguments) < 2 or not all(arguments):
        return
    *variables, body = arguments
    numbers = {item[0].text: f"${number}" for number, item in enumerate(variables)}
    predicate = tuple(
        token.text if place and body[place - 1].text == "." else numbers.get(token.text, token.text)
        for place, token in enumerate(body)
    )
    name = text[_start_of_operand(found, index - 1) : text.index(")", body[-1].end) + 1]
    yield _Test(found[index].text, predicate, body[0].start, body[-1].end, name)


def _start_of_operand(found: Sequence[Token], dot: int) -> int:
    """Return where what stands before a dot begins: names, dots and brackets."""
    depth = 0
    start = found[dot].start
    for token in reversed(found[:dot]):
        depth += (token.text in _CLOSING) - (token.text in _OPENING)
        part = token.kind in ("name", "quoted") or token.text in (".", "?", *_OPENING)
        if depth < 0 or (depth == 0 and not part):
            break
        start = token.start
    return start


def _arguments(found: Sequence[Token], opening: int) -> list[list[Token]]:
    """Return the arguments of a call whose bracket is expected at an index; empty if none is."""
    if opening >= len(found) or found[opening].text != "(":
        return []
    arguments: list[list[Token]] = [[]]
    depth = 1
    for token in found[opening + 1 :]:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth == 0:
            return arguments
        if token.text == "," and depth == 1:
            arguments.append([])
        else:
            arguments[-1].append(token)
    return []
