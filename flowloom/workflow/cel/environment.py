"""The typed environment: checks expressions against the JSON Schemas of the variables.

All schemas of a document are turned into types once. The variables that a text names are bound
around it by ``cel.bind``, which costs nothing to set up, where a CEL environment for each document
or scope would cost milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flowloom.workflow.cel.ast import (
    Call,
    CelType,
    Const,
    ListNode,
    MapNode,
    Node,
    Select,
    decode,
    decode_checked,
    descend,
)
from flowloom.workflow.cel.descriptors import TypeRegistry
from flowloom.workflow.cel.library import (
    RawProblem,
    compile_text,
    parse_text,
)
from flowloom.workflow.cel.map_literals import with_dynamic_maps
from flowloom.workflow.cel.normal import normalise_keys
from flowloom.workflow.cel.problems import Scope, explain, syntax_problem
from flowloom.workflow.cel.references import chain_of, presence_tests, references_in
from flowloom.workflow.cel.results import Checked, ExpressionProblem, Reference, ResultType
from flowloom.workflow.cel.tokens import is_variable_name, plain_path
from flowloom.workflow.schema_types import JsonSchema, schema_at, shape_of

if TYPE_CHECKING:
    pass

__all__ = ["ExpressionEnvironment"]


def _closed(schema: JsonSchema) -> JsonSchema:
    """A variable that lists its properties (``steps``, ``inputs``) has no others."""
    if "properties" in schema and "additionalProperties" not in schema:
        return {**schema, "additionalProperties": False}
    return schema


class ExpressionEnvironment:
    """Checks CEL expressions over variables that are described by JSON Schemas.

    Args:
        variables: the schema of each variable by name; ``{}`` for one that may hold anything.
            ``steps`` is an object schema whose properties are the step ids, each an object
            with the property ``output``.
    """

    def __init__(self, variables: Mapping[str, JsonSchema]) -> None:
        self._types = TypeRegistry()
        self._variables: dict[str, JsonSchema] = {}
        self._examples: dict[str, str] = {}
        self._cache: dict[str, Checked] = {}
        self._add(variables)

    def _add(self, variables: Mapping[str, JsonSchema]) -> None:
        self._variables |= {name: _closed(schema) for name, schema in variables.items()}
        self._names = frozenset(self._variables)

    def with_variables(self, variables: Mapping[str, JsonSchema]) -> ExpressionEnvironment:
        """Return an environment with more variables; it shares this one's types."""
        inner = object.__new__(ExpressionEnvironment)
        inner._types = self._types
        inner._variables = dict(self._variables)
        inner._examples = {n: e for n, e in self._examples.items() if n not in variables}
        inner._cache = {}
        inner._add(variables)
        return inner

    @property
    def variables(self) -> dict[str, JsonSchema]:
        """The variables and their schemas."""
        return dict(self._variables)

    def check(self, text: str) -> Checked:
        """Check one expression; what is wrong with it is in the result, nothing is raised."""
        known = self._cache.get(text)
        if known is None:
            known = self._plain_path(text) or self._check(text)
            self._cache[text] = known
        return known

    def schema_of(self, name: str) -> JsonSchema | None:
        """Return a variable's schema, None if there is no such variable."""
        return self._variables.get(name)

    def _plain_path(self, text: str) -> Checked | None:
        """Check ``steps.a.output.items[0]`` by its schema alone; None if that is not enough."""
        stripped = text.strip()
        parts = plain_path(stripped)
        if parts is None:
            return None
        root, *path = parts
        schema = self.schema_of(str(root))
        found = None if schema is None else schema_at(schema, path)
        if found is None:
            return None
        column = text.index(stripped) + 1
        reference = Reference(str(root), tuple(path), column)
        return Checked(text, ResultType(found, exact=True), (reference,))

    def _check(self, text: str, *, again: bool = False) -> Checked:
        with self._types.pool.lock:
            names = [name for name in self._variables if name in text and is_variable_name(name)]
            prefix = self._bindings(names)
            normal = normalise_keys(text, self._types.stand_ins)
            wrapped = f"{prefix}{normal}\n{')' * len(names)}" if prefix else normal
            compiled = compile_text(self._types.pool.environment, wrapped)
        if isinstance(compiled, list):
            loose = None if again else self._with_dynamic_maps(text)
            if loose is not None:
                return loose
            return self._wrong(text, [_moved(raw, len(prefix)) for raw in compiled])
        inner, kind = decode_checked(compiled, len(prefix), len(names))
        if inner is None or normal != text:
            # ``a) + (b`` closes the bindings; quoted keys must be legal where they stand.
            parsed = _parse(text)
            if not isinstance(parsed, Node):
                return Checked(text, ResultType(), problems=parsed)
            inner = parsed
        return self._right(text, inner, kind)

    def _with_dynamic_maps(self, text: str) -> Checked | None:
        """Return what is right once its mixed maps are taken as such, None if it is not."""
        loose = with_dynamic_maps(text)
        checked = self._check(loose, again=True) if loose != text else None
        parsed = _parse(text)
        if checked is None or not checked.ok or not isinstance(parsed, Node):
            return None
        return replace(
            checked, text=text, tree=parsed, references=references_in(parsed, self._names)
        )

    def _bindings(self, names: Sequence[str]) -> str:
        """Return ``cel.bind(item, <example>, `` for each variable: its type in the expression."""
        for name in names:
            if name not in self._examples:
                kind = self._types.type_of(self._variables[name])
                self._examples[name] = self._types.example(kind)
        return "".join(f"cel.bind({name}, {self._examples[name]}, " for name in names)

    def _right(self, text: str, root: Node, kind: CelType) -> Checked:
        references = references_in(root, self._names)
        if kind.kind in ("optional", "other"):
            problem = _no_value(kind)
            return Checked(text, ResultType(), references, (problem,))
        tests = presence_tests(root)
        return Checked(
            text,
            self._result(root, kind),
            references,
            present_if_true=tests.if_true,
            present_if_false=tests.if_false,
            constant=not references,
            functions=frozenset(node.function for node in descend(root) if isinstance(node, Call)),
            tree=root,
        )

    def _wrong(self, text: str, raws: list[RawProblem]) -> Checked:
        parsed = _parse(text)
        if not isinstance(parsed, Node):
            return Checked(text, ResultType(), problems=parsed)
        scope = Scope(tuple(self.variables), self._fields)
        # "*error*" follows from a problem that stands here already.
        first = [raw for raw in raws if "'*error*'" not in raw.message] or raws
        problems = dict.fromkeys(explain(raw, _offset(text, raw), parsed, scope) for raw in first)
        references = references_in(parsed, self._names)
        return Checked(text, ResultType(), references, tuple(problems))

    def _fields(self, message_type: str) -> Mapping[str, str]:
        known = self._types.messages.get(message_type)
        return known.fields if known else {}

    def _result(self, root: Node, kind: CelType) -> ResultType:
        schema = self._source(root)
        if schema is None:
            schema = self._types.schema_of(kind)
            return ResultType(schema)
        return ResultType(schema, exact=chain_of(root) is not None)

    def _source(self, node: Node) -> JsonSchema | None:
        """Return the exact schema of a node where its parts tell it."""
        match node:
            case Const(kind="string" | "int" | "double" | "bool"):
                names = {"int": "integer", "double": "number", "bool": "boolean"}
                return {"type": names.get(node.kind, node.kind), "const": node.value}
            case ListNode(items=[_, *_] as items):
                known = [self._source(item) or {} for item in items]
                same = all(schema == known[0] for schema in known)
                return {"type": "array", "items": known[0] if same else {"anyOf": known}}
            case MapNode():
                return self._literal_object(node)
            case Call(function="_?_:_", arguments=(_, yes, no)):
                return _either(self._source(yes), self._source(no))
            case Call(function="orValue", target=Node() as target, arguments=(other,)):
                found = self._source(target)
                if found is not None and isinstance(other, ListNode):
                    return _or_list(found, self._source(other))
                return _either(found, self._source(other))
            case Select(test=True):
                return None
            case _:
                return self._selected(node)

    def _literal_object(self, node: MapNode) -> JsonSchema | None:
        properties: JsonSchema = {}
        for key, value in node.entries:
            if not isinstance(key, Const) or not isinstance(key.value, str):
                return None
            properties[key.value] = self._source(value) or {}
        required = list(properties)
        return {"type": "object", "properties": properties, "required": required}

    def _selected(self, node: Node) -> JsonSchema | None:
        chain = chain_of(node)
        schema = self.schema_of(chain.variable.name) if chain else None
        return schema_at(schema, chain.path) if chain and schema is not None else None


