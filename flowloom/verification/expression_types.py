"""What each expression may name, and the type of every step's output.

Outputs are found in the order of the document, since some depend on expressions before them (a
loop's ``collect``, a filter's ``x-same-as``). After that one environment serves all expressions.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any, cast

from flowloom.catalog.component import JsonSchema
from flowloom.errors import ExpressionError
from flowloom.verification.facts import Use
from flowloom.verification.known_checks import KnownChecks
from flowloom.verification.output_types import resolved_output, schema_of_literal
from flowloom.verification.tree import Block, Node, Tree
from flowloom.workflow.expressions import Checked, ExpressionEnvironment
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import shape_of
from flowloom.workflow.templates import bare_expression, parse_template

__all__ = ["ERROR_SCHEMA", "RUN_SCHEMA", "ExpressionTypes"]

_TEXT: JsonSchema = {"type": "string"}
RUN_SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {"id": _TEXT, "started_at": {"type": "string", "format": "date-time"}},
    "required": ["id", "started_at"],
}
ERROR_SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {"code": _TEXT, "message": _TEXT, "step": _TEXT},
    "required": ["code", "message", "step"],
}
_STEP_MENTIONS = re.compile(r"\bsteps\s*(?:\.\s*\??\s*|\[\s*\??\s*[\"'])([A-Za-z_]\w*)")

_KNOWN = KnownChecks()


class ExpressionTypes:
    """The types of one document: of its variables, its steps' outputs and its expressions."""

    def __init__(self, data: Mapping[str, Any], tree: Tree, uses: Mapping[Path, Use]) -> None:
        self._uses = uses
        self._locals: dict[int, dict[str, JsonSchema]] = {}
        self._environments: dict[int, ExpressionEnvironment] = {}
        self._variables: dict[str, JsonSchema] = {"run": RUN_SCHEMA, "inputs": _inputs(data)}
        self._early = ExpressionEnvironment(self._variables)
        self._entries: dict[str, JsonSchema] = {}
        self.outputs: dict[str, JsonSchema] = {}
        self.trigger_output = self._trigger_output()
        self._variables["trigger"] = _entry(self.trigger_output) if self.trigger_output else {}
        self._early = ExpressionEnvironment(self._variables)
        self._resolve(tree.root, {})
        for step_id in tree.by_id:
            self._entries.setdefault(step_id, _entry({}))
        steps = {"type": "object", "properties": self._entries}
        self._all = ExpressionEnvironment({**self._variables, "steps": steps})

    def check(self, text: str, block: Block) -> Checked:
        """Check an expression that stands in a block."""
        key = self._key(text, block)
        known = _KNOWN.get(key) if key is not None else None
        if known is not None:
            return known
        checked = self.environment(block).check(text)
        if key is not None:
            _KNOWN.keep(key, checked)
        return checked

    def environment(self, block: Block) -> ExpressionEnvironment:
        """Return the environment of a block's expressions."""
        environment = self._environments.get(id(block))
        if environment is None:
            inner = self._locals.get(id(block), {})
            environment = self._all.with_variables(inner) if inner else self._all
            self._environments[id(block)] = environment
        return environment

    def _key(self, text: str, block: Block) -> Hashable | None:
        """Return the text with the schemas of what it names; None if that cannot be told."""
        steps = _STEP_MENTIONS.findall(text)
        if text.count("steps") != len(steps) or not all(map(self._entries.__contains__, steps)):
            return None
        local = self._locals.get(id(block), {})
        named = [
            (name, schema)
            for name, schema in (*self._variables.items(), *local.items())
            if name in text
        ]
        named += [(f"steps.{name}", self._entries[name]["properties"]["output"]) for name in steps]
        return (text, tuple((name, _KNOWN.token(schema)) for name, schema in named))

    def value_schema(self, use: Use, name: str, block: Block | None) -> JsonSchema:
        """Return the schema of the value that an input is given, while outputs are found."""
        if name in use.inputs:
            return self._schema_of(use.inputs[name], block)
        known = use.component.inputs.get(name, {}) if use.component else {}
        return self._schema_of(known["default"], None) if "default" in known else {}

    def _trigger_output(self) -> JsonSchema:
        use = self._uses.get(("trigger",))
        if use is None or use.component is None:
            return {}
        return resolved_output(use.component, lambda name: self.value_schema(use, name, None))

    def _resolve(self, block: Block, local: dict[str, JsonSchema]) -> None:
        if local:
            self._locals[id(block)] = local
        for node in block.nodes:
            for inner in node.blocks:
                self._resolve(inner, {**local, **self._new_locals(node, inner)})
            output = self._output(node)
            if node.id and node.id not in self._entries:
                self._entries[node.id] = _entry(output or {})
                if output is not None:
                    self.outputs[node.id] = output

    def _new_locals(self, node: Node, inner: Block) -> dict[str, JsonSchema]:
        if inner.kind == "for_each":
            name = node.get("as") if isinstance(node.get("as"), str) else "item"
            listed = shape_of(self._bare(node.get("for_each"), node.block))
            item = listed.items if listed.kind == "array" else {}
            return {str(name): item, "index": {"type": "integer"}}
        if inner.kind == "while":
            return {"index": {"type": "integer"}}
        return {"error": ERROR_SCHEMA} if inner.kind == "catch" else {}

    def _output(self, node: Node) -> JsonSchema | None:
        """Return the schema of a step's output; None if a step of its kind has none."""
        if node.kind == "call":
            use = self._uses.get(node.path)
            if use is None or use.component is None:
                return {}
            return resolved_output(
                use.component, lambda name: self.value_schema(use, name, node.block)
            )
        if node.kind == "for_each":
            if node.get("collect") is None:
                return None
            items = self._bare(node.get("collect"), node.blocks[0])
            return {"type": "array", "items": items} if items else {"type": "array"}
        if node.kind == "ask":
            # Null where nobody answered in time.
            return {"type": ["string", "null"], **_enum_of_choices(node.get("choices"))}
        return None if node.kind else {}

    def _bare(self, value: Any, block: Block) -> JsonSchema:
        if not isinstance(value, str):
            return {}
        try:
            return self._early_check(bare_expression(value), block).result.as_schema()
        except ExpressionError:
            return {}

    def _schema_of(self, value: Any, block: Block | None) -> JsonSchema:
        return schema_of_literal(value, lambda text: self._schema_of_text(text, block))

    def _schema_of_text(self, text: str, block: Block | None) -> JsonSchema:
        if "${{" not in text:
            return _TEXT
        try:
            template = parse_template(text)
        except ExpressionError:
            return {}
        if not template.is_expression:
            return _TEXT
        return self._early_check(template.expressions[0].text, block).result.as_schema()

    def _early_check(self, text: str, block: Block | None) -> Checked:
        mentioned = {
            step_id: self._entries.get(step_id, {}) for step_id in _STEP_MENTIONS.findall(text)
        }
        local = self._locals.get(id(block), {}) if block else {}
        named = {name: schema for name, schema in local.items() if name in text}
        steps = {"steps": {"type": "object", "properties": mentioned}} if mentioned else {}
        return self._early.with_variables({**named, **steps}).check(text)


def _enum_of_choices(choices: Any) -> JsonSchema:
    listed = cast(list[Any], choices) if isinstance(choices, list) else []
    known = [item for item in listed if isinstance(item, str) and "${{" not in item]
    return {"enum": [*known, None]} if known and len(known) == len(listed) else {}


def _entry(output: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": {"output": output}, "required": ["output"]}


def _inputs(data: Mapping[str, Any]) -> JsonSchema:
    declared = data.get("inputs")
    properties = declared if isinstance(declared, dict) else {}
    return {"type": "object", "properties": properties, "additionalProperties": False}
