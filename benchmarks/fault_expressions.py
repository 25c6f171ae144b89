"""Faults inside expressions: syntax, names, types, and values that may be empty or absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.fault_model import Expr, Planting, Reference, Sample, fault
from benchmarks.fault_shape import slip
from flowloom.verification.tree import Node
from flowloom.workflow.cel.library import TYPE_NAMES
from flowloom.workflow.path import Path

__all__: list[str] = []

FILES: dict[str, Any] = {"id": "planted_files", "uses": "file.list", "with": {"directory": "in"}}
"""A step whose output is a list of objects with name and size; it may be empty."""


def written(sample: Sample, text: str, *before: dict[str, Any]) -> Planting:
    """Return the planting of a log line with a wrong text at the end."""
    edits, here = sample.at_end(*before, sample.log(text))
    where = (*here[:-1], int(here[-1]) + len(before), "with", "message")
    return Planting(edits, (where,), repair=((where, "mended"),))


def decided(sample: Sample, condition: str, *before: dict[str, Any]) -> Planting:
    """Return the planting of an ``if`` with a wrong condition at the end."""
    step = {
        "id": sample.free_id(),
        "if": condition,
        "then": [{"id": "planted_then", "uses": "core.log", "with": {"message": "yes"}}],
    }
    edits, here = sample.at_end(*before, step)
    where = (*here[:-1], int(here[-1]) + len(before), "if")
    return Planting(edits, (where,), repair=((where, "size(run.id) > 8"),))


def fields(sample: Sample) -> Iterator[tuple[Expr, Reference]]:
    """Yield references to a field of a call's output that its schema lists."""
    for expr in sample.exprs:
        for reference in expr.references:
            call = sample.call(reference.id)
            known = call.component.output.get("properties", {}) if call else {}
            if reference.fields and reference.fields[0] in known:
                yield expr, reference


@fault("FL401")
def expression_that_does_not_parse(sample: Sample) -> Iterator[Planting]:
    """A bracket too few, an operator with one side, the words of other languages."""
    for expr in sample.exprs:
        for bad in (
            f"({expr.text}",
            f"{expr.text} +",
            f"{expr.text} === 1",
            f"not {expr.text}",
            f"{expr.text} and true",
            f"if {expr.text} then 1 else 2",
            f"{expr.text} | upper",
            f"{expr.text} ?? 1",
        ):
            yield Planting(expr.put(bad), (expr.path,))


@fault("FL401")
def template_without_its_end(sample: Sample) -> Iterator[Planting]:
    """``${{ a`` without ``}}``."""
    for expr in sample.exprs:
        if "${{" in expr.whole and expr.whole.count("${{") == 1:
            cut = expr.whole[: expr.end]
            yield Planting(((expr.path, cut),), (expr.path,))


@fault("FL402")
def variable_of_another_language(sample: Sample) -> Iterator[Planting]:
    """``secrets.X``, ``env.X``, ``$json``-like names, a clock."""
    for expr in sample.exprs:
        for bad in ("secrets.TOKEN", "env.HOME", "github.event", "vars.x", "context.user"):
            yield Planting(expr.put(bad), (expr.path,))


@fault(
    "FL402", "FL404"
)  # An unknown name, or a call that no overload fits: both say it is not there.
def function_that_does_not_exist(sample: Sample) -> Iterator[Planting]:
    """``now()``, ``len(x)``, ``toUpper(x)``."""
    for expr in sample.exprs:
        for bad in (
            "now()",
            f"len({expr.text})",
            f"toUpper({expr.text})",
            f"jsonParse({expr.text})",
        ):
            yield Planting(expr.put(bad), (expr.path,))


@fault("FL402")
def loop_variable_outside_its_loop(sample: Sample) -> Iterator[Planting]:
    """The loop's variable is used behind the loop."""
    for node in sample.of("for_each"):
        name = str(node.get("as") or "item")
        if node.block.owner is None and name not in TYPE_NAMES:
            yield written(sample, "${{ string(" + name + ") }}")


@fault("FL402")
def error_outside_a_catch(sample: Sample) -> Iterator[Planting]:
    """``error.message`` where nothing was caught."""
    yield written(sample, "It failed: ${{ error.message }}")


@fault("FL403")
def misspelt_field(sample: Sample) -> Iterator[Planting]:
    """Two letters of an output's field are swapped."""
    for expr, reference in fields(sample):
        rest = "".join(f".{name}" for name in reference.fields[1:])
        new = f"steps.{reference.id}.output.{slip(reference.fields[0])}{rest}"
        yield Planting(expr.swap(reference, new), (expr.path,))


