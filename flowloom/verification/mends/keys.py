"""Mends of keys: FL101 (unknown key) and FL103 (no key tells the kind of a step)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts
from flowloom.verification.literals import literal_problems
from flowloom.verification.mends.nearness import only_near
from flowloom.verification.mends.registry import Proposal, mend_rule, renamed
from flowloom.workflow.path import Path, at

__all__: list[str] = []


@mend_rule("FL101", "a misspelt key; an input that stands beside 'with' instead of under it")
def unknown_key(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Rename a key, or move an input to where inputs stand."""
    name, owner = str(path[-1]), at(facts.data, path[:-1])
    value = owner[name]
    meant = only_near(name, item.candidates)
    if _is_input(facts, path):
        # A key that may be either is not mended.
        if meant is None:
            changes = renamed(path, value, "with", name)
            yield Proposal(changes, f"the input {name!r} stands under 'with'")
    elif meant is not None and meant not in owner:
        yield Proposal(renamed(path, value, meant), f"the key {name!r} is written {meant!r}")


def _is_input(facts: Facts, path: Path) -> bool:
    name, owner = str(path[-1]), at(facts.data, path[:-1])
    use = facts.uses.get(path[:-1])
    if use is None or use.component is None or not _takes_inputs(owner):
        return False
    schema = use.component.inputs.get(name)
    return (
        schema is not None
        and name not in use.inputs
        and not any(True for _ in literal_problems(owner[name], schema))
    )


def _takes_inputs(owner: dict[str, Any]) -> bool:
    """Whether there is a place for an input: 'with', or room for it that no misspelt one needs."""
    if "with" in owner:
        return isinstance(owner["with"], dict)
    return not any(only_near(str(key), ["with"]) for key in owner)


@mend_rule("FL103", "a misspelt key that tells the kind of a step")
def unknown_kind(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Rename the one key of a step that is nearly a kind."""
    step = at(facts.data, path)
    if not isinstance(step, dict):
        return
    near = [(key, only_near(str(key), item.candidates)) for key in step]
    slips = [(key, kind) for key, kind in near if kind is not None]
    if len(slips) == 1:
        key, kind = slips[0]
        changes = renamed((*path, key), step[key], kind)
        yield Proposal(changes, f"the key {key!r} is written {kind!r}")
