"""What a person sees of a run: stages, plan, findings, and the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flowloom.cli import output
from flowloom.workflow.models import Workflow
from flowloom.workflow.outline import Outline, OutlineEdit, OutlineStep
from flowloom.workflow.tree import render_tree

if TYPE_CHECKING:
    from flowloom.graph.events import Event
    from flowloom.graph.result import Result
    from flowloom.verification.diagnostic import Diagnostic

__all__ = ["StageReporter", "diagnostic_lines", "plan_lines", "report_end"]


class StageReporter:
    """Writes a line to stderr for each thing that happens.

    Attributes:
        explain: whether the candidates of each step are shown too.
    """

    def __init__(self, *, explain: bool = False) -> None:
        self.explain = explain

    def __call__(self, event: Event) -> None:
        """Report one event."""
        for line in self.lines(event):
            output.note(line)

    def lines(self, event: Event) -> Iterator[str]:
        """Yield what is to be said of one event."""
        match event.type:
            case "stage_started":
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                yield f"▸ {event.stage}{again}"
            case "stage_finished":
                yield f"  {event.stage} done in {_duration(event.seconds)}"
            case "plan":
                yield from (f"  {line}" for line in plan_lines(event.outline))
            case "candidates":
                count = len({name for names in event.by_step.values() for name in names})
                yield f"  {count} candidates"
                if self.explain:
                    for step, names in event.by_step.items():
                        yield f"    {step}: {', '.join(names)}"
            case "diagnostics":
                yield f"  {_counted(event.diagnostics)}"
                yield from (f"    {line}" for line in diagnostic_lines(event.diagnostics))
            case "mend":
                yield f"  mended by rule: {event.mend.message} ({event.mend.path})"
            case _:
                return


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _counted(found: Iterable[Diagnostic]) -> str:
    names = [item.severity for item in found]
    parts = [
        f"{names.count(name)} {name}{'s' if names.count(name) != 1 else ''}"
        for name in ("error", "warning", "note")
        if name in names
    ]
    return "found " + (", ".join(parts) or "nothing to complain about")


def diagnostic_lines(found: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield a line for each diagnostic, with its place and what to do."""
    for item in found:
        place = f"line {item.line}: " if item.line else ""
        where = f" [{item.path}]" if item.path else ""
        hint = f" {item.hint}" if item.hint else ""
        yield f"{item.severity} {item.code}: {place}{item.message}{where}{hint}"


def plan_lines(outline: Outline) -> Iterator[str]:
    """Yield the plan, a line for each step, nested ones further in."""
    yield f"plan: {outline.summary or outline.name}"
    if outline.trigger.text:
        yield f"  when: {outline.trigger.text}"
    for step in outline.steps:
        yield from _step_lines(step, "  ")
    for edit in outline.edits:
        yield from _edit_lines(edit)
    for text in outline.assumptions:
        yield f"  assumed: {text}"
    for text in outline.unsupported:
        yield f"  cannot: {text}"


def _edit_lines(edit: OutlineEdit) -> Iterator[str]:
    target = f" {edit.target}" if edit.target else ""
    place = f" {edit.where} {edit.anchor}" if edit.anchor else ""
    yield f"  {edit.op}{target}{place}: {edit.text}"
    for step in edit.steps:
        yield from _step_lines(step, "    ")


def _step_lines(step: OutlineStep, indent: str) -> Iterator[str]:
    kind = "" if step.kind == "call" else f"{step.kind}: "
    yield f"{indent}- {step.id}: {kind}{step.text}"
    for block in step.blocks:
        condition = f" {block.condition}" if block.condition else ""
        yield f"{indent}    {block.label}{condition}"
        for inner in block.steps:
            yield from _step_lines(inner, indent + "      ")


def report_end(result: Result) -> None:
    """Say on stderr how a run ended: the tree, what was assumed, and what is left."""
    if result.workflow is not None and result.status == "valid":
        output.note(render_tree(Workflow.model_validate(result.workflow)).rstrip())
    for text in result.assumptions:
        output.note(f"assumed: {text}")
    for question in result.questions:
        suggested = f" ({', '.join(question.suggestions)})" if question.suggestions else ""
        output.note(f"question: {question.text}{suggested}")
    end = {"valid": "valid", "needs_input": "needs input", "failed": "failed"}[result.status]
    reason = f": {result.reason}" if result.reason and result.status != "valid" else ""
    output.note(f"{end} ({result.model}){reason}")
