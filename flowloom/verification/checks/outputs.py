"""FL508 and FL509: outputs that nothing uses, and outputs that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.acting import effect_of
from flowloom.verification.facts import Facts, Finding, Reached, Site, Use
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Node
from flowloom.workflow.schema_types import shape_of

__all__: list[str] = []

UNUSED = rule(
    "FL508",
    "note",
    "A step that only reads, and whose output nothing uses.",
    example="name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}",
)
NO_OUTPUT = rule(
    "FL509",
    "error",
    "The output of a step that has none.",
    example="name: x\nsteps:\n  - {id: w, wait: 5m}\n"
    "  - {id: a, uses: demo.log, with: {text: 'at ${{ steps.w.output }}'}}",
)
_NAMED_AT_MOST = 6


@check("document", (UNUSED,))
def unused_reads(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Note steps that only read, and whose output no expression names.

    Passed over are steps whose component says that they are worth running anyway, the only step
    of a block (it may be there to fail), and the last one of a workflow in which nothing acts and
    that declares no outputs: what it read is then what the run is for.
    """
    if facts.shape or any(site.checked is None or not site.checked.ok for site in facts.sites):
        return
    named = {item.target.id for site in facts.sites for item in site.reached}
    if _names_all_steps(facts):
        return
    uses = [use for use in facts.uses.values() if use.node is not None]
    ends_in_more = bool(facts.data.get("outputs")) or any(_is_effective(use) for use in uses)
    for use in uses:
        node = use.node
        if node is None or node.id in named or not _reads_something(use):
            continue
        last = node.index == len(node.block.nodes) - 1
        if len(node.block.nodes) == 1 and node.block.owner is not None:
            continue
        if last and node.block.owner is None and not ends_in_more:
            continue
        yield Finding(
            code=UNUSED,
            path=use.path,
            message=f"{use.name} only reads ({use.reference}), and nothing uses what it gives.",
            hint=f"Use steps.{node.id}.output, or leave the step out.",
            step=use.step,
        )


def _names_all_steps(facts: Facts) -> bool:
    """Return whether an expression names ``steps`` as a whole, or by a computed name."""
    return any(
        reference.root == "steps" and not reference.path
        for site in facts.sites
        if site.checked
        for reference in site.checked.references
    )


def _is_effective(use: Use) -> bool:
    component = use.component
    return component is None or component.output_optional or effect_of(use) != "read"


def _reads_something(use: Use) -> bool:
    component = use.component
    if component is None or component.kind == "trigger" or _is_effective(use):
        return False
    # A plain list says nothing of effects or outputs; an object without fields holds nothing.
    shape = shape_of(component.output)
    empty = shape.kind == "null" or (shape.kind == "object" and not shape.properties)
    return bool(component.output) and not empty


@check("site", (NO_OUTPUT,))
def missing_outputs(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report outputs of steps that have none."""
    for item in site.reached:
        path = item.reference.path
        reachable = not item.reach.reason or item.guarded or item.reach.guardable
        if path[1:2] not in (("output",), ()) or not reachable:
            continue
        said = _why_none(facts, item.target)
        if said:
            yield _no_output(site, item, *said)


def _why_none(facts: Facts, node: Node) -> tuple[str, str] | None:
    """Return why a step has no output, and what to do; None if it has one."""
    if node.kind == "call":
        use = facts.uses.get(node.path)
        component = use.component if use else None
        if component is None or component.output.get("type") != "null":
            return None
        return f"{component.id!r} gives nothing back", ""
    if not node.kind or node.kind == "ask" or node.id in facts.outputs:
        return None
    if node.kind == "for_each":
        return "the loop has no 'collect'", "Give the loop a 'collect': what to keep of each item."
    inner = _inner_ids(node)
    hint = f"Name a step inside it: {', '.join(f'steps.{name}' for name in inner)}."
    return f"a step of kind {node.kind!r} has no output", hint if inner else ""


def _inner_ids(node: Node) -> list[str]:
    inner = [item for block in node.blocks for item in block.nodes]
    return [item.id for item in inner if item.kind in ("call", "ask") and item.id][:_NAMED_AT_MOST]


def _no_output(site: Site, item: Reached, why: str, hint: str) -> Finding:
    name = item.target.id
    inner = _inner_ids(item.target) if item.target.kind != "for_each" else []
    return Finding(
        code=NO_OUTPUT,
        path=site.path,
        message=f"steps.{name}.output is never there: {why}.",
        hint=hint or "Name a step that has an output.",
        candidates=tuple(f"steps.{inner_id}.output" for inner_id in inner),
        step=site.step,
        column=site.column + item.reference.column - 1,
    )