@fault("FL403")
def field_of_the_trigger_that_it_does_not_have(sample: Sample) -> Iterator[Planting]:
    """``trigger.output.sheduled_at``."""
    for expr in sample.exprs:
        for match in re.finditer(r"\btrigger\.output\.(\w+)", expr.text):
            new = expr.text[: match.start(1)] + slip(match[1]) + expr.text[match.end() :]
            yield Planting(expr.put(new), (expr.path,))


@fault("FL403")
def output_left_out(sample: Sample) -> Iterator[Planting]:
    """``steps.x.title`` for ``steps.x.output.title``."""
    for expr in sample.exprs:
        for reference in expr.references:
            if reference.fields:
                new = f"steps.{reference.id}." + ".".join(reference.fields)
                yield Planting(expr.swap(reference, new), (expr.path,))


@fault("FL403")
def field_of_a_list_item_that_is_not_there(sample: Sample) -> Iterator[Planting]:
    """``file.filename`` for ``file.name`` in a loop over files."""
    for field in ("filename", "fullpath", "nmae"):
        loop = {
            "id": "planted_loop",
            "for_each": "steps.planted_files.output",
            "as": "entry",
            "do": [
                {
                    "id": "planted_line",
                    "uses": "core.log",
                    "with": {"message": "${{ entry." + field + " }}"},
                }
            ],
        }
        edits, here = sample.at_end(FILES, loop)
        where = (*here[:-1], int(here[-1]) + 1, "do", 0, "with", "message")
        yield Planting(edits, (where,), repair=((where, "${{ entry.name }}"),))


@fault("FL403", "FL404")  # A member that lists do not have, or a selection that no list allows.
def property_of_a_list_as_in_javascript(sample: Sample) -> Iterator[Planting]:
    """``list.length``."""
    yield decided(sample, "steps.planted_files.output.length > 0", FILES)
    yield written(sample, "${{ steps.planted_files.output.length }}", FILES)


@fault("FL404")
def int_and_double_mixed(sample: Sample) -> Iterator[Planting]:
    """``size(x) > 1.5``, ``size(x) * 0.5``."""
    for text in ("size(run.id) > 1.5", "size(run.id) * 0.5 > 2.0", "1.5 + size(run.id) > 1.0"):
        yield decided(sample, text)
    for node in sample.of("if"):
        for match in re.finditer(r"[<>]=? (\d+)\.0\b", str(node.get("if"))):
            text = str(node.get("if"))
            new = text[: match.end(1)] + text[match.end() :]
            where = (*node.path, "if")
            yield Planting(((where, new),), (where,))


@fault("FL404")
def text_plus_number(sample: Sample) -> Iterator[Planting]:
    """``"n: " + size(x)``."""
    for expr in sample.exprs:
        if expr.role == "input":
            for bad in ('"n: " + size(run.id)', "run.id - 1", "run.id * 2"):
                yield Planting(expr.put(bad), (expr.path,))


@fault("FL404")
def text_compared_with_a_number(sample: Sample) -> Iterator[Planting]:
    """``run.id > 5``, ``size(x) == "5"``."""
    for bad in ("run.id > 5", 'size(run.id) == "5"', "run.id == 5", 'size(run.id) in ["1"]'):
        yield decided(sample, bad)


@fault("FL405")
def condition_that_is_no_bool(sample: Sample) -> Iterator[Planting]:
    """A number or a text as the condition."""
    for expr in sample.exprs:
        if expr.role == "condition":
            for bad in ("size(run.id)", "run.id", "[run.id]"):
                yield Planting(expr.put(bad), (expr.path,))


@fault("FL406")
def loop_over_what_is_no_list(sample: Sample) -> Iterator[Planting]:
    """A loop over a number or a text."""
    for expr in sample.exprs:
        if expr.role == "list":
            for bad in ("size(run.id)", "run.id", "10"):
                yield Planting(expr.put(bad), (expr.path,))


@fault("FL407")
def object_in_a_text(sample: Sample) -> Iterator[Planting]:
    """A whole output in the middle of a text."""
    for expr in sample.exprs:
        if expr.role in ("input", "text", "output") and not expr.is_value:
            for bad in ("run", "[run.id, run.id]", '{"a": run.id}'):
                yield Planting(expr.put(bad), (expr.path,))
    yield written(sample, "files: ${{ steps.planted_files.output }}", FILES)


@fault("FL408")
def expression_with_one_outcome(sample: Sample) -> Iterator[Planting]:
    """An input whose expression names nothing: it could be written out."""
    for text in ('${{ "a" + "b" }}', "${{ string(1 + 2) }}", '${{ true ? "a" : "b" }}'):
        yield written(sample, text)


@fault("FL409")
def division_by_zero(sample: Sample) -> Iterator[Planting]:
    """A literal zero below the line."""
    for text in ("size(run.id) / 0 > 1", "size(run.id) % 0 == 1", "10 / (1 - 1) > size(run.id)"):
        yield decided(sample, text)
    yield written(sample, "${{ string(size(run.id) / 0) }}")


