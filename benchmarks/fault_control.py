"""Faults of the control flow: what never runs, never ends, or runs into itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.fault_expressions import decided
from benchmarks.fault_model import GONE, Planting, Sample, fault
from benchmarks.fault_references import logged
from flowloom.workflow.path import Path

__all__: list[str] = []


@fault("FL601")
def step_behind_a_stop(sample: Sample) -> Iterator[Planting]:
    """A step stands behind one that always ends the run."""
    for node in sample.nodes:
        if node.kind == "stop":
            steps = list(node.block.nodes)
            block = node.block.path
            data = [inner.data for inner in steps]
            yield Planting(
                ((block, [*data, logged(sample.free_id(), "x")]),), ((*block, len(data)),)
            )
    stop = {"id": sample.free_id(), "stop": "The end."}
    steps = sample.data["steps"]
    if "stop" not in steps[-1] and not any("wait" in step or "ask" in step for step in steps):
        yield Planting(((("steps",), [stop, *steps]),), (("steps", 1),))


@fault("FL601")
def step_behind_branches_that_all_stop(sample: Sample) -> Iterator[Planting]:
    """Every branch ends the run, and a step stands behind them."""
    ends = {
        "id": "planted_choice",
        "if": "size(run.id) > 8",
        "then": [{"id": "planted_end", "stop": "Done."}],
        "else": [{"id": "planted_fail", "stop": "Failed.", "status": "failed"}],
    }
    edits, here = sample.at_end(ends, logged("planted_after", "never"))
    yield Planting(edits, ((*here[:-1], int(here[-1]) + 1),))


@fault("FL602")
def condition_that_is_written_out(sample: Sample) -> Iterator[Planting]:
    """``if: true``, ``1 > 2``."""
    for expr in sample.exprs:
        if expr.role == "condition" and "while" not in expr.path:
            for bad in ("true", "false", "1 > 2", '"a" == "b"'):
                yield Planting(expr.put(bad), (expr.path,))


@fault("FL602")
def condition_that_contradicts_itself(sample: Sample) -> Iterator[Planting]:
    """``x > 5 && x < 3``, ``x != 1 || x != 2``."""
    size = "size(run.id)"
    for bad in (
        f"{size} > 5 && {size} < 3",
        'run.id == "a" && run.id == "b"',
        'run.id != "a" || run.id != "b"',
        f"{size} < 0",
        f"{size} >= 0",
        f"{size} > 5 || {size} <= 5",
        f"{size} == {size}",
    ):
        edits, where = decided(sample, bad)
        yield Planting(edits, (where,))


@fault("FL602")
def condition_asked_before(sample: Sample) -> Iterator[Planting]:
    """An ``elif`` with the condition of an earlier branch: it never runs."""
    for node in sample.of("if"):
        elifs: list[Any] = node.get("elif") or []
        branch = {"if": node.get("if"), "then": [logged(sample.free_id(), "again")]}
        where = (*node.path, "elif")
        yield Planting(((where, [*elifs, branch]),), ((*where, len(elifs), "if"),))


@fault("FL602")
def choice_compared_with_no_choice(sample: Sample) -> Iterator[Planting]:
    """The answer is compared with what nobody can choose: always false."""
    for expr in sample.exprs:
        for reference in expr.references:
            node = sample.by_id.get(reference.id)
            choices: list[str] = (node.get("choices") or []) if node else []
            for choice in choices:
                old = f'steps.{reference.id}.output == "{choice}"'
                if expr.role == "condition" and expr.text == old:
                    bad = expr.text.replace(f'"{choice}"', f'"{choice}s, please"')
                    yield Planting(expr.put(bad), (expr.path,))


@fault("FL603")
def case_that_is_taken(sample: Sample) -> Iterator[Planting]:
    """The same value in two cases."""
    for node in sample.of("switch"):
        cases: list[dict[str, Any]] = node.data["cases"]
        first = cases[0]["when"]
        value = first[0] if isinstance(first, list) else first
        again = {"when": value, "do": [logged(sample.free_id(), "again")]}
        where = (*node.path, "cases")
        yield Planting(((where, [*cases, again]),), ((*where, len(cases), "when"),))
        if len(cases) > 1:
            last = cases[-1]["when"]
            both = [*(last if isinstance(last, list) else [last]), value]
            here = (*where, len(cases) - 1, "when")
            yield Planting(((here, both),), (here,))


@fault("FL604")
def choice_without_a_case(sample: Sample) -> Iterator[Planting]:
    """A switch over known values leaves one out and has no default."""
    for node in sample.of("switch"):
        cases: list[dict[str, Any]] = node.data["cases"]
        if _known_values(sample, str(node.get("switch"))):
            if node.get("default"):
                yield Planting(
                    (((*node.path, "default"), GONE),),
                    (node.path, (*node.path, "switch"), (*node.path, "cases")),
                )
            elif len(cases) > 1 and "steps." + str(cases[-1]) not in json.dumps(sample.data):
                yield Planting(
                    (((*node.path, "cases"), cases[:-1]),),
                    (node.path, (*node.path, "switch"), (*node.path, "cases")),
                )
    ask = {"id": "planted_question", "ask": "Which?", "choices": ["a", "b", "c"]}
    switch = {
        "id": "planted_switch",
        "switch": "steps.planted_question.output",
        "cases": [{"when": ["a", "b"], "do": [logged("planted_line", "x")]}],
    }
    edits, here = sample.at_end(ask, switch)
    where = (*here[:-1], int(here[-1]) + 1)
    yield Planting(edits, (where, (*where, "switch"), (*where, "cases")))


def _known_values(sample: Sample, text: str) -> bool:
    parts = text.split(".")
    if parts[0] == "inputs":
        return "enum" in sample.data["inputs"].get(parts[1], {})
    node = sample.by_id.get(parts[1]) if parts[0] == "steps" and len(parts) == 3 else None
    return node is not None and bool(node.get("choices"))


@fault("FL605")
def loop_that_nothing_ends(sample: Sample) -> Iterator[Planting]:
    """A ``while`` whose condition nothing in it can change."""
    for node in sample.of("while"):
        where = (*node.path, "while")
        yield Planting(((where, "size(run.id) > 3"),), (where,))
    step = {"id": sample.free_id(), "while": "size(run.id) > 3", "do": [logged("planted_in", "x")]}
    edits, here = sample.at_end(step)
    yield Planting(edits, ((*here, "while"),))


@fault("FL605", "FL602")  # A condition that is always true: no progress, or a fixed outcome.
def endless_loop(sample: Sample) -> Iterator[Planting]:
    """``while: true``."""
    step = {"id": sample.free_id(), "while": "true", "do": [logged("planted_in", "x")]}
    edits, here = sample.at_end(step)
    yield Planting(edits, ((*here, "while"),))
    for node in sample.of("while"):
        where = (*node.path, "while")
        yield Planting(((where, "true"),), (where,))


@fault("FL606")
def trigger_forgotten(sample: Sample) -> Iterator[Planting]:
    """No trigger: the workflow starts only by hand."""
    if "trigger" in sample.data and "trigger.output" not in json.dumps(sample.data):
        yield Planting(((("trigger",), GONE),), ((), ("trigger",)))


@fault("FL607")
def branches_that_write_the_same(sample: Sample) -> Iterator[Planting]:
    """Two parallel branches write the same file, page or cell."""
    writes: tuple[dict[str, Any], ...] = (
        {"uses": "file.write", "with": {"path": "out/same.txt", "text": "x"}},
        {"uses": "json.write_file", "with": {"path": "out/same.json", "value": 1}},
        {"uses": "http.put", "with": {"url": "https://api.example.com/a/1", "body": {"a": 1}}},
        {
            "uses": "sheets.values.update",
            "connection": "sheets",
            "with": {"spreadsheetId": "s", "range": "A1", "values": [["a"]]},
        },
    )
    for write in writes:
        branches = [[{"id": f"planted_{n}", **write}] for n in range(2)]
        edits, here = sample.at_end({"id": "planted_both", "parallel": branches})
        yield Planting(edits, (here,), within=True)
        for node in sample.of("parallel"):
            steps: list[list[Any]] = node.data["parallel"]
            new = [[*steps[0], branches[0][0]], [*steps[1], branches[1][0]], *steps[2:]]
            path: Path = (*node.path, "parallel")
            at = tuple((*path, n, len(steps[n])) for n in range(2))
            yield Planting(((path, new),), (node.path, *at), within=True)
