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
from flowloom.verification.dry_run.filters import filters_of, with_outcomes
from flowloom.verification.dry_run.guards import Case, Guards, is_caught
from flowloom.verification.dry_run.samples import sample
from flowloom.verification.dry_run.trial import Trial, failure_of_use
from flowloom.verification.facts import Facts, Site
from flowloom.workflow.cel.evaluation import evaluate
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.interpreter.evaluator import Values
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import schema_at, shape_of

__all__ = ["EdgeFailure", "edge_failures"]

Edge: TypeAlias = Literal["empty", "absent", "null"]
_ABSENT = object()
_LEAVES: Mapping[Edge, Any] = {"empty": [], "null": None, "absent": _ABSENT}
_KEY = "<key>"
"""Stands for any key of a map of free keys."""
_MANY = re.compile(
    r"\.(?:map|filter|all|exists|existsOne|sortBy|transform\w+|first|last)\s*\(|\bavg"
    r"|\[\s*\??\s*[^\s\d\"'\]?]"
)
"""What goes through a list, or takes from it what stands at a computed place."""
_TAKES_ONE = re.compile(r"\[|\.(?:first|last|value)\s*\(|\bavg|\bmath\.(?:least|greatest)")
"""What may fail on a list that is empty."""
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
    judge = _Judge(facts, trial, Guards(facts))
    for site in facts.sites:
        first = next(judge.of_site(site), None)
        if first is not None:
            yield first


@dataclass(frozen=True)
class _Judge:
    facts: Facts
    trial: Trial
    guards: Guards

    def of_site(self, site: Site) -> Iterator[EdgeFailure]:
        """Yield what fails at an edge of one of the values that an expression names."""
        if site.checked is None or is_caught(site.place.block):
            return
        for reference in site.checked.references:
            yield from self._of_reference(site, reference)
        if _TAKES_ONE.search(site.text):
            yield from self._of_filters(site, site.checked.references)

    def _of_filters(self, site: Site, references: tuple[Reference, ...]) -> Iterator[EdgeFailure]:
        """Yield what fails where a filter lets nothing through, and not where each lets all."""
        filters = filters_of(site.text)
        values = self.trial.places.get((site.path, site.text))
        if not filters or values is None or self.trial.is_unknown(references, values):
            return
        if self._failure(site, with_outcomes(site.text, None), values):
            return
        sources = [self._source(site, reference) for reference in references]
        keys = tuple(item.key for item in sources if item)
        for predicate, name in filters.items():
            message = self._failure(site, with_outcomes(site.text, predicate), values)
            if message and not self.guards.keep_away(site, Case(values, keys, predicate)):
                yield EdgeFailure(site, "empty", name, message)

    def _of_reference(self, site: Site, reference: Reference) -> Iterator[EdgeFailure]:
        source = self._source(site, reference)
        if source is None:
            return
        edges = list(_edges(source, _MANY.search(site.text) is not None))
        if not edges:
            return
        key = (site.path, site.text)
        values = self.trial.places.get(key)
        if values is None:
            return
        if key not in self.trial.passed and not self._hands_on(site, values):
            values = self._with_a_key(site, source, values)
            if values is None:
                return
        for edge, place in edges:
            changed = _changed(values, source.key, place, _LEAVES[edge])
            if changed is None:
                continue
            case = Case(changed, (source.key,), about=((*source.key, *place),), before=values)
            if self.guards.keep_away(site, case):
                continue
            message = self._failure(site, site.text, changed)
            if message:
                name = _name((*source.key, *place))
                yield EdgeFailure(site, edge, name, message)

    def _with_a_key(self, site: Site, source: _Source, values: Values) -> Values | None:
        """Return the values with one key in a map of free keys, if the expression passes so."""
        schema = schema_at(source.schema, source.path)
        shape = shape_of(schema or {})
        if shape.kind != "map" or not shape.items or site.checked is None:
            return None
        filled = _changed(values, source.key, source.path, {_KEY: sample(shape.items)})
        if filled is None or self.trial.is_unknown(site.checked.references, filled):
            return None
        return None if self._failure(site, site.text, filled) else filled

    def _hands_on(self, site: Site, values: Values) -> bool:
        """Return whether an expression only hands on the values of which nothing is known."""
        references = site.checked.references if site.checked else ()
        return self.trial.is_unknown(references, values) and not self._failure(
            site, site.text, values
        )

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

    def _failure(self, site: Site, text: str, values: Values) -> str:
        """Return why the expression cannot be used on these values, empty if it can."""
        try:
            value = evaluate(text, values)
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
    """Yield the edges inside a list or a map that an expression goes through."""
    shape = shape_of(schema)
    if shape.kind not in ("array", "map") or depth > _MAX_DEPTH:
        return
    if shape.kind == "array":
        yield "empty", here
    one = (*here, 0 if shape.kind == "array" else _KEY)
    item = shape_of(shape.items)
    for name, inner in item.properties.items():
        if item.required and name not in item.required:
            yield "absent", (*one, name)
        if shape_of(inner).nullable:
            yield "null", (*one, name)


def _changed(
    values: Values, key: tuple[str, ...], place: tuple[str | int, ...], leaf: Any
) -> Values | None:
    """Return the values with another one at a place; None if there is no such place."""
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
