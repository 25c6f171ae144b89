"""FL3xx: what a step gives to its component."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from flowloom.catalog.component import JsonSchema
from flowloom.verification.compatibility import misfit
from flowloom.verification.facts import Facts, Finding, Site, Use
from flowloom.verification.literals import FORMATS, literal_problems
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Node
from flowloom.workflow.models import DURATION_PATTERN
from flowloom.workflow.path import Path
from flowloom.workflow.schema_types import schema_at, schema_in_words, shape_of

__all__ = ["WAIT_HINT", "WRONG_FORMAT", "WRONG_VALUE", "is_wait", "target_of"]

MAX_INNER = 3
"""Levels of objects in which a name is looked for."""
WAIT_HINT = "Write a duration such as 90s, 10m, 1h30m or 2d, or a time in ISO 8601."
_DURATION = re.compile(DURATION_PATTERN)
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
    told = use.component.input.get("additionalProperties") is False
    closed = bool(known) or told or use.component.run is not None
    unknown = [name for name in use.inputs if closed and name not in known and not _open(use)]
    deeper = _given_deeper(use, unknown)
    missing = [
        name
        for name in use.component.required
        if name not in use.inputs and name not in deeper and not _has_default(known.get(name, {}))
    ]
    for name in missing if use.complete else ():
        message = f"{use.name} does not give {name!r}, which {use.component.id!r} requires."
        words = known.get(name, {}).get("description", "")
        yield Finding(code=MISSING, path=use.path, message=message, hint=words, step=use.step)
    for name in unknown:
        yield _unknown(use, name, path, [item for item in known if item not in use.inputs])


def _given_deeper(use: Use, unknown: list[str]) -> set[str]:
    """Return the inputs that stand one level too deep: that is said once, where they stand."""
    known = use.component.inputs if use.component else {}
    free = [name for name in known if name not in use.inputs]
    found = {name for outer in unknown for name in _inputs_in(use.inputs[outer], free)}
    for outer in known.keys() & use.inputs.keys():
        inner, schema = use.inputs[outer], known[outer]
        if isinstance(inner, dict) and schema.get("additionalProperties") is False:
            found |= (inner.keys() - shape_of(schema).properties.keys()) & set(free)
    return found


def _has_default(schema: JsonSchema) -> bool:
    return "default" in schema


def _open(use: Use) -> bool:
    schema = use.component.input if use.component else {}
    return bool(schema.get("additionalProperties", False))


def _unknown(use: Use, name: str, path: Path, free: list[str]) -> Finding:
    component = use.component
    known = component.inputs if component else {}
    close = tuple(get_close_matches(name, free, n=3, cutoff=0.55))
    inside = tuple(_inside(known, name))
    inner = _inputs_in(use.inputs[name], free)
    hint = ""
    if inside:
        said = f" It belongs into {inside[0].rpartition('.')[0]!r}."
        hint, close = f"Write it as {inside[0]}, one level deeper.", inside
    elif inner:
        said = f" What stands in it are inputs themselves: {', '.join(map(repr, inner))}."
        hint, close = "Write them directly under 'with'.", inner
    elif close:
        said = f" Nearest: {', '.join(map(repr, close))}."
    else:
        said = f" It has: {', '.join(list(known)[:12]) or 'none'}."
    return Finding(
        code=UNKNOWN,
        path=(*path, name),
        message=f"{component.id if component else ''!r} has no input {name!r}.{said}",
        hint=hint,
        candidates=close,
        step=use.step,
    )


def _inside(properties: Mapping[str, JsonSchema], name: str, depth: int = 0) -> Iterator[str]:
    """Yield where a name stands inside the inputs that are objects, as dotted names."""
    for outer, schema in properties.items() if depth < MAX_INNER else ():
        inner: Mapping[str, JsonSchema] = shape_of(schema).properties
        if name in inner:
            yield f"{outer}.{name}"
        for found in _inside(inner, name, depth + 1):
            yield f"{outer}.{found}"


def _inputs_in(value: Any, free: list[str]) -> tuple[str, ...]:
    """Return the keys of a value, if all of them are names of inputs that are not given yet."""
    keys = tuple(sorted(value)) if isinstance(value, dict) else ()
    return keys if set(keys) <= set(free) else ()


@check("use", (WRONG_VALUE, WRONG_FORMAT, UNKNOWN))
def literals(_: Facts, use: Use) -> Iterator[Finding]:
    """Report literal values that the input's schema refuses."""
    if use.component is None:
        return
    known = use.component.inputs
    for name, value in use.inputs.items():
        schema = known.get(name)
        for problem in literal_problems(value, schema) if schema is not None else ():
            lifted = str(problem.path[-1]) if problem.kind == "key" else ""
            if lifted in known and lifted not in use.inputs and not problem.candidates:
                yield _too_deep(use, name, problem.path)
                continue
            yield Finding(
                code=WRONG_FORMAT if problem.kind == "form" else WRONG_VALUE,
                path=(*use.path, "with", name, *problem.path),
                message=f"{name!r} of {use.component.id!r}: {problem.message}",
                hint=problem.hint,
                candidates=problem.candidates,
                step=use.step,
            )


