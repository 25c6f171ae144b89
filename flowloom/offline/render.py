"""From a plan to a workflow: steps as plain data, conditions and references as CEL."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.offline.conditions import Condition, Scalar
from flowloom.offline.fill import Filler
from flowloom.offline.masking import Masked
from flowloom.offline.plan import Branch, Call, If, Loop, Node, Reference, While
from flowloom.offline.schemas import (
    Typed,
    field_named,
    is_open,
    item_of,
    kind_of_schema,
    list_in,
    text_of,
)

__all__ = ["Renderer"]

UNSURE = 0.3
"""A component that stands less than this before the next best is told as an assumption."""

_FLAGS = ("status", "state", "level", "type", "priority", "severity", "name", "value")


@dataclass
class Renderer:
    """Writes the steps of a plan; knows what each step before it gives.

    Attributes:
        inputs: schemas of the workflow inputs that had to be declared.
        problems: what cannot be written, a sentence each.
        avoid: component ids, and ``step.input`` pairs, that the verifier refused.
    """

    catalog: Catalog
    masked: Masked
    outputs: dict[str, Typed] = field(default_factory=dict[str, Typed])
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    assumptions: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    avoid: frozenset[str] = frozenset()
    trigger: Typed | None = None
    _asked: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])

    def steps(self, nodes: Sequence[Node]) -> list[dict[str, Any]]:
        """Return the steps of a block; what they give can be referred to behind them."""
        return [step for node in nodes for step in self._step(node)]

    def _step(self, node: Node) -> list[dict[str, Any]]:
        match node:
            case Call():
                return [self._call(node)]
            case If():
                return [self._if(node)]
            case Loop():
                return self._loop(node)
            case While():
                condition = self.condition(node.condition, node.about)
                return [
                    {"id": node.id, "while": condition or "false", "do": self.steps(node.steps)}
                ]

    # -- calls -------------------------------------------------------------------------------

    def _call(self, node: Call) -> dict[str, Any]:
        component = self._component(node)
        if component is None:
            words = _for_a_person(node)
            self.outputs[node.id] = Typed(f"steps.{node.id}.output", {"type": "string"})
            self.assumptions.append(
                f"No component of the catalog does {node.said!r}: a person is asked to."
            )
            self._asked[node.id] = {"id": node.id, "ask": words}
            return self._asked[node.id]
        if node.others and node.margin < UNSURE:
            self.assumptions.append(
                f"{node.said!r} is done by {component.id!r};"
                f" {node.others[0]!r} fits nearly as well."
            )
        step: dict[str, Any] = {"id": node.id, "uses": component.id}
        values = self._inputs(node, component)
        if values:
            step["with"] = values
        self.outputs[node.id] = Typed(f"steps.{node.id}.output", self._output(component, values))
        return step

    def _component(self, node: Call) -> Component | None:
        for name in (node.component, *node.others):
            if name and name not in self.avoid:
                return self.catalog.get(name)
        return None

    def _inputs(self, node: Call, component: Component) -> dict[str, Any]:
        about = self.value_of(node.about)
        filler = Filler(
            component, self.masked, node.action.text or node.plain, node.sentence,
            self._sources(), about,
        )  # fmt: skip
        filled = filler.fill()
        values = {
            name: value
            for name, value in filled.values.items()
            if name in component.required or f"{node.id}.{name}" not in self.avoid
        }
        for name in filled.missing:
            values[name] = "${{ inputs." + self._declare(node, component, name) + " }}"
        return {name: values[name] for name in component.inputs if name in values}

    def _sources(self) -> list[Typed]:
        loops = [value for name, value in self.outputs.items() if name.startswith("item:")]
        steps = [value for name, value in self.outputs.items() if not name.startswith("item:")]
        trigger = [self.trigger] if self.trigger else []
        return [*reversed(loops), *reversed(steps), *trigger]

    def _declare(self, node: Call, component: Component, name: str) -> str:
        schema = {
            key: value
            for key, value in component.inputs[name].items()
            if key in ("type", "format", "items", "description", "enum", "properties")
        }
        wanted = name if self.inputs.get(name, schema) == schema else f"{node.id}_{name}"
        self.inputs[wanted] = schema
        self.assumptions.append(
            f"The request does not say {name!r} of step {node.id!r}: it is the workflow's input"
            f" {wanted!r}."
        )
        return wanted

    def _output(self, component: Component, values: dict[str, Any]) -> dict[str, Any]:
        """Return the output schema; for a transform, that of the input it passes on."""
        output = component.output
        same = output.get("x-same-as")
        if isinstance(same, str):
            return self._schema_of_input(values.get(same))
        items = output.get("x-items-of")
        if isinstance(items, str):
            return dict(self._schema_of_input(values.get(items)).get("items") or {})
        return output

    def _schema_of_input(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            for known in self.outputs.values():
                if value == "${{ " + known.expression + " }}":
                    return dict(known.schema)
        return {}

    # -- blocks ------------------------------------------------------------------------------

    def _if(self, node: If) -> dict[str, Any]:
        first, *others = node.branches
        step: dict[str, Any] = {"id": node.id, "if": self._test(first)}
        step["then"] = self._inner(first.steps)
        elifs = [item for item in others if item.condition is not None]
        if elifs:
            step["elif"] = [
                {"if": self._test(item), "then": self._inner(item.steps)} for item in elifs
            ]
        for item in others:
            if item.condition is None:
                step["else"] = self._inner(item.steps)
        return step

    def _inner(self, nodes: Sequence[Node]) -> list[dict[str, Any]]:
        """Steps of a branch: what they give is not known to have run behind it."""
        before = dict(self.outputs)
        written = self.steps(nodes)
        self.outputs = before
        return written

    def _test(self, branch: Branch) -> str:
        if branch.condition is None:
            return "true"
        return self.condition(branch.condition, branch.about) or "false"

    def _loop(self, node: Loop) -> list[dict[str, Any]]:
        source = self.value_of(node.over)
        found = list_in(source) if source else None
        if found is None:
            self.problems.append(f"What {node.over.step!r} gives is no list to go over.")
            found = source or Typed("[]", {})
        before = dict(self.outputs)
        self.outputs[f"item:{node.item}"] = item_of(found, node.item)
        step = {"id": node.id, "for_each": found.expression, "as": node.item,
                "do": self.steps(node.steps)}  # fmt: skip
        self.outputs = before
        return [step]

    # -- expressions -------------------------------------------------------------------------

    def value_of(self, reference: Reference | None) -> Typed | None:
        """Return the value that a reference names."""
        if reference is None:
            return None
        if reference.item:
            return self.outputs.get(f"item:{reference.item}", Typed(reference.item, {}))
        return self.outputs.get(reference.step)

    def condition(self, condition: Condition, about: Reference | None) -> str | None:
        """Return a condition as CEL; what cannot be written is a problem."""
        value = self.value_of(about) or self.trigger
        if value is None:
            self.problems.append(f"It is not said what {condition.text!r} is about.")
            return None
        if condition.verbal and about is not None and about.step in self._asked:
            self._asked[about.step]["choices"] = ["yes", "no"]
            sign = "==" if condition.operator == "not empty" else "!="
            return f'{value.expression} {sign} "yes"'
        if not condition.count:
            value = self._field(value, condition)
        if value is None:
            return None
        if condition.name:
            self.inputs.setdefault(condition.name, {"type": "string"})
            self.assumptions.append(f"{condition.name!r} is an input of the workflow.")
            return f"{value.expression} {condition.operator} inputs.{condition.name}"
        return _comparison(condition, value)

    def _field(self, value: Typed, condition: Condition) -> Typed | None:
        if condition.attribute:
            found = field_named(value, condition.attribute)
            if found is None:
                self.problems.append(
                    f"{value.expression!r} has no field for {condition.attribute!r}"
                    f" ({condition.text!r})."
                )
            return found
        if condition.operator in ("empty", "not empty") or not isinstance(condition.value, str):
            return self._number_field(value, condition)
        return self._guessed_field(value, condition)

    def _number_field(self, value: Typed, condition: Condition) -> Typed:
        kind = kind_of_schema(value.schema)
        if condition.measure and kind in ("", "object"):
            return field_named(value, condition.measure) or value
        if kind == "object" and condition.operator in (">", "<", ">=", "<="):
            return list_in(value) or value
        return value

    def _guessed_field(self, value: Typed, condition: Condition) -> Typed | None:
        """Find the field of a value whose name is not said: "if it is low"."""
        if kind_of_schema(value.schema) == "string":
            return value
        properties: dict[str, Any] = value.schema.get("properties") or {}
        for name, schema in properties.items():
            if condition.value in schema.get("enum", []):
                return value.field(name)
        text = text_of(value)
        if condition.operator in ("contains", "not contains") and text:
            return Typed(text, {"type": "string"})
        for name in _FLAGS:
            if name in properties or is_open(value.schema):
                self.assumptions.append(
                    f"{condition.text!r} is taken to be about the field {name!r}."
                )
                return value.field(name)
        self.problems.append(f"No field of {value.expression!r} is named by {condition.text!r}.")
        return None


def _for_a_person(node: Call) -> str:
    """Say what a person is to do in words that stand alone: no "their", no "this"."""
    words = re.sub(r"\b(?:its|their|his|her|this|that|these|those)\s+(?=\w)", "", node.said)
    if node.about is not None and node.action.pronoun and node.action.nouns:
        words = re.sub(r"\b(?:it|them)\b", " ".join(node.action.nouns), words)
    return words


def _comparison(condition: Condition, value: Typed) -> str:
    kind = kind_of_schema(value.schema)
    left = value.expression
    match condition.operator:
        case "empty" | "not empty":
            return _emptiness(condition, value, kind)
        case "contains" | "not contains":
            found = f"{left}.contains({_literal(condition.value)})"
            if kind not in ("string",):
                found = f"{_literal(condition.value)} in {left}"
            return found if condition.operator == "contains" else f"!({found})"
        case "starts with":
            return f"{left}.startsWith({_literal(condition.value)})"
        case "ends with":
            return f"{left}.endsWith({_literal(condition.value)})"
        case "true":
            return left
        case "false":
            return f"!{left}"
        case "==" | "!=" | ">" | "<" | ">=" | "<=":
            return _ordered(condition, value, kind)


def _emptiness(condition: Condition, value: Typed, kind: str) -> str:
    sign = "==" if condition.operator == "empty" else "!="
    if condition.count or kind == "array":
        found = list_in(value) or value
        return f"size({found.expression}) {'==' if sign == '==' else '>'} 0"
    empty = '""' if kind == "string" else "null"
    return f"{value.expression} {sign} {empty}"


def _ordered(condition: Condition, value: Typed, kind: str) -> str:
    left, number = value.expression, condition.value
    if condition.count or kind == "array":
        found = list_in(value) or value
        return f"size({found.expression}) {condition.operator} {_literal(number)}"
    if kind == "number" and isinstance(number, int):
        number = float(number)
    if kind == "string" and isinstance(number, int | float):
        if condition.operator in ("==", "!="):
            number = str(number)
        else:
            left, number = f"double({left})", float(number)
    if kind == "boolean" and isinstance(number, str):
        return left if condition.operator == "==" else f"!{left}"
    right = _literal(_known_spelling(number, value))
    return f"{left} {condition.operator} {right}"


def _known_spelling(value: Scalar, typed: Typed) -> Scalar:
    for choice in typed.schema.get("enum", []):
        if isinstance(value, str) and isinstance(choice, str) and choice.lower() == value.lower():
            return choice
    return value


def _literal(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)
