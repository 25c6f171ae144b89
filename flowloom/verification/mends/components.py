"""Mends of components: FL201 to FL206."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.catalog.component import Component
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts, Use
from flowloom.verification.mends.nearness import only_near
from flowloom.verification.mends.registry import Proposal, mend_rule, set_value, unset_value
from flowloom.workflow.path import Path, at
from flowloom.workflow.schema_types import shape_of

__all__: list[str] = []

_MOVABLE = frozenset({"id", "uses", "with", "connection"})
"""What a step may have if it is to become the trigger, which has no more than that."""


@mend_rule("FL201", "a misspelt component, also in the wrong case")
def unknown_component(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one id that the name is a slip of."""
    reference = str(at(facts.data, path))
    name, sign, version = reference.partition("@")
    folded = _folded(name)
    same = [known for known in facts.catalog.ids if _folded(known) == folded]
    only = only_near(name, [*same, *item.candidates])
    if only is not None and facts.catalog.get(new := only + sign + version) is not None:
        yield Proposal(set_value(path, new), f"{reference!r} is written {new!r}")


def _folded(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


@mend_rule("FL202", "a version that is not there, where the component has just one")
def unknown_version(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Leave the version out: a catalog has one of each component."""
    name = str(at(facts.data, path)).partition("@")[0]
    yield Proposal(set_value(path, name), f"the only version of {name!r} is taken")


@mend_rule("FL203", "a deprecated component whose replacement takes and gives at least the same")
def deprecated_component(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Take the replacement that the catalog names; only where warnings are mended."""
    use = facts.uses.get(path[:-1])
    old = use.component if use else None
    new = facts.catalog.get(old.replaced_by) if old and old.replaced_by else None
    if use is not None and old is not None and new is not None and _replaces(new, old, use):
        yield Proposal(set_value(path, new.id), f"{old.id!r} is replaced by {new.id!r}")


def _replaces(new: Component, old: Component, use: Use) -> bool:
    takes = all(new.inputs.get(name) == schema for name, schema in old.inputs.items())
    given = set(new.required) <= set(use.inputs)
    same = (new.kind, new.effect, new.connection) == (old.kind, old.effect, old.connection)
    gave, gives = shape_of(old.output), shape_of(new.output)
    kept = all(gives.properties.get(name) == item for name, item in gave.properties.items())
    fits = (gave.kind, gave.required <= gives.required) == (gives.kind, True)
    return not new.deprecated and takes and given and same and kept and fits


@mend_rule("FL204", "a trigger as the first step of a workflow that has no trigger")
def trigger_as_step(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Move it to where the trigger stands."""
    where = path[:-1]
    step = at(facts.data, where)
    first = where == ("steps", 0) and len(facts.data["steps"]) > 1
    if first and "trigger" not in facts.data and set(step) <= _MOVABLE:
        trigger = {key: value for key, value in step.items() if key != "id"}
        changes = (*unset_value(where), *set_value(("trigger",), trigger))
        yield Proposal(changes, f"the step {step.get('id')!r} is the trigger")


@mend_rule("FL206", "a connection for a component that takes none")
def needless_connection(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Leave the connection out."""
    yield Proposal(unset_value(path), f"the connection {at(facts.data, path)!r} is left out")
