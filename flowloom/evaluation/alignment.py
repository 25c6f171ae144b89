"""Which step of an output stands for which step of the gold workflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from flowloom.evaluation.forms import FlowForm, StepForm, unnumbered

__all__ = ["Alignment", "Pair", "align", "alike"]

_ALIKE = 0.6
_Fits: TypeAlias = Callable[[StepForm, StepForm], bool]
_Steps: TypeAlias = Sequence[StepForm]


@dataclass(frozen=True)
class Pair:
    """Two steps that stand for each other; ``same``: they use the same component."""

    gold: StepForm
    found: StepForm

    @property
    def same(self) -> bool:
        """Whether both use the same component, or are of the same kind."""
        return self.gold.label == self.found.label


@dataclass(frozen=True)
class Alignment:
    """Pairs in the order of the gold workflow, and what stands for nothing."""

    pairs: tuple[Pair, ...]
    missing: tuple[StepForm, ...]
    extra: tuple[StepForm, ...]


def align(gold: FlowForm, found: FlowForm) -> Alignment:
    """Pair the steps of two workflows.

    First those that are given the same in like blocks, then those that are given the same, then
    those with the same label in the same order (longest common blocks), then those with the same
    label anywhere, then calls that stand in each other's place, and at last calls whose components
    are alike.
    """
    pairing = _Pairing(gold.all_steps, found.all_steps)
    given = {id(step): _given(step) for step in (*gold.all_steps, *found.all_steps)}

    def given_the_same(one: StepForm, other: StepForm) -> bool:
        return given[id(one)] == given[id(other)]

    pairing.pair(lambda one, other: given_the_same(one, other) and _like_blocks(one, other))
    pairing.pair(given_the_same)
    ones, others = pairing.left, pairing.free
    codes = SequenceMatcher(
        None, [step.label for step in ones], [step.label for step in others], autojunk=False
    ).get_opcodes()
    for tag, start, end, other_start, other_end in codes:
        if tag == "equal":
            pairing.pair(_same_label, ones[start:end], others[other_start:other_end])
    pairing.pair(_same_label)
    for tag, start, end, other_start, other_end in codes:
        if tag == "replace":
            pairing.pair(_both_call, ones[start:end], others[other_start:other_end])
    pairing.pair(alike)
    return pairing.alignment()


class _Pairing:
    """Pairs so far; each step is paired at most once, in the order of both workflows."""

    def __init__(self, ones: _Steps, others: _Steps) -> None:
        self._ones, self._others = ones, others
        self._pairs: dict[str, StepForm] = {}
        self._taken: set[str] = set()

    @property
    def left(self) -> list[StepForm]:
        return [step for step in self._ones if step.key not in self._pairs]

    @property
    def free(self) -> list[StepForm]:
        return [step for step in self._others if step.key not in self._taken]

    def pair(
        self, fits: _Fits, ones: Iterable[StepForm] | None = None, others: _Steps | None = None
    ) -> None:
        """Pair what fits, the first with the first, of all steps or of some."""
        for one in self._ones if ones is None else ones:
            if one.key in self._pairs:
                continue
            candidates = self._others if others is None else others
            open_ = (item for item in candidates if item.key not in self._taken)
            match = next((item for item in open_ if fits(one, item)), None)
            if match is not None:
                self._pairs[one.key] = match
                self._taken.add(match.key)

    def alignment(self) -> Alignment:
        return Alignment(
            pairs=tuple(
                Pair(step, self._pairs[step.key]) for step in self._ones if step.key in self._pairs
            ),
            missing=tuple(self.left),
            extra=tuple(self.free),
        )


def _given(step: StepForm) -> tuple[str, dict[str, str]]:
    return step.label, {name: unnumbered(slot.text) for name, slot in step.slots.items()}


def _like_blocks(one: StepForm, other: StepForm) -> bool:
    chains = (
        [(unnumbered(f"steps.{owner}"), block) for owner, block in step.chain]
        for step in (one, other)
    )
    return next(chains) == next(chains)


def _same_label(one: StepForm, other: StepForm) -> bool:
    return one.label == other.label


def _both_call(one: StepForm, other: StepForm) -> bool:
    # A step of the language never stands for a call.
    return one.is_call and other.is_call


def alike(one: StepForm, other: StepForm) -> bool:
    """Return whether two calls are of one provider, or of like names, or do the like by name."""
    if not _both_call(one, other):
        return False
    (provider, name), (other_provider, other_name) = (
        (step.label.partition(".")[0], re.split(r"[._]", step.label)[-1]) for step in (one, other)
    )
    if provider == other_provider or name == other_name:
        return True
    return SequenceMatcher(None, one.label, other.label).ratio() >= _ALIKE
