"""FL5xx: what expressions refer to, and whether it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from flowloom.verification.facts import Facts, Finding, Reached, Site
from flowloom.verification.registry import check, rule

__all__: list[str] = []

_BODY = "name: x\nsteps:\n"
UNKNOWN_STEP = rule(
    "FL501",
    "error",
    "A reference to a step that is not there.",
    example=_BODY + "  - {id: a, uses: demo.log, with: {text: '${{ steps.nothing.output }}'}}",
)
NOT_YET = rule(
    "FL502",
    "error",
    "A reference to a step that has not run yet.",
    example=_BODY
    + "  - {id: a, uses: demo.log, with: {text: '${{ steps.b.output.text }}'}}\n"
    + "  - {id: b, uses: demo.read}",
)
OUT_OF_SCOPE = rule(
    "FL503",
    "error",
    "A reference to a step that cannot be reached from there.",
    example=_BODY
    + "  - {id: p, parallel: [[{id: b, uses: demo.read}],"
    + " [{id: a, uses: demo.log, with: {text: '${{ steps.b.output.text }}'}}]]}",
)
MAYBE_NOT_RUN = rule(
    "FL504",
    "error",
    "A reference without guard to a step that may not have run, or may have failed.",
    example="name: x\ninputs: {go: {type: boolean}}\nsteps:\n"
    "  - {id: c, if: inputs.go, then: [{id: b, uses: demo.read}]}\n"
    "  - {id: a, uses: demo.log, with: {text: '${{ steps.b.output.text }}'}}",
)
NO_TRIGGER = rule(
    "FL505",
    "error",
    "The trigger's output is used, and there is no trigger.",
    example=_BODY + "  - {id: a, uses: demo.log, with: {text: '${{ trigger.output.at }}'}}",
)
UNKNOWN_INPUT = rule(
    "FL506",
    "error",
    "A reference to a run input that is not declared.",
    example="name: x\ninputs: {go: {type: string}}\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: '${{ inputs.goo + inputs.go }}'}}",
)
UNUSED_INPUT = rule(
    "FL507",
    "warning",
    "A declared run input that nothing uses.",
    example="name: x\ninputs: {go: {type: string}}\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}",
)
_STEP = re.compile(r"\bsteps\s*\.\s*\??\s*([A-Za-z_]\w*)")

_WHY = {
    "itself": "it is the step itself",
    "enclosing": "it is the step around this one, which has not ended",
    "later": "it runs later",
    "loop": "it runs inside a loop; only the loop's 'collect' is reached from outside",
    "parallel": "it runs at the same time, in another branch of 'parallel'",
    "other_branch": "it stands in another branch, which does not run when this one does",
    "branch": "it stands in a branch that may not have run",
    "try": "it stands in a 'try' that may have failed before it",
    "failed": "the run goes on when it fails ('on_error: continue'), and then it has no output",
}
_CODES = {
    "itself": NOT_YET,
    "enclosing": NOT_YET,
    "later": NOT_YET,
    "loop": OUT_OF_SCOPE,
    "parallel": OUT_OF_SCOPE,
    "other_branch": OUT_OF_SCOPE,
    "branch": MAYBE_NOT_RUN,
    "try": MAYBE_NOT_RUN,
    "failed": MAYBE_NOT_RUN,
}


@check("site", (NOT_YET, OUT_OF_SCOPE, MAYBE_NOT_RUN))
def reach(_: Facts, site: Site) -> Iterator[Finding]:
    """Report steps that have not surely run where their output is used."""
    for item in site.reached:
        if item.reach.reason and not item.guarded:
            yield _unreached(site, item)


def _unreached(site: Site, item: Reached) -> Finding:
    name = item.target.id
    hint = ""
    if item.reach.guardable:
        hint = f"Say what holds when it did not run: has(steps.{name}) ? … : …"
    return Finding(
        code=_CODES[item.reach.reason],
        path=site.path,
        message=f"steps.{name} is not there: {_WHY[item.reach.reason]}.",
        hint=hint,
        step=site.step,
        column=site.column + item.reference.column - 1,
    )


@check("site", (UNKNOWN_STEP, NO_TRIGGER, UNKNOWN_INPUT))
def unknown(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report steps, inputs and a trigger that the document does not have."""
    if site.checked is None:
        return
    for name, column in _missing_steps(facts, site):
        yield _not_there(facts, site, name, column)
    for reference in site.checked.references:
        column = site.column + reference.column - 1
        if reference.root == "trigger" and "trigger" not in facts.data:
            message = "The workflow has no trigger, so that there is no trigger.output."
            yield Finding(
                code=NO_TRIGGER, path=site.path, message=message, step=site.step, column=column
            )
    for problem in site.checked.problems:
        if problem.kind == "unknown_field" and problem.name and _is_input(site, problem.column):
            yield Finding(
                code=UNKNOWN_INPUT,
                path=site.path,
                message=problem.message,
                hint="Declare it under 'inputs'.",
                candidates=problem.candidates,
                step=site.step,
                column=site.column + problem.column - 1,
            )


def is_reported_here(facts: Facts, site: Site, column: int) -> bool:
    """Return whether a problem of an expression is a step or input that is reported here."""
    known = {start for _, start in _missing_steps(facts, site)}
    return _is_input(site, column) or any(start <= column <= start + 80 for start in known)


def _is_input(site: Site, column: int) -> bool:
    before = site.text[: max(column, 0)]
    return bool(re.search(r"\binputs\s*\.?\s*[\w]*$", before))


def _missing_steps(facts: Facts, site: Site) -> list[tuple[str, int]]:
    return [
        (match.group(1), match.start() + 1)
        for match in _STEP.finditer(_without_strings(site.text))
        if match.group(1) not in facts.tree.by_id
    ]


@lru_cache(maxsize=4096)
def _without_strings(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', lambda m: " " * len(m.group()), text)


def _not_there(facts: Facts, site: Site, name: str, column: int) -> Finding:
    close = tuple(get_close_matches(name, facts.tree.by_id, n=3, cutoff=0.5))
    known = close or tuple(facts.tree.by_id)[:6]
    nearest = f" There are: {', '.join(map(repr, known))}." if known else ""
    return Finding(
        code=UNKNOWN_STEP,
        path=site.path,
        message=f"There is no step {name!r}.{nearest}",
        candidates=close,
        step=site.step,
        column=site.column + column - 1,
    )


@check("document", (UNUSED_INPUT,))
def unused_inputs(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report declared inputs that no expression names."""
    broken = any(site.checked is None or not site.checked.ok for site in facts.sites)
    if broken or facts.shape:
        return
    used = {
        str(reference.path[0]) if reference.path else "*"
        for site in facts.sites
        if site.checked
        for reference in site.checked.references
        if reference.root == "inputs"
    }
    for name in facts.declared_inputs:
        if name not in used and "*" not in used:
            message = f"Nothing uses the input {name!r}."
            yield Finding(code=UNUSED_INPUT, path=("inputs", name), message=message)
