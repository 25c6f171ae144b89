"""Which variables an expression uses, and what surely exists where it uses them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from flowloom.workflow.cel.ast import (
    Bind,
    Call,
    Comprehension,
    Const,
    Ident,
    ListNode,
    MapNode,
    Node,
    Select,
)
from flowloom.workflow.cel.library import NAMESPACES, TYPE_NAMES
from flowloom.workflow.cel.results import Path, Reference

__all__ = ["Chain", "Tests", "chain_of", "presence_tests", "references_in"]

_NOTHING: frozenset[Path] = frozenset()


class Chain(NamedTuple):
    """A variable and the constant path selected from it.

    Attributes:
        variable: the name at its root.
        path: what is selected, outermost last; None for an index that is no literal.
        tested: positions of ``path`` that may be absent without an error.
        computed: the index expressions that are no literals.
    """

    variable: Ident
    path: tuple[str | int | None, ...]
    tested: frozenset[int]
    computed: tuple[Node, ...] = ()

    @property
    def full(self) -> Path | None:
        """Variable and path; None if an index is not known."""
        if None in self.path:
            return None
        return (self.variable.name, *(part for part in self.path if part is not None))


def chain_of(node: Node) -> Chain | None:
    """Return the chain that a node is, or None if it is no selection from a variable."""
    parts: list[tuple[str | int | None, bool]] = []
    computed: list[Node] = []
    current = node
    while not isinstance(current, Ident):
        step = _one_step(current)
        if step is None:
            return None
        current, part, optional, index = step
        parts.append((part, optional))
        if index is not None:
            computed.append(index)
    parts.reverse()
    first = next((i for i, (_, optional) in enumerate(parts) if optional), len(parts))
    optional_from_first = range(first, len(parts))
    if isinstance(node, Select) and node.test:
        optional_from_first = range(len(parts) - 1, len(parts))
    path = tuple(part for part, _ in parts)
    return Chain(current, path, frozenset(optional_from_first), tuple(computed))


def _one_step(node: Node) -> tuple[Node, str | int | None, bool, Node | None] | None:
    """Return operand, selected part, whether it is optional, and the index if computed."""
    if isinstance(node, Select):
        return node.operand, node.field, False, None
    if not isinstance(node, Call) or node.function not in ("_[_]", "_[?_]", "_?._"):
        return None
    operand, index = node.arguments
    optional = node.function != "_[_]"
    if isinstance(index, Const) and isinstance(index.value, str | int):
        return operand, index.value, optional, None
    return operand, None, optional, index


@dataclass(frozen=True, slots=True)
class Tests:
    """Paths that exist when a condition is true, and when it is false."""

    if_true: frozenset[Path] = _NOTHING
    if_false: frozenset[Path] = _NOTHING


def presence_tests(node: Node) -> Tests:
    """Return what the truth of a condition says about the presence of values."""
    match node:
        case Select(test=True):
            return _tests_of(node)
        case Call(function="hasValue", target=Node() as target):
            return _tests_of(target)
        case Call(function="@in", arguments=(Const(value=str() as key), container)):
            chain = chain_of(container)
            full = chain.full if chain else None
            return Tests(frozenset({(*full, key)})) if full else Tests()
        case Call(function="!_", arguments=(inner,)):
            tests = presence_tests(inner)
            return Tests(tests.if_false, tests.if_true)
        case Call(function="_&&_", arguments=(left, right)):
            a, b = presence_tests(left), presence_tests(right)
            return Tests(a.if_true | b.if_true, a.if_false & b.if_false)
        case Call(function="_||_", arguments=(left, right)):
            a, b = presence_tests(left), presence_tests(right)
            return Tests(a.if_true & b.if_true, a.if_false | b.if_false)
        case _:
            return Tests()


def _tests_of(node: Node) -> Tests:
    chain = chain_of(node)
    full = chain.full if chain else None
    return Tests(frozenset({full})) if full else Tests()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands: what is known to exist, which names are local, if it repeats.

    Attributes:
        absorbed: what another side tests: only the absence of the last part makes that side
            decide; where an earlier part is absent it fails itself.
    """

    present: frozenset[Path] = _NOTHING
    absorbed: frozenset[Path] = _NOTHING
    local: frozenset[str] = frozenset()
    bound: bool = False

    def knowing(self, paths: frozenset[Path]) -> _Place:
        return replace(self, present=self.present | paths) if paths else self

    def absorbing(self, paths: frozenset[Path]) -> _Place:
        return replace(self, absorbed=self.absorbed | paths) if paths else self

    def inside(self, names: Iterable[str], *, bound: bool) -> _Place:
        return replace(self, local=self.local | set(names), bound=self.bound or bound)


