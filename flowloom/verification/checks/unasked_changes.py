"""FL807: what an edit changed or took away beside what it was asked to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Node, read_tree
from flowloom.workflow.outline import Outline
from flowloom.workflow.parts import changed_leaves, parts_of

__all__: list[str] = []

UNASKED = rule(
    "FL807",
    "warning",
    "A step, trigger, input or output that an edit changed or removed, and that the plan of the"
    " edit does not name.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log, with: {text: hi}}\n"
    "  - {id: planned, uses: demo.log, with: {text: a quoted text}}",
)
_NAMED = re.compile(r"\b(steps|inputs)\s*\.\s*\??\s*(\w+)")
_TOLD = ("name", "description")
"""Parts that do nothing."""


@check("document", (UNASKED,))
def unasked(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report parts that an edit touched without need."""
    outline, original = facts.outline, facts.original
    if original is None or outline is None or not outline.edits:
        return
    before, after = parts_of(original), parts_of(facts.document)
    nodes = read_tree(original.data).by_id
    touched = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    planned = _planned(outline, nodes)
    moved = planned | touched
    for name in (name for name in before if name in touched):
        if name in planned or name in _TOLD or _is_told(name, facts.request, outline):
            continue
        if name not in after:
            had_to = bool(_names_in(before[name]) - after.keys()) or _is_unused(name, after)
        else:
            had_to = _follows((before[name], after[name]), moved, name)
        if not had_to:
            yield _finding(facts, name, removed=name not in after)


def _planned(outline: Outline, nodes: dict[str, Node]) -> frozenset[str]:
    """Return the parts that the plan names, with the steps inside the steps that it names."""
    targets = {edit.target for edit in outline.edits if edit.target}
    inside = {name for name, node in nodes.items() if any(_around(node, targets))}
    names = targets | inside | {step.id for step in outline.walk()}
    return frozenset(names)


def _around(node: Node, targets: set[str]) -> Iterator[bool]:
    owner = node.block.owner
    while owner is not None:
        yield owner.id in targets
        owner = owner.block.owner


def _is_told(name: str, request: str, outline: Outline) -> bool:
    """The request names the step, or the plan changes the workflow's head."""
    if name == "trigger" or name.startswith(("inputs.", "outputs.")):
        return bool(outline.trigger.text) or any(not edit.target for edit in outline.edits)
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", request) is not None


def _follows(texts: tuple[str, str], moved: set[str] | frozenset[str], name: str) -> bool:
    """Whether a part had to change: all that changed names another part that the edit touched."""
    return all(
        (_names_in(before) | _names_in(after)) & moved - {name}
        for before, after in changed_leaves(*texts)
    )


def _names_in(text: str) -> set[str]:
    return {
        found[2] if found[1] == "steps" else f"inputs.{found[2]}" for found in _NAMED.finditer(text)
    }


def _is_unused(name: str, after: dict[str, str]) -> bool:
    """Whether it is an input that nothing names any more."""
    named = (re.search(rf"\b{re.escape(name)}\b", text) for text in after.values())
    return name.startswith("inputs.") and not any(named)


def _finding(facts: Facts, name: str, *, removed: bool) -> Finding:
    node = facts.tree.by_id.get(name)
    head = name in ("trigger",) or name.startswith(("inputs.", "outputs."))
    what = f"The {name!r} of the workflow" if head else f"The step {name!r}"
    path = node.path if node else (tuple(name.split(".")) if head and not removed else ("steps",))
    return Finding(
        code=UNASKED,
        path=path,
        message=f"{what} was {'removed' if removed else 'changed'}, and the plan of the edit does"
        " not name it.",
        hint="Take that back, or ask for it.",
        step=node.id if node else "",
    )
