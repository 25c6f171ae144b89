"""What a workflow, a step or a component needs and gives, and whether the workflow is valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.talking.answers.subject import PlacedStep, Subject, names
from flowloom.offline.talking.answers.telling import step_in_words, value_in_words
from flowloom.prompts.schema_text import type_text
from flowloom.workflow.models import AskStep, CallStep, ForEachStep, StepBase
from flowloom.workflow.tree import one_line

__all__ = [
    "component_in_words",
    "needs_in_words",
    "results_in_words",
    "step_needs_and_gives",
    "verdict_in_words",
]

MOST = 5
MAX_TEXT = 200


def needs_in_words(subject: Subject) -> str:
    """Return the connections and the inputs that a run of the workflow needs."""
    if subject.workflow is None:
        return "There is no workflow yet, so nothing is needed."
    wanted = [*_connections(subject), *_inputs(subject.workflow.inputs)]
    told = " ".join(wanted) or "It needs no connection and no input."
    unknown = [item.step for item in subject.steps if _is_unknown(subject, item.step)]
    if not unknown:
        return told
    return (
        f"{told} What {names(unknown)} may need I cannot tell: the catalog has no such component."
    )


def _is_unknown(subject: Subject, step: StepBase) -> bool:
    return isinstance(step, CallStep) and subject.component(step) is None


def _connections(subject: Subject) -> Iterator[str]:
    found: dict[tuple[str, str, bool], list[StepBase]] = {}
    for item in subject.steps:
        component = subject.component(item.step)
        if component is not None and component.connection is not None and _is_call(item.step):
            named = item.step.connection if isinstance(item.step, CallStep) else ""
            key = (component.connection.type, named, component.connection.required)
            found.setdefault(key, []).append(item.step)
    for (kind, named, required), steps in found.items():
        verb = "need" if required else "may have"
        verb += "s" if required and len(steps) == 1 else ""
        said = f" (it is called {named!r} here)" if named else ""
        yield f"{names(steps)} {verb} a connection of type {kind!r}{said}."
    yield from _trigger_connection(subject)


def _is_call(step: StepBase) -> bool:
    return isinstance(step, CallStep)


def _trigger_connection(subject: Subject) -> Iterator[str]:
    trigger = subject.workflow.trigger if subject.workflow else None
    component = subject.catalog.get(trigger.uses) if trigger else None
    if trigger and component and component.connection and component.connection.required:
        said = f" (it is called {trigger.connection!r} here)" if trigger.connection else ""
        yield f"The trigger needs a connection of type {component.connection.type!r}{said}."


def _inputs(inputs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if not inputs:
        return
    told = [_input(name, schema) for name, schema in inputs.items()]
    yield f"A run is given {'this input' if len(told) == 1 else 'these inputs'}: {'; '.join(told)}."


def _input(name: str, schema: Mapping[str, Any]) -> str:
    about = one_line(str(schema.get("description", "")), MAX_TEXT)
    default = f", else {value_in_words(schema['default'])}" if "default" in schema else ""
    return f"{name} ({type_text(dict(schema))}{default}){f' - {about}' if about else ''}"


def results_in_words(subject: Subject) -> str:
    """Return what the workflow gives at its end."""
    if subject.workflow is None:
        return "There is no workflow yet, so there is no result."
    outputs = subject.workflow.outputs
    if outputs:
        told = [f"{name!r}: {value_in_words(value)}" for name, value in outputs.items()]
        return f"At its end it gives {'; '.join(told)}."
    writes = [item.step for item in subject.steps if _effect(subject, item.step) != "read"]
    done = f" What it does outside is done by {names(writes)}." if writes else ""
    return f"It declares no outputs.{done}"


def _effect(subject: Subject, step: StepBase) -> str:
    component = subject.component(step)
    return component.effect if component is not None else "read"


def step_needs_and_gives(subject: Subject, item: PlacedStep) -> str:
    """Return what a step does, takes, needs and gives, and who uses that."""
    step = item.step
    words = step_in_words(step, subject.catalog).rstrip(":")
    parts = [f"Step {item.number}, {step.id!r}: {words}."]
    component = subject.component(step)
    if component is not None:
        parts += [f"It uses {component.id}{_described(component)}.", *_account(component)]
        if component.output:
            parts.append(f"It gives {type_text(component.output, 1)}.")
    elif isinstance(step, CallStep):
        parts.append(f"The catalog has no component {step.uses!r}.")
    if isinstance(step, ForEachStep):
        parts.append(f"For each {step.as_} it runs {names(step.do)}.")
    if isinstance(step, AskStep):
        parts.append("The run waits for the answer; the answer is its result.")
    users = subject.users_of(step.id)
    if users:
        parts.append(f"{names(users)} use{'s' if len(users) == 1 else ''} its result.")
    return " ".join(parts)


def _described(component: Component) -> str:
    return (
        f": {one_line(component.description, MAX_TEXT).rstrip('.')}"
        if component.description
        else ""
    )


def _account(component: Component) -> Iterator[str]:
    if component.connection is not None:
        verb = "needs" if component.connection.required else "may have"
        yield f"It {verb} a connection of type {component.connection.type!r}."


def component_in_words(component: Component) -> str:
    """Return what a component is, takes and gives."""
    required = [name for name in component.inputs if name in component.required]
    optional = [name for name in component.inputs if name not in component.required]
    parts = [f"{component.id}: {one_line(component.title or component.id, MAX_TEXT)}."]
    if component.description:
        parts.append(f"{one_line(component.description, MAX_TEXT).rstrip('.')}.")
    if required:
        shown = [f"{name} ({type_text(component.inputs[name], 1)})" for name in required]
        parts.append(f"It must be given {', '.join(shown)}.")
    if optional:
        parts.append(f"It may be given {', '.join(optional)}.")
    parts += _account(component)
    if component.output:
        parts.append(f"It gives {type_text(component.output, 1)}.")
    return " ".join(parts)


def verdict_in_words(subject: Subject) -> str:
    """Return whether the workflow is valid, and the first things that are wrong."""
    verdict = subject.verdict
    if verdict is None:
        return "There is no workflow yet that could be checked."
    others = [item for item in verdict.diagnostics if item.severity != "error"]
    if verdict.valid:
        if not others:
            return "It is valid: the verifier found nothing."
        told = " ".join(f"{item.message}" for item in others[:MOST])
        return f"It is valid. The verifier notes: {told}"
    found = [f"{item.path or 'the document'}: {item.message} {item.hint}".strip()
             for item in verdict.errors[:MOST]]  # fmt: skip
    more = len(verdict.errors) - len(found)
    rest = f"\nand {more} more." if more > 0 else ""
    count = len(verdict.errors)
    head = f"It is not valid: {count} error{'' if count == 1 else 's'}."
    return "\n".join([head, *(f"- {line}" for line in found)]) + rest