def references_in(root: Node, variables: frozenset[str]) -> tuple[Reference, ...]:
    """Return every use of a variable in the order of the text.

    Args:
        root: the expression.
        variables: the declared ones; a name such as ``string`` or ``math`` counts as a
            variable only if it is one of them.
    """
    found: list[Reference] = []
    _collect(root, _Place(), variables, found)
    return tuple(sorted(found, key=lambda item: (item.column, item.path != (), str(item.path))))


def _collect(node: Node, place: _Place, variables: frozenset[str], found: list[Reference]) -> None:
    chain = chain_of(node)
    if chain is not None:
        _add(chain, place, variables, found)
        for index in chain.computed:
            _collect(index, place, variables, found)
        return
    for child, where in _parts(node, place):
        _collect(child, where, variables, found)


def _parts(node: Node, place: _Place) -> list[tuple[Node, _Place]]:
    match node:
        case Call(function="_?_:_", arguments=(condition, yes, no)):
            tests = presence_tests(condition)
            yes_place, no_place = place.knowing(tests.if_true), place.knowing(tests.if_false)
            return [(condition, place), (yes, yes_place), (no, no_place)]
        case Call(function="_&&_" | "_||_" as name, arguments=(left, right)):
            return _logical(name, left, right, place)
        case Call():
            return [(operand, place) for operand in node.operands]
        case ListNode():
            return [(item, place) for item in node.items]
        case MapNode():
            return [(x, place) for entry in node.entries for x in entry if x is not None]
        case Select():
            return [(node.operand, place)]
        case Bind():
            return [(node.value, place), (node.body, place.inside([node.name], bound=False))]
        case Comprehension():
            names = (*node.variables, node.accumulator)
            body = place.inside(names, bound=True)
            parts = [(item, body) for item in (*node.body, node.result)]
            return [(node.range, place), (node.initial, place), *parts]
        case _:
            return []


def _logical(name: str, left: Node, right: Node, place: _Place) -> list[tuple[Node, _Place]]:
    """In CEL a side that fails counts for nothing when the other one decides, in any order."""
    a, b = presence_tests(left), presence_tests(right)
    if name == "_&&_":
        return [(left, place.absorbing(b.if_true)), (right, place.knowing(a.if_true))]
    return [(left, place.absorbing(b.if_false)), (right, place.knowing(a.if_false))]


def _add(chain: Chain, place: _Place, variables: frozenset[str], found: list[Reference]) -> None:
    name = chain.variable.name
    if (name in place.local and not chain.variable.absolute) or name.startswith("@"):
        return
    if name not in variables and name in NAMESPACES | TYPE_NAMES:
        return
    known = next((i for i, part in enumerate(chain.path) if part is None), len(chain.path))
    path: Path = tuple(part for part in chain.path[:known] if part is not None)
    tested = {position for position in chain.tested if position < known}
    full = (name, *path)
    for present in place.present:
        if present[0] == name:
            tested.update(_common_length(full, present))
    for item in place.absorbed:
        if len(item) > 1 and full[: len(item)] == item:
            tested.add(len(item) - 2)
    found.append(
        Reference(name, path, chain.variable.position + 1, frozenset(tested), bound=place.bound)
    )


def _common_length(path: Path, present: Path) -> range:
    """Return the positions (behind the root) that both paths share."""
    length = 0
    while length < min(len(path), len(present)) and path[length] == present[length]:
        length += 1
    return range(max(length - 1, 0))
