"""A workflow as the labelled tree that FlowSim and TreeBLEU compare.

Source: StarFlow, arXiv 2503.21889. Its flows are a trigger and components with category, definition
and scope. Here a component's scope is the provider part of its id (``github`` of
``github.issues.list``), its definition the rest. Steps of the language itself are components of
category ``logic``; as in StarFlow, ``elif``, ``else``, ``case``, ``catch``, ``finally`` and each
parallel branch are components beside or under their step, and conditions are inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flowloom.evaluation.forms import FlowForm, Inner, Slot, StepForm

__all__ = ["FlowTree", "NodeKind", "flow_tree", "tree_size"]

NodeKind: TypeAlias = Literal["container", "trigger", "component", "value"]
Label: TypeAlias = tuple[str, str, str]
_BESIDE = ("else", "default", "catch", "finally")


@dataclass(frozen=True, slots=True)
class FlowTree:
    """One node; ``label`` is category, definition and scope, for a value: what, name, content."""

    kind: NodeKind
    label: Label
    children: tuple[FlowTree, ...] = ()

    def walk(self) -> Iterator[FlowTree]:
        """Yield the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree_size(tree: FlowTree) -> int:
    """Return the number of nodes that are no containers."""
    return sum(node.kind != "container" for node in tree.walk())


def flow_tree(form: FlowForm, *, with_inputs: bool = True) -> FlowTree:
    """Return the tree of a workflow; that of one that could not be read has no counted node.

    Args:
        with_inputs: whether values count: inputs, conditions, run inputs and outputs.
    """
    children: list[FlowTree] = []
    if form.trigger is not None:
        values = _inputs(form.trigger.slots) if with_inputs else ()
        label = _component_label("trigger", form.trigger.label)
        children.append(_container("trigger", (FlowTree("trigger", label, values),)))
    components = tuple(_steps(form.steps, with_inputs))
    children.append(_container("components", components))
    if with_inputs:
        inputs = tuple(_value("run input", name, form.inputs[name]) for name in sorted(form.inputs))
        outputs = (_value("output", name, form.outputs[name].text) for name in sorted(form.outputs))
        children += [_container("inputs", inputs), _container("outputs", tuple(outputs))]
    return _container("flow", tuple(children))


def _container(name: str, children: tuple[FlowTree, ...]) -> FlowTree:
    return FlowTree("container", (name, "", ""), children)


def _component_label(category: str, uses: str) -> Label:
    scope, _, definition = uses.partition(".")
    return (category, definition or scope, scope if definition else "")


def _value(what: str, name: str, content: str) -> FlowTree:
    return FlowTree("value", (what, name, content))


def _inputs(slots: Mapping[str, Slot]) -> tuple[FlowTree, ...]:
    values = tuple(_value("input", name, slots[name].text) for name in sorted(slots))
    return (_container("inputs", values),) if values else ()


def _steps(steps: tuple[StepForm, ...], with_inputs: bool) -> Iterator[FlowTree]:
    for step in steps:
        yield from _step(step, with_inputs)


def _step(step: StepForm, with_inputs: bool) -> Iterator[FlowTree]:
    label = _component_label("action", step.label) if step.is_call else ("logic", step.label, "")
    own = list(_inputs(step.slots)) if with_inputs else []
    beside: list[FlowTree] = []
    for block in step.blocks:
        if block.label.startswith("elif") or block.label in _BESIDE:
            if block.steps:
                beside.append(_branch(block, with_inputs))
        elif block.label.startswith(("case", "parallel")):
            own.append(_branch(block, with_inputs))
        else:
            own += _steps(block.steps, with_inputs)
    yield FlowTree("component", label, tuple(own))
    yield from beside


def _branch(block: Inner, with_inputs: bool) -> FlowTree:
    name = block.label.rstrip("0123456789")
    values = _inputs({"if": block.condition}) if with_inputs and block.condition else ()
    return FlowTree("component", ("logic", name, ""), (*values, *_steps(block.steps, with_inputs)))
