"""What a fault is: where it can be planted in a good workflow, and what must then be reported."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any, TypeAlias

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.errors import ExpressionError
from flowloom.verification.tree import Node, read_tree
from flowloom.workflow.outline import Outline
from flowloom.workflow.path import Path
from flowloom.workflow.templates import bare_expression, parse_template

__all__ = [
    "FAULTS",
    "GONE",
    "Call",
    "Edit",
    "Expr",
    "Fault",
    "Planting",
    "Reference",
    "Sample",
    "apply",
    "fault",
    "inserted",
    "inverse",
    "replaced",
]

MOST_PLACES = 3_000


class _Gone:
    def __repr__(self) -> str:
        return "GONE"

    def __deepcopy__(self, memo: object) -> _Gone:
        return self


GONE: Any = _Gone()
"""In an edit: the key is taken away."""

Edit: TypeAlias = tuple[Path, Any]
"""A place of the document and its new value; edits are made in order."""


@dataclass(frozen=True)
class Planting:
    """One way to break a workflow.

    Attributes:
        at: the places where it may be reported.
        codes: where they differ from the fault's.
        within: a report deeper than a step of ``at`` counts too.
        asked: the request that the workflow without the fault answers, where it is another one.
        text: the whole document as YAML text, for faults that plain data cannot hold.
        repair: the right change, where that is less than to take all of it back.
        is_edit: the good workflow is the document before the change.
    """

    edits: tuple[Edit, ...]
    at: tuple[Path, ...]
    codes: tuple[str, ...] = ()
    within: bool = False
    outline: Outline | None = None
    request: str = ""
    asked: str = ""
    text: str = ""
    repair: tuple[Edit, ...] = ()
    is_edit: bool = False


@dataclass(frozen=True)
class Reference:
    """``steps.<id>.output.<fields>`` in an expression, by its offsets in the inner text."""

    id: str
    fields: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Expr:
    """One expression: its place, the string that holds it, and its offsets in that string."""

    path: Path
    whole: str
    start: int
    end: int
    role: str
    node: Node | None

    @property
    def text(self) -> str:
        """The expression itself."""
        return self.whole[self.start : self.end]

    @property
    def is_value(self) -> bool:
        """Whether the value of the string is that of the expression."""
        return self.role not in ("input", "output") or (
            re.fullmatch(r"\$\{\{\s*", self.whole[: self.start]) is not None
            and self.whole[self.end :].strip() == "}}"
        )

    @property
    def references(self) -> list[Reference]:
        """What it names of other steps."""
        return [
            Reference(m[1], tuple(m[2].split(".")[1:]), m.start(), m.end())
            for m in re.finditer(r"\bsteps\.(\w+)\.output((?:\.\w+\b(?!\())*)", self.text)
        ]

    def put(self, new: str) -> tuple[Edit, ...]:
        """Return the edit that writes another expression in its place."""
        return ((self.path, self.whole[: self.start] + new + self.whole[self.end :]),)

    def swap(self, reference: Reference, new: str) -> tuple[Edit, ...]:
        """Return the edit that writes something else in place of a reference."""
        return self.put(self.text[: reference.start] + new + self.text[reference.end :])


@dataclass(frozen=True)
class Call:
    """One use of a component; ``node`` is None for the trigger."""

    path: Path
    data: dict[str, Any]
    component: Component
    node: Node | None

    @property
    def inputs(self) -> dict[str, Any]:
        """What ``with`` gives."""
        return self.data.get("with") or {}

    def at(self, name: str) -> Path:
        """Return the place of an input."""
        return (*self.path, "with", name)

    def schema(self, name: str) -> dict[str, Any]:
        """Return the schema of an input, ``{}`` if there is none."""
        return self.component.inputs.get(name, {})

    def literals(self) -> Iterator[tuple[str, Any, dict[str, Any]]]:
        """Yield the inputs that are written out, each with its schema."""
        for name, value in self.inputs.items():
            if name in self.component.inputs and "${{" not in str(value):
                yield name, value, self.schema(name)


@dataclass(frozen=True)
class Sample:
    """A good workflow: its plain data, with what faults look at."""

    name: str
    data: dict[str, Any]
    catalog: Catalog = field(repr=False)

    @cached_property
    def nodes(self) -> list[Node]:
        """Every step, in order."""
        return read_tree(self.data).nodes

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The steps by id."""
        return {node.id: node for node in self.nodes}

    def of(self, kind: str) -> list[Node]:
        """Return the steps of a kind."""
        return [node for node in self.nodes if node.kind == kind]

    @cached_property
    def calls(self) -> list[Call]:
        """Every step that uses a component."""
        found = ((node, self.catalog.get(str(node.get("uses")))) for node in self.of("call"))
        return [Call(node.path, node.data, item, node) for node, item in found if item]

    @cached_property
    def uses(self) -> list[Call]:
        """Every use of a component, the trigger's first."""
        trigger = self.data.get("trigger")
        item = self.catalog.get(str(trigger["uses"])) if trigger else None
        return [
            *([Call(("trigger",), trigger, item, None)] if trigger and item else []),
            *self.calls,
        ]

    def call(self, step_id: str) -> Call | None:
        """Return the call of a step id, None if that step is no call."""
        return next((call for call in self.calls if call.data["id"] == step_id), None)

    @cached_property
    def exprs(self) -> list[Expr]:
        """Every expression, in order."""
        found = [expr for node in self.nodes for expr in _of_step(node)]
        trigger = self.data.get("trigger") or {}
        head = _in_value("input", ("trigger", "with"), trigger.get("with"), None)
        return [*head, *found, *_in_value("output", ("outputs",), self.data.get("outputs"), None)]

    def free_id(self) -> str:
        """Return an id that no step has."""
        return next(f"planted{n or ''}" for n in range(99) if f"planted{n or ''}" not in self.by_id)

    def log(self, message: str = "planted") -> dict[str, Any]:
        """Return a step that writes a log line."""
        return {"id": self.free_id(), "uses": "core.log", "with": {"message": message}}

    def at_end(self, *steps: dict[str, Any]) -> tuple[tuple[Edit, ...], Path]:
        """Return the edit that appends steps, and the place of the first.

        They stand before a last ``stop``, if there is one.
        """
        root = self.data["steps"]
        where = len(root) - ("stop" in root[-1])
        return (inserted(self.data, ("steps",), where, *steps),), ("steps", where)


