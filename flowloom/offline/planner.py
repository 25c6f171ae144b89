"""The planner without a language model: the plan of the stages, as an outline in words."""

from __future__ import annotations

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Search
from flowloom.offline.composer import Composed, shared_composer
from flowloom.offline.explaining import Explanation, explained
from flowloom.offline.meaning.classifier import Embed
from flowloom.offline.planning.outlining import outline_step
from flowloom.offline.reading.language import NOT_ENGLISH, is_english
from flowloom.roles import Planned, PlanTask
from flowloom.workflow.document import Document
from flowloom.workflow.edits import (
    AddStep,
    Change,
    MoveStep,
    RemoveStep,
    ReplaceStep,
    SetValue,
    UnsetValue,
    find_steps,
)
from flowloom.workflow.outline import (
    Outline,
    OutlineEdit,
    OutlineStep,
    OutlineTrigger,
)

__all__ = ["OfflinePlanner"]


class OfflinePlanner:
    """Plans by rules."""

    def __init__(self, catalog: Catalog, search: Search, embed: Embed | None = None) -> None:
        self._composer = shared_composer(catalog, search, embed)

    def explain(self, request: str, document: Document | None = None) -> Explanation:
        """Return what each stage makes of a request, or of a change of a document."""
        if not is_english(request):
            return Explanation(unsupported=(NOT_ENGLISH,))
        if document is not None:
            return explained(self._composer.change(request, document.data))
        return explained(self._composer.compose(request))

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
        steps=tuple(map(outline_step, composed.nodes)),
        assumptions=composed.assumptions,
        unsupported=composed.unsupported,
        questions=composed.questions,
    )


def _of_change(composed: Composed) -> Outline:
    planned = {node.id: outline_step(node) for node in composed.nodes}
    return Outline(
        edits=tuple(_edit(change, planned) for change in composed.changes),
        assumptions=composed.assumptions,
        unsupported=composed.unsupported,
        questions=composed.questions,
    )


def _edit(change: Change, planned: dict[str, OutlineStep]) -> OutlineEdit:
    match change:
        case AddStep():
            place = change.place
            where = "before" if place.before else "after" if place.after else "into"
            anchor = place.before or place.after or place.into
            inside = find_steps({"steps": [change.step]})
            steps = tuple(planned[name] for name in inside if name in planned)
            return OutlineEdit(op="add", anchor=anchor, where=where if anchor else "end",
                               block=place.block, steps=steps)  # fmt: skip
        case RemoveStep():
            return OutlineEdit(op="remove", target=change.id)
        case ReplaceStep():
            inside = find_steps({"steps": [change.step]})
            steps = tuple(planned[name] for name in inside if name in planned)
            steps = steps or tuple(list(planned.values())[:1])
            return OutlineEdit(op="replace", target=change.id, steps=steps)
        case MoveStep():
            return OutlineEdit(op="move", target=change.id)
        case SetValue():
            return OutlineEdit(op="change", target=change.id, text=f"set {change.path}")
        case UnsetValue():
            return OutlineEdit(op="change", target=change.id, text=f"remove {change.path}")
