"""From a plan to a workflow: steps as plain data, conditions and references as CEL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.choosing.uncovered import uncovered_words
from flowloom.offline.choosing.weights import SURE
from flowloom.offline.filling.implied import Implied
from flowloom.offline.filling.reworked import rework_of
from flowloom.offline.filling.step_inputs import StepInputs
from flowloom.offline.planning.plan import Branch, Call, If, Loop, Node, While
from flowloom.offline.rendering.render_blocks import finish_call, question_of, write_block
from flowloom.offline.rendering.schemas import Typed, item_of, items_in, kind_of_schema

__all__ = ["Renderer"]

UNSURE = 0.3
"""A component that stands less than this before the next best is told as an assumption."""


@dataclass
class Renderer(StepInputs):
    """Writes the steps of a plan; knows what each step before it gives.

    Attributes:
        inputs: schemas of the workflow inputs that had to be declared.
        problems: what cannot be written, a sentence each.
        left_over: how many words of actions nothing stands for.
    """

    left_over: int = 0

    def steps(self, nodes: Sequence[Node]) -> list[dict[str, Any]]:
        """Return the steps of a block; what they give can be referred to behind them."""
        written = [step for node in nodes for step in self._step(node)]
        for step in written:
            if step["id"] in self.limits:
                name, count = self.limits.pop(step["id"])
                step.setdefault("with", {})[name] = count
        return written

    def _step(self, node: Node) -> list[dict[str, Any]]:
        match node:
            case Call():
                step = self._call(node)
                return [*self.taken_before(), step, *self.written_behind(node)]
            case If():
                return [self._if(node)]
            case Loop():
                return self._loop(node)
            case While():
                condition = self.condition(node.condition, node.about)
                return [
                    {"id": node.id, "while": condition or "false", "do": self.steps(node.steps)}
                ]
            case _:
                return [write_block(node, self)]

    # -- calls -------------------------------------------------------------------------------

    def _call(self, node: Call) -> dict[str, Any]:
        component = self._component(node)
        if component is None:
            words = _for_a_person(node)
            self.outputs[node.id] = Typed(f"steps.{node.id}.output", {"type": "string"})
            if not node.question:
                self.assumptions.append(
                    f"No component of the catalog does {node.said!r}: a person is asked to."
                )
            self.asked[node.id] = question_of({"id": node.id, "ask": words}, node)
            return self.asked[node.id]
        self._tell_doubt(node, component)
        step: dict[str, Any] = {"id": node.id, "uses": component.id}
        values = self.inputs_of(node, component)
        if values:
            step["with"] = values
        self._tell_uncovered(node, component, values)
        self.remember_step(node, component, values)
        return finish_call(step, node)

    def _tell_uncovered(self, node: Call, component: Component, values: dict[str, Any]) -> None:
        spoken = [noun for source in self.history.values() for noun in source.nouns | source.said]
        left = uncovered_words(node.action.text, component, values, spoken)
        left = self._reworked(node, component, values, left)
        self.left_over += len(set(left))
        if left:
            words = ", ".join(repr(word) for word in dict.fromkeys(left))
            self.assumptions.append(f"Nothing in step {node.id!r} stands for {words}.")

    def _reworked(
        self, node: Call, component: Component, values: dict[str, Any], left: list[str]
    ) -> list[str]:
        """Put a transform before a step whose words ask for one in passing ("in upper case")."""
        if not left or component.effect == "read" or not self.implies:
            return left
        for name, value in values.items():
            kind = kind_of_schema(self._schema_of_input(value))
            if kind not in ("string", "array"):
                continue
            found = rework_of(node.action.text, left, kind, self.masked, self.catalog)
            if found is not None:
                whole = {found.data: value, **found.values}
                source = self.put_first(node.id, Implied(found.component, whole, {}))
                values[name] = "${{ " + source.value.expression + " }}"
                return []
        return left

    def _tell_doubt(self, node: Call, component: Component) -> None:
        if node.others and node.margin < UNSURE:
            self.assumptions.append(
                f"{node.said!r} is done by {component.id!r};"
                f" {node.others[0]!r} fits nearly as well."
            )
        elif node.fits and node.fits[0].score < SURE:
            self.assumptions.append(
                f"{node.said!r} is taken to be done by {component.id!r}, which fits loosely."
            )

    def _component(self, node: Call) -> Component | None:
        for name in (node.component, *node.others):
            if name and name not in self.avoid:
                return self.catalog.get(name)
        return None

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
        found = items_in(source) if source else None
        if found is None:
            self.problems.append(f"What {node.over.step!r} gives is no list to go over.")
            found = source or Typed("[]", {})
        before = dict(self.outputs)
        self.remember_item(node, item_of(found, node.item))
        step = {"id": node.id, "for_each": found.expression, "as": node.item,
                "do": self.steps(node.steps)}  # fmt: skip
        self.outputs = before
        return [step]


def _for_a_person(node: Call) -> str:
    """Say what a person is to do in words that stand alone: no "their", no "this"."""
    words = re.sub(r"\b(?:its|their|his|her|this|that|these|those)\s+(?=\w)", "", node.said)
    if node.about is not None and node.action.pronoun and node.action.nouns:
        words = re.sub(r"\b(?:it|them)\b", " ".join(node.action.nouns), words)
    return words
