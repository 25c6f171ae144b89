"""An output held against the gold workflow: every metric that compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flowloom.evaluation.cases import Case
from flowloom.evaluation.forms import FlowForm, form_of
from flowloom.evaluation.metrics.edits import EditLocality, edit_locality
from flowloom.evaluation.metrics.request import request_faithfulness
from flowloom.evaluation.metrics.structure import (
    component_jaccard,
    component_overlap,
    edge_overlap,
    flow_similarity,
    hallucinated,
    tree_bleu,
    trigger_match,
)
from flowloom.evaluation.metrics.text import bleu, rouge_l
from flowloom.evaluation.metrics.values import input_match, reference_overlap
from flowloom.evaluation.mistakes import Mistake
from flowloom.evaluation.reading import Judge, Reading, document_in
from flowloom.evaluation.samples import Output
from flowloom.evaluation.taxonomy import Evidence, mistakes_of

__all__ = ["Gold", "Sides", "nearest_gold"]


@dataclass(frozen=True)
class Gold:
    """An accepted workflow, as plain data and in the form that metrics compare."""

    data: Mapping[str, Any]
    form: FlowForm


def nearest_gold(case: Case, found: FlowForm, judge: Judge) -> Gold | None:
    """Return the accepted workflow that shares most with the output, the first of equals."""
    golds = _golds_of(case, judge)
    if len(golds) < 2 or not found.steps:
        return golds[0] if golds else None
    return max(golds, key=lambda item: flow_similarity(item.form, found))


def _golds_of(case: Case, judge: Judge) -> tuple[Gold, ...]:
    """Return the accepted workflows, made once for a case whose answers come one after another."""
    kept = judge.latest.get("golds")
    if kept is not None and kept[0] is case:
        return kept[1]
    golds = tuple(Gold(data, form_of(data, judge.defaults)) for data in case.accepted)
    judge.latest["golds"] = (case, golds)
    return golds


def _components(form: FlowForm) -> frozenset[str]:
    return frozenset([*form.uses, *([form.trigger_label] if form.trigger_label else [])])


def _named(form: FlowForm) -> int:
    return form.uses.total() + bool(form.trigger_label)


@dataclass(frozen=True)
class Sides:
    """An output held against the gold workflow; ``gold`` is None where there is none."""

    case: Case
    output: Output
    reading: Reading
    gold: Gold | None
    judge: Judge

    @cached_property
    def prior(self) -> FlowForm | None:
        """The workflow that the request changes, if it changes one."""
        prior = self.case.prior
        return form_of(prior, self.judge.defaults) if prior is not None else None

    @cached_property
    def shown(self) -> frozenset[str] | None:
        """What the model could choose from: the candidates, and what stood there before."""
        if self.output.candidates is None:
            return None
        before = _components(self.prior) if self.prior else frozenset[str]()
        return before | frozenset(self.output.candidates)

    def locality(self) -> EditLocality | None:
        """Return what an edit did beyond its request; None for a new workflow."""
        if self.gold is None or self.prior is None:
            return None
        ids = self.case.ids_are_stable
        return edit_locality(self.prior, self.gold.form, self.reading.form, ids=ids)

    def similarity(self) -> dict[str, Any]:
        """Return the fields of ``Scores`` that compare the two workflows."""
        if self.gold is None:
            return {}
        gold, found = self.gold.form, self.reading.form
        components = component_overlap(gold, found)
        inputs = input_match(gold, found)
        references = reference_overlap(gold, found)
        return {
            "flow_sim": flow_similarity(gold, found),
            "flow_sim_without_inputs": flow_similarity(gold, found, with_inputs=False),
            "tree_bleu": tree_bleu(gold, found),
            "trigger_match": trigger_match(gold, found) and bool(found.steps),
            "component_precision": components.precision,
            "component_recall": components.recall,
            "component_f1": components.f1,
            "component_jaccard": component_jaccard(gold, found),
            "edge_f1": edge_overlap(gold, found).f1,
            "input_exact": inputs.exact,
            "input_type": inputs.type,
            "reference_f1": references.f1 if references else None,
        }

    def of_catalog(self) -> dict[str, Any]:
        """Return the fields of ``Scores`` about components that exist and were found."""
        draft = self._draft()
        known = self.judge.known
        wanted = _components(self.gold.form) if self.gold else frozenset[str]()
        shown, recall = self.shown, None
        if wanted and shown is not None:
            recall = len(wanted & shown) / len(wanted)
        return {
            "named": _named(self.reading.form),
            "hallucinated": hallucinated(self.reading.form, known).total(),
            "drafted": _named(draft),
            "draft_hallucinated": hallucinated(draft, known).total(),
            "candidate_recall": recall,
        }

    def _draft(self) -> FlowForm:
        """Return the form of the first document; without one, or the same, that of the output."""
        drafted = document_in(self.output.draft)
        final = self.reading.document
        if drafted is None or (final is not None and final.data == drafted.data):
            return self.reading.form
        return form_of(drafted.data)

    def of_words(self) -> dict[str, Any]:
        """Return the fields of ``Scores`` that hang on wording."""
        if self.gold is None or self.reading.document is None:
            return {}
        data = self.reading.document.data
        found: dict[str, Any] = {"faithfulness": request_faithfulness(self.case.request, data)}
        wanted, given = self.gold.data.get("description"), data.get("description")
        if isinstance(wanted, str) and wanted:
            told = given if isinstance(given, str) else ""
            found["description_rouge_l"] = rouge_l(wanted, told)
            found["description_bleu"] = bleu(wanted, told)
        return found

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the mistakes against the gold workflow, whatever the status."""
        if self.gold is None:
            return ()
        if self.reading.document is None:
            silent = self.output.status != "valid" and not self.output.text.strip()
            return () if silent else (Mistake(kind="format.unparseable"),)
        verdict = self.reading.verdict
        return mistakes_of(
            Evidence(
                request=self.case.request,
                gold=self.gold.form,
                found=self.reading.form,
                diagnostics=verdict.diagnostics if verdict else (),
                catalog=self.judge.known,
                candidates=self.shown,
                free=frozenset(_place(entry) for entry in self.case.free),
                locality=self.locality(),
            )
        )


def _place(entry: str) -> tuple[str, str]:
    step, _, name = entry.partition(".")
    return step, name
