"""Faults of the flow of data: what is named must have run before, and what is made is used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from benchmarks.fault_expressions import written
from benchmarks.fault_model import GONE, Edit, Planting, Sample, fault
from benchmarks.fault_shape import slip
from flowloom.verification.tree import Node
from flowloom.workflow.path import Path

__all__: list[str] = []


def logged(step_id: str, text: str) -> dict[str, Any]:
    """Return a step that writes a log line."""
    return {"id": step_id, "uses": "core.log", "with": {"message": text}}


def shown(step_id: str) -> str:
    """Return a text that names a step's output, whatever its type."""
    return "${{ string(steps." + step_id + ".output == null) }}"


@fault("FL501")
def misspelt_step(sample: Sample) -> Iterator[Planting]:
    """Two letters of a step's id are swapped in a reference."""
    for expr in sample.exprs:
        for reference in expr.references:
            new = slip(reference.id)
            if new not in sample.by_id:
                fields = "".join(f".{name}" for name in reference.fields)
                yield Planting(expr.swap(reference, f"steps.{new}.output{fields}"), (expr.path,))


@fault("FL501")
def step_taken_out(sample: Sample) -> Iterator[Planting]:
    """A step that others refer to is deleted."""
    for index, step in enumerate(sample.data["steps"][:-1]):
        name = step["id"]
        users = [expr.path for expr in sample.exprs if any(r.id == name for r in expr.references)]
        inside = [path for path in users if path[1] != index]
        rest = [*sample.data["steps"][:index], *sample.data["steps"][index + 1 :]]
        moved = tuple(_shifted(path, index) for path in inside)
        if moved:
            yield Planting(((("steps",), rest),), moved)


def _shifted(path: Path, index: int) -> Path:
    if path[0] == "steps" and int(path[1]) > index:
        return ("steps", int(path[1]) - 1, *path[2:])
    return path


@fault("FL502")
def reference_to_a_later_step(sample: Sample) -> Iterator[Planting]:
    """A step names one that runs after it."""
    for node in sample.nodes:
        if node.block.kind != "root" or node.path[0] != "steps" or len(node.path) != 2:
            continue
        for later in node.block.nodes[node.index :]:
            if later.kind in ("call", "ask"):
                step = logged(sample.free_id(), shown(later.id))
                edit = inserted_at(sample, node.index, step)
                yield Planting(edit, (("steps", node.index, "with", "message"),))


def inserted_at(sample: Sample, index: int, step: dict[str, Any]) -> tuple[Edit, ...]:
    """Return the edit that puts a step among the workflow's own steps."""
    steps = sample.data["steps"]
    return ((("steps",), [*steps[:index], step, *steps[index:]]),)


@fault("FL502")
def steps_in_the_wrong_order(sample: Sample) -> Iterator[Planting]:
    """Two neighbours change places, and the first needs the second."""
    steps = sample.data["steps"]
    for index in range(len(steps) - 1):
        first, second = steps[index], steps[index + 1]
        users = [
            expr.path
            for expr in sample.exprs
            if expr.path[:2] == ("steps", index + 1)
            and any(r.id == first["id"] for r in expr.references)
            and "?" not in expr.text
            and "has(" not in expr.text
        ]
        if users and "collect" not in first:
            order = [*steps[:index], second, first, *steps[index + 2 :]]
            places = tuple(("steps", index, *path[2:]) for path in users)
            yield Planting(((("steps",), order),), places)


@fault("FL502")
def step_that_names_itself(sample: Sample) -> Iterator[Planting]:
    """A step's input is its own output."""
    for call in sample.calls:
        node = call.node
        if node is None or _in_while(node):
            continue
        for name, value in call.inputs.items():
            if isinstance(value, str) and "enum" not in call.schema(name):
                yield Planting(((call.at(name), shown(node.id)),), (call.at(name),))


def _in_while(node: Node | None) -> bool:
    while node is not None:
        if node.block.kind == "while":
            return True
        node = node.block.owner
    return False


@fault("FL503")
def loop_body_from_outside(sample: Sample) -> Iterator[Planting]:
    """What a loop's step made is named behind the loop."""
    for node in sample.nodes:
        if node.kind in ("call", "ask") and _through(node) == ["for_each"]:
            yield written(sample, shown(node.id))


def _through(node: Node) -> list[str]:
    found: list[str] = []
    block = node.block
    while block.owner is not None:
        found.append(block.kind)
        block = block.owner.block
    return found


@fault("FL503")
def parallel_sibling(sample: Sample) -> Iterator[Planting]:
    """A branch names what another branch makes at the same time."""
    for node in sample.of("parallel"):
        for index in range(len(node.blocks)):
            for other in node.blocks:
                if other is node.blocks[index]:
                    continue
                for target in other.nodes:
                    if target.kind == "call":
                        path = (*node.path, "parallel", index)
                        steps = node.data["parallel"][index]
                        step = logged(sample.free_id(), shown(target.id))
                        yield Planting(
                            ((path, [*steps, step]),), ((*path, len(steps), "with", "message"),)
                        )


