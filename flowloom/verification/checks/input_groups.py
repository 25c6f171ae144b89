"""FL307 and FL308: inputs that exclude each other, and inputs of which one must be given.

A component's input schema says so with ``oneOf`` and ``anyOf`` of ``required`` lists, ``not`` of
one, and ``dependentRequired`` and ``dependentSchemas``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from flowloom.catalog.component import JsonSchema
from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule

__all__: list[str] = []

EXCLUDED = rule(
    "FL307",
    "error",
    "Inputs that exclude each other are given together.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.notify, with: {text: hi, channel: '#eng', user: ada}}",
)
NONE_GIVEN = rule(
    "FL308",
    "error",
    "None of the inputs is given of which one must be.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.notify, with: {text: hi}}",
)
_GROUPS = ("oneOf", "anyOf", "allOf", "not", "dependentSchemas", "dependentRequired")
_PURE = frozenset(["required", "not", "title", "description", "type"])
_MAX_DEPTH = 4


@check("use", (EXCLUDED, NONE_GIVEN))
def groups(_: Facts, use: Use) -> Iterator[Finding]:
    """Report inputs that do not go together, and groups that lack one."""
    if use.component is None or not any(key in use.component.input for key in _GROUPS):
        return
    always = frozenset(use.component.required)
    for code, names, said in _problems(use.component.input, frozenset(use.inputs), always, 0):
        if code == NONE_GIVEN and use.complete:
            message = f"{use.name} {said}, as {use.component.id!r} requires."
            hint = f"Give one of: {', '.join(names)}."
            path = use.path
        elif code == EXCLUDED:
            message = f"{use.name} {said}; {use.component.id!r} takes only one of them."
            hint = f"Leave out all but one of: {', '.join(names)}."
            path = (*use.path, "with")
        else:
            continue
        yield Finding(
            code=code,
            path=path,
            message=message,
            hint=hint,
            candidates=tuple(names),
            step=use.step,
        )


_Problem: TypeAlias = tuple[str, Sequence[str], str]
"""Code, the names that it is about, and what the step does with them."""


def _problems(
    schema: JsonSchema, given: frozenset[str], always: frozenset[str], depth: int
) -> Iterator[_Problem]:
    if depth > _MAX_DEPTH:
        return
    yield from _of_options(schema, given, always)
    excluded = _both_required(schema.get("not"))
    if len(excluded) > 1 and excluded <= given:
        yield _together(excluded)
    for part in _schemas(schema.get("allOf")):
        yield from _problems(part, given, always, depth + 1)
    for name, part in _mapping(schema, "dependentSchemas").items():
        if name in given and isinstance(part, dict):
            yield from _dependent(name, cast(JsonSchema, part), given, always, depth)
    for name, needed in _mapping(schema, "dependentRequired").items():
        missing = [item for item in needed if item not in given] if name in given else []
        if missing:
            yield NONE_GIVEN, missing, f"gives {name!r} without {missing[0]!r}"


def _of_options(
    schema: JsonSchema, given: frozenset[str], always: frozenset[str]
) -> Iterator[_Problem]:
    for key in ("oneOf", "anyOf"):
        options = _schemas(schema.get(key))
        needs = [_names(option.get("required")) - always for option in options]
        if not options or not all(needs):
            continue
        met = [need for need in needs if need <= given]
        if not met:
            names = sorted({name for need in needs for name in need})
            listed = " or ".join(sorted("' and '".join(sorted(need)) for need in needs))
            shown = "', nor '".join(names) if all(len(n) == 1 for n in needs) else listed
            yield NONE_GIVEN, names, f"gives neither '{shown}'"
        elif len(met) > 1 and key == "oneOf" and all(_PURE.issuperset(item) for item in options):
            yield _together(frozenset[str]().union(*met))


def _dependent(
    name: str, part: JsonSchema, given: frozenset[str], always: frozenset[str], depth: int
) -> Iterator[_Problem]:
    """Yield what does not hold though an input is given that asks for it."""
    missing = sorted(_names(part.get("required")) - given)
    if missing:
        yield NONE_GIVEN, missing, f"gives {name!r} without {missing[0]!r}"
    refused = {key for key, inner in _mapping(part, "properties").items() if inner is False}
    refused |= _both_required(part.get("not"))
    for other in sorted(refused & given):
        yield _together(frozenset([name, other]))
    rest = {key: value for key, value in part.items() if key not in ("required", "not")}
    yield from _problems(rest, given, always, depth + 1)


def _together(names: frozenset[str]) -> _Problem:
    ordered = sorted(names)
    return EXCLUDED, ordered, f"gives {' and '.join(map(repr, ordered))} together"


def _both_required(schema: Any) -> frozenset[str]:
    """Return the names that must not be given together, if that is all a ``not`` says."""
    found = cast(JsonSchema, schema) if isinstance(schema, dict) else {}
    return _names(found.get("required")) if _PURE.issuperset(found) else frozenset()


def _schemas(value: Any) -> list[JsonSchema]:
    items = cast(list[Any], value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _names(value: Any) -> frozenset[str]:
    items = cast(list[Any], value) if isinstance(value, list) else []
    return frozenset(item for item in items if isinstance(item, str))


def _mapping(schema: JsonSchema, key: str) -> Mapping[str, Any]:
    value = schema.get(key)
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}
