"""FL1xx: the shape of the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node
from flowloom.workflow.path import Path

__all__: list[str] = []

MAX_DEPTH = 12
MAX_STEPS = 5_000
RESERVED = frozenset({"steps", "inputs", "trigger", "run", "error", "index"})

UNKNOWN_KEY = rule(
    "FL101",
    "error",
    "A key that the language does not have.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log, wiht: {text: hi}}",
    mender="generator",
)
MISSING_KEY = rule(
    "FL102",
    "error",
    "A key that must be there is missing.",
    example="name: x\nsteps:\n  - {uses: demo.log, with: {text: hi}}",
)
UNKNOWN_KIND = rule(
    "FL103",
    "error",
    "No key tells what kind of step it is.",
    example="name: x\nsteps:\n  - {id: a}",
)
BAD_ID = rule(
    "FL104",
    "error",
    "An id that is no identifier.",
    example="name: x\nsteps:\n  - {id: 1a, uses: demo.log, with: {text: hi}}",
)
BAD_VALUE = rule(
    "FL105",
    "error",
    "A value of the wrong type.",
    example="name: x\nsteps:\n  - {id: a, uses: 3}",
)
EMPTY = rule(
    "FL106",
    "error",
    "A list that needs an entry has none.",
    example="name: x\nsteps: []",
)
DUPLICATE_ID = rule(
    "FL107",
    "error",
    "Two steps have the same id.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}",
)
EMPTY_BLOCK = rule(
    "FL108",
    "warning",
    "A block that does nothing.",
    example="name: x\ninputs: {go: {type: boolean}}\nsteps:\n  - {id: a, if: inputs.go, then: []}",
)
TOO_DEEP = rule(
    "FL109",
    "warning",
    "Blocks nested too deep to follow.",
    example="name: x\nsteps:\n  - {id: a0, parallel: [["
    + "".join(f"{{id: a{n}, parallel: [[" for n in range(1, 13))
    + "{id: z, uses: demo.log, with: {text: hi}}"
    + "]]}" * 12
    + "]]}",
)
SHADOWS = rule(
    "FL110",
    "error",
    "A loop variable hides a name that expressions need.",
    example="name: x\nsteps:\n  - id: a\n    for_each: '[1]'\n    as: steps\n    do:\n"
    "      - {id: b, uses: demo.log, with: {text: hi}}",
)
TOO_LARGE = rule(
    "FL111",
    "warning",
    "More steps than anyone can follow.",
    example="name: x\nsteps:\n"
    + "".join(f"  - {{id: a{n}, wait: 1s}}\n" for n in range(MAX_STEPS + 1)),
)
_CODES = {
    "unknown_key": UNKNOWN_KEY,
    "missing_key": MISSING_KEY,
    "unknown_kind": UNKNOWN_KIND,
    "bad_id": BAD_ID,
    "bad_value": BAD_VALUE,
    "empty": EMPTY,
}


@check("document", tuple(_CODES.values()))
def problems_of_shape(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report what the language's own models refuse."""
    for problem in facts.shape:
        yield Finding(
            code=_CODES[problem.kind],
            path=problem.path,
            message=problem.message,
            candidates=problem.candidates,
            step=_step_at(facts, problem.path),
        )


def _step_at(facts: Facts, path: Path) -> str:
    around = [node for node in facts.tree.nodes if path[: len(node.path)] == node.path]
    return around[-1].id if around else ""


@check("document", (DUPLICATE_ID, TOO_LARGE))
def ids_and_size(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report ids that stand twice, and a document that is too large."""
    counts = Counter(node.id for node in facts.tree.nodes if node.id)
    for node in facts.tree.nodes:
        if counts[node.id] > 1 and facts.tree.by_id[node.id] is not node:
            message = f"The id {node.id!r} is taken by an earlier step."
            yield Finding(
                code=DUPLICATE_ID,
                path=(*node.path, "id"),
                message=message,
                hint="Give this step another id.",
                step=node.id,
            )
    if len(facts.tree.nodes) > MAX_STEPS:
        yield Finding(
            code=TOO_LARGE,
            path=("steps",),
            message=f"The workflow has {len(facts.tree.nodes):,} steps.",
            hint="Split it into several workflows.",
        )


@check("node", (EMPTY_BLOCK, TOO_DEEP, SHADOWS))
def blocks(_: Facts, node: Node) -> Iterator[Finding]:
    """Report empty blocks, deep nesting and loop variables that hide other names."""
    first = next(iter(node.blocks), None)
    if first is not None and not first.nodes and node.kind != "parallel" and _is_list(first):
        message = f"The block {first.label!r} of {node.id!r} is empty."
        yield Finding(code=EMPTY_BLOCK, path=first.path, message=message, step=node.id)
    outer = list(_outer(node))
    if len(outer) == MAX_DEPTH and node.blocks:
        message = f"The step {node.id!r} stands {MAX_DEPTH} levels deep."
        yield Finding(code=TOO_DEEP, path=node.path, message=message, step=node.id)
    if node.kind == "for_each":
        name = node.get("as") or "item"
        taken = RESERVED | {item.get("as") or "item" for item in outer if item.kind == "for_each"}
        if name in taken and isinstance(name, str):
            yield Finding(
                code=SHADOWS,
                path=(*node.path, "as") if node.get("as") else node.path,
                message=f"The loop variable {name!r} of {node.id!r} hides another {name!r}.",
                hint="Give it another name with 'as'.",
                step=node.id,
            )


def _is_list(block: Block) -> bool:
    owner = block.owner
    return owner is not None and isinstance(owner.get(block.label), list)


def _outer(node: Node) -> Iterator[Node]:
    owner = node.block.owner
    while owner is not None:
        yield owner
        owner = owner.block.owner