@fault("FL901")
def expression_that_always_fails(sample: Sample) -> Iterator[Planting]:
    """A time that is none, a text that is no number."""
    for text in (
        '${{ string(timestamp("tomorrow")) }}',
        '${{ string(int("ten")) }}',
        '${{ string(duration("a while")) }}',
        '${{ string(timestamp("2026-02-30T00:00:00Z")) + run.id }}',
    ):
        yield written(sample, text)


@fault("FL409")
def index_that_a_literal_does_not_have(sample: Sample) -> Iterator[Planting]:
    """An index behind the end of a list that is written out, a key that a map has not."""
    for text in (
        '${{ ["a", "b"][5] + run.id }}',
        "${{ string({'a': 1}['b']) + run.id }}",
        "${{ run.id.split('-')[-1] }}",
    ):
        yield written(sample, text)


@fault("FL902")
def index_into_what_may_be_empty(sample: Sample) -> Iterator[Planting]:
    """``output[0]`` without asking whether there is anything."""
    for text in (
        "${{ steps.planted_files.output[0].name }}",
        "${{ steps.planted_files.output[size(steps.planted_files.output) - 1].name }}",
        "${{ steps.planted_files.output.filter(f, f.size > 10)[0].name }}",
    ):
        yield written(sample, text, FILES)


@fault("FL902")
def guard_of_an_index_taken_away(sample: Sample) -> Iterator[Planting]:
    """The ``size(x) > 0`` around an index becomes another condition."""
    for node in sample.of("if"):
        text = str(node.get("if"))
        match = re.fullmatch(r"size\(steps\.(\w+)\.output\) > 0( && .*)?", text)
        if not match or "[0]" not in str(node.get("then")) + (match[2] or ""):
            continue
        places: list[Path] = [
            expr.path
            for expr in sample.exprs
            if f"steps.{match[1]}.output[0]" in expr.text
            and expr.node is not None
            and (expr.node is node or _inside(expr.node, node))
        ]
        if places:
            new = text.replace(f"size(steps.{match[1]}.output) > 0", "size(run.id) > 0")
            yield Planting((((*node.path, "if"), new),), tuple(places))


def _inside(node: Node, outer: Node) -> bool:
    return node.path[: len(outer.path)] == outer.path


@fault("FL903")
def optional_field_as_if_always_there(sample: Sample) -> Iterator[Planting]:
    """``.?x.orValue(y)`` becomes ``.x``, where the schema says that ``x`` need not be there."""
    for expr in sample.exprs:
        match = re.search(r"(steps\.\w+(?:\.\??\w+)*\.\?\w+)\.orValue\([^()]*\)", expr.text)
        if match and _is_optional(sample, match[1]):
            plain = match[1].replace("?", "")
            yield Planting(
                expr.put(expr.text[: match.start()] + plain + expr.text[match.end() :]),
                (expr.path,),
                ("FL903", "FL404", "FL305", "FL405"),
            )
    issue: dict[str, Any] = {
        "id": "planted_issue",
        "uses": "github.issues.get",
        "connection": "github-bot",
        "with": {"owner": "acme", "repo": "app", "issue_number": 1},
    }
    for text in (
        "${{ steps.planted_issue.output.milestone.title }}",
        "${{ steps.planted_issue.output.closed_at + run.id }}",
    ):
        yield written(sample, text, issue)


def _is_optional(sample: Sample, chain: str) -> bool:
    """Return whether the schemas along a chain list what is required, and a part of it is not."""
    step, *names = chain.replace("?", "").split(".")[1:]
    call = sample.call(step)
    schema: dict[str, Any] = call.component.output if call and names[:1] == ["output"] else {}
    for name in names[1:]:
        required: list[str] = schema.get("required", [])
        if required and name not in required and name in schema.get("properties", {}):
            return True
        schema = schema.get("properties", {}).get(name, {})
    return False


@fault("FL903")
def null_as_if_it_were_a_value(sample: Sample) -> Iterator[Planting]:
    """A field that may be null is measured or put together with a text."""
    tasks: dict[str, Any] = {
        "id": "planted_tasks",
        "uses": "todoist.tasks.list",
        "connection": "todoist",
    }
    ask: dict[str, Any] = {"id": "planted_question", "ask": "How many?", "timeout": "1h"}
    for text, before in (
        ("${{ steps.planted_tasks.output.next_cursor + run.id }}", tasks),
        ("${{ steps.planted_question.output + run.id }}", ask),
        ("${{ steps.planted_question.output.upperAscii() }}", ask),
    ):
        yield written(sample, text, before)
