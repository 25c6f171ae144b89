"""FL607: what is written twice at the same time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flowloom.catalog.component import Component, OpenApiRun
from flowloom.verification.acting import effect_of
from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node

__all__: list[str] = []

SAME = rule(
    "FL607",
    "warning",
    "The same thing is written by steps that run at the same time.",
    example="name: x\nsteps:\n  - id: p\n    parallel:\n"
    "      - [{id: a, uses: demo.store, with: {key: k, text: one}}]\n"
    "      - [{id: b, uses: demo.store, with: {key: k, text: two}}]",
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VERBS = """
    add append comment create insert invite log notify post publish push reply send start submit
    upload
"""
_ADDING = frozenset(_VERBS.split())
"""Words of a component that adds something each time, so that two of them do not collide."""
_NAMES = re.compile(r"(?:^|_)(?:id|key|path|range|url|uri)$|[a-z]I[dD]$")


@check("node", (SAME,))
def same_writes(facts: Facts, node: Node) -> Iterator[Finding]:
    """Report branches that write the same, and loops whose rounds do at the same time."""
    if node.kind == "parallel":
        yield from _between_branches(facts, node)
    elif node.kind == "for_each" and _is_concurrent(node):
        yield from _between_rounds(facts, node)


def _is_concurrent(node: Node) -> bool:
    many = node.get("concurrency")
    return isinstance(many, int) and not isinstance(many, bool) and many > 1


def _between_branches(facts: Facts, node: Node) -> Iterator[Finding]:
    written: dict[str, tuple[Block, Use]] = {}
    for branch in node.blocks:
        for inner in _inside(branch):
            use = facts.uses.get(inner.path)
            key = _identity(use) if use is not None else ""
            if use is None or not key:
                continue
            other, first = written.setdefault(key, (branch, use))
            if other is not branch:
                yield Finding(
                    code=SAME,
                    path=use.path,
                    message=f"{use.name} writes the same as {first.step!r}"
                    f" ({use.reference}), which runs at the same time; which is last is chance.",
                    hint="Let one write after the other, or write to different places.",
                    candidates=(first.step,) if first.step else (),
                    step=use.step,
                )


def _between_rounds(facts: Facts, node: Node) -> Iterator[Finding]:
    inner = list(_inside(node.blocks[0])) if node.blocks else []
    changing = {item.id for item in inner}
    for item in inner:
        use = facts.uses.get(item.path)
        if use is None or not _writes(use) or not use.inputs or _varies(facts, use, changing):
            continue
        yield Finding(
            code=SAME,
            path=use.path,
            message=f"{use.name} writes the same in every round of {node.id!r}"
            f" ({use.reference}), up to {node.get('concurrency')} times at once.",
            hint="Put what differs from item to item into its inputs, or move it behind the loop.",
            step=use.step,
        )


def _varies(facts: Facts, use: Use, changing: set[str]) -> bool:
    """Return whether an input depends on the round: on a loop variable, or on a step inside."""
    for site in facts.sites_of_step.get(use.path, ()):
        if site.checked is None:
            return True
        for reference in site.checked.references:
            outside = reference.root in ("inputs", "run", "trigger")
            step = reference.path[0] if reference.root == "steps" and reference.path else None
            if not outside and (step is None or step in changing):
                return True
    return False


def _writes(use: Use) -> bool:
    return use.component is not None and effect_of(use) != "read"


def _identity(use: Use) -> str:
    """Return what tells which thing a step writes; empty if it cannot be told."""
    if not _writes(use):
        return ""
    named = _identifying(use)
    if named is None and "${{" not in str(use.inputs):
        named = dict(use.inputs)  # It adds something, or nothing names it: the very same twice.
    if not named:
        return ""
    return json.dumps([use.reference, use.connection, named], sort_keys=True, default=repr)


def _identifying(use: Use) -> dict[str, Any] | None:
    """Return the literal inputs that name what is written over; None if nothing is."""
    component = use.component
    if component is None or _adds(component):
        return None
    names = [name for name in component.inputs if _names_a_thing(component, name)]
    given = {name: use.inputs[name] for name in names if name in use.inputs}
    return None if not given or "${{" in str(given) else given


def _adds(component: Component) -> bool:
    if isinstance(component.run, OpenApiRun):
        return component.run.method.upper() == "POST"
    return not _ADDING.isdisjoint(word.lower() for word in _WORD.findall(component.id))


def _names_a_thing(component: Component, name: str) -> bool:
    run = component.run
    if isinstance(run, OpenApiRun):
        return any(
            item.input == name and item.place in ("path", "query") for item in run.parameters
        )
    schema = component.inputs[name]
    marked = component.taint.get(name) in ("path", "url") or schema.get("format") == "path"
    return marked or _NAMES.search(name) is not None


def _inside(block: Block) -> Iterator[Node]:
    for node in block.nodes:
        yield node
        for inner in node.blocks:
            yield from _inside(inner)
