"""Whether a call is given values of the types that its component takes.

Most of it is told by the types of the expressions. Here are those whose type says little: a map or
list put together in an expression, ``dyn``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from flowloom.verification.compatibility import misfit
from flowloom.verification.dry_run.samples import has_unknown
from flowloom.verification.facts import Facts, Site
from flowloom.verification.output_types import schema_of_literal
from flowloom.workflow.interpreter.effects import ComponentCall
from flowloom.workflow.path import at
from flowloom.workflow.schema_types import schema_at, schema_in_words, shape_of

__all__ = ["given_inputs"]

_MAX_DEPTH = 6


def given_inputs(facts: Facts, call: ComponentCall) -> Iterator[tuple[Site, str]]:
    """Yield the expressions whose values only the run tells, each with why its value is wrong.

    The reason is empty where the value fits.
    """
    use = facts.uses.get(call.path)
    if use is None or use.component is None:
        return
    for site in facts.sites_of_step.get(call.path, ()):
        place = site.path[len(call.path) + 1 :]
        if site.role != "input" or not site.whole or not place or not _says_little(site.schema):
            continue
        schema = use.component.inputs.get(str(place[0]))
        target = schema_at(schema, place[1:]) if schema else None
        if not target:
            continue
        value = at(call.inputs, place)
        if has_unknown(value):
            continue
        given = schema_of_literal(value, lambda _: {"type": "string"})
        why = misfit(given, target)
        said = f"It needs {schema_in_words(target)}; it is given {schema_in_words(given)}{why}."
        yield site, "" if why is None else said


def _says_little(schema: Any, depth: int = 0) -> bool:
    """Return whether a schema leaves a type open somewhere."""
    if depth > _MAX_DEPTH:
        return False
    shape = shape_of(schema)
    if shape.kind in ("array", "map"):
        return _says_little(shape.items, depth + 1)
    if shape.kind == "object":
        inner = cast(dict[str, Any], shape.properties).values()
        return any(_says_little(item, depth + 1) for item in inner)
    return shape.kind == "any"
