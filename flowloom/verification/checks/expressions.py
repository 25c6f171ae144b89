"""FL4xx: expressions: syntax, names, types, and what they feed."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.checks.references import is_reported_here
from flowloom.verification.facts import Facts, Finding, Site
from flowloom.verification.registry import check, rule
from flowloom.workflow.schema_types import schema_in_words, shape_of

__all__: list[str] = []

_LOG = "name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
SYNTAX = rule(
    "FL401",
    "error",
    "An expression or a template that cannot be read.",
    example=_LOG + "  - {id: a, uses: demo.log, with: {text: '${{ 1 + }}'}}",
)
UNKNOWN_NAME = rule(
    "FL402",
    "error",
    "A name that expressions cannot use there.",
    example=_LOG + "  - {id: a, uses: demo.log, with: {text: '${{ env.HOME }}'}}",
)
UNKNOWN_FIELD = rule(
    "FL403",
    "error",
    "A field that the value does not have.",
    example=_LOG + "  - {id: a, uses: demo.log, with: {text: '${{ steps.r.output.txt }}'}}",
)
WRONG_TYPE = rule(
    "FL404",
    "error",
    "Operands whose types do not go together.",
    example=_LOG
    + "  - {id: a, uses: demo.log, with: {text: '${{ steps.r.output.count + \"a\" }}'}}",
)
NOT_BOOL = rule(
    "FL405",
    "error",
    "A condition that is not true or false.",
    example=_LOG + "  - {id: a, if: steps.r.output.count, then: [{id: b, uses: demo.read}]}",
)
NOT_LIST = rule(
    "FL406",
    "error",
    "A loop over what is no list.",
    example=_LOG + "  - {id: a, for_each: steps.r.output.count, do: [{id: b, uses: demo.read}]}",
)
NOT_TEXT = rule(
    "FL407",
    "error",
    "An object, a list or null put into a text.",
    example=_LOG + "  - {id: a, uses: demo.log, with: {text: 'all: ${{ steps.r.output }}'}}",
)
_CODES = {
    "syntax": SYNTAX,
    "unknown_name": UNKNOWN_NAME,
    "unknown_field": UNKNOWN_FIELD,
    "type": WRONG_TYPE,
    "other": WRONG_TYPE,
}


@check("site", tuple(dict.fromkeys(_CODES.values())))
def problems(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report what the typed check of an expression finds."""
    if site.broken:
        yield Finding(
            code=SYNTAX, path=site.path, message=site.broken, step=site.step, column=site.column
        )
    for problem in site.checked.problems if site.checked else ():
        if problem.kind == "unknown_field" and is_reported_here(facts, site, problem.column):
            continue
        yield Finding(
            code=_CODES[problem.kind],
            path=site.path,
            message=problem.message,
            hint=problem.hint,
            candidates=problem.candidates,
            step=site.step,
            column=site.column + max(problem.column - 1, 0),
        )


@check("site", (NOT_BOOL, NOT_LIST, NOT_TEXT))
def fitness(_: Facts, site: Site) -> Iterator[Finding]:
    """Report expressions whose type does not fit what they are for."""
    schema = site.schema
    kind = shape_of(schema).kind
    if kind == "any":
        return
    if site.role == "condition" and kind != "boolean":
        message = f"The condition is no bool but {schema_in_words(schema)}."
        yield _misfit(NOT_BOOL, site, message, "Compare it: size(…) > 0, … == true.")
    elif site.role == "list" and kind != "array":
        message = f"The loop goes over {schema_in_words(schema)}, which is no list."
        yield _misfit(NOT_LIST, site, message, "Give a list, such as a field of it that is one.")
    elif (not site.whole or site.role in ("text", "wait")) and kind in _NO_TEXT:
        message = f"{schema_in_words(schema).capitalize()} cannot stand in a text."
        yield _misfit(NOT_TEXT, site, message, _NO_TEXT[kind])


_NO_TEXT = {
    "object": "Name one field of it.",
    "map": "Name one of its values.",
    "array": "Join it with .join(', '), name one item, or count it with size(…).",
    "null": "Say what stands there instead, or leave it out.",
}


def _misfit(code: str, site: Site, message: str, hint: str) -> Finding:
    return Finding(
        code=code, path=site.path, message=message, hint=hint, step=site.step, column=site.column
    )
