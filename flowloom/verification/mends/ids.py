"""Mends of ids: FL107 (an id that is taken)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts
from flowloom.verification.mends.registry import Proposal, mend_rule, set_value
from flowloom.workflow.path import Path, at

__all__: list[str] = []

_LONGEST = 64


@mend_rule("FL107", "an id that is taken, where nothing refers to it")
def taken_id(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Give the later step the next free id, if no expression could mean either of the two."""
    name = str(at(facts.data, path))
    if _may_be_meant(facts, name):
        return
    taken = {node.id for node in facts.tree.nodes}
    tries = (f"{name[: _LONGEST - 5]}_{number}" for number in count(2))
    free = next(new for new in tries if new not in taken)
    yield Proposal(set_value(path, free), f"the second {name!r} is called {free!r}")


def _may_be_meant(facts: Facts, name: str) -> bool:
    for site in facts.sites:
        if site.checked is None or any(item.kind == "syntax" for item in site.checked.problems):
            return True
        for reference in site.checked.references:
            if reference.root == "steps" and reference.path[:1] in ((), (name,)):
                return True
    return False
