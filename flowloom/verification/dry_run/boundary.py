"""What an expression does at the edge: a list that is empty, a value that is absent or null.

Each expression is evaluated again where it stood in the dry run, with one value changed. It is
passed over where the workflow would not have come to it: a condition around it, a loop over the
empty list, an earlier ``stop``, or a ``try`` that catches what fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from flowloom.catalog.component import JsonSchema
from flowloom.errors import ExpressionError
from flowloom.verification.dry_run.trial import Trial, failure_of_use
from flowloom.verification.facts import Facts, Site
from flowloom.verification.tree import Block, Node
from flowloom.workflow.cel.evaluation import evaluate
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.interpreter.evaluator import Values
from flowloom.workflow.path import Path, at
from flowloom.workflow.schema_types import schema_at, shape_of
from flowloom.workflow.templates import bare_expression

__all__ = ["EdgeFailure", "edge_failures"]

Edge: TypeAlias = Literal["empty", "absent", "null"]
_ABSENT = object()
_MANY = re.compile(
    r"\.(?:map|filter|all|exists|existsOne|sortBy|transform\w+|first|last)\s*\(|\bavg"
)
_MAX_DEPTH = 6


@dataclass(frozen=True)
class EdgeFailure:
    """An expression that fails when one value is at its edge.

    Attributes:
        name: the value, as an expression names it.
    """

    site: Site
    edge: Edge
    name: str
    message: str


@dataclass(frozen=True)
class _Source:
    """A value that an expression starts from, such as ``steps.a`` or a loop's item."""

    key: tuple[str, ...]
    path: tuple[str | int, ...]
    schema: JsonSchema


def edge_failures(facts: Facts, trial: Trial) -> Iterator[EdgeFailure]:
    """Yield what fails at an edge, of expressions that passed the dry run."""
    judge = _Judge(facts, trial)
    for site in facts.sites:
        found = (
            failure
            for reference in (site.checked.references if site.checked else ())
            for failure in judge.failures(site, reference)
        )
        first = next(found, None)
        if first is not None:
            yield first


@dataclass(frozen=True)
class _Judge:
    facts: Facts
    trial: Trial

    def failures(self, site: Site, reference: Reference) -> Iterator[EdgeFailure]:
        source = self._source(site, reference)
        if source is None:
            return
        edges = list(_edges(source, _MANY.search(site.text) is not None))
        if not edges:
            return
        key = (site.path, site.text)
        values = self.trial.places.get(key)
        if values is None or key not in self.trial.passed or _is_caught(site.place.block):
            return
        for edge, place in edges:
            changed = _changed(values, source.key, place, edge)
            if changed is None or self._is_guarded(site, source, changed):
                continue
            message = self._failure(site, changed)
            if message:
                name = _name((*source.key, *place))
                yield EdgeFailure(site, edge, name, message)

    def _source(self, site: Site, reference: Reference) -> _Source | None:
        root, path = reference.root, reference.path
        if root == "steps" and len(path) > 1 and path[1] == "output":
            schema = self.facts.outputs.get(str(path[0]), {})
            node = self.facts.tree.by_id.get(str(path[0]))
            if node is not None and node.kind == "ask" and node.get("timeout") is None:
                return None
            return _Source(("steps", str(path[0]), "output"), path[2:], schema)
        if root == "trigger" and path[:1] == ("output",):
            return _Source(("trigger", "output"), path[1:], self.facts.types.trigger_output)
        if root in ("steps", "trigger", "run", "error", "index"):
            return None
        if root == "inputs":
            declared = self.facts.declared_inputs.get(str(path[0])) if path else None
            known = cast(JsonSchema, declared) if isinstance(declared, dict) else {}
            return _Source(("inputs", str(path[0])), path[1:], known) if path else None
        schema = self.facts.types.environment(site.place.block).schema_of(root)
        return _Source((root,), path, schema or {})

    def _failure(self, site: Site, values: Values) -> str:
        """Return why the expression cannot be used on these values, empty if it can."""
        try:
            value = evaluate(site.text, values)
        except ExpressionError as error:
            return str(error)
        if site.role in ("condition", "list"):
            return failure_of_use(value, "bool" if site.role == "condition" else "list")
        if not site.whole or site.role in ("text", "wait"):
            return failure_of_use(value, "text")
        if site.role == "input" and value is None and not self._takes_null(site.path):
            return "The input needs a value; null is none."
        return ""

    def _takes_null(self, path: Path) -> bool:
        where = path.index("with")
        use = self.facts.uses.get(path[:where])
        if use is None or use.component is None or len(path) < where + 2:
            return True
        schema = use.component.inputs.get(str(path[where + 1]))
        target = None if schema is None else schema_at(schema, path[where + 2 :])
        shape = shape_of(target or {})
        return shape.kind in ("any", "null") or shape.nullable

    def _is_guarded(self, site: Site, source: _Source, values: Values) -> bool:
        """Return whether the workflow would not come to the expression with these values."""
        block, index = site.place.block, site.place.index
        while True:
            if any(self._leaves(node, source, values) for node in block.nodes[:index]):
                return True
            owner = block.owner
            if owner is None:
                return False
            if not self._enters(owner, block, source, values):
                return True
            block, index = owner.block, owner.index

    def _enters(self, owner: Node, block: Block, source: _Source, values: Values) -> bool:
        if owner.kind == "if":
            return self._branch(owner, source, values) in (block, None)
        if owner.kind == "for_each":
            found = self._told((*owner.path, "for_each"), source, values)
            return found is None or (isinstance(found, list) and bool(cast(list[Any], found)))
        if owner.kind == "while":
            return self._told((*owner.path, "while"), source, values) in (None, True)
        if owner.kind == "switch":
            return self._told((*owner.path, "switch"), source, values) is None
        return True

    def _leaves(self, node: Node, source: _Source, values: Values) -> bool:
        """Return whether an earlier step of a block ends the run or is skipped with it."""
        if node.kind != "if" or all(map(self.facts.scope.completes, node.blocks)):
            return False
        taken = self._branch(node, source, values)
        return taken is not None and not self.facts.scope.completes(taken)

    def _branch(self, node: Node, source: _Source, values: Values) -> Block | None:
        """Return the block of an ``if`` that these values lead to, None if they do not tell."""
        told = False
        for block in node.blocks:
            if block.condition is None:
                return block if told else None
            found = self._told(block.condition, source, values)
            if found is True:
                return block
            if found is None:
                # Another value decides: it may lead into this block or past it.
                if told:
                    continue
                return None
            told = True
        return None

    def _told(self, path: Path, source: _Source, values: Values) -> Any:
        """Return what an expression on the way gives; None if it does not depend on the source.

        False if it fails: then the workflow ends there, and says so there. An expression that
        depends on the source through another step counts as False too: it may be the guard.
        """
        sites = self.facts.sites_at.get(path, ())
        references = sites[0].checked.references if sites and sites[0].checked else ()
        if not any(_names(reference, source.key) for reference in references):
            return False if self._follows(references, source.key) else None
        try:
            return evaluate(bare_expression(str(at(self.facts.data, path))), values)
        except ExpressionError:
            return False

    def _follows(self, references: tuple[Reference, ...], key: tuple[str, ...]) -> bool:
        """Return whether an expression names a step that is given the source as an input."""
        for reference in references:
            node = _step(self.facts, reference)
            if node is None:
                continue
            for site in self.facts.sites_of_step.get(node.path, ()):
                found = site.checked.references if site.checked else ()
                if any(_names(item, key) for item in found):
                    return True
        return False


