"""The figures of a report, computed from a run's samples; every one with what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median
from typing import TypeAlias

from flowloom.evaluation.aggregate import (
    Scored,
    figure,
    hallucination,
    micro,
    mistake_shares,
    repeated,
)
from flowloom.evaluation.cases import Case
from flowloom.evaluation.comparisons import McNemar, PairedDifference, mcnemar, paired_bootstrap
from flowloom.evaluation.forms import form_of
from flowloom.evaluation.intervals import Interval
from flowloom.evaluation.metrics.overlap import Overlap
from flowloom.evaluation.mistakes import MISTAKE_KINDS, MistakeKind
from flowloom.evaluation.reports.loading import ArmSamples, Run
from flowloom.evaluation.samples import Sample

__all__ = [
    "HEADLINES",
    "MORE_FIGURES",
    "RECALL_AT",
    "Group",
    "Leader",
    "Pair",
    "by_group",
    "compare_arms",
    "holm",
    "leaders",
    "mistake_table",
    "paired",
    "recall_curve",
]

ROUNDS = 2_000
_COUNTS = ("_shared", "_wanted", "_found")
RECALL_AT = (1, 2, 5, 10, 20, 50, 100)

HEADLINES: Mapping[str, str] = {
    "correct": "correct",
    "valid": "valid",
    "right_status": "right status",
    "flow_sim": "FlowSim",
    "component_f1": "component F1",
    "input_exact": "inputs exact",
}
MORE_FIGURES: Mapping[str, str] = {
    "exact": "exact match",
    "dry_run": "dry run succeeds",
    "false_claim": "false claims",
    "parsed": "parsed",
    "convertible": "convertible",
    "flow_sim_without_inputs": "FlowSim without inputs",
    "tree_bleu": "TreeBLEU",
    "trigger_match": "trigger match",
    "component_precision": "component precision",
    "component_recall": "component recall",
    "component_jaccard": "component Jaccard",
    "edge_f1": "edge F1",
    "input_type": "input types",
    "reference_f1": "reference F1",
    "candidate_recall": "candidate recall",
    "edit_locality": "edit locality",
    "edit_damage": "edit damage",
    "faithfulness": "faithfulness",
    "description_rouge_l": "description ROUGE-L",
    "description_bleu": "description BLEU",
}
Blamed: TypeAlias = tuple[float, float]
"""Shares of samples with a mistake: by the model, by the retriever."""


@dataclass(frozen=True)
class Leader:
    """One arm in the leaderboard.

    Attributes:
        figures: by name, those that apply.
        micro: overlaps over all samples together, by part of a data set's own scoring.
        cost_usd: mean of a request; None if the model has no price.
        errors: samples without an output because the model's server failed; they count as wrong.
        repeats: by k, pass@k and pass^k.
    """

    arm: ArmSamples
    figures: Mapping[str, Interval]
    micro: Mapping[str, Overlap]
    hallucinated: float | None
    draft_hallucinated: float | None
    tokens: float
    model_calls: float
    attempts: float
    cost_usd: float | None
    seconds_median: float
    seconds_p95: float
    errors: int
    repeats: Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Pair:
    """Two arms on the cases that both have answered; ``p_value`` is corrected after Holm."""

    first: str
    second: str
    cases: int
    correct: PairedDifference
    flow_sim: PairedDifference | None
    mcnemar: McNemar
    p_value: float

    @property
    def beyond_noise(self) -> bool:
        """Whether one is better in ``correct``: by the interval and by the corrected test."""
        return self.correct.beyond_noise and self.p_value < 0.05


@dataclass(frozen=True)
class Group:
    """A group of cases, with ``correct`` and FlowSim of every arm that has some."""

    name: str
    cases: int
    correct: Mapping[str, Interval]
    flow_sim: Mapping[str, Interval]


def leaders(run: Run) -> list[Leader]:
    """Return every arm that has samples, in the order of the run."""
    return [_leader(arm) for arm in run.arms if arm.samples]


def _leader(arm: ArmSamples) -> Leader:
    names = [*HEADLINES, *MORE_FIGURES]
    counted = sorted({name for item in arm.samples for name in item.scores.own})
    parts = [name.removesuffix("_shared") for name in counted if name.endswith("_shared")]
    own = [name for name in counted if not name.endswith(_COUNTS)]
    scores = [item.scores for item in arm.samples]
    count = len(scores)
    costs = [item.cost_usd for item in scores if item.cost_usd is not None]
    seconds = sorted(item.seconds for item in scores)
    most = _most_repeats(arm.scored)
    found = {name: figure(arm.scored, name, rounds=ROUNDS) for name in [*names, *own]}
    return Leader(
        arm=arm,
        figures={name: value for name, value in found.items() if value is not None},
        micro={part: micro(arm.scored, part) for part in parts},
        hallucinated=hallucination(arm.scored),
        draft_hallucinated=hallucination(arm.scored, "draft"),
        tokens=sum(item.input_tokens + item.output_tokens for item in scores) / count,
        model_calls=sum(item.model_calls for item in scores) / count,
        attempts=sum(item.attempts for item in scores) / count,
        cost_usd=sum(costs) / len(costs) if costs else None,
        seconds_median=median(seconds),
        seconds_p95=seconds[min(count - 1, int(0.95 * count))],
        errors=sum(item.claimed == "error" for item in scores),
        repeats={
            k: rates
            for k in range(1, most + 1)
            if most > 1 and (rates := repeated(arm.scored, k)) is not None
        },
    )


def _most_repeats(scored: Sequence[Scored]) -> int:
    counts: dict[str, int] = {}
    for item in scored:
        counts[item.scores.case] = counts.get(item.scores.case, 0) + 1
    return max(counts.values(), default=0)


def paired(run: Run, *, seed: int = 0) -> list[Pair]:
    """Return every two arms compared on the cases (and repeats) that both have."""
    arms = [arm for arm in run.arms if arm.samples]
    pairs = [_pair(one, other, seed) for one, other in combinations(arms, 2)]
    found = [pair for pair in pairs if pair is not None]
    return [
        replace(pair, p_value=value)
        for pair, value in zip(found, holm([item.mcnemar.p_value for item in found]), strict=True)
    ]


def compare_arms(one: ArmSamples, other: ArmSamples, *, seed: int = 0) -> Pair | None:
    """Compare two arms, maybe of two runs; None if they share no case."""
    return _pair(one, other, seed)


def _pair(one: ArmSamples, other: ArmSamples, seed: int) -> Pair | None:
    left, right = _by_place(one), _by_place(other)
    shared = [place for place in left if place in right]
    if not shared:
        return None
    clusters = [left[place].cluster for place in shared]
    firsts = [left[place].scores for place in shared]
    seconds = [right[place].scores for place in shared]
    once = [index for index, place in enumerate(shared) if place[1] == shared[0][1]]
    test = mcnemar(
        [firsts[index].correct for index in once], [seconds[index].correct for index in once]
    )
    similar = [
        (a.flow_sim, b.flow_sim, cluster)
        for a, b, cluster in zip(firsts, seconds, clusters, strict=True)
        if a.flow_sim is not None and b.flow_sim is not None
    ]
    return Pair(
        first=one.name,
        second=other.name,
        cases=len({place[0] for place in shared}),
        correct=paired_bootstrap(
            [float(item.correct) for item in firsts],
            [float(item.correct) for item in seconds],
            clusters,
            seed=seed,
            rounds=ROUNDS,
        ),
        flow_sim=_difference(similar, seed) if similar else None,
        mcnemar=test,
        p_value=test.p_value,
    )


def _difference(rows: Sequence[tuple[float, float, str]], seed: int) -> PairedDifference:
    first, second, clusters = zip(*rows, strict=True)
    return paired_bootstrap(first, second, clusters, seed=seed, rounds=ROUNDS)


def _by_place(arm: ArmSamples) -> dict[tuple[str, int], Scored]:
    places = [(item.sample.case, item.sample.repeat) for item in arm.samples]
    return dict(zip(places, arm.scored, strict=True))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, least = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, p_values[index] * (len(p_values) - rank)))
        corrected[index] = least
    return corrected


def by_group(run: Run, groups_of: Callable[[Case], Iterable[str]]) -> list[Group]:
    """Return ``correct`` and FlowSim by groups of cases, such as levels, domains or tags."""
    names = dict.fromkeys(name for case in run.dataset.cases for name in groups_of(case))
    return [_group(run, name, groups_of) for name in names if name]


def _group(run: Run, name: str, groups_of: Callable[[Case], Iterable[str]]) -> Group:
    correct: dict[str, Interval] = {}
    similar: dict[str, Interval] = {}
    for arm in run.arms:
        chosen = [
            arm.scored_of(item) for item in arm.samples if name in groups_of(arm.case_of(item))
        ]
        for figures, key in ((correct, "correct"), (similar, "flow_sim")):
            value = figure(chosen, key, rounds=ROUNDS) if chosen else None
            if value is not None:
                figures[arm.name] = value
    count = sum(name in groups_of(case) for case in run.dataset.cases)
    return Group(name, count, correct, similar)


def mistake_table(run: Run) -> dict[MistakeKind, dict[str, Blamed]]:
    """Return by kind of mistake and arm the share of samples that have it, by who is to blame."""
    shares = {arm.name: mistake_shares(arm.scored) for arm in run.arms if arm.samples}
    table: dict[MistakeKind, dict[str, Blamed]] = {}
    for kind in MISTAKE_KINDS:
        row = {
            name: (found.get((kind, "model"), 0.0), found.get((kind, "retriever"), 0.0))
            for name, found in shares.items()
        }
        if any(max(item) for item in row.values()):
            table[kind] = row
    return table


def recall_curve(arm: ArmSamples) -> dict[int, float] | None:
    """Return the mean share of gold components among the first k candidates, by k.

    Returns:
        None if the arm retrieves nothing.
    """
    found = [
        recalls
        for item in arm.samples
        if (recalls := _recalls(arm.case_of(item), item.sample)) is not None
    ]
    if not found:
        return None
    return {k: sum(item[k] for item in found) / len(found) for k in RECALL_AT}


def _recalls(case: Case, sample: Sample) -> dict[int, float] | None:
    candidates = sample.output.candidates
    if candidates is None or case.gold is None:
        return None
    before = _components(case.prior) if case.prior else frozenset[str]()
    wanted = _components(case.gold) - before
    if not wanted:
        return None
    return {k: len(wanted & set(candidates[:k])) / len(wanted) for k in RECALL_AT}


def _components(workflow: Mapping[str, object]) -> frozenset[str]:
    form = form_of(dict(workflow))
    return frozenset([*form.uses, *([form.trigger_label] if form.trigger_label else [])])
