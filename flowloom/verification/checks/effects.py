"""FL703 to FL705: steps that destroy without a guard, and writes without a bound."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.acting import effect_of
from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import Block, Node

__all__: list[str] = []

_ROWS = "name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
IN_LOOP = rule(
    "FL703",
    "warning",
    "A destructive step in a loop, with no condition for the single item and no approval.",
    example=_ROWS + "  - id: l\n    for_each: steps.r.output.rows\n    do:\n"
    "      - {id: d, uses: demo.remove, with: {name: '${{ item.name }}'}}",
    mender="person",
)
UNGUARDED = rule(
    "FL704",
    "warning",
    "A destructive step that no condition and no approval guards.",
    example="name: x\nsteps:\n  - {id: d, uses: demo.remove, with: {name: old}}",
    mender="person",
)
UNBOUNDED = rule(
    "FL705",
    "warning",
    "Writes whose number nothing bounds.",
    example=_ROWS + "  - id: l\n    for_each: steps.r.output.rows\n    do:\n"
    "      - id: m\n        for_each: steps.r.output.rows\n        as: other\n        do:\n"
    "          - {id: s, uses: demo.send, connection: demo, with: {to: '${{ other.name }}',"
    " text: '${{ item.name }}'}}",
    mender="person",
)
MANY_AT_ONCE = 10
"""Concurrency from which a loop over a list of any length counts as a flood."""
_GUARD_HINT = "Put it in an 'if' that decides it, or ask a person first and test the answer."


@check("document", (IN_LOOP, UNGUARDED, UNBOUNDED))
def acting_steps(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report what destroys unguarded and what writes without end."""
    guards = _Guards(facts)
    for use in facts.uses.values():
        effect = effect_of(use)
        if use.node is None or effect == "read":
            continue
        if effect == "destructive":
            yield from _destructive(use, use.node, guards)
        why = _unbounded(facts, use.node)
        if why:
            message = f"{use.name} writes {why}."
            hint = "Bound the list or the loop, or collect the texts and write once."
            yield Finding(code=UNBOUNDED, path=use.path, message=message, hint=hint, step=use.step)


def _destructive(use: Use, node: Node, guards: _Guards) -> Iterator[Finding]:
    looped, guarded, approved = guards.around(node)
    if guarded or approved or (not looped and guards.is_own(use)):
        return
    where = "runs for every item of a loop" if looped else "runs every time"
    message = f"{use.name} destroys something ({use.reference}) and {where}; nothing guards it."
    code = IN_LOOP if looped else UNGUARDED
    yield Finding(code=code, path=use.path, message=message, hint=_GUARD_HINT, step=use.step)


class _Guards:
    """What decides whether a step runs; remembers where each block may be left early."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._exits: dict[int, tuple[int, int]] = {}

    def around(self, node: Node) -> tuple[bool, bool, bool]:
        """Return: in a loop, guarded by a condition inside it, approved by a person."""
        looped = guarded = approved = False
        block, index = node.block, node.index
        while True:
            plain, asked = self._first_exits(block)
            guarded = guarded or (not looped and plain < index)
            approved = approved or asked < index
            owner = block.owner
            if owner is None:
                return looped, guarded, approved
            if block.kind in ("branch", "catch"):
                guarded = guarded or not looped
                approved = approved or self._tests_answer(owner)
            looped = looped or block.kind in ("for_each", "while")
            block, index = owner.block, owner.index

    def is_own(self, use: Use) -> bool:
        """Return whether a step takes away only what this run itself has made."""
        sites = self._facts.sites_of_step.get(use.path, ())
        reached = [item.target for site in sites for item in site.reached]
        made = [self._facts.uses.get(target.path) for target in reached]
        return bool(made) and all(item is not None and effect_of(item) == "write" for item in made)

    def _first_exits(self, block: Block) -> tuple[int, int]:
        """Return where the first condition stands that may end the run, and one of an answer."""
        known = self._exits.get(id(block))
        if known is None:
            exits = [node for node in block.nodes if self._may_end(node)]
            never = len(block.nodes)
            asked = (node.index for node in exits if self._tests_answer(node))
            known = (exits[0].index if exits else never, next(asked, never))
            self._exits[id(block)] = known
        return known

    def _may_end(self, node: Node) -> bool:
        branches = node.blocks if node.kind in ("if", "switch") else []
        return any(not self._facts.scope.completes(block) for block in branches)

    def _tests_answer(self, node: Node) -> bool:
        sites = self._facts.sites_of_step.get(node.path, ())
        return any(self._is_question(item.target) for site in sites for item in site.reached)

    def _is_question(self, node: Node) -> bool:
        use = self._facts.uses.get(node.path)
        return node.kind == "ask" or (use is not None and use.reference.startswith("person."))


def _unbounded(facts: Facts, node: Node) -> str:
    """Return what makes the number of writes unbounded, empty if nothing does."""
    loops = 0
    owner = node.block.owner
    while owner is not None:
        if owner.kind == "while" and owner.get("max_iterations") is None:
            return f"in the loop {owner.id!r}, which has no 'max_iterations'"
        if owner.kind == "for_each" and not _is_bounded(facts, owner):
            loops += 1
            many = owner.get("concurrency")
            if isinstance(many, int) and many >= MANY_AT_ONCE:
                return f"up to {many} times at once for a list of any length ({owner.id!r})"
            if loops > 1:
                return f"once for every item in two loops, one in the other ({owner.id!r})"
        owner = owner.block.owner
    return ""


def _is_bounded(facts: Facts, node: Node) -> bool:
    sites = facts.sites_at.get((*node.path, "for_each"), ())
    return any(
        site.checked is not None and (site.checked.constant or "maxItems" in site.schema)
        for site in sites
    )