Places: TypeAlias = Callable[[Sample], Iterator[Planting]]


@dataclass(frozen=True)
class Fault:
    """One class of faults.

    Attributes:
        codes: what must be reported; more than one only where each is equally right.
        limit: most workflows that it is planted into, where it is costly.
    """

    name: str
    codes: tuple[str, ...]
    places: Places
    limit: int = 10_000

    def plant(self, sample: Sample, chance: Random) -> Planting | None:
        """Return one way to plant it, chosen by ``chance``; None if it does not apply."""
        found = list(islice(self.places(sample), MOST_PLACES))
        return chance.choice(found) if found else None


FAULTS: dict[str, Fault] = {}
"""Every class of faults by name; filled when the ``fault_*`` modules are imported."""


def fault(*codes: str, limit: int = 10_000) -> Callable[[Places], Places]:
    """Register a function that yields every way to plant a fault; its name is the fault's."""

    def register(places: Places) -> Places:
        name = places.__name__
        if name in FAULTS:
            raise ValueError(f"two faults are named {name!r}")
        FAULTS[name] = Fault(name, codes, places, limit)
        return places

    return register


def replaced(data: Any, path: Path, value: Any) -> Any:
    """Return data in which another value stands at a path; ``GONE`` takes the key away."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(data, list):
        items: list[Any] = list(data)  # pyright: ignore[reportUnknownArgumentType]  # JSON data
        items[int(head)] = replaced(items[int(head)], rest, value)
        return items
    entries: dict[Any, Any] = dict(data)
    if not rest and value is GONE:
        del entries[head]
        return entries
    entries[head] = replaced(entries[head] if rest else None, rest, value)
    return entries


def apply(data: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """Return a copy of a document with the edits made."""
    for path, value in edits:
        data = replaced(data, path, copy.deepcopy(value))
    return copy.deepcopy(data)


def inverse(data: dict[str, Any], edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that turn the broken document back into ``data``."""
    back: list[Edit] = []
    for path, value in edits:
        back.append((path, _value_at(data, path)))
        data = replaced(data, path, value)
    return back[::-1]


def inserted(data: dict[str, Any], block: Path, index: int, *steps: dict[str, Any]) -> Edit:
    """Return the edit that puts steps into a block."""
    items: list[Any] = _value_at(data, block)
    return block, [*items[:index], *steps, *items[index:]]


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(data, dict) and part not in data:
            return GONE
        data = data[part]
    return data


def _of_step(node: Node) -> Iterator[Expr]:
    here = node.path
    roles = {"if": "condition", "while": "condition", "switch": "switch", "for_each": "list"}
    for key in ("if", "switch", "for_each", "while", "collect"):
        text = node.get(key)
        if isinstance(text, str):
            yield from _bare(roles.get(key, key), (*here, key), text, node)
    for index, branch in enumerate(node.get("elif") or []):
        yield from _bare("condition", (*here, "elif", index, "if"), branch["if"], node)
    yield from _in_value("input", (*here, "with"), node.get("with"), node)
    for key in ("wait", "ask", "to", "stop"):
        yield from _in_value("text", (*here, key), node.get(key), node)


def _bare(role: str, path: Path, text: str, node: Node) -> Iterator[Expr]:
    try:
        inner = bare_expression(text)
    except ExpressionError:
        return
    start = text.find(inner)
    if start >= 0:
        yield Expr(path, text, start, start + len(inner), role, node)


def _in_value(role: str, path: Path, value: Any, node: Node | None) -> Iterator[Expr]:
    if isinstance(value, str) and "${{" in value:
        for part in parse_template(value).expressions:
            start = value.find(part.text, part.column)
            if start >= 0:
                yield Expr(path, value, start, start + len(part.text), role, node)
    elif isinstance(value, dict):
        entries: dict[str, Any] = value
        for key, item in entries.items():
            yield from _in_value(role, (*path, key), item, node)
    elif isinstance(value, list):
        items: list[Any] = value
        for index, item in enumerate(items):
            yield from _in_value(role, (*path, index), item, node)
