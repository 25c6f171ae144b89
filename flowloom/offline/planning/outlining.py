"""A plan as an outline: what will be done, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.offline.planning.plan import (
    Call,
    If,
    Loop,
    Node,
    Parallel,
    Stop,
    Switch,
    Try,
    Wait,
    While,
)
from flowloom.workflow.outline import OutlineBlock, OutlineStep

__all__ = ["outline_step"]


def outline_step(node: Node) -> OutlineStep:
    """Return the outline of one node and of what is inside it."""
    match node:
        case Call():
            kind = "call" if node.component else "ask"
            return OutlineStep(id=node.id, kind=kind, text=node.plain or node.said,
                               service=node.service, quotes=_quotes(node))  # fmt: skip
        case If():
            return OutlineStep(id=node.id, kind="if", blocks=_branches(node))
        case Loop():
            do = OutlineBlock(label="do", steps=_steps(node.steps))
            text = f"each {node.item} of {node.over.step or node.over.item}"
            return OutlineStep(id=node.id, kind="for_each", text=text, blocks=(do,))
        case While():
            do = OutlineBlock(label="do", steps=_steps(node.steps))
            return OutlineStep(id=node.id, kind="while", text=node.condition.text, blocks=(do,))
        case Wait():
            return OutlineStep(id=node.id, kind="wait", text=node.duration)
        case Stop():
            return OutlineStep(id=node.id, kind="stop", text=node.message)
        case Switch() | Try() | Parallel():
            return _other_block(node)


def _branches(node: If) -> tuple[OutlineBlock, ...]:
    labels = ["then", *(["elif"] * len(node.branches))]
    return tuple(
        OutlineBlock(
            label=label if branch.condition else "else",
            condition=branch.condition.text if branch.condition else "",
            steps=_steps(branch.steps),
        )
        for label, branch in zip(labels, node.branches, strict=False)
    )


def _other_block(node: Switch | Try | Parallel) -> OutlineStep:
    match node:
        case Switch():
            blocks = [OutlineBlock(label="case", condition=case.value, steps=_steps(case.steps))
                      for case in node.cases]  # fmt: skip
            if node.default:
                blocks.append(OutlineBlock(label="default", steps=_steps(node.default)))
            text = node.about.step or node.about.item
            return OutlineStep(id=node.id, kind="switch", text=text, blocks=tuple(blocks))
        case Try():
            parts = (("try", node.steps), ("catch", node.catch), ("finally", node.last))
            inner = [OutlineBlock(label=label, steps=_steps(steps))
                     for label, steps in parts if steps]  # fmt: skip
            return OutlineStep(id=node.id, kind="try", blocks=tuple(inner))
        case Parallel():
            inner = [OutlineBlock(label="branch", steps=_steps(steps)) for steps in node.branches]
            return OutlineStep(id=node.id, kind="parallel", blocks=tuple(inner))


def _steps(nodes: Sequence[Node]) -> tuple[OutlineStep, ...]:
    return tuple(map(outline_step, nodes))


def _quotes(node: Call) -> tuple[str, ...]:
    return tuple(re.findall(r'"([^"]*)"', node.said))