def _parse(text: str) -> Node | tuple[ExpressionProblem, ...]:
    outcome = parse_text(text)
    if not isinstance(outcome, list):
        return decode(outcome)
    problems = (syntax_problem(raw, _offset(text, raw), text) for raw in outcome[:1])
    return tuple(problems)


def _moved(raw: RawProblem, length: int) -> RawProblem:
    return raw._replace(column=raw.column - length) if raw.line == 1 else raw


def _offset(text: str, raw: RawProblem) -> int:
    """Return the 0-based offset of a problem, -1 if the compiler did not say."""
    if raw.line < 1 or raw.column < 1:
        return -1
    lines = text.split("\n")[: raw.line - 1]
    return sum(len(line) + 1 for line in lines) + raw.column - 1


def _either(one: JsonSchema | None, other: JsonSchema | None) -> JsonSchema | None:
    if one is None or other is None:
        return None
    if not one or not other:
        return {}
    return one if one == other else {"anyOf": [one, other]}


def _or_list(known: JsonSchema, default: JsonSchema | None) -> JsonSchema | None:
    """Return the schema of a value or a list in its place; ``default`` is None if it is empty."""
    if not known:
        return {"type": "array"}  # It may be anything, and surely it may be the list.
    if default is None and shape_of(known).kind == "array":
        return {key: value for key, value in known.items() if key != "minItems"}
    return _either(known, default)


def _no_value(kind: CelType) -> ExpressionProblem:
    if kind.kind == "optional":
        return ExpressionProblem(
            "type",
            "The result is an optional, which may hold no value.",
            1,
            hint="Say what holds when it is absent: .orValue(…).",
        )
    return ExpressionProblem("type", "The result is a type, not a value.", 1)
