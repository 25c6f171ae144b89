"""FL9xx: what fails when the workflow is run in memory."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.dry_run.boundary import EdgeFailure, edge_failures
from flowloom.verification.dry_run.trial import Failure, Trial, references_of
from flowloom.verification.facts import Facts, Finding, Site
from flowloom.verification.registry import check, rule
from flowloom.workflow.cel.ast import Call, Ident, descend
from flowloom.workflow.shape import parse_workflow

__all__: list[str] = []

_READ = "name: x\nsteps:\n  - {id: r, uses: demo.find}\n"
FAILS = rule(
    "FL901",
    "error",
    "An expression that fails whatever the values are.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: \"${{ string(timestamp('tomorrow')) }}\"}}",
)
EMPTY = rule(
    "FL902",
    "warning",
    "An index into a list that may be empty.",
    example=_READ
    + "  - {id: a, uses: demo.log, with: {text: '${{ steps.r.output.rows[0].name }}'}}",
)
ABSENT = rule(
    "FL903",
    "warning",
    "A value that may be absent or null, used as if it were always there.",
    example=_READ + "  - {id: a, uses: demo.log, with: {text: '${{ steps.r.output.note }}'}}",
)
SEEDS = (100, 201, 302)
"""First seeds of the trials that a failure is tried again in."""
_READ_TEXTS = """
    int uint double bool timestamp duration split substring charAt format indexOf lastIndexOf
    regex.extract regex.extractAll regex.replace matches base64.decode slice replace first last
    math.sqrt
"""
_DEPENDS_ON_CONTENT = frozenset(_READ_TEXTS.split())
"""Functions that fail on some texts, numbers or lists and not on others."""
_INDICES = frozenset(["_[_]", "_[?_]"])


@check("run", (FAILS, EMPTY, ABSENT))
def dry_run(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Run the workflow in memory: every branch once, and each expression at its edges."""
    workflow, _problems = parse_workflow(facts.data)
    if workflow is None:
        return
    trial = Trial(facts, workflow, references_of(facts))
    trial.run()
    if trial.failures or trial.unfit:
        yield from _always_failing(facts, trial)
    for failure in edge_failures(facts, trial):
        yield _at_edge(failure)


def _always_failing(facts: Facts, first: Trial) -> Iterator[Finding]:
    for seed in SEEDS:
        again = Trial(facts, first.workflow, first.references, seed=seed)
        again.run()
        first.believe(again)
    for key, failure in first.failures.items():
        site = _site_of(facts, failure)
        if key not in first.passed and not _depends_on_content(site):
            yield _failing(site, failure)
    for key, failure in first.unfit.items():
        # Types do not hang on what texts hold.
        if key not in first.fit:
            yield _failing(_site_of(facts, failure), failure)


def _site_of(facts: Facts, failure: Failure) -> Site:
    return next(item for item in facts.sites_at[failure.path] if item.text == failure.text)


def _depends_on_content(site: Site) -> bool:
    """Return whether the outcome hangs on what texts or free keys hold, which no schema tells."""
    if site.checked is None or site.checked.constant:
        return False
    if site.checked.tree is None:
        return "[" in site.text
    return any(
        isinstance(node, Call)
        and (node.function in _DEPENDS_ON_CONTENT or node.function in _INDICES)
        and any(isinstance(part, Ident) for item in node.operands for part in descend(item))
        for node in descend(site.checked.tree)
    )


def _failing(site: Site, failure: Failure) -> Finding:
    before = f" Ran before it: {', '.join(failure.trace[-6:])}." if failure.trace else ""
    return Finding(
        code=FAILS,
        path=site.path,
        message=f"The dry run fails here with all values that were tried: {failure.message}",
        hint=f"Correct the expression.{before}",
        step=site.step,
        column=site.column,
    )


def _at_edge(failure: EdgeFailure) -> Finding:
    site, name = failure.site, failure.name
    if failure.edge == "empty":
        code, what = EMPTY, "may be empty"
        hint = f"Say what holds then: size({name}) > 0 ? … : …"
    else:
        code, what = ABSENT, f"may be {failure.edge}"
        hint = f"Say what holds then: {_guard(failure)}"
    return Finding(
        code=code,
        path=site.path,
        message=f"{name} {what}, and then this fails: {failure.message}",
        hint=hint,
        step=site.step,
        column=site.column,
    )


def _guard(failure: EdgeFailure) -> str:
    if failure.edge == "null":
        return f"{failure.name} != null ? … : …"
    head, _, last = failure.name.rpartition(".")
    return f"{head}.?{last}.orValue(…), or has({failure.name}) ? … : …"
