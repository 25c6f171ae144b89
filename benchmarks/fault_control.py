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
    repair, _ = sample.at_end(ends)
    yield Planting(edits, ((*here[:-1], int(here[-1]) + 1),), repair=repair)


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
        yield decided(sample, bad)


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
        at = (*where, len(cases), "when")
        repair = ((at, "no value of the others"),)
        yield Planting(((where, [*cases, again]),), (at,), repair=repair)
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


@fault("FL610")
def case_that_never_comes(sample: Sample) -> Iterator[Planting]:
    """A case that the value of the switch cannot have."""
    for node in sample.of("switch"):
        if _known_values(sample, str(node.get("switch"))):
            cases: list[dict[str, Any]] = node.data["cases"]
            where = (*node.path, "cases")
            never = {"when": "no such value", "do": [logged(sample.free_id(), "never")]}
            yield Planting(
                ((where, [*cases, never]),), ((*where, len(cases), "when"),), within=True
            )
    ask = {"id": "planted_question", "ask": "Which?", "choices": ["a", "b"]}
    for value, wrong in (
        ("steps.planted_question.output", "c"),
        ("steps.planted_question.output", 1),
        ("size(run.id)", "many"),
        ("run.id", 7),
        ("size(run.id) > 8", "true"),
    ):
        other = 2 if value == "size(run.id)" else True if ">" in value else "a"
        switch = {
            "id": "planted_switch",
            "switch": value,
            "cases": [
                {"when": other, "do": [logged("planted_line", "x")]},
                {"when": wrong, "do": [logged("planted_never", "x")]},
            ],
            "default": [logged("planted_default", "x")],
        }
        edits, here = sample.at_end(ask, switch)
        where = (*here[:-1], int(here[-1]) + 1, "cases", 1, "when")
        yield Planting(edits, (where,), within=True)


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


@fault("FL608")
def pause_inside_a_transaction(sample: Sample) -> Iterator[Planting]:
    """A wait or a question between begin and commit, also in a branch or a loop."""
    pauses: tuple[dict[str, Any], ...] = (
        {"id": "planted_pause", "wait": "1h"},
        {"id": "planted_pause", "ask": "Commit?", "choices": ["yes", "no"]},
    )
    begin = {"id": "planted_begin", "uses": "bench.begin"}
    commit = {"id": "planted_commit", "uses": "bench.commit"}
    for pause in pauses:
        edits, here = sample.at_end(begin, pause, commit)
        yield Planting(edits, ((*here[:-1], int(here[-1]) + 1),), within=True)
        branch = {"id": "planted_if", "if": "size(run.id) > 8", "then": [pause]}
        edits, here = sample.at_end(begin, branch, commit)
        yield Planting(edits, ((*here[:-1], int(here[-1]) + 1, "then", 0),), within=True)
        loop = {"id": "planted_loop", "for_each": "[1, 2]", "do": [pause]}
        edits, here = sample.at_end(begin, loop, commit)
        yield Planting(edits, ((*here[:-1], int(here[-1]) + 1, "do", 0),), within=True)
        for call in sample.calls:
            if call.component.transaction == "begin" and call.node is not None:
                block = [node.data for node in call.node.block.nodes]
                where = call.node.index + 1
                new = [*block[:where], pause, *block[where:]]
                yield Planting(((call.path[:-1], new),), ((*call.path[:-1], where),), within=True)


@fault("FL609")
def workflow_that_starts_itself(sample: Sample) -> Iterator[Planting]:
    """A step starts the workflow that it belongs to."""
    name = str(sample.data["name"])
    step = {"id": sample.free_id(), "uses": "bench.start", "with": {"workflow": name}}
    edits, here = sample.at_end(step)
    yield Planting(edits, ((*here, "with", "workflow"),))
    for call in sample.calls:
        for key, _, schema in call.literals():
            if schema.get("x-workflow") is True:
                yield Planting(((call.at(key), name),), (call.at(key),))
