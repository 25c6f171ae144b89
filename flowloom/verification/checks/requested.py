"""FL804 to FL806: what was done that nobody planned, and planned structure that is missing."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.acting import effect_of
from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Node, read_tree
from flowloom.workflow.outline import Outline, OutlineStep

__all__: list[str] = []

_PLANNED = "name: x\nsteps:\n  - {id: planned, uses: demo.log, with: {text: a quoted text}}\n"
DESTROYS = rule(
    "FL804",
    "error",
    "A destructive step that the plan does not have.",
    example=_PLANNED + "  - id: c\n    if: size(steps.planned.output.text) > 3\n"
    "    then: [{id: d, uses: demo.remove, with: {name: old}}]",
)
WRITES = rule(
    "FL805",
    "warning",
    "A writing step that the plan does not have.",
    example=_PLANNED
    + "  - {id: s, uses: demo.send, connection: demo, with: {to: all, text: done}}",
)
STRUCTURE = rule(
    "FL806",
    "error",
    "A planned condition, loop, question or wait that the workflow does not have.",
    example=_PLANNED,
)
_ALIKE: dict[str, frozenset[str]] = {
    "if": frozenset(["if", "switch"]),
    "switch": frozenset(["if", "switch"]),
    "for_each": frozenset(["for_each", "while"]),
    "while": frozenset(["for_each", "while"]),
    "ask": frozenset(["ask", "call"]),
    "wait": frozenset(["wait", "call"]),
}


@check("document", (DESTROYS, WRITES))
def not_asked_for(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report steps that act and that neither plan nor the workflow before the change has."""
    outline = facts.outline
    before = _before(facts)
    if outline is None or before is None:
        return
    plan = _Plan(outline)
    for use in facts.uses.values():
        effect = effect_of(use)
        if use.node is None or effect == "read" or use.step in before or plan.covers(use.node):
            continue
        does = "destroys something" if effect == "destructive" else "writes"
        yield Finding(
            code=DESTROYS if effect == "destructive" else WRITES,
            path=use.path,
            message=f"{use.name} {does} ({use.reference}), and the plan has no such step.",
            hint="Remove it, or plan it first.",
            candidates=tuple(plan.steps)[:5],
            step=use.step,
        )


def _before(facts: Facts) -> frozenset[str] | None:
    """Return the ids that stood before a change; None if that is unknown or nothing planned."""
    if facts.outline is None or not (facts.outline.steps or facts.outline.edits):
        return None
    if facts.original is not None:
        return frozenset(read_tree(facts.original.data).by_id)
    return None if facts.outline.edits else frozenset()


class _Plan:
    """The planned steps, and which steps of a workflow carry them out."""

    def __init__(self, outline: Outline) -> None:
        self.steps: dict[str, OutlineStep | None] = {
            edit.target: None for edit in outline.edits if edit.target
        }
        self.steps.update({step.id: step for step in outline.walk()})

    def covers(self, node: Node) -> bool:
        """Return whether a step is planned, named after a planned one, or inside one."""
        if node.id in self.steps or self._is_derived(node.id):
            return True
        owner = node.block.owner
        while owner is not None:
            planned = self.steps.get(owner.id)
            if planned is not None and not any(block.steps for block in planned.blocks):
                return True  # the plan leaves open what stands in it
            owner = owner.block.owner
        return False

    def _is_derived(self, step_id: str) -> bool:
        words = step_id.split("_")
        return (
            any(
                "_".join(words[:cut]) in self.steps or "_".join(words[cut:]) in self.steps
                for cut in range(1, len(words))
            )
            or step_id.rstrip("0123456789") in self.steps
        )


@check("document", (STRUCTURE,))
def planned_structure(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report planned blocks that are not there, under their name or another."""
    if facts.outline is None:
        return
    planned = list(facts.outline.walk())
    names = {step.id for step in planned}
    spare = [node.kind for node in facts.tree.nodes if node.id not in names]
    for step in planned:
        if step.kind == "call" or step.id in facts.tree.by_id:
            continue
        alike = _ALIKE.get(step.kind, frozenset([step.kind]))
        stands_in = next((kind for kind in spare if kind in alike), None)
        if stands_in is not None:
            spare.remove(stands_in)  # carried out under another name
            continue
        told = f" ({step.text})" if step.text else ""
        yield Finding(
            code=STRUCTURE,
            path=("steps",),
            message=f"The planned {step.kind!r} {step.id!r}{told} is not there.",
            hint=f"Add it, with the id {step.id!r}.",
            candidates=(step.id,),
        )
