"""A workflow as a text tree: trigger, steps, branches and loops in the order they run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.workflow.models import (
    AskStep,
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    StepBase,
    StopStep,
    SwitchStep,
    Trigger,
    TryStep,
    WaitStep,
    WhileStep,
    Workflow,
)
from flowloom.workflow.visible_text import plain_line

__all__ = ["TreeLine", "one_line", "render_tree", "step_title", "tree_lines"]

MAX_INPUTS = 4
MAX_VALUE = 32
MAX_CONDITION = 80


@dataclass(frozen=True, kw_only=True)
class TreeLine:
    """One line of the tree.

    Attributes:
        depth: 0 for the workflow's name, 1 for its steps.
        text: what the line says, in one line of printable characters.
        step: id of the step that the line stands for; empty for names and blocks.
        guides: the box-drawing characters in front of the text.
    """

    depth: int
    text: str
    step: str = ""
    guides: str = ""


@dataclass(frozen=True)
class _Node:
    text: str
    step: str = ""
    children: tuple[_Node, ...] = ()


def render_tree(workflow: Workflow) -> str:
    """Return the tree as text with a final newline."""
    return "".join(f"{line.guides}{line.text}\n" for line in tree_lines(workflow))


def tree_lines(workflow: Workflow) -> list[TreeLine]:
    """Return the lines of the tree, the workflow's name first."""
    name = one_line(workflow.name, 200)
    title = f"{name}: {one_line(workflow.description, 120)}" if workflow.description else name
    return [TreeLine(depth=0, text=title), *_lines(tuple(_top(workflow)), 1, "")]


def _lines(nodes: tuple[_Node, ...], depth: int, front: str) -> Iterator[TreeLine]:
    for index, node in enumerate(nodes):
        last = index == len(nodes) - 1
        guides = front + ("└─ " if last else "├─ ")
        yield TreeLine(depth=depth, text=node.text, step=node.step, guides=guides)
        yield from _lines(node.children, depth + 1, front + ("   " if last else "│  "))


def _top(workflow: Workflow) -> Iterator[_Node]:
    if workflow.inputs:
        yield _Node("inputs: " + ", ".join(one_line(name, 64) for name in workflow.inputs))
    yield _Node(trigger_title(workflow.trigger))
    yield from _steps(workflow.steps)
    for name, value in workflow.outputs.items():
        yield _Node(f"output {one_line(name, 64)} = {_value(value, MAX_CONDITION)}")


def trigger_title(trigger: Trigger | None) -> str:
    """Return what starts a run, in one line."""
    if trigger is None:
        return "trigger: by hand"
    return f"trigger: {one_line(trigger.uses, 200)}{_inputs(trigger.with_)}"


def step_title(step: StepBase) -> str:
    """Return what a step does, in one line: its kind's most telling parts."""
    match step:
        case CallStep():
            return f"{one_line(step.uses, 200)}{_inputs(step.with_)}"
        case IfStep():
            return f"if {_condition(step.if_)}"
        case SwitchStep():
            return f"switch {_condition(step.switch)}"
        case ForEachStep():
            collected = f", collect {_condition(step.collect)}" if step.collect else ""
            return f"for each {step.as_} in {_condition(step.for_each)}{collected}"
        case WhileStep():
            return f"while {_condition(step.while_)} (at most {step.max_iterations} times)"
        case ParallelStep():
            return "in parallel"
        case TryStep():
            return "try"
        case _:
            return _short_step_title(step)


def _short_step_title(step: StepBase) -> str:
    match step:
        case WaitStep():
            return f"wait {_condition(step.wait)}"
        case AskStep():
            to = f" to {one_line(step.to, 60)}" if step.to else ""
            choices = f" ({one_line(' / '.join(step.choices), 60)})" if step.choices else ""
            return f"ask{to} {_value(step.ask, MAX_CONDITION)}{choices}"
        case StopStep():
            return f"stop, {step.status} {_value(step.stop, MAX_CONDITION)}"
        case _:
            return step.kind


def _steps(block: Block) -> tuple[_Node, ...]:
    return tuple(_Node(f"{step.id}: {step_title(step)}", step.id, _blocks(step)) for step in block)


def _blocks(step: StepBase) -> tuple[_Node, ...]:
    match step:
        case IfStep():
            return tuple(_branches(step))
        case SwitchStep():
            cases = [_block(f"case {_value(case.when, 60)}", case.do) for case in step.cases]
            return (*cases, *([_block("default", step.default)] if step.default else []))
        case ForEachStep() | WhileStep():
            return _steps(step.do)
        case ParallelStep():
            return tuple(_block(f"branch {i}", one) for i, one in enumerate(step.parallel, 1))
        case TryStep():
            named = (("try", step.try_), ("catch", step.catch), ("finally", step.finally_))
            return tuple(_block(name, block) for name, block in named if block)
        case _:
            return ()


def _branches(step: IfStep) -> Iterator[_Node]:
    yield _block("then", step.then)
    for branch in step.elif_:
        yield _block(f"elif {_condition(branch.if_)}", branch.then)
    if step.else_:
        yield _block("else", step.else_)


def _block(label: str, block: Block) -> _Node:
    return _Node(label if block else f"{label} (nothing)", children=_steps(block))


def _condition(expression: str) -> str:
    return one_line(expression, MAX_CONDITION)


def _inputs(inputs: Mapping[str, Any]) -> str:
    """Return the most telling inputs: plain values before lists and objects, the first few."""
    ordered = sorted(inputs.items(), key=lambda pair: isinstance(pair[1], dict | list))
    shown = [f"{one_line(name, 40)}={_value(value)}" for name, value in ordered[:MAX_INPUTS]]
    more = ["…"] if len(ordered) > MAX_INPUTS else []
    return f" ({', '.join([*shown, *more])})" if shown else ""


def _value(value: Any, limit: int = MAX_VALUE) -> str:
    return one_line(json.dumps(value, ensure_ascii=False), limit)


def one_line(text: str, limit: int) -> str:
    """Return text in one line of printable characters, cut to ``limit`` with an ellipsis."""
    return plain_line(text, limit)
