"""A workflow in words: what starts it, and what each step does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.errors import ExpressionError
from flowloom.workflow.cron_words import cron_in_words
from flowloom.workflow.expression_words import expression_in_words
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
from flowloom.workflow.templates import ExpressionPart, parse_template
from flowloom.workflow.tree import one_line

__all__ = ["outline_in_words", "start_in_words", "step_in_words", "value_in_words"]

MAX_LINES = 30
MAX_INPUTS = 5
MAX_VALUE = 80


def start_in_words(trigger: Trigger | None, catalog: Catalog) -> str:
    """Return what starts a workflow, as a sentence."""
    if trigger is None:
        return "It has no trigger: it is started by hand."
    cron = trigger.with_.get("cron")
    if isinstance(cron, str):
        zone = trigger.with_.get("timezone") or _default(catalog, trigger.uses, "timezone")
        return f"It runs {cron_in_words(cron)}{f' ({zone})' if zone else ''}."
    component = catalog.get(trigger.uses)
    title = one_line(component.title, MAX_VALUE) if component else ""
    said = f"{title} ({trigger.uses})" if title else trigger.uses
    given = _inputs(trigger.with_)
    return f"Its trigger is: {said}{f', with {given}' if given else ''}."


def _default(catalog: Catalog, uses: str, name: str) -> str:
    component = catalog.get(uses)
    return str(component.inputs.get(name, {}).get("default", "")) if component else ""


def outline_in_words(workflow: Workflow, catalog: Catalog) -> str:
    """Return what a workflow does: a sentence, then its steps, a line each."""
    lines = list(_lines(workflow.steps, catalog, "", 0))
    more = [f"… and {len(lines) - MAX_LINES} more lines."] if len(lines) > MAX_LINES else []
    results = [
        f"It gives {name!r}: {value_in_words(value)}." for name, value in workflow.outputs.items()
    ]
    start = start_in_words(workflow.trigger, catalog)
    return "\n".join([f"{start} Its steps:", *lines[:MAX_LINES], *more, *results])


def _lines(block: Block, catalog: Catalog, front: str, depth: int, first: int = 1) -> Iterator[str]:
    for index, step in enumerate(block, first):
        number = f"{front}{index}"
        yield f"{'  ' * depth}{number}. {step.id}: {step_in_words(step, catalog)}"
        count = 1
        for label, inner in _blocks(step):
            if label:
                yield f"{'  ' * (depth + 1)}{label}"
            yield from _lines(inner, catalog, f"{number}.", depth + 1, count)
            count += len(inner)


def _blocks(step: StepBase) -> Iterator[tuple[str, Block]]:
    match step:
        case IfStep():
            yield "", step.then
            for branch in step.elif_:
                yield f"otherwise, if {expression_in_words(branch.if_)}:", branch.then
            if step.else_:
                yield "otherwise:", step.else_
        case SwitchStep():
            for case in step.cases:
                yield f"if it is {json.dumps(case.when, ensure_ascii=False)}:", case.do
            if step.default:
                yield "otherwise:", step.default
        case ForEachStep() | WhileStep():
            yield "", step.do
        case ParallelStep():
            for index, branch in enumerate(step.parallel, 1):
                yield f"branch {index}:", branch
        case TryStep():
            yield "", step.try_
            yield from (
                (label, block)
                for label, block in (("on an error:", step.catch), ("in any case:", step.finally_))
                if block
            )
        case _:
            return


def step_in_words(step: StepBase, catalog: Catalog) -> str:
    """Return what one step does, without the steps inside it."""
    match step:
        case CallStep():
            component = catalog.get(step.uses)
            title = one_line(component.title, MAX_VALUE) if component else ""
            given = _inputs(step.with_)
            return f"{title or step.uses}{f' ({given})' if given else ''}"
        case IfStep():
            return f"if {expression_in_words(step.if_)}:"
        case SwitchStep():
            return f"depending on {expression_in_words(step.switch)}:"
        case ForEachStep():
            return f"for each {step.as_} in {expression_in_words(step.for_each)}:"
        case WhileStep():
            condition = expression_in_words(step.while_)
            return f"as long as {condition} (at most {step.max_iterations} times):"
        case _:
            return _short(step)


def _short(step: StepBase) -> str:
    match step:
        case ParallelStep():
            return "at the same time:"
        case TryStep():
            return "try:"
        case WaitStep():
            return f"wait {value_in_words(step.wait)}"
        case AskStep():
            whom = f" {value_in_words(step.to)}" if step.to else " a person"
            choices = f" (answers: {', '.join(step.choices)})" if step.choices else ""
            return f"ask{whom}: {value_in_words(step.ask)}{choices}"
        case StopStep():
            return f"stop the run as {step.status}: {value_in_words(step.stop)}"
        case _:
            return step.kind


def _inputs(inputs: Mapping[str, Any]) -> str:
    shown = [f"{name} {value_in_words(value)}" for name, value in inputs.items()][:MAX_INPUTS]
    more = ["…"] if len(inputs) > MAX_INPUTS else []
    return ", ".join([*shown, *more])


def value_in_words(value: Any) -> str:
    """Return a value with its expressions in words: ``${{ inputs.a }}`` is "the input 'a'"."""
    if not isinstance(value, str):
        return one_line(json.dumps(value, ensure_ascii=False), MAX_VALUE)
    try:
        parts = parse_template(value).parts
    except ExpressionError:
        return one_line(json.dumps(value, ensure_ascii=False), MAX_VALUE)
    if len(parts) == 1 and isinstance(parts[0], ExpressionPart):
        return expression_in_words(parts[0].text)
    text = "".join(
        f"<{expression_in_words(part.text)}>" if isinstance(part, ExpressionPart) else part.text
        for part in parts
    )
    return one_line(json.dumps(text, ensure_ascii=False), MAX_VALUE)
