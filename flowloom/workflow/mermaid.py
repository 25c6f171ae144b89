"""A workflow as a Mermaid flowchart: branches that join again, loops with their way back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from flowloom.workflow.models import (
    AskStep,
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    StepBase,
    StopStep,
    SwitchStep,
    TryStep,
    WaitStep,
    WhileStep,
    Workflow,
)
from flowloom.workflow.tree import one_line, step_title, trigger_title

__all__ = ["render_mermaid"]

MAX_LABEL = 80
_PLAIN = frozenset(" .,:/()=?!-")
_SHAPES = {
    "box": '["{}"]',
    "round": '("{}")',
    "pill": '(["{}"])',
    "diamond": '{{"{}"}}',
    "hexagon": '{{{{"{}"}}}}',
    "circle": '(("{}"))',
    "slanted": '[/"{}"/]',
}

Ends = list[tuple[str, str]]
"""Where the next step is reached from: node and the label of the edge."""


def render_mermaid(workflow: Workflow) -> str:
    """Return the flowchart as text with a final newline."""
    chart = _Chart()
    start = chart.node("pill", trigger_title(workflow.trigger))
    ends = chart.block(workflow.steps, [(start, "")])
    if ends:
        chart.join(ends, chart.node("pill", "end"))
    return "\n".join(["flowchart TD", *chart.lines, *chart.edges]) + "\n"


@dataclass
class _Chart:
    """The lines so far; edges stand last, so that no node slips into a subgraph."""

    lines: list[str] = field(default_factory=list[str])
    edges: list[str] = field(default_factory=list[str])
    count: int = 0
    depth: int = 1

    def node(self, shape: str, *texts: str) -> str:
        self.count += 1
        name = f"n{self.count}"
        label = "<br/>".join(_escape(text) for text in texts if text)
        self.lines.append("  " * self.depth + name + _SHAPES[shape].format(label))
        return name

    def open_subgraph(self, title: str) -> None:
        self.count += 1
        indent = "  " * self.depth
        self.lines.append(f'{indent}subgraph s{self.count}["{_escape(title)}"]')
        self.depth += 1

    def close_subgraph(self) -> None:
        self.depth -= 1
        self.lines.append("  " * self.depth + "end")

    def join(self, ends: Ends, target: str, *, dotted: bool = False) -> None:
        arrow = "-.->" if dotted else "-->"
        for source, label in ends:
            shown = f'|"{_escape(label)}"|' if label else ""
            self.edges.append(f"  {source} {arrow}{shown} {target}")

    def block(self, steps: Block, ends: Ends) -> Ends:
        for step in steps:
            ends = self.step(step, ends)
        return ends

    def step(self, step: StepBase, ends: Ends) -> Ends:
        match step:
            case IfStep():
                return self._if(step, ends)
            case SwitchStep():
                return self._switch(step, ends)
            case ForEachStep() | WhileStep():
                return self._loop(step, ends)
            case ParallelStep():
                return self._parallel(step, ends)
            case TryStep():
                return self._try(step, ends)
            case _:
                return self._single(step, ends)

    def _single(self, step: StepBase, ends: Ends) -> Ends:
        what = step.uses if isinstance(step, CallStep) else step_title(step)
        node = self.node(_shape_of(step), step.id, what)
        self.join(ends, node)
        return [] if isinstance(step, StopStep) else [(node, "")]

    def _if(self, step: IfStep, ends: Ends) -> Ends:
        fork = self.node("diamond", step.id, step_title(step))
        self.join(ends, fork)
        out = self.block(step.then, [(fork, "then")])
        for branch in step.elif_:
            out += self.block(branch.then, [(fork, f"elif {branch.if_}")])
        return out + self.block(step.else_, [(fork, "else")])

    def _switch(self, step: SwitchStep, ends: Ends) -> Ends:
        fork = self.node("diamond", step.id, step_title(step))
        self.join(ends, fork)
        out: Ends = []
        for case in step.cases:
            out += self.block(case.do, [(fork, json.dumps(case.when, ensure_ascii=False))])
        return out + self.block(step.default, [(fork, "default")])

    def _loop(self, step: ForEachStep | WhileStep, ends: Ends) -> Ends:
        self.open_subgraph(f"loop {step.id}")
        head = self.node("hexagon", step.id, step_title(step))
        self.join(ends, head)
        body = self.block(step.do, [(head, "each" if step.kind == "for_each" else "true")])
        self.close_subgraph()
        self.join([(node, label or "next") for node, label in body], head, dotted=True)
        return [(head, "done")]

    def _parallel(self, step: ParallelStep, ends: Ends) -> Ends:
        fork = self.node("circle", step.id, step_title(step))
        self.join(ends, fork)
        out: Ends = []
        for branch in step.parallel:
            out += self.block(branch, [(fork, "")])
        if not out:
            return []
        joined = self.node("circle", "join")
        self.join(list(dict.fromkeys(out)), joined)
        return [(joined, "")]

    def _try(self, step: TryStep, ends: Ends) -> Ends:
        self.open_subgraph(f"try {step.id}")
        head = self.node("round", step.id, "try")
        self.join(ends, head)
        out = self.block(step.try_, [(head, "")])
        self.close_subgraph()
        if step.catch:
            caught = self.node("round", "on error")
            self.join([(head, "error")], caught, dotted=True)
            out = out + self.block(step.catch, [(caught, "")])
        return self.block(step.finally_, out or [(head, "finally")]) if step.finally_ else out


def _shape_of(step: StepBase) -> str:
    match step:
        case WaitStep():
            return "round"
        case AskStep():
            return "slanted"
        case StopStep():
            return "pill"
        case _:
            return "box"


def _escape(text: str) -> str:
    """Return a label's text with everything that Mermaid or Markdown reads as an entity code."""
    flat = one_line(text, MAX_LABEL)
    return "".join(
        char if _is_plain(flat, index) else f"#{ord(char)};" for index, char in enumerate(flat)
    )


def _is_plain(text: str, index: int) -> bool:
    char = text[index]
    if index == 0:
        return char.isalpha()  # "1." and "-" would begin a Markdown list.
    if char == "_":  # At the edge of a word it would be emphasis.
        return text[index - 1].isalnum() and text[index + 1 : index + 2].isalnum()
    return char.isalnum() or char in _PLAIN
