"""FL608 and FL609: a run that pauses inside a transaction, or starts itself."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node

__all__: list[str] = []

PAUSE = rule(
    "FL608",
    "warning",
    "A wait or a question between the begin and the end of a transaction.",
    example="name: x\nsteps:\n  - {id: b, uses: demo.begin}\n  - {id: w, wait: 1h}\n"
    "  - {id: e, uses: demo.commit}",
)
RECURSION = rule(
    "FL609",
    "error",
    "A workflow that starts itself.",
    example="name: nightly\nsteps:\n  - {id: a, uses: demo.start, with: {workflow: nightly}}",
)


@check("document", (PAUSE,))
def pauses(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report what makes a run pause while a transaction is open."""
    if any(use.component and use.component.transaction for use in facts.uses.values()):
        found: list[Finding] = []
        _walk(facts, facts.tree.root, None, found)
        yield from found


def _walk(facts: Facts, block: Block, opened: Use | None, found: list[Finding]) -> Use | None:
    """Add what pauses inside the transaction; return the one that is open behind the block."""
    for node in block.nodes:
        use = facts.uses.get(node.path)
        said = use.component.transaction if use and use.component else ""
        if said:
            opened = use if said == "begin" else None
        elif node.kind in ("wait", "ask") and opened is not None:
            found.append(_pause(node, opened))
        ends = [
            _walk(facts, inner, opened, found)
            for inner in node.blocks
            if inner.nodes or inner.kind == "branch"
        ]
        if ends:
            opened = next((end for end in ends if end is not None), None)
    return opened


def _pause(node: Node, opened: Use) -> Finding:
    what = "waits" if node.kind == "wait" else "asks a person"
    return Finding(
        code=PAUSE,
        path=node.path,
        message=f"{node.id!r} {what} while the transaction that {opened.step!r} began is open.",
        hint="Put it before the begin or behind the end of the transaction.",
        step=node.id,
    )


@check("use", (RECURSION,))
def recursion(facts: Facts, use: Use) -> Iterator[Finding]:
    """Report inputs that name the workflow itself as the one to run."""
    name = facts.data.get("name")
    if use.component is None or not isinstance(name, str):
        return
    for key, schema in use.component.inputs.items():
        value = use.inputs.get(key)
        if schema.get("x-workflow") is True and isinstance(value, str) and value.strip() == name:
            yield Finding(
                code=RECURSION,
                path=(*use.path, "with", key),
                message=f"{use.name} starts {name!r}, which is this workflow itself.",
                hint="Name another workflow, or use a 'while' for what is to be done again.",
                step=use.step,
            )
