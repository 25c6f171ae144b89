"""The outline: a workflow in words, as the planner hands it to retriever and generator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Outline",
    "OutlineBlock",
    "OutlineEdit",
    "OutlineStep",
    "OutlineTrigger",
    "Question",
    "StepKind",
]

StepKind: TypeAlias = Literal[
    "call", "if", "switch", "for_each", "while", "parallel", "try", "wait", "ask", "stop"
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Question(_Frozen):
    """A question that only the person can answer, with suggested answers and a default."""

    text: str
    suggestions: tuple[str, ...] = ()
    default: str = ""


class OutlineTrigger(_Frozen):
    """What starts the workflow, in words; empty text is a run by hand."""

    text: str = ""


class OutlineBlock(_Frozen):
    """One block of a planned step: ``then``, ``else``, ``do``, a case or a branch.

    Attributes:
        label: ``then``, ``elif``, ``else``, ``do``, ``case``, ``default``, ``branch``, ``try``,
            ``catch`` or ``finally``.
        condition: in words, for ``then``, ``elif`` and ``case``.
    """

    label: str
    condition: str = ""
    steps: tuple[OutlineStep, ...] = ()


class OutlineStep(_Frozen):
    """One planned step.

    Attributes:
        id: the id that the step is to have in the workflow.
        text: what it does, in words; what the retriever searches with for a ``call``.
        service: the service that the request names for it, if any.
        quotes: texts, numbers, addresses and dates of the request that belong to this step.
    """

    id: str
    kind: StepKind = "call"
    text: str = ""
    service: str = ""
    quotes: tuple[str, ...] = ()
    blocks: tuple[OutlineBlock, ...] = ()


class OutlineEdit(_Frozen):
    """One planned change of an existing workflow, in words.

    Attributes:
        target: id of the step that is changed, removed, moved, replaced or wrapped.
        anchor, where: for ``add`` and ``move``: the step it goes before, after or into; no anchor
            is the end of the workflow.
        block: for ``into``: the block of the anchor, such as ``then`` or ``else``.
        text: what changes, in words.
        steps: the planned steps that are added or put in the target's place.
    """

    op: Literal["add", "remove", "replace", "move", "change", "wrap"]
    target: str = ""
    anchor: str = ""
    where: Literal["before", "after", "into", "end"] = "end"
    block: str = ""
    text: str = ""
    steps: tuple[OutlineStep, ...] = ()


class Outline(_Frozen):
    """The plan for one workflow, or for one change of a workflow.

    Attributes:
        name: a name for the workflow.
        summary: one sentence that says what it does, or what the change does.
        steps: the whole plan of a new workflow; empty for a change.
        edits: the planned changes of an existing workflow; empty for a new one.
        assumptions: what was taken for granted, a sentence each.
        questions: at most three; with any, the composer stops and asks.
        unsupported: what of the request cannot be done, a sentence each.
    """

    name: str = ""
    summary: str = ""
    trigger: OutlineTrigger = OutlineTrigger()
    steps: tuple[OutlineStep, ...] = ()
    edits: tuple[OutlineEdit, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = Field(default=(), max_length=3)
    unsupported: tuple[str, ...] = ()

    def walk(self) -> Iterator[OutlineStep]:
        """Yield every planned step, of edits too; nested ones after the step that holds them."""
        yield from _walk(self.steps)
        for edit in self.edits:
            yield from _walk(edit.steps)


def _walk(steps: tuple[OutlineStep, ...]) -> Iterator[OutlineStep]:
    for step in steps:
        yield step
        for block in step.blocks:
            yield from _walk(block.steps)


OutlineBlock.model_rebuild()
