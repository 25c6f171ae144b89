"""What a question is about: the workflow taken apart, and the steps that words mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.offline.choosing.choose import Search
from flowloom.offline.editing.existing import words_in
from flowloom.offline.reading.lexicon import (
    FUNCTION_WORDS,
    NUMBERS,
    base_verb,
    singular,
    word_set,
    words_of,
)
from flowloom.verification.diagnostic import Verdict
from flowloom.workflow.models import (
    AskStep,
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    StepBase,
    StopStep,
    SwitchStep,
    TryStep,
    WaitStep,
    WhileStep,
    Workflow,
    blocks_of,
)

__all__ = [
    "Holder",
    "PlacedStep",
    "Subject",
    "content_words",
    "named_steps",
    "names",
    "steps_by_words",
]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
             "tenth")  # fmt: skip
_NTH = re.compile(
    rf"\b(?P<word>{'|'.join(_ORDINALS)}|last|final)\s+(?:step|action|one|call)\b"
    rf"|\bstep\s+(?:no\.?\s*|number\s+|#)?(?P<number>\d{{1,2}}|{'|'.join(NUMBERS)})\b",
    re.I,
)
_KINDS: tuple[tuple[str, tuple[type[StepBase], ...]], ...] = (
    (r"\bloops?\b", (ForEachStep, WhileStep)),
    (r"\b(?:condition|conditions|branch|branches|check|if step)\b", (IfStep, SwitchStep)),
    (r"\bparallel\b", (ParallelStep,)),
    (r"\b(?:try|error handling|error handler|catch)\b", (TryStep,)),
    (r"\b(?:wait|pause|delay)s?\b", (WaitStep,)),
    (r"\b(?:approval|question to)\b", (AskStep,)),
    (r"\bstop step\b", (StopStep,)),
)
_LIGHT = word_set("get do be have use run make happen need go give take start step workflow work")
"""Verbs and nouns that fit any step."""

_ENOUGH = 1.0
_NAMED = re.compile(r"steps\s*\.\s*\??\s*(\w+)")


@dataclass(frozen=True)
class Holder:
    """A step around another one, and the block of it."""

    step: StepBase
    block: str


@dataclass(frozen=True)
class PlacedStep:
    """A step and where it stands.

    Attributes:
        number: "2" at the top level, "2.1" inside; ``depth`` starts at 0.
        holders: the steps around it, outermost first.
        later: the steps that run after it in its block and in the blocks around it.
    """

    step: StepBase
    number: str
    holders: tuple[Holder, ...]
    later: tuple[StepBase, ...]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What there is to answer from.

    Attributes:
        workflow: None where there is none, or where it cannot be read.
    """

    question: str
    workflow: Workflow | None
    verdict: Verdict | None
    catalog: Catalog
    search: Search
    recent: tuple[tuple[str, str], ...] = ()

    @cached_property
    def steps(self) -> tuple[PlacedStep, ...]:
        """Every step with its place, in order."""
        return tuple(_placed(self.workflow.steps, "", (), ())) if self.workflow else ()

    def component(self, step: StepBase) -> Component | None:
        """Return the component that a step uses."""
        return self.catalog.get(step.uses) if isinstance(step, CallStep) else None

    def users_of(self, step_id: str) -> list[StepBase]:
        """Return the steps that name a step's result."""
        found = [item.step for item in self.steps if step_id in _named_by(item.step)]
        return [step for step in found if step.id != step_id]

    @cached_property
    def meant(self) -> tuple[PlacedStep, ...]:
        """The steps that the question speaks of, best first; empty if it names none."""
        return named_steps(self)


def _placed(
    block: Block,
    front: str,
    holders: tuple[Holder, ...],
    later: tuple[StepBase, ...],
    first: int = 1,
) -> Iterator[PlacedStep]:
    for index, step in enumerate(block):
        number = f"{front}{index + first}"
        after = (*block[index + 1 :], *later)
        yield PlacedStep(step, number, holders, after)
        count = 1
        for path, inner in blocks_of(step):
            held = (*holders, Holder(step, str(path[0])))
            yield from _placed(inner, f"{number}.", held, after, count)
            count += len(inner)


def _named_by(step: StepBase) -> set[str]:
    """Return the steps that a step names itself, not through the steps inside it."""
    inner = {"then", "else", "do", "default", "try", "catch", "finally", "parallel"}
    own = {k: v for k, v in step.model_dump(by_alias=True).items() if k not in inner}
    for key, part in (("elif", "if"), ("cases", "when")):
        own[key] = [branch.get(part) for branch in own.get(key) or ()]
    return set(_NAMED.findall(str(own)))


def names(steps: Sequence[StepBase]) -> str:
    """Return ids as "'a', 'b' and 'c'"."""
    quoted = [repr(step.id) for step in steps]
    return " and ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def content_words(text: str) -> set[str]:
    """Return the words that carry meaning, nouns in the singular and verbs in their base form."""
    words = words_of(text)
    return {base_verb(word) or singular(word) for word in words} - FUNCTION_WORDS - {""}


def named_steps(subject: Subject) -> tuple[PlacedStep, ...]:
    """Return the steps that a question means: by id, number, kind, or what they do."""
    question = subject.question
    by_id = [item for item in subject.steps if _names_id(question, item.step.id)]
    if by_id:
        return tuple(sorted(by_id, key=lambda item: -len(item.step.id)))
    return _by_number(subject) or _by_kind(subject) or steps_by_words(subject)


def _names_id(question: str, step_id: str) -> bool:
    spaced = step_id.replace("_", " ")
    forms = {step_id} if "_" in step_id else set[str]()
    forms |= {f"step {spaced}", f"{spaced} step", f'"{step_id}"', f"'{step_id}'", f"`{step_id}`"}
    forms |= {spaced} if " " in spaced else set()
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", question, re.I) for form in forms)


def _by_number(subject: Subject) -> tuple[PlacedStep, ...]:
    match = _NTH.search(subject.question)
    if match is None or not subject.steps:
        return ()
    word, number = (match["word"] or "").lower(), (match["number"] or "").lower()
    top = [item for item in subject.steps if not item.holders]
    if word in ("last", "final"):
        return (top[-1],)
    at = _ORDINALS.index(word) + 1 if word else NUMBERS.get(number) or int(number)
    return (top[at - 1],) if 0 < at <= len(top) else ()


def _by_kind(subject: Subject) -> tuple[PlacedStep, ...]:
    for pattern, kinds in _KINDS:
        if re.search(pattern, subject.question, re.I):
            return tuple(item for item in subject.steps if isinstance(item.step, kinds))
    return ()


def steps_by_words(subject: Subject) -> tuple[PlacedStep, ...]:
    """Score steps by the words that they share with the question; rare words count more."""
    words = content_words(subject.question) - _LIGHT
    of_steps = [_words_of_step(subject, item.step) for item in subject.steps]
    often = Counter(word for found in of_steps for word in found)
    scores = [sum(1 / often[word] for word in found & words) for found in of_steps]
    best = max(scores, default=0.0)
    if best < _ENOUGH:
        shared = [item for item, score in zip(subject.steps, scores, strict=True) if score > 0]
        return tuple(shared) if len(shared) == 1 else ()
    return tuple(item for item, score in zip(subject.steps, scores, strict=True) if score == best)


def _words_of_step(subject: Subject, step: StepBase) -> set[str]:
    component = subject.component(step)
    texts = [step.name, " ".join(words_in(step.id))]
    if component is not None:
        texts += [component.title, component.provider]
    if isinstance(step, AskStep):
        texts.append(f"{step.ask} ask person")
    return content_words(" ".join(texts))
