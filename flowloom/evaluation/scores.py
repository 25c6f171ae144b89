"""The flat scores of one output."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from flowloom.evaluation.cases import Status
from flowloom.evaluation.mistakes import Mistake
from flowloom.evaluation.samples import OutputStatus

__all__ = ["Scores"]


class Scores(BaseModel):
    """What one output is worth. None: it does not apply to the case, and no mean counts it.

    Attributes:
        claimed: the status that the strategy claims.
        status: ``valid`` only if the verifier finds no error in a workflow that is claimed valid.
        false_claim: claimed valid, and the verifier found an error, or there is no workflow.
        parsed: the text is a YAML or JSON document; convertible: it has the shape of a workflow.
        valid: the full verifier found no error in it, whatever was claimed.
        dry_run: it runs in memory, every branch: nothing that makes it fail was found (safety and
            faithfulness do not count).
        exact: equal to an accepted workflow (see ``equality.matching``; Flow-Bench's cases: equal
            syntax trees after renaming variables).
        correct: pass or fail: a right status and, where it is ``valid``, exact.
        flow_sim to reference_f1: against the accepted workflow that is nearest; where nothing
            could be read, against an empty one.
        named, hallucinated: components that it names (trigger included), and those of them that
            the catalog does not have; ``drafted`` and ``draft_hallucinated`` the same of the draft
            before verification. Sums over samples give the rate over all calls.
        candidate_recall: the share of gold components among the candidates.
        edit_locality, edit_damage, ids: see ``metrics.edits``.
        faithfulness: see ``metrics.request``.
        description_rouge_l, description_bleu: extras.
        cost_usd: None if the model has no price.
        own: figures of the data set's own scoring, by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    claimed: OutputStatus
    status: Status
    false_claim: bool
    parsed: bool
    convertible: bool
    valid: bool
    dry_run: bool
    right_status: bool
    correct: bool
    exact: bool | None = None
    flow_sim: float | None = None
    flow_sim_without_inputs: float | None = None
    tree_bleu: float | None = None
    trigger_match: bool | None = None
    component_precision: float | None = None
    component_recall: float | None = None
    component_f1: float | None = None
    component_jaccard: float | None = None
    edge_f1: float | None = None
    input_exact: float | None = None
    input_type: float | None = None
    reference_f1: float | None = None
    named: int = 0
    hallucinated: int = 0
    drafted: int = 0
    draft_hallucinated: int = 0
    candidate_recall: float | None = None
    edit_locality: float | None = None
    edit_damage: int | None = None
    faithfulness: float | None = None
    description_rouge_l: float | None = None
    description_bleu: float | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    attempts: int = 0
    mistakes: tuple[Mistake, ...] = ()
    own: dict[str, float] = {}

    @property
    def hallucination_rate(self) -> float | None:
        """Invented components over those named; None if none is named."""
        return self.hallucinated / self.named if self.named else None

    @property
    def draft_hallucination_rate(self) -> float | None:
        """The same of the draft before verification."""
        return self.draft_hallucinated / self.drafted if self.drafted else None

    def figures(self) -> dict[str, float]:
        """Return every figure that applies, by name; true is 1. ``own`` ones bear their names."""
        rates = {
            "hallucination_rate": self.hallucination_rate,
            "draft_hallucination_rate": self.draft_hallucination_rate,
        }
        plain = {name: getattr(self, name) for name in type(self).model_fields}
        found = {
            name: float(value)
            for name, value in {**plain, **rates}.items()
            if isinstance(value, bool | int | float)
        }
        return {**found, **self.own}
