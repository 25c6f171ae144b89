"""The planner without a language model: the plan of the stages, as an outline in words."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choose import Search
from flowloom.offline.composer import Composed, shared_composer
from flowloom.offline.language import NOT_ENGLISH, is_english
from flowloom.offline.plan import Call, If, Loop, Node, While
from flowloom.roles import Planned, PlanTask
from flowloom.workflow.edits import (
    AddStep,
    Change,
    MoveStep,
    RemoveStep,
    ReplaceStep,
    SetValue,
    UnsetValue,
)
from flowloom.workflow.outline import (
    Outline,
    OutlineBlock,
    OutlineEdit,
    OutlineStep,
    OutlineTrigger,
    Question,
)

__all__ = ["OfflinePlanner"]


class OfflinePlanner:
    """Plans by rules."""

    def __init__(self, catalog: Catalog, search: Search) -> None:
        self._composer = shared_composer(catalog, search)

    async def plan(self, task: PlanTask) -> Planned:
        """Return the outline for a task."""
        if not is_english(task.request):
            return Planned(outline=Outline(unsupported=(NOT_ENGLISH,)))
        if task.outline is not None and task.diagnostics:
            # The rules give the same plan again: nothing here can mend it.
            found = tuple(item.message for item in task.diagnostics)
            return Planned(outline=Outline(unsupported=found))
        if task.document is not None:
            return Planned(
                outline=_of_change(self._composer.change(task.request, task.document.data))
            )
        return Planned(outline=_of_workflow(self._composer.compose(task.request)))


def _of_workflow(composed: Composed) -> Outline:
    workflow = composed.workflow or {}
    return Outline(
        name=str(workflow.get("name", "")),
        summary=str(workflow.get("description", "")),
        trigger=OutlineTrigger(text=composed.trigger),
        steps=tuple(map(_step, composed.nodes)),
        assumptions=composed.assumptions,
        unsupported=composed.unsupported,
        questions=tuple(Question(text=text) for text in composed.questions),
    )


def _of_change(composed: Composed) -> Outline:
    planned = {node.id: _step(node) for node in composed.nodes}
    return Outline(
        edits=tuple(_edit(change, planned) for change in composed.changes),
        assumptions=composed.assumptions,
        unsupported=composed.unsupported,
    )


def _step(node: Node) -> OutlineStep:
    match node:
        case Call():
            kind = "call" if node.component else "ask"
            return OutlineStep(id=node.id, kind=kind, text=node.plain or node.said,
                               service=node.service, quotes=_quotes(node))  # fmt: skip
        case If():
            labels = ["then", *(["elif"] * len(node.branches))]
            blocks = [
                OutlineBlock(
                    label=label if branch.condition else "else",
                    condition=branch.condition.text if branch.condition else "",
                    steps=_steps(branch.steps),
                )
                for label, branch in zip(labels, node.branches, strict=False)
            ]
            return OutlineStep(id=node.id, kind="if", blocks=tuple(blocks))
        case Loop():
            do = OutlineBlock(label="do", steps=_steps(node.steps))
            text = f"each {node.item} of {node.over.step or node.over.item}"
            return OutlineStep(id=node.id, kind="for_each", text=text, blocks=(do,))
        case While():
            do = OutlineBlock(label="do", steps=_steps(node.steps))
            return OutlineStep(id=node.id, kind="while", text=node.condition.text, blocks=(do,))


def _steps(nodes: Sequence[Node]) -> tuple[OutlineStep, ...]:
    return tuple(map(_step, nodes))


def _quotes(node: Call) -> tuple[str, ...]:
    import re

    return tuple(re.findall(r'"([^"]*)"', node.said))


def _edit(change: Change, planned: dict[str, OutlineStep]) -> OutlineEdit:
    match change:
        case AddStep():
            place = change.place
            where = "before" if place.before else "after" if place.after else "into"
            anchor = place.before or place.after or place.into
            step_id = str(change.step.get("id", ""))
            steps = (planned[step_id],) if step_id in planned else ()
            return OutlineEdit(op="add", anchor=anchor, where=where if anchor else "end",
                               block=place.block, steps=steps)  # fmt: skip
        case RemoveStep():
            return OutlineEdit(op="remove", target=change.id)
        case ReplaceStep():
            steps = tuple(list(planned.values())[:1])
            return OutlineEdit(op="replace", target=change.id, steps=steps)
        case MoveStep():
            return OutlineEdit(op="move", target=change.id)
        case SetValue():
            return OutlineEdit(op="change", target=change.id, text=f"set {change.path}")
        case UnsetValue():
            return OutlineEdit(op="change", target=change.id, text=f"remove {change.path}")
