"""One function from a case and an output to scores, by the same yardstick for every strategy."""

from __future__ import annotations

from dataclasses import dataclass

from flowloom.evaluation.cases import Case, Status
from flowloom.evaluation.equality.matching import differences
from flowloom.evaluation.mistakes import Mistake, MistakeKind
from flowloom.evaluation.own_scoring import outline_scores, own_scoring
from flowloom.evaluation.reading import Judge, Reading, read_output, runs
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scores import Scores
from flowloom.evaluation.sides import Sides, nearest_gold
from flowloom.verification.diagnostic import Diagnostic

__all__ = ["Judge", "Judged", "judge_output", "score"]


@dataclass(frozen=True)
class Judged:
    """The scores of an output, and what the verifier says of it."""

    scores: Scores
    diagnostics: tuple[Diagnostic, ...] = ()


def score(case: Case, output: Output, judge: Judge) -> Scores:
    """Score an output; pure, and the same for the same arguments.

    The verifier runs on the output's text whatever the strategy says of it, without a plan (a
    single prompt has none), with the request and the workflow before.
    """
    return judge_output(case, output, judge).scores


def judge_output(case: Case, output: Output, judge: Judge) -> Judged:
    """Score an output, and tell every finding of the verifier too; see ``score``."""
    if case.scoring == "outline":
        return Judged(_score_outline(case, output, judge))
    reading = read_output(case, output, judge)
    found = reading.verdict.diagnostics if reading.verdict else ()
    return Judged(_score_reading(case, output, judge, reading), found)


def _score_reading(case: Case, output: Output, judge: Judge, reading: Reading) -> Scores:
    gold = nearest_gold(case, reading.form, judge)
    own = own_scoring(case, reading.workflow)
    status = _status(output, reading)
    false_claim = output.status == "valid" and not reading.valid
    right_status = status in case.statuses and not false_claim
    exact = own.exact if own.exact is not None else _exact(case, reading, judge)
    correct = right_status and (status != "valid" or exact)
    # Who asks or refuses where that is right need not have a workflow.
    compared = None if gold is None or (right_status and status != "valid") else gold
    sides = Sides(case, output, reading, compared, judge)
    locality = sides.locality()
    return Scores(
        case=case.id,
        claimed=output.status,
        status=status,
        false_claim=false_claim,
        parsed=reading.document is not None,
        convertible=reading.convertible,
        valid=reading.valid,
        dry_run=runs(reading, judge),
        right_status=right_status,
        correct=correct,
        exact=exact if compared else None,
        edit_locality=locality.rate if locality else None,
        edit_damage=locality.damage if locality else None,
        cost_usd=judge.prices.cost(output.model, output.spent),
        mistakes=() if correct else (*_wrong_status(case, output, status), *sides.mistakes()),
        own=dict(own.figures),
        **sides.similarity(),
        **sides.of_catalog(),
        **sides.of_words(),
        **output.spent.model_dump(),
    )


def _score_outline(case: Case, output: Output, judge: Judge) -> Scores:
    """Score an outline in words: there is no workflow to verify, so nothing is ``valid``."""
    own = outline_scores(case.reference, output.text, judge.likeness)
    parsed = bool(own.figures["format"])
    return Scores(
        case=case.id,
        claimed=output.status,
        status="failed",
        false_claim=False,
        parsed=parsed,
        convertible=False,
        valid=False,
        dry_run=False,
        right_status=parsed,
        correct=bool(own.exact),
        exact=own.exact,
        cost_usd=judge.prices.cost(output.model, output.spent),
        mistakes=() if parsed else (Mistake(kind="format.unparseable"),),
        own=dict(own.figures),
        **output.spent.model_dump(),
    )


def _status(output: Output, reading: Reading) -> Status:
    if output.status == "valid":
        return "valid" if reading.valid else "failed"
    return "needs_input" if output.status == "needs_input" else "failed"


def _exact(case: Case, reading: Reading, judge: Judge) -> bool:
    if reading.workflow is None:
        return False
    return not differences(reading.workflow, case.accepted, case.free, judge.defaults)


def _wrong_status(case: Case, output: Output, status: Status) -> tuple[Mistake, ...]:
    kind: MistakeKind | None = None
    if "valid" in case.statuses:
        refused = output.status != "valid" and status not in case.statuses
        kind = "status.refused" if refused else None
    elif output.status == "valid":
        kind = "status.answered"
    elif status not in case.statuses:
        kind = "status.wrong"
    if kind is None:
        return ()
    return (Mistake(kind=kind, expected=" or ".join(case.statuses), found=status),)
