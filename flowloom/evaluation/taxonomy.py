"""From a gold workflow, an output and its diagnostics to the mistakes in it.

What the verifier tells of a place (a reference that reaches nothing, a value of the wrong type)
comes before what the comparison with the gold workflow tells of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowloom.evaluation.alignment import Alignment, Pair, align, alike
from flowloom.evaluation.forms import FlowForm, Slot, StepForm
from flowloom.evaluation.metrics.edits import EditLocality
from flowloom.evaluation.metrics.text import words_of
from flowloom.evaluation.mistakes import Blame, Mistake, MistakeKind
from flowloom.evaluation.slot_mistakes import lost_reference, slot_mistake
from flowloom.evaluation.structure_mistakes import structure_mistakes
from flowloom.verification.diagnostic import Diagnostic

__all__ = ["Evidence", "mistakes_of"]

_BY_CODE: Mapping[str, MistakeKind] = {
    "FL302": "inputs.redundancy",
    "FL303": "inputs.type",
    "FL304": "inputs.type",
    "FL305": "inputs.type",
    "FL306": "inputs.type",
    "FL401": "format.not_convertible",
    "FL402": "references.hallucinated",
    "FL403": "references.hallucinated",
    "FL501": "references.hallucinated",
    "FL502": "references.before_definition",
    "FL503": "references.out_of_scope",
    "FL504": "references.out_of_scope",
    "FL505": "references.hallucinated",
    "FL506": "references.hallucinated",
    "FL509": "references.hallucinated",
}
_STEM = 4
_LONGEST = 120


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What mistakes are read from.

    Attributes:
        gold: the accepted workflow that is nearest.
        catalog: ids of the components that exist.
        candidates: ids that the model could choose from; None where nothing was retrieved.
        free: places of ``gold`` whose wording is free, as (step id, input).
        locality: what an edit did beyond its request; None for a new workflow.
    """

    request: str
    gold: FlowForm
    found: FlowForm
    diagnostics: Sequence[Diagnostic]
    catalog: Collection[str]
    candidates: Collection[str] | None = None
    free: Collection[tuple[str, str]] = ()
    locality: EditLocality | None = None

    def blame(self, component: str) -> Blame:
        """Return who is to blame that a component is not there."""
        shown = self.candidates is None or component in self.candidates
        return "model" if shown else "retriever"


def mistakes_of(evidence: Evidence) -> tuple[Mistake, ...]:
    """Return the mistakes of an output that was read and is not right, each once."""
    told = list(_told(evidence.diagnostics))
    if not evidence.found.steps:
        return tuple(dict.fromkeys(told)) or (Mistake(kind="format.not_convertible"),)
    alignment = align(evidence.gold, evidence.found)
    covered = {(item.step, item.place) for item in told}
    by_value = [*_trigger(evidence), *_slots(evidence, alignment)]
    compared = [item for item in by_value if (item.step, item.place) not in covered]
    found = [
        *told,
        *_components(evidence, alignment),
        *structure_mistakes(alignment),
        *compared,
        *_interface(evidence, alignment),
        *_damage(evidence),
    ]
    if not found:
        found += _of_validity(evidence.diagnostics)
    return tuple(dict.fromkeys(found))


def _told(diagnostics: Sequence[Diagnostic]) -> Iterator[Mistake]:
    for item in diagnostics:
        kind = "format.not_convertible" if item.code.startswith("FL1") else _BY_CODE.get(item.code)
        if kind is None or item.severity != "error":
            continue
        at_trigger = item.path.startswith("trigger.with")
        yield Mistake(
            kind="trigger.inputs" if at_trigger else kind,
            step="trigger" if at_trigger else item.step,
            place=_input_of(item.path),
            found=_cut(item.message),
        )


def _input_of(path: str) -> str:
    """Return the input that a place belongs to, else its last key."""
    given = re.match(r".*?\.with\.(\w+)", path)
    return given[1] if given else path.rpartition(".")[2]


def _of_validity(diagnostics: Sequence[Diagnostic]) -> Iterator[Mistake]:
    """Yield what is wrong with an output that is like the gold workflow wherever it is compared."""
    errors = [item for item in diagnostics if item.severity == "error"]
    if not errors:
        yield Mistake(kind="semantics.runs_but_wrong")
    for item in errors:
        # A free place may be left out, but not a required input.
        lacks = item.code in ("FL301", "FL308")
        kind: MistakeKind = "inputs.omission" if lacks else "semantics.invalid"
        yield Mistake(kind=kind, step=item.step, found=_cut(item.message))


def _trigger(evidence: Evidence) -> Iterator[Mistake]:
    gold, found = evidence.gold.trigger, evidence.found.trigger
    if evidence.gold.trigger_label != evidence.found.trigger_label:
        name = evidence.found.trigger_label
        invented = bool(name) and name not in evidence.catalog
        yield Mistake(
            kind="component.hallucinated" if invented else "trigger.type",
            step="trigger",
            expected=evidence.gold.trigger_label,
            found=name,
            blame=evidence.blame(evidence.gold.trigger_label) if gold else "model",
        )
    elif gold is not None and found is not None:
        for item in _of_slots(gold, found, {}, evidence.free):
            yield item.model_copy(update={"kind": "trigger.inputs", "step": "trigger"})


