"""FL6xx: what runs, and what never does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flowloom.verification.facts import Facts, Finding, Site
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node
from flowloom.workflow.schema_types import shape_of

__all__: list[str] = []

UNREACHABLE = rule(
    "FL601",
    "error",
    "A step behind a stop, which can never run.",
    example="name: x\nsteps:\n  - {id: s, stop: done}\n  - {id: a, uses: demo.read}",
    mender="planner",
)
CONSTANT = rule(
    "FL602",
    "warning",
    "A condition that is always true or always false.",
    example="name: x\nsteps:\n  - {id: c, if: 1 > 2, then: [{id: a, uses: demo.read}]}",
)
DUPLICATE_CASE = rule(
    "FL603",
    "error",
    "A case that an earlier case has taken.",
    example="name: x\ninputs: {k: {type: string}}\nsteps:\n  - id: c\n    switch: inputs.k\n"
    "    cases:\n      - {when: a, do: [{id: a, uses: demo.read}]}\n"
    "      - {when: [b, a], do: [{id: b, uses: demo.read}]}",
)
NOT_COVERED = rule(
    "FL604",
    "warning",
    "A switch over known values that leaves some out and has no default.",
    example="name: x\ninputs: {k: {enum: [a, b]}}\nsteps:\n  - id: c\n    switch: inputs.k\n"
    "    cases:\n      - {when: a, do: [{id: a, uses: demo.read}]}",
)
NO_PROGRESS = rule(
    "FL605",
    "warning",
    "A while loop whose condition nothing in it can change.",
    example="name: x\ninputs: {go: {type: boolean}}\nsteps:\n"
    "  - {id: w, while: inputs.go, do: [{id: a, uses: demo.read}]}",
)
NO_TRIGGER = rule(
    "FL606",
    "note",
    "No trigger: the workflow is run by hand.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.read}",
    mender="person",
)


@check("node", (UNREACHABLE, DUPLICATE_CASE))
def reachable(facts: Facts, node: Node) -> Iterator[Finding]:
    """Report what stands behind a step that always ends the run, and cases that are taken."""
    before = node.block.nodes[node.index - 1] if 0 < node.index < len(node.block.nodes) else None
    if before is not None and facts.scope.stops(before):
        message = f"{node.id!r} never runs: {before.id!r} ends the run."
        yield Finding(code=UNREACHABLE, path=node.path, message=message, step=node.id)
    if node.kind == "switch":
        yield from _duplicate_cases(node)


def _duplicate_cases(node: Node) -> Iterator[Finding]:
    seen: set[str] = set()
    cases: Any = node.get("cases")
    for index, case in enumerate(cases if isinstance(cases, list) else []):
        when: Any = case.get("when") if isinstance(case, dict) else None
        for value in when if isinstance(when, list) else [when]:
            key = json.dumps(value, sort_keys=True, default=str)
            if key in seen:
                yield Finding(
                    code=DUPLICATE_CASE,
                    path=(*node.path, "cases", index, "when"),
                    message=f"The case {value!r} stands in an earlier case already.",
                    step=node.id,
                )
            seen.add(key)


@check("site", (CONSTANT, NOT_COVERED, NO_PROGRESS))
def decisions(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report conditions that decide nothing."""
    node = site.place.node
    if site.checked is None or not site.sound or node is None:
        return
    if site.role == "condition" and site.checked.constant:
        message = "The condition names nothing that can change; its outcome is fixed."
        yield Finding(
            code=CONSTANT, path=site.path, message=message, step=site.step, column=site.column
        )
    elif site.role == "condition" and node.kind == "while" and not _can_change(site, node):
        message = f"Nothing in the loop {node.id!r} can change its condition."
        yield Finding(code=NO_PROGRESS, path=site.path, message=message, step=site.step)
    if site.role == "switch":
        yield from _uncovered(site, node)


def _can_change(site: Site, node: Node) -> bool:
    inside = {inner.id for block in node.blocks for inner in _all(block)}
    references = site.checked.references if site.checked else ()
    return any(
        (item.root == "steps" and item.path and item.path[0] in inside) or item.root == "index"
        for item in references
    )


def _all(block: Block) -> Iterator[Node]:
    for node in block.nodes:
        yield node
        for inner in node.blocks:
            yield from _all(inner)


def _uncovered(site: Site, node: Node) -> Iterator[Finding]:
    values = site.schema.get("enum")
    if not isinstance(values, list) or node.get("default") or shape_of(site.schema).nullable:
        return
    cases: Any = node.get("cases")
    covered: list[Any] = []
    for case in cases if isinstance(cases, list) else []:
        when = case.get("when") if isinstance(case, dict) else None
        covered += when if isinstance(when, list) else [when]
    left = [value for value in values if value not in covered]
    if left:
        message = f"No case for {', '.join(map(repr, left[:6]))}, and no default."
        yield Finding(code=NOT_COVERED, path=node.path, message=message, step=node.id)


@check("document", (NO_TRIGGER,))
def trigger(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Say that a workflow without trigger is run by hand."""
    if facts.data.get("trigger") is None:
        message = "The workflow has no trigger: it is run by hand."
        yield Finding(code=NO_TRIGGER, path=(), message=message)
