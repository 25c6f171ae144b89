"""FL6xx: what runs, and what never does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.literals import shown
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Node

__all__: list[str] = []

UNREACHABLE = rule(
    "FL601",
    "error",
    "A step behind a stop, which can never run.",
    example="name: x\nsteps:\n  - {id: s, stop: done}\n  - {id: a, uses: demo.read}",
    mender="planner",
)
DUPLICATE_CASE = rule(
    "FL603",
    "error",
    "A case that an earlier case has taken.",
    example="name: x\ninputs: {k: {type: string}}\nsteps:\n  - id: c\n    switch: inputs.k\n"
    "    cases:\n      - {when: a, do: [{id: a, uses: demo.read}]}\n"
    "      - {when: [b, a], do: [{id: b, uses: demo.read}]}",
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
                    message=f"The case {shown(value)} stands in an earlier case already.",
                    step=node.id,
                )
            seen.add(key)


@check("document", (NO_TRIGGER,))
def trigger(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Say that a workflow without trigger is run by hand."""
    if facts.data.get("trigger") is None:
        message = "The workflow has no trigger: it is run by hand."
        yield Finding(code=NO_TRIGGER, path=(), message=message)
