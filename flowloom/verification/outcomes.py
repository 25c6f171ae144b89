"""What a condition must come to, told from its form alone: a small decision procedure.

A condition is taken apart at ``&&``, ``||`` and ``!`` into comparisons of one thing with literals.
If the comparisons about one thing cannot all hold, the condition is false; if those of its
negation cannot, it is true. It is sound, not complete: it says nothing of what it does not see.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias, cast

from flowloom.catalog.component import JsonSchema
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

__all__ = ["NeverEqual", "Outcome", "never_equal", "outcome_of", "same_as"]

SchemaOf: TypeAlias = Callable[[Node], JsonSchema | None]

_NEGATED = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COMPARISONS = {f"_{sign}_": sign for sign in _MIRRORED}
_HOLDS_FOR_EQUALS = frozenset(["==", "<=", ">="])
_CONTRADICTION = "its parts cannot hold together"
_COMPLETE = "its parts leave nothing out"


@dataclass(frozen=True)
class NeverEqual:
    """A comparison with a literal that the value never has; ``position`` is 0-based."""

    value: Any
    choices: tuple[Any, ...]
    position: int

    @property
    def nearest(self) -> tuple[Any, ...]:
        """The values that it can have, nearest first."""
        names = {str(item): item for item in self.choices}
        close = get_close_matches(str(self.value), names, n=3, cutoff=0.5)
        return tuple(names[name] for name in close) or self.choices[:6]


@dataclass(frozen=True)
class Outcome:
    """What a condition always is, and why; ``wrong`` is the comparison that decides it."""

    value: bool
    reason: str
    wrong: NeverEqual | None = None


@dataclass(frozen=True)
class _Atom:
    """One thing compared with a literal, or with several (``in``)."""

    thing: Hashable
    node: Node
    sign: str
    value: Any
    position: int


@dataclass(frozen=True)
class _Conflict:
    reason: str
    wrong: NeverEqual | None = None


def outcome_of(tree: Node, schema_of: SchemaOf) -> Outcome | None:
    """Return what a condition always is; None if it may be both, or that cannot be told.

    Args:
        schema_of: gives the JSON Schema of a part of the condition, None if it is not known.
    """
    conflict = _conflict(tree, schema_of, positive=True)
    if conflict is not None:
        return Outcome(False, conflict.reason, conflict.wrong)
    conflict = _conflict(tree, schema_of, positive=False)
    if conflict is not None:
        reason = _COMPLETE if conflict.reason == _CONTRADICTION else conflict.reason
        return Outcome(True, reason, conflict.wrong)
    return None


def never_equal(tree: Node, schema_of: SchemaOf) -> Iterator[NeverEqual]:
    """Yield comparisons in a condition with literals that the value never has."""
    for node in _parts(tree):
        atom = _atom(node, True)
        if isinstance(atom, _Atom) and atom.sign in ("==", "!="):
            wrong = _outside(atom, schema_of)
            if wrong is not None:
                yield wrong


def same_as(node: Node) -> Hashable:
    """Return what two nodes share that say the same, wherever they stand."""
    match node:
        case Const():
            return ("const", node.kind, repr(node.value))
        case Ident():
            return ("name", node.name, node.absolute)
        case Select():
            return ("select", same_as(node.operand), node.field, node.test)
        case Call():
            target = same_as(node.target) if node.target else None
            return ("call", node.function, target, tuple(map(same_as, node.arguments)))
        case ListNode():
            return ("list", tuple(map(same_as, node.items)))
        case MapNode():
            entries = ((key and same_as(key), same_as(value)) for key, value in node.entries)
            return ("map", tuple(entries))
        case Comprehension():
            parts = (node.range, node.initial, *node.body, node.result)
            return ("fold", node.variables, node.accumulator, tuple(map(same_as, parts)))
        case Bind():
            return ("bind", node.name, same_as(node.value), same_as(node.body))
        case _:
            return ("node", node.id)


def _parts(node: Node) -> Iterator[Node]:
    """Yield the parts that the logical operators join, the joined ones too."""
    yield node
    if isinstance(node, Call) and node.function in ("_&&_", "_||_", "!_"):
        for operand in node.arguments:
            yield from _parts(operand)


def _conflict(tree: Node, schema_of: SchemaOf, *, positive: bool) -> _Conflict | None:
    """Return why a condition (or its negation) cannot hold, None if it may."""
    atoms: list[_Atom] = []
    for node, wanted in _conjuncts(tree, positive):
        found = _atom(node, wanted)
        if isinstance(found, _Atom):
            atoms.append(found)
        elif isinstance(found, str):
            return _Conflict(found)
        elif isinstance(node, Call) and node.function in ("_&&_", "_||_"):
            inner = _all_fail(node, schema_of, wanted)
            if inner is not None:
                return inner
    groups: dict[Hashable, list[_Atom]] = {}
    for atom in atoms:
        groups.setdefault(atom.thing, []).append(atom)
    conflicts = (_of_group(group, schema_of) for group in groups.values())
    return next((found for found in conflicts if found is not None), None)


def _all_fail(node: Call, schema_of: SchemaOf, wanted: bool) -> _Conflict | None:
    """Return why no alternative of a disjunction can hold, None if one may."""
    found = [_conflict(operand, schema_of, positive=wanted) for operand in node.arguments]
    return found[0] if all(item is not None for item in found) else None


def _conjuncts(node: Node, positive: bool) -> Iterator[tuple[Node, bool]]:
    """Yield what must hold (or not) for a condition to hold (or not)."""
    if isinstance(node, Call):
        if node.function == "!_":
            yield from _conjuncts(node.arguments[0], not positive)
            return
        if node.function == ("_&&_" if positive else "_||_"):
            for operand in node.arguments:
                yield from _conjuncts(operand, positive)
            return
    yield node, positive


def _atom(node: Node, wanted: bool) -> _Atom | str | None:
    """Return a comparison; a reason why it cannot hold; or None if it says nothing by itself."""
    if isinstance(node, Const):
        return None if node.value is wanted else "a part of it is written out"
    if not isinstance(node, Call):
        return _Atom(same_as(node), node, "==", wanted, node.position)
    if node.function in _COMPARISONS:
        return _comparison(node, _COMPARISONS[node.function], wanted)
    if node.function == "@in":
        return _membership(node, wanted)
    if node.function in ("_&&_", "_||_", "_?_:_"):
        return None
    return _Atom(same_as(node), node, "==", wanted, node.position)


def _comparison(node: Call, sign: str, wanted: bool) -> _Atom | str | None:
    left, right = node.arguments
    if isinstance(left, Const) and not isinstance(right, Const):
        left, right, sign = right, left, _MIRRORED[sign]
    if not wanted:
        sign = _NEGATED[sign]
    if isinstance(right, Const):
        if isinstance(left, Const):
            return None
        return _Atom(same_as(left), left, sign, right.value, node.position)
    one, other = same_as(left), same_as(right)
    if one == other:
        return None if sign in _HOLDS_FOR_EQUALS else "both sides are the same"
    return _between(node, left, right, sign)


def _between(node: Call, left: Node, right: Node, sign: str) -> _Atom:
    """Return a comparison of two things as one that does or does not hold."""
    one, other = same_as(left), same_as(right)
    if sign in (">", "<="):
        one, other, sign = other, one, _MIRRORED[sign]
    if sign in ("==", "!="):
        one, other = sorted((one, other), key=repr)
        return _Atom(("==", one, other), node, "==", sign == "==", node.position)
    return _Atom(("<", one, other), node, "==", sign == "<", node.position)


def _membership(node: Call, wanted: bool) -> _Atom | str | None:
    thing, container = node.arguments
    sign = "in" if wanted else "not in"
    if not isinstance(container, ListNode):
        return _Atom(same_as(node), node, "==", wanted, node.position)
    if not container.items:
        return "nothing is in an empty list" if wanted else None
    constants = [item for item in container.items if isinstance(item, Const)]
    if len(constants) < len(container.items) or isinstance(thing, Const):
        return _Atom(same_as(node), node, "==", wanted, node.position)
    values = tuple(item.value for item in constants)
    return _Atom(same_as(thing), thing, sign, values, node.position)


@dataclass
class _Range:
    """What the comparisons about one thing leave of its values."""

    allowed: list[Any] | None = None
    refused: list[Any] = field(default_factory=list[Any])
    bounds: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    def add(self, sign: str, value: Any) -> None:
        if sign == "==":
            self._only([value])
        elif sign == "in":
            self._only(list(value))
        elif sign == "!=":
            self.refused.append(value)
        elif sign == "not in":
            self.refused += value
        else:
            self.bounds.append((sign, value))

    def _only(self, values: Sequence[Any]) -> None:
        known = values if self.allowed is None else self.allowed
        self.allowed = [item for item in known if any(_same(item, value) for value in values)]

    def restrict(self, values: Sequence[Any]) -> None:
        """Say which values there are at all."""
        self._only(values)

    def is_empty(self, *, whole: bool) -> bool:
        if self.allowed is None:
            return _no_room(self.bounds, whole=whole)
        left = (item for item in self.allowed if not any(_same(item, r) for r in self.refused))
        return not any(all(_holds(item, *bound) for bound in self.bounds) for item in left)


def _of_group(atoms: Sequence[_Atom], schema_of: SchemaOf) -> _Conflict | None:
    """Return why the comparisons about one thing cannot all hold."""
    found = _Range()
    for atom in atoms:
        found.add(atom.sign, atom.value)
    first = atoms[0].node
    size = isinstance(first, Call) and first.function == "size"
    whole = size or _is_integer(schema_of(first))
    if found.is_empty(whole=whole):
        return _Conflict(_CONTRADICTION)
    if size:
        found.bounds.append((">=", 0))
        return _Conflict("a size is never below zero") if found.is_empty(whole=True) else None
    choices = _choices(schema_of(first))
    if choices is None:
        return None
    found.restrict(choices)
    if not found.is_empty(whole=False):
        return None
    wrong = _outside(atoms[0], schema_of) if len(atoms) == 1 else None
    listed = ", ".join(map(repr, choices[:8]))
    return _Conflict(f"the value is one of {listed}", wrong)


def _is_integer(schema: JsonSchema | None) -> bool:
    return schema is not None and schema.get("type") == "integer"


def _choices(schema: JsonSchema | None) -> list[Any] | None:
    """Return all values that a schema allows, None if they are not listed."""
    if not schema:
        return None
    if "const" in schema:
        return [schema["const"]]
    if isinstance(schema.get("enum"), list):
        nullable = [None] if schema.get("nullable") is True else []
        return [*cast(list[Any], schema["enum"]), *nullable]
    return [True, False] if schema.get("type") == "boolean" else None


def _outside(atom: _Atom, schema_of: SchemaOf) -> NeverEqual | None:
    choices = _choices(schema_of(atom.node))
    if choices is None or atom.sign not in ("==", "!=") or isinstance(atom.value, bool):
        return None
    if atom.value is None or any(_same(atom.value, item) for item in choices):
        return None
    known = tuple(item for item in choices if item is not None)
    return NeverEqual(atom.value, known, atom.position)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _same(value: Any, other: Any) -> bool:
    return _kind(value) == _kind(other) and value == other


def _holds(value: Any, sign: str, limit: Any) -> bool:
    """Return whether a value may satisfy a bound; what cannot be compared may."""
    if _kind(value) != _kind(limit) or _kind(value) not in ("number", "str"):
        return True
    match sign:
        case "<":
            return value < limit
        case "<=":
            return value <= limit
        case ">":
            return value > limit
        case _:
            return value >= limit


def _no_room(bounds: Sequence[tuple[str, Any]], *, whole: bool) -> bool:
    """Return whether no value is between the bounds; ``whole``: they are about whole numbers."""
    kinds = {_kind(value) for _, value in bounds}
    if len(kinds) != 1 or not kinds <= {"number", "str"}:
        return False
    lower = [(value, sign == ">") for sign, value in bounds if sign in (">", ">=")]
    upper = [(value, sign == "<") for sign, value in bounds if sign in ("<", "<=")]
    if not lower or not upper:
        return False
    low, low_open = max(lower)
    high, high_open = min(upper, key=lambda item: (item[0], not item[1]))
    if whole and kinds == {"number"}:
        return low + low_open > high - high_open
    return low > high or (low == high and (low_open or high_open))
