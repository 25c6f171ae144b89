"""A case: one request and what it should give; a data set: cases and where they come from."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

__all__ = ["Case", "Dataset", "Datasheet", "Level", "Scoring", "Status"]

Status: TypeAlias = Literal["valid", "needs_input", "failed"]
Level: TypeAlias = Literal["", "linear", "conditional", "loops", "nested", "edit"]
Scoring: TypeAlias = Literal["workflow", "flow_bench", "calls", "outline"]
"""How a case is scored beside the metrics for all: see ``flowloom.evaluation.scoring``."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(_Frozen):
    """One request and what it should give.

    Attributes:
        prior: the workflow (plain data) that the request changes; None for a new one.
        gold: the workflow that the requester would accept; None if there is none to make.
        alternatives: others that are equally right.
        statuses: the outcomes that are right; ``gold`` counts only where ``valid`` is one.
        free: places whose wording is free, as ``step.input``, named after the steps of ``gold``
            and the alternatives; they may also be left out. What they refer to is not free.
        paraphrase_of: id of the case that says the same in other words or another language;
            statistics take both for one cluster.
        language: of the request, as in BCP 47.
        ids_are_stable: whether the steps of ``prior`` have ids that an edit must keep; False for
            data whose notation has none.
        scoring: the data set's own way.
        reference: what that way compares with, in the data set's own notation.
    """

    id: str
    request: str
    prior: dict[str, Any] | None = None
    gold: dict[str, Any] | None = None
    alternatives: tuple[dict[str, Any], ...] = ()
    statuses: tuple[Status, ...] = ("valid",)
    free: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    domain: str = ""
    level: Level = ""
    language: str = "en"
    split: str = ""
    paraphrase_of: str = ""
    ids_are_stable: bool = True
    scoring: Scoring = "workflow"
    reference: str = ""

    @property
    def accepted(self) -> tuple[dict[str, Any], ...]:
        """Every workflow that is right, the gold one first."""
        return (self.gold, *self.alternatives) if self.gold is not None else ()

    @property
    def is_edit(self) -> bool:
        """Whether the request changes a workflow."""
        return self.prior is not None

    @property
    def cluster(self) -> str:
        """What a bootstrap draws as one: the case that this one says again, or itself."""
        return self.paraphrase_of or self.id


class Datasheet(_Frozen):
    """Where a data set comes from and what it may be used for."""

    name: str
    version: str = ""
    licence: str = ""
    source: str = ""
    description: str = ""


class Dataset(_Frozen):
    """Cases with unique ids, in a fixed order."""

    sheet: Datasheet
    cases: tuple[Case, ...]

    def only(
        self, *, split: str | None = None, language: str | None = None, tag: str | None = None
    ) -> Dataset:
        """Return the data set with those cases alone that fit everything given."""
        kept = tuple(
            case
            for case in self.cases
            if split in (None, case.split)
            and language in (None, case.language)
            and (tag is None or tag in case.tags)
        )
        return self.model_copy(update={"cases": kept})
