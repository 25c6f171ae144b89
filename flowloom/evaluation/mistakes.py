"""The kinds of mistakes that reports count, after the papers on workflow generation."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict

__all__ = ["MISTAKE_KINDS", "Blame", "Mistake", "MistakeKind"]

MistakeKind: TypeAlias = Literal[
    "status.refused",
    "status.answered",
    "status.wrong",
    "format.unparseable",
    "format.not_convertible",
    "component.hallucinated",
    "component.near_synonym",
    "component.missing",
    "component.extra",
    "trigger.type",
    "trigger.inputs",
    "structure.order",
    "structure.missing_dependency",
    "structure.extra_dependency",
    "structure.wrong_parent",
    "structure.wrong_branch",
    "structure.parallel_flattened",
    "inputs.type",
    "inputs.extraction",
    "inputs.omission",
    "inputs.redundancy",
    "inputs.transformation",
    "references.omitted",
    "references.literal",
    "references.wrong_producer",
    "references.hallucinated",
    "references.before_definition",
    "references.out_of_scope",
    "interface.inputs",
    "interface.outputs",
    "semantics.implicit_step",
    "semantics.edit_damage",
    "semantics.invalid",
    "semantics.runs_but_wrong",
]
"""What each means:

status: ``refused`` although there is a right workflow; ``answered`` with a workflow where asking
or refusing was right; ``wrong``: asked instead of refused, or the other way round.
format: not a document at all; a document that is no workflow.
component: not in the catalog; another than the right one in its place; a step too few; too many.
trigger: another component; its values.
structure: steps of one block in another order; a condition, loop or ``try`` that is missing or too
many (what hangs on it then depends on too little or too much); a step in another block of another
step; in another block of the same step; parallel branches written one after the other.
inputs: a value of another JSON type; another value, or another field of the right step; left out;
not asked for; the right value in another form, or other work on the right values.
references: fewer than wanted; a literal instead; another step's output; to what does not exist; to
a step that has not run yet; to a step that cannot be reached from there.
interface: run inputs of other types or number; outputs other than asked for.
semantics: a step that the request implies without naming it; an edit that changed what it should
not; as wanted wherever it is compared, but the verifier finds an error (a secret, a division by
zero); valid, and yet not what was wanted, with no mistake of another kind.
"""
MISTAKE_KINDS: tuple[MistakeKind, ...] = get_args(MistakeKind)

Blame: TypeAlias = Literal["model", "retriever"]
"""The retriever is to blame where the right component was not among its candidates."""


class Mistake(BaseModel):
    """One mistake.

    Attributes:
        step: id of the step in the output; in the gold workflow where the output has none.
        place: the input or block.
        expected, found: what should stand there, and what does; shortened.
    """

    model_config = ConfigDict(frozen=True)

    kind: MistakeKind
    step: str = ""
    place: str = ""
    expected: str = ""
    found: str = ""
    blame: Blame = "model"

    @property
    def group(self) -> str:
        """The part of the kind before the dot."""
        return self.kind.partition(".")[0]
