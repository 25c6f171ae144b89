"""FL602, FL604, FL605 and FL610: conditions that decide nothing, cases that never come."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, cast

from flowloom.catalog.component import JsonSchema
from flowloom.verification.facts import Facts, Finding, Site
from flowloom.verification.literals import shown
from flowloom.verification.outcomes import NeverEqual, Outcome, never_equal, outcome_of, same_as
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node
from flowloom.workflow.cel.ast import Node as CelNode
from flowloom.workflow.cel.references import chain_of
from flowloom.workflow.schema_types import schema_at, schema_in_words, shape_of

__all__: list[str] = []

CONSTANT = rule(
    "FL602",
    "warning",
    "A condition that is always true or always false.",
    example="name: x\nsteps:\n  - {id: c, if: 1 > 2, then: [{id: a, uses: demo.read}]}",
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
NEVER = rule(
    "FL610",
    "warning",
    "A case that the value of a switch can never have.",
    example="name: x\ninputs: {k: {enum: [a, b]}}\nsteps:\n  - id: c\n    switch: inputs.k\n"
    "    cases:\n      - {when: [a, b], do: [{id: a, uses: demo.read}]}\n"
    "      - {when: c, do: [{id: b, uses: demo.read}]}",
)


@check("site", (CONSTANT,))
def conditions(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report conditions that are always true or always false."""
    node = site.place.node
    if site.checked is None or not site.sound or node is None or site.role != "condition":
        return
    if site.checked.constant:
        # An endless loop may be meant: whether it can end is another check's question.
        if node.kind != "while" or site.text.strip() != "true":
            message = "The condition names nothing that can change; its outcome is fixed."
            yield _fixed(site, message)
        return
    outcome = _outcome(facts, site)
    if outcome is not None:
        yield _decided(site, outcome)
    elif site.checked.tree is not None:
        for wrong in never_equal(site.checked.tree, lambda part: _schema_of(facts, site, part)):
            yield _never(site, wrong)


def _outcome(facts: Facts, site: Site) -> Outcome | None:
    tree = site.checked.tree if site.checked else None
    if tree is None:
        return None
    return outcome_of(tree, lambda part: _schema_of(facts, site, part))


def _schema_of(facts: Facts, site: Site, node: CelNode) -> JsonSchema | None:
    chain = chain_of(node)
    if chain is None:
        return None
    root = facts.types.environment(site.place.block).schema_of(chain.variable.name)
    return None if root is None else schema_at(root, chain.path)


def _fixed(site: Site, message: str, hint: str = "", column: int = 0) -> Finding:
    return Finding(
        code=CONSTANT,
        path=site.path,
        message=message,
        hint=hint,
        step=site.step,
        column=site.column + max(column, 0),
    )


def _decided(site: Site, outcome: Outcome) -> Finding:
    word = "true" if outcome.value else "false"
    if outcome.wrong is not None:
        return _never(site, outcome.wrong, f"The condition is always {word}: ")
    return _fixed(site, f"The condition is always {word}: {outcome.reason}.")


def _never(site: Site, wrong: NeverEqual, before: str = "") -> Finding:
    listed = ", ".join(map(repr, wrong.choices[:8]))
    said = f"the value is never {wrong.value!r}; it is one of {listed}."
    found = _fixed(site, before + said if before else said.capitalize(), column=wrong.position)
    return Finding(
        code=found.code,
        path=found.path,
        message=found.message,
        hint="Compare it with one of those.",
        candidates=tuple(str(item) for item in wrong.nearest),
        step=found.step,
        column=found.column,
    )


@check("node", (CONSTANT,))
def repeated_conditions(facts: Facts, node: Node) -> Iterator[Finding]:
    """Report an ``elif`` whose condition was asked before: its branch never runs."""
    if node.kind != "if" or len(node.blocks) < 3:
        return
    asked: dict[Hashable, Block] = {}
    for block in node.blocks:
        site = next(iter(facts.sites_at.get(block.condition or (), ())), None)
        checked = site.checked if site else None
        if site is None or checked is None or checked.constant or not checked.ok:
            continue
        key: Hashable = same_as(checked.tree) if checked.tree else checked.text.strip()
        before = asked.setdefault(key, block)
        if before is not block:
            where = "'if'" if before.label == "then" else "an earlier 'elif'"
            yield _fixed(
                site,
                f"The same condition stands at {where} of {node.id!r}; this branch never runs.",
                "Ask for something else, or leave the branch out.",
            )