def _step(facts: Facts, reference: Reference) -> Node | None:
    if reference.root != "steps" or not reference.path:
        return None
    return facts.tree.by_id.get(str(reference.path[0]))


def _names(reference: Reference, key: tuple[str, ...]) -> bool:
    full = (reference.root, *reference.path)
    return full[: len(key)] == key or (len(full) < len(key) and key[: len(full)] == full)


def _is_caught(block: Block) -> bool:
    """Return whether a ``try`` with ``catch`` stands around a block."""
    owner = block.owner
    while owner is not None:
        if block.kind == "try" and owner.blocks[1].nodes:
            return True
        block, owner = owner.block, owner.block.owner
    return False


def _edges(source: _Source, many: bool) -> Iterator[tuple[Edge, tuple[str | int, ...]]]:
    """Yield where on its way a reference meets what may be empty, absent or null."""
    schema: JsonSchema | None = source.schema
    for depth in range(len(source.path) + 1):
        here = source.path[:depth]
        schema = schema_at(source.schema, here)
        if not schema:
            return
        shape = shape_of(schema)
        if shape.nullable:
            yield "null", here
        if depth == len(source.path):
            break
        part = source.path[depth]
        if isinstance(part, int) and schema.get("minItems", 0) <= part:
            yield "empty", here
        elif shape.kind == "object" and shape.required and part not in shape.required:
            yield "absent", source.path[: depth + 1]
    if many and schema:
        yield from _inner_edges(schema, source.path, 0)


def _inner_edges(
    schema: JsonSchema, here: tuple[str | int, ...], depth: int
) -> Iterator[tuple[Edge, tuple[str | int, ...]]]:
    """Yield the edges inside a list that an expression goes through."""
    shape = shape_of(schema)
    if shape.kind != "array" or depth > _MAX_DEPTH:
        return
    yield "empty", here
    item = shape_of(shape.items)
    for name, inner in item.properties.items():
        if item.required and name not in item.required:
            yield "absent", (*here, 0, name)
        if shape_of(inner).nullable:
            yield "null", (*here, 0, name)


def _changed(
    values: Values, key: tuple[str, ...], place: tuple[str | int, ...], edge: Edge
) -> Values | None:
    """Return the values with one of them at its edge; None if it is not there."""
    leaf: Any = {"empty": [], "null": None, "absent": _ABSENT}[edge]
    try:
        return cast(Values, _replaced(values, (*key, *place), leaf))
    except (KeyError, IndexError, TypeError):
        return None


def _replaced(value: Any, path: tuple[str | int, ...], leaf: Any) -> Any:
    if not path:
        return leaf
    part, rest = path[0], path[1:]
    inner = _replaced(value[part], rest, leaf)
    if isinstance(value, list):
        items = list(cast(list[Any], value))
        items[int(part)] = inner
        return items
    changed = dict(cast(Mapping[str, Any], value))
    if inner is _ABSENT:
        del changed[str(part)]
    else:
        changed[str(part)] = inner
    return changed


def _name(path: tuple[str | int, ...]) -> str:
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in path
    ).removeprefix(".")