def _too_deep(use: Use, outer: str, path: Path) -> Finding:
    name = str(path[-1])
    return Finding(
        code=UNKNOWN,
        path=(*use.path, "with", outer, *path),
        message=f"{outer!r} of {use.reference!r} has no key {name!r}; it is an input of its own.",
        hint=f"Write {name!r} directly under 'with'.",
        candidates=(name,),
        step=use.step,
    )


@check("node", (WRONG_FORMAT,))
def waits(_: Facts, node: Node) -> Iterator[Finding]:
    """Report waits whose text is neither a duration nor a time."""
    text = node.get("wait") if node.kind == "wait" else None
    if not isinstance(text, str) or not text or "${{" in text:
        return
    if not is_wait(text):
        yield Finding(
            code=WRONG_FORMAT,
            path=(*node.path, "wait"),
            message=f"{text!r:.60} is neither a duration nor a time.",
            hint=WAIT_HINT,
            step=node.id,
        )


def is_wait(text: str) -> bool:
    """Return whether a text is a duration or a time, as ``wait`` needs it."""
    return bool(_DURATION.match(text) or FORMATS["date-time"](text))


@check("site", (WRONG_TYPE,))
def types(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report expressions that give another type than the input needs."""
    if site.role == "wait" and site.whole and shape_of(site.schema).kind in _NO_WAIT:
        yield Finding(
            code=WRONG_TYPE,
            path=site.path,
            message="'wait' needs a duration or a time; the expression gives"
            f" {schema_in_words(site.schema)}.",
            hint="Write the unit behind it, such as ${{ string(…) }}m.",
            step=site.step,
            column=site.column,
        )
    if site.role != "input" or site.checked is None:
        return
    if not site.whole:
        yield from _text_into(facts, site)
        return
    target = target_of(facts, site.path) if site.schema else None
    why = misfit(site.schema, target) if target is not None else None
    if target is not None and why is not None:
        yield Finding(
            code=WRONG_TYPE,
            path=site.path,
            message=f"The input needs {schema_in_words(target)}; the expression gives"
            f" {schema_in_words(site.schema)}{why}.",
            hint=_conversion(target, site.schema),
            step=site.step,
            column=site.column,
        )


_NO_WAIT = frozenset(["integer", "number", "boolean"])
_CONVERSIONS = {
    ("integer", "number"): "Write int(…) around it; int(math.round(…)) for the nearest one.",
    ("integer", "string"): "Write int(…) around it.",
    ("number", "string"): "Write double(…) around it.",
    ("string", "integer"): "Write string(…) around it.",
    ("string", "number"): "Write string(…) around it.",
    ("string", "boolean"): "Write string(…) around it.",
    ("string", "array"): "Join it with .join(', '), or take one item.",
    ("boolean", "string"): "Compare it, such as … == 'yes'.",
}


def _conversion(target: JsonSchema, source: JsonSchema) -> str:
    kinds = (shape_of(target).kind, shape_of(source).kind)
    one_into_list = kinds[0] == "array" and kinds[1] not in ("array", "any")
    known = "Write [ ] around it, for a list of one." if one_into_list else ""
    return _CONVERSIONS.get(kinds, known) or "Convert it, or name a field of it."


def _text_into(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report text with expressions in it, which is always a string, where no string may stand."""
    if facts.sites_at[site.path][0] is not site:
        return
    target = target_of(facts, site.path)
    if target is not None and misfit({"type": "string"}, target) is not None:
        yield Finding(
            code=WRONG_TYPE,
            path=site.path,
            message=f"The input needs {schema_in_words(target)}; text with an expression in it is"
            " always a string.",
            hint="Let the value be one ${{ … }} and nothing else.",
            step=site.step,
            column=site.column,
        )


def target_of(facts: Facts, path: Path) -> JsonSchema | None:
    """Return the schema of the input that stands at a path, None if that is not known."""
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
    listed = ", ".join(map(repr, close or sorted(properties)[:10]))
    return Finding(
        code=UNKNOWN_FIELD,
        path=(*use.path, "with", name),
        message=f"The items have no field {field!r}. They have: {listed}.",
        candidates=close,
        step=use.step,
    )
