"""A workflow in the form that metrics compare: steps with canonical values, read tolerantly.

Ids are free names, so a step is called by what it uses and the how manieth of its kind it is in
reading order (``slack_chat_post_message_1``); expressions refer to steps by these keys. A step that
was inserted elsewhere does not rename the others.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

from flowloom.errors import ExpressionError
from flowloom.evaluation.equality.expressions import Names, references
from flowloom.evaluation.equality.normal_form import (
    Defaults,
    normal_condition,
    normal_input,
)
from flowloom.verification.tree import Block, Node, read_tree
from flowloom.workflow.path import at, format_path
from flowloom.workflow.templates import parse_template

__all__ = [
    "MANUAL",
    "FlowForm",
    "Inner",
    "Slot",
    "SlotKind",
    "StepForm",
    "form_of",
    "plain_uses",
    "unnumbered",
]

SlotKind: TypeAlias = Literal["expression", "string", "number", "boolean", "list", "object", "null"]
MANUAL = "core.manual"
_OWN_VALUES: dict[str, tuple[str, ...]] = {
    "call": ("retry", "on_error"),
    "wait": ("wait",),
    "ask": ("ask", "choices", "to"),
    "stop": ("stop", "status"),
}
_NUMBERED = re.compile(r"\b(steps ?\. ?\w+?)_\d+\b")
_DEFAULTS = {"on_error": "fail", "status": "succeeded"}
_CONDITIONS: dict[str, tuple[str, ...]] = {
    "if": ("if",),
    "switch": ("switch",),
    "for_each": ("for_each", "collect"),
    "while": ("while",),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One value that a step is given.

    Attributes:
        text: the value as canonical JSON.
        kind: its type; a whole-string ``${{ }}`` is an ``expression``.
        references: what it refers to, such as ``steps.http_get_1.output.body``.
    """

    text: str
    kind: SlotKind
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Inner:
    """One block of a step; ``condition`` is that of an ``elif`` or the literal of a case."""

    label: str
    condition: Slot | None
    steps: tuple[StepForm, ...]


@dataclass(frozen=True)
class StepForm:
    """One step.

    Attributes:
        key: ``label`` and the how manieth it is; unique.
        label: the component without version; for other steps their kind.
        kind: as in ``flowloom.workflow.models``; empty if no key tells it.
        chain: the blocks around it, outermost first, as (key of the owner, label of the block).
        index: its place in its block.
    """

    key: str
    label: str
    kind: str
    id: str
    path: str
    chain: tuple[tuple[str, str], ...]
    index: int
    slots: Mapping[str, Slot]
    blocks: tuple[Inner, ...] = ()

    @property
    def is_call(self) -> bool:
        """Whether it uses a component."""
        return self.kind == "call"

    def walk(self) -> Iterator[StepForm]:
        """Yield the step and all inside it, in reading order."""
        yield self
        for block in self.blocks:
            for step in block.steps:
                yield from step.walk()


