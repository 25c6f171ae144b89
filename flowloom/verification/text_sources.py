"""Which variables of an expression can lend their text to its value.

``c ? 'DESC' : 'ASC'`` has only the text of its literals, whatever ``c`` is, and
``files.map(f, f.path)`` only the texts at ``path``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from flowloom.workflow.cel.ast import (
    Bind,
    Call,
    Comprehension,
    Ident,
    ListNode,
    MapNode,
    Node,
    Select,
    decode,
)
from flowloom.workflow.cel.library import parse_text

__all__ = ["Beyond", "text_sources"]

Beyond: TypeAlias = tuple[str | None, ...]
"""What is selected beyond a reference; None is any item of a list."""

_OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "&&", "||", "-", "*", "/", "%"]
_NAMES = ["!_", "-_", "@in", "_in_", "in", "@not_strictly_false", "__not_strictly_false__"]
_FUNCTIONS = ["size", "contains", "startsWith", "endsWith", "matches", "indexOf", "lastIndexOf"]
_CASTS = ["int", "uint", "double", "bool", "timestamp", "duration"]
_NO_TEXT = frozenset([*(f"_{sign}_" for sign in _OPERATORS), *_NAMES, *_FUNCTIONS, *_CASTS])
_MAX_DEPTH = 100


@dataclass(frozen=True)
class _Source:
    """A variable that lends its text.

    Attributes:
        own: what is selected from it at once (the reference has that already).
        beyond: what is selected after an item was taken.
        lists: how many lists were put around it.
    """

    variable: Ident
    own: Beyond = ()
    beyond: Beyond = ()
    lists: int = 0


class _TooDeep(Exception):
    """The expression is nested too deeply."""


@lru_cache(maxsize=2048)
def text_sources(text: str) -> Mapping[int, frozenset[Beyond]] | None:
    """Return the variables whose text can become part of the value, by 1-based column.

    None if the expression cannot be read, or is nested too deeply to tell.
    """
    parsed = parse_text(text)
    if isinstance(parsed, list):
        return None
    found: dict[int, set[Beyond]] = {}
    try:
        for source in _sources(decode(parsed), 0):
            found.setdefault(source.variable.position + 1, set()).add(source.beyond)
    except _TooDeep:
        return None
    return {column: frozenset(beyond) for column, beyond in found.items()}


def _sources(node: Node, depth: int) -> list[_Source]:
    if depth > _MAX_DEPTH:
        raise _TooDeep
    match node:
        case Ident():
            return [_Source(node)]
        case Select():
            inner = [] if node.test else _sources(node.operand, depth + 1)
            return [_selected(source, node.field) for source in inner]
        case Comprehension():
            names = frozenset(node.variables)
            body = _all((*node.body, node.result), depth + 1)
            inner = [source for source in body if source.variable.name != node.accumulator]
            items = [_item(source) for source in _sources(node.range, depth + 1)]
            return list(_through(inner, names, items))
        case Bind():
            inner = _sources(node.body, depth + 1)
            value = _sources(node.value, depth + 1)
            return list(_through(inner, frozenset([node.name]), value))
        case ListNode():
            inner = _all(node.items, depth + 1)
            return [replace(source, lists=source.lists + 1) for source in inner]
        case Call(function="_[_]" | "_[?_]"):
            return [_item(source) for source in _sources(node.arguments[0], depth + 1)]
        case _:
            return _all(_parts(node), depth + 1)


def _all(nodes: list[Node] | tuple[Node, ...], depth: int) -> list[_Source]:
    return [found for node in nodes for found in _sources(node, depth)]


def _selected(source: _Source, field: str) -> _Source:
    if source.beyond:
        return replace(source, beyond=(*source.beyond, field))
    return replace(source, own=(*source.own, field))


def _item(source: _Source) -> _Source:
    """Return what an item of a list (or an entry of a map) lends."""
    if source.lists:
        return replace(source, lists=source.lists - 1)
    return replace(source, beyond=(*source.beyond, None))


def _through(
    inner: list[_Source], names: frozenset[str], behind: list[_Source]
) -> Iterator[_Source]:
    """Yield the sources with those behind a name in its place."""
    for source in inner:
        if source.variable.name not in names:
            yield source
            continue
        for item in behind:
            beyond = (*item.beyond, *source.own, *source.beyond)
            yield replace(item, beyond=beyond, lists=item.lists + source.lists)


def _parts(node: Node) -> list[Node]:
    """Return the operands that lend their text."""
    match node:
        case Call(function="_?_:_"):
            return list(node.arguments[1:])
        case Call():
            return [] if node.function in _NO_TEXT else list(node.operands)
        case MapNode():
            return [value for _, value in node.entries]
        case _:
            return []