@fault("FL503")
def step_of_another_branch(sample: Sample) -> Iterator[Planting]:
    """``else`` names what ``then`` makes."""
    for node in sample.of("if"):
        for target in node.blocks[0].nodes:
            other: list[Any] = node.get("else") or []
            if target.kind == "call":
                step = logged(sample.free_id(), shown(target.id))
                path = (*node.path, "else")
                yield Planting(((path, [step, *other]),), ((*path, 0, "with", "message"),))


@fault("FL504")
def value_that_only_one_branch_makes(sample: Sample) -> Iterator[Planting]:
    """A branch's output is named behind the branch, without a guard."""
    for node in sample.nodes:
        owner = node.block.owner
        if node.kind == "call" and node.block.kind == "branch" and owner is not None:
            ends = [b for b in owner.blocks if any(inner.kind == "stop" for inner in b.nodes)]
            if owner.block.kind == "root" and len(owner.path) == 2 and not ends:
                yield written(sample, shown(node.id))


@fault("FL504")
def guard_taken_away(sample: Sample) -> Iterator[Planting]:
    """``has(steps.x) ? steps.x.output : y`` becomes ``steps.x.output``."""
    for expr in sample.exprs:
        match = re.fullmatch(
            r"has\(steps\.(\w+)\) \? (steps\.\1\.output[\w.]*) : .*", expr.text, re.DOTALL
        )
        match = match or re.fullmatch(
            r"has\(steps\.(\w+)\) && (steps\.\1\.output[\w.]*)", expr.text
        )
        if match:
            yield Planting(expr.put(match[2]), (expr.path,))


@fault("FL504")
def value_of_a_try_that_may_have_failed(sample: Sample) -> Iterator[Planting]:
    """What a ``try`` makes is named behind it, though an error was caught."""
    for node in sample.of("try"):
        root = node.block.kind == "root" and len(node.path) == 2
        caught = node.blocks[1].nodes
        if root and caught and caught[-1].kind != "stop":
            for target in node.blocks[0].nodes:
                if target.kind == "call":
                    yield written(sample, shown(target.id))


@fault("FL504")
def value_of_a_step_that_may_go_on_after_an_error(sample: Sample) -> Iterator[Planting]:
    """``on_error: continue``, and the output is used as if it were there."""
    for call in sample.calls:
        node = call.node
        if node is None or "on_error" in node.data:
            continue
        users = tuple(
            expr.path
            for expr in sample.exprs
            if any(r.id == node.id for r in expr.references) and "has(" not in expr.text
        )
        guarded = f"has(steps.{node.id})" in json.dumps(sample.data)
        if users and not guarded:
            yield Planting((((*node.path, "on_error"), "continue"),), users)


@fault("FL505")
def trigger_taken_away(sample: Sample) -> Iterator[Planting]:
    """The trigger's output is used, and there is no trigger."""
    users = tuple(expr.path for expr in sample.exprs if "trigger.output" in expr.text)
    if users:
        yield Planting(((("trigger",), GONE),), users)
    elif "trigger" not in sample.data:
        yield written(sample, "at ${{ trigger.output.scheduled_at }}")


@fault("FL506")
def input_that_is_not_declared(sample: Sample) -> Iterator[Planting]:
    """A run input with another name than the declared one."""
    for expr in sample.exprs:
        for match in re.finditer(r"\binputs\.(\w+)", expr.text):
            new = expr.text[: match.start(1)] + slip(match[1]) + expr.text[match.end() :]
            yield Planting(expr.put(new), (expr.path,))
    yield written(sample, "${{ inputs.nobody_declared_this }}")


@fault("FL507")
def input_that_nothing_uses(sample: Sample) -> Iterator[Planting]:
    """A declared run input that no expression names."""
    inputs = sample.data.get("inputs", {})
    for name, schema in (("unused", {"type": "string"}), ("old_limit", {"type": "integer"})):
        yield Planting(((("inputs",), {**inputs, name: schema}),), (("inputs", name),))


@fault("FL508")
def read_that_nothing_uses(sample: Sample) -> Iterator[Planting]:
    """A step that only reads, and whose output nothing uses."""
    for uses, given in (
        ("file.read", {"path": "a.txt"}),
        ("date.now", {}),
        ("http.get", {"url": "https://example.com/a"}),
        ("csv.read_file", {"path": "a.csv"}),
    ):
        step = {"id": sample.free_id(), "uses": uses, "with": given}
        edits, here = sample.at_end(step)
        yield Planting(edits, (here,), within=True)


@fault("FL509")
def output_that_nothing_makes(sample: Sample) -> Iterator[Planting]:
    """The output of a step that has none: a branch, a loop without ``collect``, a wait."""
    empty: list[dict[str, Any]] = [
        {"id": "planted_silent", "wait": "1s"},
        {"id": "planted_silent", "for_each": "[1, 2]", "do": [logged("planted_line", "x")]},
        {"id": "planted_silent", "if": "size(run.id) > 3", "then": [logged("planted_line", "x")]},
    ]
    for step in empty:
        yield written(sample, shown("planted_silent"), step)
        outputs = {
            **sample.data.get("outputs", {}),
            "planted": "${{ steps.planted_silent.output }}",
        }
        edits, _ = sample.at_end(step)
        where = ("outputs", "planted")
        repair = ((where, GONE),)
        yield Planting((*edits, (("outputs",), outputs)), (where,), repair=repair)
