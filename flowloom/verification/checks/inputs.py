"""FL3xx: what a step gives to its component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from flowloom.catalog.component import JsonSchema
from flowloom.verification.compatibility import misfit
from flowloom.verification.facts import Facts, Finding, Site, Use
from flowloom.verification.literals import literal_problems
from flowloom.verification.registry import check, rule
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import schema_at, schema_in_words, shape_of

__all__: list[str] = []

_STEPS = "name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
MISSING = rule(
    "FL301",
    "error",
    "A required input that is not given.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log}",
)
UNKNOWN = rule(
    "FL302",
    "error",
    "An input that the component does not have.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log, with: {text: hi, lvel: info}}",
)
WRONG_VALUE = rule(
    "FL303",
    "error",
    "A value that the input does not allow.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log, with: {text: hi, times: many}}",
)
WRONG_FORMAT = rule(
    "FL304",
    "error",
    "A text that has not the form which the input needs.",
    example="name: x\ntrigger: {uses: demo.every, with: {cron: '99 * * * *'}}\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}",
)
WRONG_TYPE = rule(
    "FL305",
    "error",
    "An expression whose type does not fit the input.",
    example=_STEPS
    + "  - {id: a, uses: demo.log, with: {text: hi, times: '${{ steps.r.output.text }}'}}",
)
UNKNOWN_FIELD = rule(
    "FL306",
    "error",
    "A field name that the items do not have.",
    example=_STEPS
    + "  - {id: a, uses: demo.sort,"
    + " with: {items: '${{ steps.r.output.rows }}', by: agee}}",
)


@check("use", (MISSING, UNKNOWN))
def names(_: Facts, use: Use) -> Iterator[Finding]:
    """Report inputs that are missing or not there."""
    if use.component is None:
        return
    known = use.component.inputs
    path = (*use.path, "with")
    # A plain list says nothing of inputs: nothing can be missing or too many.
    closed = bool(known) or use.component.run is not None
    unknown = [name for name in use.inputs if closed and name not in known and not _open(use)]
    missing = [
        name
        for name in use.component.required
        if name not in use.inputs and not _has_default(known.get(name, {}))
    ]
    for name in missing if use.complete else ():
        message = f"{use.name} does not give {name!r}, which {use.component.id!r} requires."
        words = known.get(name, {}).get("description", "")
        yield Finding(code=MISSING, path=use.path, message=message, hint=words, step=use.step)
    for name in unknown:
        yield _unknown(use, name, path, [item for item in known if item not in use.inputs])


def _has_default(schema: JsonSchema) -> bool:
    return "default" in schema


def _open(use: Use) -> bool:
    schema = use.component.input if use.component else {}
    return bool(schema.get("additionalProperties", False))


def _unknown(use: Use, name: str, path: Path, free: list[str]) -> Finding:
    component = use.component
    known = component.inputs if component else {}
    close = tuple(get_close_matches(name, free, n=3, cutoff=0.55))
    inside = [outer for outer, schema in known.items() if name in schema.get("properties", {})]
    where = f" It belongs into {inside[0]!r}." if inside else ""
    nearest = f" Nearest: {', '.join(map(repr, close))}." if close and not inside else ""
    listed = "" if nearest or where else f" It has: {', '.join(list(known)[:12]) or 'none'}."
    return Finding(
        code=UNKNOWN,
        path=(*path, name),
        message=f"{component.id if component else ''!r} has no input {name!r}."
        f"{where}{nearest}{listed}",
        candidates=close,
        step=use.step,
    )


@check("use", (WRONG_VALUE, WRONG_FORMAT))
def literals(_: Facts, use: Use) -> Iterator[Finding]:
    """Report literal values that the input's schema refuses."""
    if use.component is None:
        return
    for name, value in use.inputs.items():
        schema = use.component.inputs.get(name)
        if schema is None:
            continue
        for problem in literal_problems(value, schema):
            yield Finding(
                code=WRONG_FORMAT if problem.format else WRONG_VALUE,
                path=(*use.path, "with", name, *problem.path),
                message=f"{name!r} of {use.component.id!r}: {problem.message}",
                candidates=problem.candidates,
                step=use.step,
            )


@check("site", (WRONG_TYPE,))
def types(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report expressions that give another type than the input needs."""
    if site.role != "input" or not site.whole or not site.schema:
        return
    target = _target(facts, site.path)
    if target is None:
        return
    why = misfit(site.schema, target)
    if why is not None:
        yield Finding(
            code=WRONG_TYPE,
            path=site.path,
            message=f"The input needs {schema_in_words(target)}; the expression gives"
            f" {schema_in_words(site.schema)}{why}.",
            hint="Convert it, or name a field of it.",
            step=site.step,
            column=site.column,
        )


def _target(facts: Facts, path: Path) -> JsonSchema | None:
    at = path.index("with") if "with" in path else 0
    use = facts.uses.get(path[:at])
    if use is None or use.component is None:
        return None
    schema = use.component.inputs.get(str(path[at + 1])) if len(path) > at + 1 else None
    return None if schema is None else schema_at(schema, path[at + 2 :])


@check("use", (UNKNOWN_FIELD,))
def fields(facts: Facts, use: Use) -> Iterator[Finding]:
    """Report names of fields that the items of a list do not have."""
    if use.component is None:
        return
    for name, value in use.inputs.items():
        source = use.component.inputs.get(name, {}).get("x-field-of")
        if not isinstance(source, str) or not isinstance(value, str) or "${{" in value:
            continue
        block = use.node.block if use.node else None
        items = shape_of(shape_of(facts.types.value_schema(use, source, block)).items)
        first = value.split(".")[0]
        if items.kind != "object" or first in items.properties:
            continue
        yield _no_field(use, name, first, items.properties)


def _no_field(use: Use, name: str, field: str, properties: Mapping[str, Any]) -> Finding:
    close = tuple(get_close_matches(field, properties, n=3, cutoff=0.5))
    listed = ", ".join(map(repr, close or list(properties)[:10]))
    return Finding(
        code=UNKNOWN_FIELD,
        path=(*use.path, "with", name),
        message=f"The items have no field {field!r}. They have: {listed}.",
        candidates=close,
        step=use.step,
    )
