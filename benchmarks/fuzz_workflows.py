"""Random workflows over a catalog: components, nested blocks, references by type.

A careful document guards what may be absent, null or empty; a careless one leaves guards out, and
makes a mistake now and then (a wrong type, a step out of scope, an input too few).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from benchmarks.fuzz_expressions import (
    Chooser,
    Named,
    Scope,
    condition,
    expression_of,
    named_in,
)
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, JsonSchema
from flowloom.verification.expression_types import ERROR_SCHEMA, RUN_SCHEMA
from flowloom.verification.output_types import resolved_output, schema_of_literal
from flowloom.workflow.schema_types import alternatives_of, shape_of

__all__ = ["workflow_drawn"]

_MAX_DEPTH = 3
_MAX_STEPS = 14
_BY_FORMAT: dict[str, tuple[str, ...]] = {
    "uri": ("https://example.com/data", "https://api.example.com/v1/items"),
    "path": ("data/in.csv", "out/report.txt"),
    "email": ("ann@example.com", "team@example.org"),
    "date-time": ("2026-01-05T09:30:00Z",),
    "date": ("2026-01-05",),
    "timezone": ("UTC", "Europe/Berlin"),
    "cron": ("0 9 * * 1-5", "*/10 * * * *"),
    "duration": ("5m", "PT30S"),
    "regex": ("[a-z]+", "^x"),
    "sql": ("select id, name from users", "delete from users where id = 3"),
}
_BY_NAME: dict[str, tuple[str, ...]] = {
    "path": ("/orders",),
    "formula": ("1 + 2",),
    "query": ("is:open",),
    "field": ("name",),
}
_TEXTS = ("text", "Hello", "a-b", "42", "Zoë", "Done.")
_INPUTS: tuple[JsonSchema, ...] = (
    {"type": "string"},
    {"type": "integer", "minimum": 0},
    {"type": "boolean", "default": False},
    {"type": "number"},
    {"enum": ["red", "green", "blue"]},
    {"type": "array", "items": {"type": "string"}},
    {"type": ["string", "null"]},
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string"},
                "mail": {"type": ["string", "null"]},
                "note": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["id", "name", "mail", "tags"],
        },
    },
    {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "zip": {"type": "integer"},
            "kind": {"enum": ["a", "b", "c"]},
        },
        "required": ["city", "kind"],
    },
    {"type": "object", "additionalProperties": {"type": "integer"}},
    {"anyOf": [{"type": "string"}, {"type": "null"}]},
    {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    {"type": "array", "minItems": 1, "items": {"type": "number"}},
    {},
)


@lru_cache(maxsize=4)
def _components(catalog: Catalog) -> tuple[list[Component], list[Component]]:
    """Return the triggers and the others, those with fewest inputs first."""
    ordered = sorted(catalog, key=lambda item: (len(item.inputs), item.id))
    first = [
        catalog["core.log"],
        catalog["core.set"],
        catalog["http.get"],
        catalog["csv.read_file"],
    ]
    rest = [item for item in ordered if item.kind != "trigger" and item not in first]
    return [item for item in ordered if item.kind == "trigger"], [*first, *rest]


@dataclass
class _Writer:
    choose: Chooser
    catalog: Catalog
    count: int = 0
    everything: list[Named] = field(default_factory=list[Named])

    # Blocks

    def block(self, scope: Scope, depth: int, most: int = 3) -> tuple[list[Any], Scope]:
        """Return the steps of a block, and what can be named behind them."""
        steps: list[Any] = []
        for _ in range(self.choose.number(1, most)):
            step, scope = self._step(scope, depth)
            steps.append(step)
        return steps, scope

    def _step(self, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        self.count += 1
        step_id = f"s{self.count}"
        deep = depth >= _MAX_DEPTH or self.count >= _MAX_STEPS
        kinds: list[Callable[[str, Scope, int], tuple[dict[str, Any], Scope]]] = [
            self._wait,
            self._ask,
            self._if,
            self._for_each,
            self._switch,
            self._try,
            self._parallel,
            self._while,
        ]
        scope = replace(scope, hidden=tuple(self.everything[-12:]))
        if self.choose.often(45 if depth < 2 else 30):
            kind = self.choose.one(kinds[:2] if deep else kinds)
            step, after = kind(step_id, scope, depth)
        else:
            step, after = self._call(step_id, scope)
        return {"id": step_id, **step}, after

    def _call(self, step_id: str, scope: Scope) -> tuple[dict[str, Any], Scope]:
        components = _components(self.catalog)[1]
        simple = self.choose.often(40)
        component = self.choose.one(components[:40] if simple else components)
        step = self.use(component, scope)
        output = self._output_of(component, step.get("with", {}), scope)
        edge = ""
        if self.choose.often(10):
            step["on_error"] = "continue"
            edge = "absent"
        if self.choose.often(8):
            step["retry"] = {"max_attempts": self.choose.number(1, 5)}
        return step, self._known(step_id, output, scope, edge)

    def _known(self, step_id: str, output: JsonSchema, scope: Scope, edge: str = "") -> Scope:
        around = f"steps.{step_id}" if edge else ""
        found = named_in(f"steps.{step_id}.output", output, edge, around)
        self.everything += found[:4]
        return scope.with_(*reversed(found))

    def _if(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        step: dict[str, Any] = {"if": condition(self.choose, scope)}
        step["then"], then = self.block(scope, depth + 1)
        ends = [then]
        if self.choose.often(20):
            do, inner = self.block(scope, depth + 1, 2)
            step["elif"] = [{"if": condition(self.choose, scope), "then": do}]
            ends.append(inner)
        if self.choose.often(40):
            step["else"], inner = self.block(scope, depth + 1, 2)
            ends.append(inner)
        elif self.choose.often(25):
            step["then"].append({"id": f"{step_id}_end", "stop": self._message(scope)})
            return step, scope
        return step, _maybe(scope, ends)

    def _switch(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        enums = [item for item in scope.named if item.schema.get("enum") and not item.edge]
        if enums and self.choose.often(60):
            item = self.choose.one(enums)
            text = item.text
            values = [value for value in item.schema["enum"] if value is not None][:3]
        else:
            kind = self.choose.one(["string", "integer"])
            text, _ = expression_of(self.choose, scope, kind)
            values = ["open", "a-b"] if kind == "string" else [0, 1]
        cases: list[Any] = []
        ends: list[Scope] = []
        for value in values:
            do, inner = self.block(scope, depth + 1, 2)
            cases.append({"when": value, "do": do})
            ends.append(inner)
        step: dict[str, Any] = {"switch": text, "cases": cases}
        if self.choose.often(60):
            step["default"], inner = self.block(scope, depth + 1, 2)
            ends.append(inner)
        return step, _maybe(scope, ends)

    def _for_each(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        text, schema = expression_of(self.choose, scope, "array")
        name = self.choose.one(["item", f"row{self.count}"])
        step: dict[str, Any] = {"for_each": text} | ({"as": name} if name != "item" else {})
        if self.choose.often(15):
            step["concurrency"] = self.choose.number(1, 4)
        item = named_in(name, shape_of(schema).items)
        index = Named("index", {"type": "integer"})
        inner = _without(scope, name, "index").with_(index, *reversed(item))
        step["do"], end = self.block(inner, depth + 1)
        if not self.choose.often(50):
            return step, scope
        step["collect"], collected = expression_of(self.choose, end, "any")
        output: JsonSchema = {"type": "array", "items": collected}
        return step, self._known(step_id, output, scope)

    def _while(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        before = self.count + 1
        inner = _without(scope, "index").with_(Named("index", {"type": "integer"}))
        do, end = self.block(inner, depth + 1)
        new = [item for item in end.named if item not in inner.named and item.kind == "boolean"]
        if new and not new[-1].edge:
            item = new[-1]
            step_path = ".".join(item.text.split(".")[:2])
            test = f"!has({step_path}) || !{item.text}"
        else:
            test = (
                f"!has(steps.s{before})" if self.choose.often(70) else condition(self.choose, scope)
            )
        limit = self.choose.number(1, 20)
        return {"while": test, "max_iterations": limit, "do": do}, _maybe(scope, [end])

    def _parallel(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        branches: list[Any] = []
        after = scope
        for _ in range(self.choose.number(2, 3)):
            steps, end = self.block(scope, depth + 1, 2)
            branches.append(steps)
            after = after.with_(*(item for item in end.named if item not in scope.named))
        return {"parallel": branches}, after

    def _try(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        steps, end = self.block(scope, depth + 1)
        step: dict[str, Any] = {"try": steps}
        maybe = _maybe(scope, [end])
        caught = self.choose.often(75)
        if caught:
            error = named_in("error", ERROR_SCHEMA)
            step["catch"], _ = self.block(maybe.with_(*error), depth + 1, 2)
        if not caught or self.choose.often(30):
            step["finally"], _ = self.block(maybe, depth + 1, 2)
        return step, maybe if caught else end

    def _wait(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        times = [item for item in scope.named if item.schema.get("format") == "date-time"]
        times = [item for item in times if not item.edge and item.kind == "string"]
        if times and self.choose.often(40):
            return {"wait": f"${{{{ {self.choose.one(times).text} }}}}"}, scope
        return {"wait": self.choose.one(["10m", "1h30m", "2d"])}, scope

    def _ask(self, step_id: str, scope: Scope, depth: int) -> tuple[dict[str, Any], Scope]:
        step: dict[str, Any] = {"ask": self._message(scope)}
        output: JsonSchema = {"type": "string"}
        if self.choose.often(60):
            step["choices"] = ["yes", "no"]
            output["enum"] = ["yes", "no"]
        if self.choose.often(30):
            step["timeout"] = "1h"
            output["type"] = ["string", "null"]
        return step, self._known(step_id, output, scope)

    def _message(self, scope: Scope) -> str:
        if self.choose.often(50):
            return f"It is ${{{{ {self._scalar(scope)} }}}}."
        return self.choose.one(_TEXTS)

    def _scalar(self, scope: Scope) -> str:
        kind = self.choose.one(["string", "integer", "boolean", "number"])
        return expression_of(self.choose, scope, kind)[0]

    # Inputs of components

    def use(self, component: Component, scope: Scope) -> dict[str, Any]:
        """Return ``uses`` with inputs that a component takes."""
        step: dict[str, Any] = {"uses": component.id}
        given: dict[str, Any] = {}
        for name, schema in component.inputs.items():
            if name in component.required:
                wanted = not self.choose.slips()
            else:
                wanted = self.choose.often(15)
            if wanted:
                given[name] = self._given(name, schema, scope, 0)
        if given:
            step["with"] = given
        connection = component.connection
        if connection is not None and (connection.required or self.choose.often(30)):
            step["connection"] = f"my-{connection.type}"
        return step

    def _given(self, name: str, schema: JsonSchema, scope: Scope, depth: int) -> Any:
        schema = next((one for one in alternatives_of(schema) if one.get("type") != "null"), {})
        shape = shape_of(schema)
        kind = "object" if shape.kind == "map" else shape.kind
        if "const" in schema:
            return schema["const"]
        options = schema.get("enum")
        if isinstance(options, list) and options and not self.choose.slips():
            return self.choose.one(cast(list[Any], options))
        plain = not {"format", "pattern", "x-field-of", "x-workflow"} & set(schema)
        if scope.named and (plain or self.choose.slips()) and self.choose.often(60):
            if kind == "string" and self.choose.often(30):
                return self._message(scope)
            if kind != "object" or not shape.required:
                return f"${{{{ {expression_of(self.choose, scope, kind)[0]} }}}}"
        return self._literal(name, schema, kind, scope, depth)

    def _literal(self, name: str, schema: JsonSchema, kind: str, scope: Scope, depth: int) -> Any:
        shape = shape_of(schema)
        match kind:
            case "string":
                known = _BY_FORMAT.get(str(schema.get("format")))
                known = known or (_BY_NAME.get(name) if "pattern" in schema else None)
                return self.choose.one(known or _BY_NAME.get(name, _TEXTS))
            case "integer":
                return self.choose.number(*_range(schema))
            case "number":
                return self.choose.number(*_range(schema)) + 0.0
            case "boolean":
                return self.choose.often(50)
            case "array":
                count = max(schema.get("minItems", 0), self.choose.number(0, 2))
                return [self._given(name, shape.items, scope, depth + 1) for _ in range(count)]
            case "object":
                names = [
                    key
                    for key in shape.properties
                    if key in shape.required or (depth < 2 and self.choose.often(20))
                ]
                return {
                    key: self._given(key, shape.properties[key], scope, depth + 1) for key in names
                }
            case _:
                return self.choose.one(["text", 3, True, [1, 2], {"a": "x", "b": 2}, None])

    def _output_of(self, component: Component, given: Any, scope: Scope) -> JsonSchema:
        known = {item.text: item.schema for item in scope.named}

        def of_text(text: str) -> JsonSchema:
            inner = text.removeprefix("${{ ").removesuffix(" }}")
            return known.get(inner, {}) if inner != text else {"type": "string"}

        return resolved_output(
            component, lambda name: schema_of_literal(given[name], of_text) if name in given else {}
        )


def _range(schema: JsonSchema) -> tuple[int, int]:
    low = int(schema.get("minimum", schema.get("exclusiveMinimum", 0)))
    low += 1 if "exclusiveMinimum" in schema else 0
    return low, max(low, min(int(schema.get("maximum", low + 5)), low + 5))


def _maybe(scope: Scope, ends: list[Scope]) -> Scope:
    """Return a scope behind branches: what they produced is there behind a guard."""
    found: list[Named] = []
    for end in ends:
        for item in end.named:
            if item in scope.named or not item.text.startswith("steps."):
                continue
            around = ".".join(item.text.split(".")[:2])
            if not item.edge:
                found.append(replace(item, edge="absent", around=around))
    return scope.with_(*found)


def _without(scope: Scope, *names: str) -> Scope:
    """Return a scope without what a new variable of the same name hides."""
    kept = [
        item
        for item in scope.named
        if not any(
            item.text == name or item.text.startswith((f"{name}.", f"{name}[")) for name in names
        )
    ]
    return replace(scope, named=tuple(kept))


def workflow_drawn(choose: Chooser, catalog: Catalog) -> dict[str, Any]:
    """Return a random workflow over a catalog."""
    writer = _Writer(choose, catalog)
    data: dict[str, Any] = {"name": "fuzz"}
    scope = Scope(tuple(named_in("run", RUN_SCHEMA)))
    declared = {f"in{number}": choose.one(_INPUTS) for number in range(choose.number(0, 3))}
    if declared:
        data["inputs"] = declared
        for name, schema in declared.items():
            scope = scope.with_(*reversed(named_in(f"inputs.{name}", schema)))
    if choose.often(50):
        component = choose.one(_components(catalog)[0])
        data["trigger"] = writer.use(component, Scope())
        scope = scope.with_(*reversed(named_in("trigger.output", component.output)))
    data["steps"], scope = writer.block(scope, 0, 6)
    if choose.often(40):
        data["outputs"] = {
            f"out{number}": f"${{{{ {expression_of(choose, scope, 'any')[0]} }}}}"
            for number in range(choose.number(1, 2))
        }
    return data
