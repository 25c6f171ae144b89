"""Which steps have surely run before a place: the scope rules of the language.

A reference reaches only steps that have surely run before it in its own scope. A step in a branch
counts once every other branch ends the run; what a branch or a failed ``try`` may not have
produced can be reached behind a guard; what a ``for_each`` body produced cannot be reached at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from flowloom.verification.tree import Block, Node, Place

__all__ = ["FAILED", "SURE", "Reach", "Reason", "ScopeRules"]

Reason: TypeAlias = Literal[
    "",
    "itself",
    "enclosing",
    "later",
    "loop",
    "parallel",
    "other_branch",
    "branch",
    "try",
    "failed",
]


@dataclass(frozen=True)
class Reach:
    """Whether a step's output is there at a place.

    Attributes:
        reason: why it may not be there; empty if it surely is.
        guardable: whether an expression that tests its presence may use it.
        block: the block that stands between, if one does.
    """

    reason: Reason
    guardable: bool = False
    block: Block | None = None


SURE = Reach("")
FAILED = Reach("failed", guardable=True)
_Chain: TypeAlias = tuple[tuple[Block, int], ...]


class ScopeRules:
    """Answers scope questions about one tree; remembers what it found out about its blocks."""

    def __init__(self) -> None:
        self._chains: dict[int, _Chain] = {}
        self._completes: dict[int, bool] = {}

    def reach(self, place: Place, target: Node) -> Reach:
        """Return whether ``target`` has surely run when an expression at ``place`` is evaluated.

        Takes time in proportion to the nesting depth, not to the number of steps.
        """
        here = (*self._chain(place.block), (place.block, place.index))
        there = (*self._chain(target.block), (target.block, target.index))
        for depth, ((block, index), (other, other_index)) in enumerate(
            zip(here, there, strict=False)
        ):
            if block is not other:
                return _between_siblings(block, other)
            if other_index > index:
                return Reach("later", guardable=_in_while(here[: depth + 1]))
            if other_index < index:
                reach = self._leaving(there[depth + 1 :])
                return FAILED if reach is SURE and _goes_on(target) else reach
        if len(here) == len(there):
            return Reach("itself", guardable=_in_while(here))
        if len(there) < len(here):
            return Reach("enclosing")
        inner = there[len(here)][0]
        return Reach("loop", True, inner) if inner.kind == "while" else Reach("itself")

    def completes(self, block: Block) -> bool:
        """Return whether what follows the block can be reached through it."""
        known = self._completes.get(id(block))
        if known is None:
            known = not any(self.stops(node) for node in block.nodes)
            self._completes[id(block)] = known
        return known

    def stops(self, node: Node) -> bool:
        """Return whether a step always ends the run."""
        match node.kind:
            case "stop":
                return True
            case "if" | "switch":
                return not any(self.completes(block) for block in node.blocks)
            case "parallel":
                return any(not self.completes(block) for block in node.blocks)
            case "try":
                body, catch, last = node.blocks
                fails = bool(catch.nodes) and self.completes(catch)
                return not self.completes(last) or not (self.completes(body) or fails)
            case _:
                return False

    def _chain(self, block: Block) -> _Chain:
        known = self._chains.get(id(block))
        if known is None:
            owner = block.owner
            known = (*self._chain(owner.block), (owner.block, owner.index)) if owner else ()
            self._chains[id(block)] = known
        return known

    def _leaving(self, inner: _Chain) -> Reach:
        """Return what stands between steps inside earlier blocks and the place after them."""
        found = [self._leave(block) for block, _ in inner]
        unsure = [reach for reach in found if reach.reason]
        fixed = next((reach for reach in unsure if not reach.guardable), None)
        return fixed or (unsure[0] if unsure else SURE)

    def _leave(self, block: Block) -> Reach:
        owner = block.owner
        if owner is None or block.kind in ("parallel", "root"):
            return SURE
        if block.kind == "branch":
            others = [other for other in owner.blocks if other is not block]
            if not any(self.completes(other) for other in others):
                return SURE
            return Reach("branch", True, block)
        if block.kind == "try":
            catch = owner.blocks[1]
            caught = bool(catch.nodes) and self.completes(catch)
            return Reach("try", True, block) if caught else SURE
        if block.kind == "catch":
            return Reach("branch", True, block)
        return Reach("loop", block.kind == "while", block)


def _between_siblings(block: Block, other: Block) -> Reach:
    """Return the reach from one block of a step into another block of the same step."""
    if other.kind == "parallel":
        return Reach("parallel", False, other)
    if other.kind == "branch":
        return Reach("other_branch", False, other)
    order = ("try", "catch", "finally")
    if block.label in order and other.label in order:
        before = order.index(other.label) < order.index(block.label)
        return Reach("try", True, other) if before else Reach("later")
    return Reach("later")


def _goes_on(node: Node) -> bool:
    return node.kind == "call" and node.get("on_error") == "continue"


def _in_while(chain: _Chain) -> bool:
    # Inside a `while`, the output of the round before may be there: a later step's, or its own.
    return any(block.kind == "while" for block, _ in chain)