@check("site", (NOT_COVERED, NEVER))
def cases(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report values of a switch that have no case, and cases that no value has."""
    node = site.place.node
    if site.role != "switch" or node is None or not site.sound:
        return
    values = _values(site.schema)
    kind = shape_of(site.schema).kind
    options = list(_options(node))
    if values is not None and not node.get("default"):
        left = [value for value in values if not any(_same(value, item) for _, item in options)]
        if left:
            message = f"No case for {', '.join(map(repr, left[:6]))}, and no default."
            hint = "Add a case for each, or a 'default'."
            names = tuple(map(str, left))
            yield Finding(
                code=NOT_COVERED,
                path=node.path,
                message=message,
                hint=hint,
                candidates=names,
                step=node.id,
            )
    for path, option in options:
        known = values is None or any(_same(option, value) for value in values)
        if not known or not _may_be(option, kind):
            yield _never_comes(node, path, option, values, site.schema)


def _values(schema: JsonSchema) -> list[Any] | None:
    """Return the values that are possible besides null, None if that is not known."""
    if "const" in schema:
        return [schema["const"]]
    found = schema.get("enum")
    if isinstance(found, list):
        return [value for value in cast(list[Any], found) if value is not None]
    return [True, False] if shape_of(schema).kind == "boolean" else None


def _options(node: Node) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each value of the cases, with its place."""
    found: Any = node.get("cases")
    for index, case in enumerate(cast(list[Any], found) if isinstance(found, list) else []):
        when: Any = case.get("when") if isinstance(case, dict) else None
        here = (*node.path, "cases", index, "when")
        if isinstance(when, list):
            yield from (((*here, place), item) for place, item in enumerate(cast(list[Any], when)))
        elif when is not None:
            yield here, when


def _same(value: Any, other: Any) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _may_be(value: Any, kind: str) -> bool:
    """Return whether a case's value can be equal to values of a kind."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array" | "object" | "map" | "null":
            return False
        case _:
            return True


def _never_comes(
    node: Node, path: tuple[str | int, ...], option: Any, values: list[Any] | None, schema: Any
) -> Finding:
    if values is None:
        said = f"the value is {schema_in_words(schema)}"
    else:
        said = f"it is one of {', '.join(map(repr, values[:8]))}"
    return Finding(
        code=NEVER,
        path=path,
        message=f"The value is never {shown(option)}: {said}.",
        hint="Correct the case or leave it out.",
        candidates=tuple(map(str, values or ()))[:8],
        step=node.id,
    )


@check("site", (NO_PROGRESS,))
def endless_loops(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report loops that only their limit ends."""
    node = site.place.node
    if site.role != "condition" or node is None or node.kind != "while" or not site.sound:
        return
    inner = [item for block in node.blocks for item in _all(block)]
    if any(item.kind == "stop" for item in inner):
        return
    constant = site.checked is not None and site.checked.constant
    if site.text.strip() != "true" and (constant or _outcome(facts, site) is not None):
        return  # That is said already.
    if constant or not _can_change(site, {item.id for item in inner}):
        yield Finding(
            code=NO_PROGRESS,
            path=site.path,
            message=f"Nothing in the loop {node.id!r} can change its condition.",
            hint="Let the condition name a step of the loop, or put a 'stop' into it.",
            candidates=tuple(item.id for item in inner if item.id and item.kind == "call")[:6],
            step=site.step,
        )


def _can_change(site: Site, inside: set[str]) -> bool:
    # 'index' would be that of a loop around it: the condition stands outside of its own rounds.
    return any(
        item.root == "steps" and (not item.path or item.path[0] in inside)
        for item in (site.checked.references if site.checked else ())
    )


def _all(block: Block) -> Iterator[Node]:
    for node in block.nodes:
        yield node
        for inner in node.blocks:
            yield from _all(inner)