def _components(evidence: Evidence, alignment: Alignment) -> Iterator[Mistake]:
    for pair in alignment.pairs:
        if pair.same:
            continue
        invented = pair.found.label not in evidence.catalog
        if not invented and not alike(pair.gold, pair.found):
            # What merely stands in its place is no near-synonym.
            yield _missing(pair.gold, evidence)
            yield Mistake(kind="component.extra", step=pair.found.id, found=pair.found.label)
            continue
        yield Mistake(
            kind="component.hallucinated" if invented else "component.near_synonym",
            step=pair.found.id,
            expected=pair.gold.label,
            found=pair.found.label,
            blame=evidence.blame(pair.gold.label),
        )
    for step in alignment.missing:
        if step.is_call or step.kind in ("wait", "ask", "stop"):
            yield _missing(step, evidence)
    for step in alignment.extra:
        if step.is_call or step.kind in ("wait", "ask", "stop"):
            invented = step.is_call and step.label not in evidence.catalog
            kind = "component.hallucinated" if invented else "component.extra"
            yield Mistake(kind=kind, step=step.id, found=step.label)


def _missing(step: StepForm, evidence: Evidence) -> Mistake:
    implied = step.is_call and not _named(step.label, evidence.request)
    return Mistake(
        kind="semantics.implicit_step" if implied else "component.missing",
        step=step.id,
        expected=step.label,
        blame=evidence.blame(step.label) if step.is_call else "model",
    )


def _named(component: str, request: str) -> bool:
    """Return whether a request has a word that begins like one of a component's id."""
    stems = {word[:_STEM] for word in words_of(component.replace("_", " "))}
    return bool(stems & {word[:_STEM] for word in words_of(request)})


def _slots(evidence: Evidence, alignment: Alignment) -> Iterator[Mistake]:
    names = _names(alignment)
    for pair in alignment.pairs:
        if pair.same:
            yield from _of_slots(pair.gold, pair.found, names, evidence.free)
            yield from _of_conditions(pair, names)


def _names(alignment: Alignment) -> dict[str, str]:
    """Return the gold workflow's key of each step of the output that stands for one of its."""
    return {pair.found.key: pair.gold.key for pair in alignment.pairs}


def _of_slots(
    gold: StepForm,
    found: StepForm,
    names: Mapping[str, str],
    free: Collection[tuple[str, str]],
) -> Iterator[Mistake]:
    for name in dict.fromkeys([*gold.slots, *found.slots]):
        wanted, given = gold.slots.get(name), found.slots.get(name)
        if name in ("to", "collect") and (gold.kind != "call" or wanted is None):
            continue
        if (gold.id or "trigger", name) in free:
            kind = lost_reference(wanted, given, names) if wanted else None
        else:
            kind = slot_mistake(wanted, given, names)
        if kind is not None:
            yield _of_values(kind, found.id, name, wanted, given)


def _of_conditions(pair: Pair, names: Mapping[str, str]) -> Iterator[Mistake]:
    others = {block.label: block.condition for block in pair.found.blocks}
    for block in pair.gold.blocks:
        given = others.get(block.label)
        if block.condition is not None and given is not None:
            kind = slot_mistake(block.condition, given, names)
            if kind is not None:
                yield _of_values(kind, pair.found.id, block.label, block.condition, given)


def _of_values(
    kind: MistakeKind, step: str, place: str, gold: Slot | None, found: Slot | None
) -> Mistake:
    return Mistake(
        kind=kind,
        step=step,
        place=place,
        expected=_cut(gold.text if gold else ""),
        found=_cut(found.text if found else ""),
    )


def _interface(evidence: Evidence, alignment: Alignment) -> Iterator[Mistake]:
    gold, found = evidence.gold, evidence.found
    wanted, given = Counter(gold.inputs.values()), Counter(found.inputs.values())
    if wanted != given:
        yield Mistake(
            kind="interface.inputs",
            expected=", ".join(sorted(wanted.elements())),
            found=", ".join(sorted(given.elements())),
        )
    if not gold.outputs:
        return
    if set(gold.outputs) != set(found.outputs):
        yield Mistake(
            kind="interface.outputs",
            expected=", ".join(sorted(gold.outputs)),
            found=", ".join(sorted(found.outputs)),
        )
        return
    names = _names(alignment)
    for name, slot in gold.outputs.items():
        if slot_mistake(slot, found.outputs[name], names) is not None:
            given = found.outputs[name]
            yield _of_values("interface.outputs", "", name, slot, given)


def _damage(evidence: Evidence) -> Iterator[Mistake]:
    locality = evidence.locality
    if locality is not None and locality.damage:
        lost = [" ".join(part for part in item if part) for item in locality.lost]
        told = "; ".join([*lost, *(f"added {name}" for name in locality.uncalled_for)])
        yield Mistake(kind="semantics.edit_damage", found=_cut(told))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
