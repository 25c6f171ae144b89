"""From the scores of many samples to the figures of a report, each with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from flowloom.evaluation.intervals import LEVEL, ROUNDS, Interval, bootstrap_mean, wilson
from flowloom.evaluation.metrics.overlap import Overlap
from flowloom.evaluation.metrics.repeats import pass_at_k, pass_hat_k
from flowloom.evaluation.mistakes import Blame, Mistake, MistakeKind
from flowloom.evaluation.own_scoring import PASS_FAIL
from flowloom.evaluation.scores import Scores

__all__ = ["Scored", "figure", "hallucination", "micro", "mistake_shares", "repeated"]

Stage: TypeAlias = Literal["draft", "final"]
_OPTIONAL_BOOL: Any = bool | None
_PASS_FAIL = PASS_FAIL | {
    name
    for name, field in Scores.model_fields.items()
    if field.annotation is bool or field.annotation == _OPTIONAL_BOOL
}


@dataclass(frozen=True)
class Scored:
    """The scores of one sample, and the cluster of its case (see ``Case.cluster``)."""

    cluster: str
    scores: Scores


def figure(
    samples: Sequence[Scored], name: str, *, seed: int = 0, rounds: int = ROUNDS
) -> Interval | None:
    """Return the mean of a figure (see ``Scores.figures``) with its 95 % interval.

    Wilson's for pass and fail of independent cases, and where all clusters pass, or all fail; else
    a bootstrap that draws whole clusters.

    Returns:
        None if the figure applies to no sample.
    """
    found = [(item.cluster, item.scores.figures().get(name)) for item in samples]
    pairs = [(cluster, value) for cluster, value in found if value is not None]
    if not pairs:
        return None
    clusters, values = [cluster for cluster, _ in pairs], [value for _, value in pairs]
    groups = len(set(clusters))
    if name in _PASS_FAIL and groups == len(clusters):
        return wilson(round(sum(values)), len(values), LEVEL)
    if name in _PASS_FAIL and set(values) in ({0.0}, {1.0}):
        # Whatever is drawn is the same: a bootstrap would say that nothing is uncertain.
        return wilson(groups * round(values[0]), groups, LEVEL)
    return bootstrap_mean(values, clusters, seed=seed, rounds=rounds)


def hallucination(samples: Sequence[Scored], stage: Stage = "final") -> float | None:
    """Return the share of invented components among all that the samples name (micro average).

    Args:
        stage: ``draft`` is before verification.
    """
    scores = [item.scores for item in samples]
    if stage == "draft":
        named = sum(item.drafted for item in scores)
        invented = sum(item.draft_hallucinated for item in scores)
    else:
        named = sum(item.named for item in scores)
        invented = sum(item.hallucinated for item in scores)
    return invented / named if named else None


def micro(samples: Sequence[Scored], part: str) -> Overlap:
    """Return the overlap of a data set's own scoring over all samples together.

    Args:
        part: such as ``tools``, ``parameters`` or ``nested`` of Seal-Tools and NesTools.
    """
    shared, wanted, found = (
        round(sum(item.scores.own.get(f"{part}_{count}", 0.0) for item in samples))
        for count in ("shared", "wanted", "found")
    )
    return Overlap(shared, wanted, found)


def repeated(samples: Sequence[Scored], k: int) -> tuple[float, float] | None:
    """Return pass@k and pass^k of ``correct``, the mean over the cases tried at least k times.

    Returns:
        None if no case was.
    """
    tries: dict[str, list[bool]] = {}
    for item in samples:
        tries.setdefault(item.scores.case, []).append(item.scores.correct)
    enough = [outcomes for outcomes in tries.values() if len(outcomes) >= k]
    if not enough:
        return None
    at = [pass_at_k(len(outcomes), sum(outcomes), k) for outcomes in enough]
    hat = [pass_hat_k(len(outcomes), sum(outcomes), k) for outcomes in enough]
    return sum(at) / len(at), sum(hat) / len(hat)


def mistake_shares(samples: Sequence[Scored]) -> Mapping[tuple[MistakeKind, Blame], float]:
    """Return the share of samples that have a mistake of a kind, by who is to blame."""
    counts: Counter[tuple[MistakeKind, Blame]] = Counter()
    for item in samples:
        counts.update({_kind_and_blame(mistake) for mistake in item.scores.mistakes})
    return {key: count / len(samples) for key, count in sorted(counts.items())}


def _kind_and_blame(mistake: Mistake) -> tuple[MistakeKind, Blame]:
    return mistake.kind, mistake.blame
