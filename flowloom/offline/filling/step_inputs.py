"""The inputs of the steps of a workflow: what each step can refer to, and what must be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.offline.comparing.comparisons import Comparisons
from flowloom.offline.filling.carrying import companions, family_of
from flowloom.offline.filling.fill import Filler
from flowloom.offline.filling.implied import Implied, writer_of
from flowloom.offline.filling.input_names import spaced
from flowloom.offline.filling.numbers import LIMITS, limit_in
from flowloom.offline.filling.sources import Source
from flowloom.offline.planning.plan import Call, Loop, Reference
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, words_of
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import Typed, kind_of_schema

__all__ = ["StepInputs"]


@dataclass(kw_only=True)
class StepInputs(Comparisons):
    """Fills the inputs of steps; remembers what each step was and gives.

    Attributes:
        avoid: component ids, and ``step.input`` pairs, that the verifier refused.
        history: all steps so far, the oldest first, and loop items, by the name of their output.
        limits: inputs that say how much an earlier step gives, known from later words.
        implies: whether a step may bring others that must come first.
    """

    catalog: Catalog
    masked: Masked
    avoid: frozenset[str] = frozenset()
    history: dict[str, Source] = field(default_factory=dict[str, Source])
    implies: bool = True
    limits: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    _target: str = ""
    before: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def inputs_of(self, node: Call, component: Component) -> dict[str, Any]:
        """Return what stands under ``with``; what is not said becomes an input of the workflow."""
        filler = Filler(
            component,
            self.masked,
            node.action.text or node.plain,
            nouns=node.action.nouns,
            sources=list(self._visible()),
            about=self._source_of(node.about),
            past=list(self._past()),
            catalog=self.catalog,
            first=partial(self.put_first, node.id) if self.implies else None,
        )
        filled = filler.fill()
        self._target = filled.target
        self._keep_place(component, filled.values)
        self._limit_source(node.action.text, component, filled.values)
        values = {
            name: value
            for name, value in filled.values.items()
            if name in component.required or f"{node.id}.{name}" not in self.avoid
        }
        self.assumptions += [f"Step {node.id!r}: {text}" for text in filled.assumed]
        for name in filled.missing:
            values[name] = "${{ inputs." + self._declare(node, component, name) + " }}"
        return {name: values[name] for name in component.inputs if name in values}

    def put_first(self, step_id: str, implied: Implied) -> Source:
        """Put a step before the one that needs it."""
        component = implied.component
        verb = spaced(component.id.rpartition(".")[2]).split()[0]
        name = f"{verb}_for_{step_id}"
        taken = sum(known.startswith(name) for known in self.history)
        name = f"{name}_{taken + 1}" if taken else name
        values = dict(implied.values)
        self.before.append({"id": name, "uses": component.id, "with": values})
        value = Typed(f"steps.{name}.output", component.output)
        self.outputs[name] = value
        self.history[name] = Source(
            value,
            nouns=frozenset(_nouns_of(component)),
            component=component.id,
            family=family_of(component),
            values=values,
            tells=component.effect == "read",
        )
        return self.history[name]

    def written_behind(self, node: Call) -> list[dict[str, Any]]:
        """Return the step that writes a result to the file that its words name, if one is left."""
        target, self._target = self._target, ""
        if not target or not self.implies or node.id not in self.outputs:
            return []
        found = writer_of(self.outputs[node.id], target, self.catalog)
        if found is None:
            return []
        self.put_first(node.id, found)
        return self.taken_before()

    def taken_before(self) -> list[dict[str, Any]]:
        """Return the steps that must come before the one just written, once."""
        found, self.before = self.before, []
        return found

    def remember_existing(self, steps: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Let new steps refer to those of a workflow at hand."""
        for step_id, data in steps:
            component = self.catalog.get(str(data.get("uses", "")).split("@")[0])
            if component is None or step_id not in self.outputs:
                continue
            values = dict(data.get("with") or {})
            value = Typed(self.outputs[step_id].expression, self._output(component, values))
            self.outputs[step_id] = value
            self.history[step_id] = Source(
                value,
                nouns=frozenset({*map(singular, step_id.split("_")), *_nouns_of(component)}),
                component=component.id,
                family=family_of(component),
                values=values,
                tells=component.effect == "read",
            )

    def remember_step(self, node: Call, component: Component, values: dict[str, Any]) -> None:
        """Let later steps refer to a step."""
        value = Typed(f"steps.{node.id}.output", self._output(component, values))
        self.outputs[node.id] = value
        is_list = kind_of_schema(value.schema) == "array"
        if is_list and any(values.get(name) == 1 for name in LIMITS):
            value = Typed(f"{value.expression}[0]", value.schema.get("items") or {})
        self.history[node.id] = Source(
            value,
            nouns=frozenset({*node.action.nouns, *_nouns_of(component)}),
            said=frozenset(node.action.nouns),
            component=component.id,
            family=family_of(component),
            values=values,
            tells=component.effect == "read",
        )

    def remember_item(self, node: Loop, value: Typed) -> None:
        """Let the steps inside a loop refer to its item."""
        self.outputs[f"item:{node.item}"] = value
        over = self._source_of(node.over)
        nouns = frozenset({*node.nouns, *map(singular, node.item.split("_"))})
        self.history[f"item:{node.item}"] = Source(
            value,
            kind="item",
            nouns=nouns | (over.nouns if over else frozenset()),
            component=over.component if over else "",
            family=over.family if over else "",
            values=over.values if over else {},
        )

    # -- what can be referred to -------------------------------------------------------------

    def _visible(self) -> Iterator[Source]:
        for name in reversed(self.outputs):
            yield self._source(name)
        if self.trigger is not None:
            yield Source(
                self.trigger,
                kind="trigger",
                nouns=frozenset({"trigger"}),
                tells=not _only_times(self.trigger),
            )

    def _source(self, name: str) -> Source:
        known = self.history.get(name)
        if known is not None:
            return known
        kind = "item" if name.startswith("item:") else "step"
        nouns = frozenset(singular(word) for word in re.split(r"[:_]", name.lower()))
        return Source(self.outputs[name], kind=kind, nouns=nouns)

    def _source_of(self, reference: Reference | None) -> Source | None:
        if reference is None:
            return None
        name = f"item:{reference.item}" if reference.item else reference.step
        if name in self.outputs:
            return self._source(name)
        value = self.value_of(reference)
        return Source(value, kind="item") if value is not None and reference.item else None

    def _past(self) -> Iterator[Source]:
        """Steps whose inputs may still hold; what they refer to must still be there."""
        for name in reversed(self.history):
            source = self.history[name]
            if name in self.outputs:
                yield source
            else:
                plain = {key: value for key, value in source.values.items()
                         if "${{" not in str(value) or "${{ inputs." in str(value)}  # fmt: skip
                yield Source(source.value, nouns=source.nouns, component=source.component,
                             family=source.family, values=plain)  # fmt: skip

    def _keep_place(self, component: Component, values: dict[str, Any]) -> None:
        """Name the same folder as the step that the ids come from."""
        text = str(values)
        for source in self._visible():
            if source.component and source.value.expression in text:
                other = self.catalog.get(source.component)
                values |= companions(component, values, source, other)

    def _limit_source(self, text: str, component: Component, values: dict[str, Any]) -> None:
        """ "the titles of its first five entries": the step that gives them gives five."""
        count = limit_in(text)
        if count is None or count == 1 or set(component.inputs) & set(LIMITS):
            return
        for name, source in self.history.items():
            other = self.catalog.get(source.component) if source.component else None
            limit = next((item for item in LIMITS if other and item in other.inputs), None)
            used = re.search(rf"\b{re.escape(source.value.expression)}\b", str(values))
            if limit and used and name in self.outputs and limit not in source.values:
                self.limits.setdefault(name, (limit, count))

    # -- what is declared, and what a step gives ---------------------------------------------

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
        items = output.get("x-items-of")
        if isinstance(items, str):
            return dict(self._schema_of_input(values.get(items)).get("items") or {})
        return self._resolved(output, values)

    def _resolved(self, schema: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """Put the schema of an input in for each part of an output that is the same."""
        same = schema.get("x-same-as")
        if isinstance(same, str):
            return self._schema_of_input(values.get(same))
        found = dict(schema)
        if isinstance(schema.get("items"), dict):
            found["items"] = self._resolved(schema["items"], values)
        if isinstance(schema.get("properties"), dict):
            parts: dict[str, dict[str, Any]] = schema["properties"]
            found["properties"] = {k: self._resolved(item, values) for k, item in parts.items()}
        return found

    def _schema_of_input(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            known = [*self.outputs.values(), *(item.value for item in self.history.values())]
            for found in known:
                if value == "${{ " + found.expression + " }}":
                    return dict(found.schema)
        return {}


def _only_times(value: Typed) -> bool:
    """What a schedule gives is when it fired: no data to pass on."""
    names: Mapping[str, Any] = value.schema.get("properties") or {}
    return all(item.get("format") in ("date-time", "date", "timezone") for item in names.values())


def _nouns_of(component: Component) -> set[str]:
    """Return the words for what a component works on, from its id and title."""
    words = {*words_of(component.title), *spaced(component.id.replace(".", " ")).split()}
    given = re.search(
        r"\breturns? (?:the |its |their |an? |all )?(?:list of )?([a-z]+)", component.description
    )
    words |= {given.group(1)} if given else set()
    return {singular(word) for word in words if word not in FUNCTION_WORDS}
