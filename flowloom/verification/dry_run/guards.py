"""Whether a workflow comes to an expression at all, with values as they are tried.

A condition around it, a loop over an empty list or an earlier ``stop`` may keep it away; so may a
``try`` that catches what fails.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flowloom.errors import ExpressionError
from flowloom.verification.dry_run.filters import Predicate, with_outcomes
from flowloom.verification.facts import Facts, Site
from flowloom.verification.tree import Block, Node
from flowloom.workflow.cel.evaluation import evaluate
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.interpreter.evaluator import Values
from flowloom.workflow.path import Path, at
from flowloom.workflow.templates import bare_expression

__all__ = ["Case", "Guards", "is_caught"]

_ALL = re.compile(r"\.all\s*\(")


@dataclass(frozen=True)
class Case:
    """What is tried: changed values, or a filter that lets nothing through.

    Attributes:
        keys: the values that it is about; a guard is an expression that names one of them.
        about: what in them was changed, where that is known.
        before: the values before the change.
    """

    values: Values
    keys: tuple[tuple[str, ...], ...]
    predicate: Predicate | None = None
    about: tuple[tuple[str | int, ...], ...] = ()
    before: Values | None = None


@dataclass(frozen=True)
class Guards:
    """What keeps a workflow from its expressions."""

    facts: Facts

    def keep_away(self, site: Site, case: Case) -> bool:
        """Return whether the workflow would not come to the expression in this case."""
        block, index = site.place.block, site.place.index
        while True:
            if any(self._leaves(node, case) for node in block.nodes[:index]):
                return True
            owner = block.owner
            if owner is None:
                return False
            if not self._enters(owner, block, case):
                return True
            block, index = owner.block, owner.index

    def _enters(self, owner: Node, block: Block, case: Case) -> bool:
        if owner.kind == "if":
            return self._branch(owner, case) in (block, None)
        if owner.kind == "for_each":
            found = self._told((*owner.path, "for_each"), case)
            return found is None or (isinstance(found, list) and bool(cast(list[Any], found)))
        if owner.kind == "while":
            return self._told((*owner.path, "while"), case, owner.path) in (None, True)
        if owner.kind == "switch":
            found = self._told((*owner.path, "switch"), case)
            return found is None or found == self._untouched((*owner.path, "switch"), case)
        return True

    def _leaves(self, node: Node, case: Case) -> bool:
        """Return whether an earlier step of a block ends the run or is skipped with it."""
        if node.kind != "if" or all(map(self.facts.scope.completes, node.blocks)):
            return False
        taken = self._branch(node, case)
        return taken is not None and not self.facts.scope.completes(taken)

    def _branch(self, node: Node, case: Case) -> Block | None:
        """Return the block of an ``if`` that the case leads to, None if it does not tell."""
        told = False
        for block in node.blocks:
            if block.condition is None:
                return block if told else None
            found = self._told(block.condition, case)
            if found is True:
                return block
            if found is None:
                # Another value decides: it may lead into this block or past it.
                if told:
                    continue
                return None
            told = True
        return None

    def _told(self, path: Path, case: Case, loop: Path = ()) -> Any:
        """Return what an expression on the way gives; None if it does not depend on the source.

        False if it fails: then the workflow ends there, and says so there. An expression that
        depends on the source through another step counts as False too: it may be the guard. So
        does one of all items, where a filter lets nothing through.

        Args:
            loop: place of the ``while`` whose condition it is: no step in it ran before.
        """
        sites = self.facts.sites_at.get(path, ())
        references = sites[0].checked.references if sites and sites[0].checked else ()
        if not any(_names(item, key) for item in references for key in case.keys):
            earlier = [item for item in references if not self._is_inside(item, loop)]
            about = case.about or case.keys
            return False if any(self._follows(earlier, key) for key in about) else None
        text = bare_expression(str(at(self.facts.data, path)))
        if case.predicate is not None:
            if _ALL.search(text):
                return False
            text = with_outcomes(text, case.predicate)
        try:
            return evaluate(text, case.values)
        except ExpressionError:
            return False

    def _untouched(self, path: Path, case: Case) -> Any:
        """Return what an expression gives with the values before the change; None if unknown."""
        if case.before is None:
            return None
        try:
            return evaluate(bare_expression(str(at(self.facts.data, path))), case.before)
        except ExpressionError:
            return None

    def _is_inside(self, reference: Reference, loop: Path) -> bool:
        node = _step(self.facts, reference) if loop else None
        return node is not None and node.path[: len(loop)] == loop

    def _follows(self, references: Sequence[Reference], key: tuple[str | int, ...]) -> bool:
        """Return whether an expression names a step that is given the source as an input."""
        for reference in references:
            node = _step(self.facts, reference)
            if node is None:
                continue
            for site in self.facts.sites_of_step.get(node.path, ()):
                found = site.checked.references if site.checked else ()
                if any(_names(item, key) for item in found):
                    return True
        return False


def _step(facts: Facts, reference: Reference) -> Node | None:
    if reference.root != "steps" or not reference.path:
        return None
    return facts.tree.by_id.get(str(reference.path[0]))


def _names(reference: Reference, key: tuple[str | int, ...]) -> bool:
    full: tuple[str | int, ...] = (reference.root, *reference.path)
    return full[: len(key)] == key or (len(full) < len(key) and key[: len(full)] == full)


def is_caught(block: Block) -> bool:
    """Return whether a ``try`` with ``catch`` stands around a block."""
    owner = block.owner
    while owner is not None:
        if block.kind == "try" and owner.blocks[1].nodes:
            return True
        block, owner = owner.block, owner.block.owner
    return False