@dataclass(frozen=True)
class FlowForm:
    """One workflow; without steps it stands for one that could not be read.

    Attributes:
        trigger: what starts it; None for a run by hand (``core.manual`` is one).
        inputs: the type of each run input, by name.
    """

    trigger: StepForm | None = None
    steps: tuple[StepForm, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: Mapping[str, Slot] = field(default_factory=dict[str, Slot])

    @cached_property
    def all_steps(self) -> tuple[StepForm, ...]:
        """Every step in reading order, without the trigger."""
        return tuple(inner for step in self.steps for inner in step.walk())

    @property
    def calls(self) -> tuple[StepForm, ...]:
        """The steps that use a component, in reading order, without the trigger."""
        return tuple(step for step in self.all_steps if step.is_call)

    @property
    def uses(self) -> Counter[str]:
        """How often each component is called; the trigger is none."""
        return Counter(step.label for step in self.calls)

    @property
    def trigger_label(self) -> str:
        """The trigger's component, empty for a run by hand."""
        return self.trigger.label if self.trigger else ""


def plain_uses(reference: Any) -> str:
    """Return a component's id without its version; empty if it is no text."""
    return reference.partition("@")[0] if isinstance(reference, str) else ""


def unnumbered(text: str) -> str:
    """Return a reference or a slot's text with steps by label: an inserted one renames none."""
    return _NUMBERED.sub(r"\1", text)


def form_of(data: Mapping[str, Any] | None, defaults: Defaults | None = None) -> FlowForm:
    """Return the form of a workflow's plain data, whatever its shape; empty for None.

    Args:
        defaults: the default of each input by component; an input given as it is left out.
    """
    if data is None:
        return FlowForm()
    tree = read_tree(dict(data))
    keys = _keys(tree.nodes)
    names: dict[str, str] = {}
    for node in tree.nodes:
        if node.id:
            names.setdefault(node.id, keys[id(node)])
    reader = _Reader(keys, defaults or {})
    scope = Names(steps=names)
    return FlowForm(
        trigger=reader.trigger(data.get("trigger"), scope),
        steps=reader.block(tree.root, scope, ()),
        inputs={str(name): _type(schema) for name, schema in _mapping(data.get("inputs"))},
        outputs={
            str(name): _slot(str(name), value, scope)
            for name, value in _mapping(data.get("outputs"))
        },
    )


def _keys(nodes: list[Node]) -> dict[int, str]:
    counts: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for node in nodes:
        label = re.sub(r"\W", "_", _label(node)) or "step"
        counts[label] += 1
        keys[id(node)] = f"{label}_{counts[label]}"
    return keys


def _label(node: Node) -> str:
    return plain_uses(node.get("uses")) if node.kind == "call" else node.kind


@dataclass(frozen=True)
class _Reader:
    keys: Mapping[int, str]
    defaults: Defaults

    def trigger(self, data: Any, scope: Names) -> StepForm | None:
        label = plain_uses(data.get("uses")) if isinstance(data, Mapping) else ""
        if not label or label == MANUAL:
            return None
        slots = dict(self._inputs(label, data.get("with"), scope))
        return StepForm("trigger", label, "trigger", "", "trigger", (), 0, slots)

    def block(
        self, block: Block, scope: Names, chain: tuple[tuple[str, str], ...]
    ) -> tuple[StepForm, ...]:
        return tuple(self._step(node, scope, chain) for node in block.nodes)

    def _step(self, node: Node, scope: Names, chain: tuple[tuple[str, str], ...]) -> StepForm:
        key, label = self.keys[id(node)], _label(node)
        inside = _inside(node, scope)
        slots = dict(self._slots(node, label, scope, inside))
        counts: Counter[str] = Counter()
        blocks: list[Inner] = []
        for block in node.blocks:
            counts[block.label] += 1
            name = _block_name(block, counts[block.label])
            steps = self.block(block, inside, (*chain, (key, name)))
            blocks.append(Inner(name, _condition(node, block, scope), steps))
        return StepForm(
            key=key,
            label=label,
            kind=node.kind,
            id=node.id,
            path=format_path(node.path),
            chain=chain,
            index=node.index,
            slots=slots,
            blocks=tuple(blocks),
        )

    def _slots(
        self, node: Node, label: str, scope: Names, inside: Names
    ) -> Iterator[tuple[str, Slot]]:
        if node.kind == "call":
            yield from self._inputs(label, node.get("with"), scope)
        for name in _CONDITIONS.get(node.kind, ()):
            if node.get(name) is not None:
                yield name, _expression_slot(node.get(name), inside if name == "collect" else scope)
        for name in _OWN_VALUES.get(node.kind, ()):
            value = node.get(name)
            if value not in (None, "", [], _DEFAULTS.get(name)):
                # The name of a wait's value tells that it is a duration.
                yield name, _slot("duration" if name == "wait" else name, value, scope)

    def _inputs(self, label: str, given: Any, scope: Names) -> Iterator[tuple[str, Slot]]:
        defaults = self.defaults.get(label, {})
        for name, value in _mapping(given):
            if name not in defaults or json.dumps(value) != json.dumps(defaults[name]):
                yield str(name), _slot(str(name), value, scope)


def _inside(node: Node, scope: Names) -> Names:
    if node.kind != "for_each":
        return scope
    name = node.get("as") if isinstance(node.get("as"), str) else "item"
    return replace(scope, items={**scope.items, str(name): f"item{len(scope.items)}"})


def _block_name(block: Block, number: int) -> str:
    return f"{block.label}{number}" if block.label in ("elif", "case", "parallel") else block.label


def _condition(node: Node, block: Block, scope: Names) -> Slot | None:
    if block.label == "elif" and block.condition is not None:
        return _expression_slot(node.data["elif"][block.condition[-2]].get("if"), scope)
    if block.label == "case":
        return _slot("when", at(node.data, block.path[len(node.path) : -1]).get("when"), scope)
    return None


def _mapping(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _type(schema: Any) -> str:
    found = schema.get("type") if isinstance(schema, Mapping) else None
    return found if isinstance(found, str) else ""


def _expression_slot(text: Any, scope: Names) -> Slot:
    if not isinstance(text, str):
        return _slot("", text, scope)
    normal = normal_condition(text, scope)
    return Slot(json.dumps(normal), "expression", references(normal))


def _slot(name: str, value: Any, scope: Names) -> Slot:
    normal = normal_input(name, value, scope)
    text = json.dumps(normal, sort_keys=True, ensure_ascii=False)
    return Slot(text, _kind(value), _references(normal))


def _references(normal: Any) -> frozenset[str]:
    if isinstance(normal, Mapping):
        return frozenset[str]().union(*(_references(item) for item in normal.values()))
    if isinstance(normal, list):
        return frozenset[str]().union(*(_references(item) for item in normal))
    if not isinstance(normal, str) or "${{" not in normal:
        return frozenset()
    inner = (part.split(" }}")[0] for part in normal.split("${{ ")[1:])
    return frozenset[str]().union(*(references(text) for text in inner))


def _kind(value: Any) -> SlotKind:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "expression" if _is_expression(value) else "string"
        case list() | tuple():
            return "list"
        case _:
            return "object"


def _is_expression(text: str) -> bool:
    try:
        return parse_template(text.strip()).is_expression
    except ExpressionError:
        return False
