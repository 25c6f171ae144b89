"""FL1xx: the shape of the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node
from flowloom.workflow.cel.tokens import KEYWORDS, RESERVED_WORDS
from flowloom.workflow.path import Path
from flowloom.workflow.shape import ShapeProblem

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
    "A loop variable that hides a name, or that expressions cannot write.",
    example="name: x\nsteps:\n  - id: a\n    for_each: '[1]'\n    as: steps\n    do:\n"
    "      - {id: b, uses: demo.log, with: {text: hi}}",
)
KEYWORD_ID = rule(
    "FL112",
    "error",
    "An id that is a word of the expression language.",
    example="name: x\nsteps:\n  - {id: in, uses: demo.log, with: {text: hi}}",
)
TOO_LARGE = rule(
    "FL111",
    "warning",
    "More steps than anyone can follow.",
    example="name: x\nsteps:\n"
    + "".join(f"  - {{id: a{n}, wait: 1s}}\n" for n in range(MAX_STEPS + 1)),
)
_MAY_BE_EMPTY = frozenset(["case", "default", "elif"])
"""Blocks in which to do nothing is a thing to say."""
_EMPTY_HINTS = {
    "then": "Put a step in, or turn the condition round and use only this block.",
    "catch": "An empty 'catch' catches nothing: put a step in that says what happened.",
}
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
    steps = {node.path: node.id for node in facts.tree.nodes} if facts.shape else {}
    for problem in facts.shape:
        beside = _input_beside_with(facts, problem)
        yield Finding(
            code=_CODES[problem.kind],
            path=problem.path,
            message=f"{problem.message} {beside}".strip(),
            hint="Move it under 'with'." if beside else _HINTS.get(problem.kind, ""),
            candidates=problem.candidates,
            step=_step_at(steps, problem.path),
        )


_HINTS = {
    "missing_key": "Add it; see: flowloom schema",
    "bad_id": "Write letters, digits and '_' only, a letter first.",
    "empty": "Put a step in, or leave the key out.",
}


def _input_beside_with(facts: Facts, problem: ShapeProblem) -> str:
    """Return what to say of a key of a step that is an input of its component."""
    use = facts.uses.get(problem.path[:-1]) if problem.kind == "unknown_key" else None
    name = str(problem.path[-1]) if problem.path else ""
    if use is None or use.component is None or name not in use.component.inputs:
        return ""
    return f"{name!r} is an input of {use.component.id!r}: it stands under 'with'."


def _step_at(steps: Mapping[Path, str], path: Path) -> str:
    around = (steps[path[:end]] for end in range(len(path), 0, -1) if path[:end] in steps)
    return next(around, "")


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
    for block in node.blocks:
        if block.nodes or not _is_written(block) or block.label in _MAY_BE_EMPTY:
            continue
        message = f"The block {block.label!r} of {node.id!r} is empty."
        hint = _EMPTY_HINTS.get(block.label, "Put a step in, or leave the block out.")
        yield Finding(code=EMPTY_BLOCK, path=block.path, message=message, hint=hint, step=node.id)
    outer = list(_outer(node))
    if len(outer) == MAX_DEPTH and node.blocks:
        message = f"The step {node.id!r} stands {MAX_DEPTH} levels deep."
        yield Finding(code=TOO_DEEP, path=node.path, message=message, step=node.id)
    if node.kind == "for_each":
        yield from _loop_variable(node, outer)


def _loop_variable(node: Node, outer: list[Node]) -> Iterator[Finding]:
    name = node.get("as") or "item"
    if not isinstance(name, str):
        return
    around = [item.get("as") or "item" for item in outer if item.kind == "for_each"]
    taken = RESERVED | {other for other in around if isinstance(other, str)}
    said = ""
    if name in taken:
        said = f"The loop variable {name!r} of {node.id!r} hides another {name!r}."
    elif name in RESERVED_WORDS:
        said = f"The loop variable {name!r} of {node.id!r} is a word of the expression language."
    if said:
        yield Finding(
            code=SHADOWS,
            path=(*node.path, "as") if node.get("as") else node.path,
            message=said,
            hint="Give it another name with 'as'.",
            step=node.id,
        )


@check("node", (KEYWORD_ID,))
def unwritable_ids(_: Facts, node: Node) -> Iterator[Finding]:
    """Report ids that cannot stand behind ``steps.``."""
    if node.id in KEYWORDS:
        yield Finding(
            code=KEYWORD_ID,
            path=(*node.path, "id"),
            message=f"The id {node.id!r} is a word of the expression language:"
            f" steps.{node.id} cannot be read.",
            hint="Give the step another id.",
            candidates=(f"{node.id}_step",),
            step=node.id,
        )


def _is_written(block: Block) -> bool:
    """Return whether the author wrote the empty block."""
    owner = block.owner
    if owner is None:
        return False
    if block.label in ("parallel", "elif"):
        return True
    return isinstance(owner.get(block.label), list)


def _outer(node: Node) -> Iterator[Node]:
    owner = node.block.owner
    while owner is not None:
        yield owner
        owner = owner.block.owner
