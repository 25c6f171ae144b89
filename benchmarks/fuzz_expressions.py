"""Expressions of a wanted type over what can be named at a place, for the fuzz run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from hypothesis import strategies as st

from flowloom.catalog.component import JsonSchema
from flowloom.workflow.schema_types import shape_of

__all__ = ["Chooser", "Named", "Scope", "condition", "expression_of", "named_in", "quoted"]

T = TypeVar("T")
_MOST_FIELDS = 14
_TEXTS = ("", "open", "a-b", "42", "2026-01-05", "Grüße")
_LITERALS: dict[str, tuple[str, ...]] = {
    "string": tuple(f'"{text}"' for text in _TEXTS),
    "integer": ("0", "1", "7", "-2", "100"),
    "number": ("0.5", "1.0", "-3.25"),
    "boolean": ("true", "false"),
    "array": ('["a", "b"]', "[1, 2, 3]", "[]"),
    "object": ('{"a": 1}', '{"name": "x", "tags": ["t"]}'),
}
_KINDS = ("string", "integer", "boolean", "number", "array", "object")


class Chooser:
    """Chooses by hypothesis' draws; what comes first is the simplest.

    Attributes:
        careless: whether edges are left unguarded, and mistakes are made now and then.
    """

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], *, careless: bool) -> None:
        self._draw = draw
        self.careless = careless

    def one(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.number(0, len(options) - 1)]

    def number(self, low: int, high: int) -> int:
        """Return a whole number."""
        return low if low == high else self._draw(st.integers(low, high))

    def often(self, percent: int) -> bool:
        """Return true that often; false is the simplest."""
        return self.number(0, 99) >= 100 - percent

    def slips(self) -> bool:
        """Return whether a mistake is made here."""
        return self.careless and self.often(6)


@dataclass(frozen=True)
class Named:
    """Something that can be named.

    Attributes:
        edge: empty if it is surely there; ``absent``, ``null`` or ``empty`` if it may be that.
        around: the value that the edge is of, for a guard.
    """

    text: str
    schema: JsonSchema
    edge: str = ""
    around: str = ""

    @property
    def kind(self) -> str:
        """Its kind, as ``shape_of`` tells it; a map counts as an object."""
        kind = shape_of(self.schema).kind
        return "object" if kind == "map" else kind


@dataclass(frozen=True)
class Scope:
    """What can be named at a place, the newest last.

    Attributes:
        hidden: what cannot be named here, though it exists elsewhere.
    """

    named: tuple[Named, ...] = ()
    hidden: tuple[Named, ...] = ()

    def with_(self, *more: Named) -> Scope:
        """Return the scope with more in it."""
        return replace(self, named=(*self.named, *more))

    def of_kind(self, kind: str) -> list[Named]:
        """Return what is of a kind, the newest first."""
        return [item for item in reversed(self.named) if kind in ("any", item.kind)]


Drawn: TypeAlias = tuple[str, JsonSchema]


def named_in(text: str, schema: JsonSchema, edge: str = "", around: str = "") -> list[Named]:
    """Return a value and its fields, what may be absent, null or behind an index marked."""
    found: list[Named] = []
    waiting = [(Named(text, schema, edge, around), 0)]
    while waiting and len(found) < _MOST_FIELDS:
        item, depth = waiting.pop(0)
        shape = shape_of(item.schema)
        if shape.nullable and not item.edge:
            item = replace(item, edge="null", around=item.text)
        found.append(item)
        if depth < 4:
            waiting += [(inner, depth + 1) for inner in _fields(item)]
    return found


def _fields(item: Named) -> Iterator[Named]:
    shape = shape_of(item.schema)
    if shape.kind == "array" and shape.items:
        yield Named(f"{item.text}[0]", shape.items, item.edge or "empty", item.around or item.text)
    if shape.kind != "object":
        return
    # What is there surely comes first, and a few of the others.
    names = sorted(shape.properties, key=lambda name: name not in shape.required)
    for name in names[:8]:
        text = f"{item.text}.{name}"
        if not name.isidentifier():
            continue
        edge = item.edge or ("" if name in shape.required else "absent")
        around = item.around or (text if edge else "")
        yield Named(text, shape.properties[name], edge, around)


def quoted(choose: Chooser) -> str:
    """Return a literal text of CEL."""
    return choose.one(_LITERALS["string"])


def expression_of(choose: Chooser, scope: Scope, kind: str, depth: int = 0) -> Drawn:
    """Return an expression that gives a value of a kind (``any`` for whatever), and its schema."""
    if choose.slips():
        kind = choose.one(_KINDS)
    if kind in ("any", "null", ""):
        kind = choose.one(_KINDS)
    if choose.slips() and scope.hidden:
        hidden = choose.one(scope.hidden)
        return hidden.text, hidden.schema
    known = scope.of_kind(kind)
    if depth < 2 and choose.often(40):
        return _made(choose, scope, kind, depth)
    if known and choose.often(85):
        item = choose.one(known[:12])
        return _guarded(choose, item), item.schema
    return choose.one(_LITERALS[kind]), {"type": kind}


def _guarded(choose: Chooser, item: Named) -> str:
    if not item.edge or (choose.careless and choose.often(50)):
        return item.text
    other = choose.one(_LITERALS.get(item.kind, ('""',)))
    test = {
        "null": f"{item.around} != null",
        "absent": f"has({item.around})",
        "empty": f"size({item.around}) > 0",
    }[item.edge]
    return f"({test} ? {item.text} : {other})"


def _made(choose: Chooser, scope: Scope, kind: str, depth: int) -> Drawn:
    """Return an expression made of others."""

    def part(of: str) -> str:
        return expression_of(choose, scope, of, depth + 1)[0]

    match kind:
        case "string":
            return _text(choose, part), {"type": "string"}
        case "integer":
            forms: list[Callable[[], str]] = [
                lambda: f"size({part('array')})",
                lambda: f"({part('integer')} + {part('integer')})",
                lambda: f"size({part('string')})",
                lambda: f"{part('integer')} * 2",
                lambda: f"int({part('number')})",
                lambda: f"{part('integer')} / {part('integer')}",
                lambda: f"int({part('string')})",
            ]
            return choose.one(forms)(), {"type": "integer"}
        case "number":
            numbers: list[Callable[[], str]] = [
                lambda: f"double({part('integer')})",
                lambda: f"({part('number')} + {part('number')})",
                lambda: f"{part('number')} / 2.0",
            ]
            return choose.one(numbers)(), {"type": "number"}
        case "boolean":
            return condition(choose, scope, depth + 1), {"type": "boolean"}
        case "array":
            return _list(choose, scope, part)
        case _:
            return f'{{"a": {part("string")}, "b": {part("any")}}}', {"type": "object"}


def _text(choose: Chooser, part: Callable[[str], str]) -> str:
    forms: list[Callable[[], str]] = [
        lambda: f"string({part('integer')})",
        lambda: f"({part('string')} + {part('string')})",
        lambda: f"string({part('number')})",
        lambda: f"({part('boolean')} ? {part('string')} : {part('string')})",
        lambda: f"{part('string')}.upperAscii()",
        lambda: f"{part('array')}.map(i, string(i)).join(', ')",
        lambda: f"{part('string')}.split('-')[0]",
        lambda: f"string({part('boolean')})",
        lambda: f"{part('string')}.trim()",
    ]
    return choose.one(forms)()


def _list(choose: Chooser, scope: Scope, part: Callable[[str], str]) -> Drawn:
    known = scope.of_kind("array")
    if not known:
        return f"[{part('string')}, {part('string')}]", {"type": "array", "items": _kind("string")}
    item = choose.one(known[:8])
    items = shape_of(item.schema).items
    text = _guarded(choose, item)
    inner = [named for named in named_in("i", items) if named.edge == "" or choose.careless]
    fields = [named for named in inner if named.text != "i"] or inner
    if not fields:
        return text, item.schema
    field = choose.one(fields[:8])
    if choose.often(50):
        return f"{text}.map(i, {_guarded(choose, field)})", {"type": "array", "items": field.schema}
    return f"{text}.filter(i, {_test(choose, field)})", item.schema


def _kind(kind: str) -> JsonSchema:
    return {"type": kind}


def _test(choose: Chooser, item: Named) -> str:
    """Return a condition about one value."""
    text = _guarded(choose, item)
    options = item.schema.get("enum")
    if isinstance(options, list) and options and isinstance(options[0], str):
        return f'{text} == "{choose.one(options)}"'
    match item.kind:
        case "boolean":
            return choose.one([text, f"!{text}"])
        case "integer":
            return f"{text} {choose.one(['>', '==', '<=', '!='])} {choose.number(-1, 9)}"
        case "number":
            return f"{text} {choose.one(['>', '<='])} {choose.number(-1, 9)}.5"
        case "string":
            tests = [f'{text} == "text"', f"{text} != ''", f"{text}.contains('a')"]
            return choose.one(tests)
        case "array":
            return f"size({text}) {choose.one(['>', '=='])} {choose.number(0, 3)}"
        case "object":
            return f"size({text}) > 0" if choose.slips() else "size([1]) < run.id.size()"
        case _:
            return f"{text} != null"


def condition(choose: Chooser, scope: Scope, depth: int = 0) -> str:
    """Return an expression that gives true or false."""
    edges = [item for item in reversed(scope.named) if item.edge == "absent"]
    if edges and choose.often(25):
        return f"has({choose.one(edges[:6]).around})"
    if depth < 2 and choose.often(20):
        sides = [condition(choose, scope, depth + 1) for _ in range(2)]
        return f"({sides[0]} {choose.one(['&&', '||'])} {sides[1]})"
    known = [item for item in reversed(scope.named) if item.kind not in ("object", "any", "null")]
    if known and choose.often(90):
        return _test(choose, choose.one(known[:12]))
    return f"size(run.id) > {choose.number(0, 9)}"
