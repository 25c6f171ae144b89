"""Who, where, which and how many: the values that the steps of a workflow are given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowloom.offline.editing.existing import words_in
from flowloom.offline.reading.lexicon import singular, word_set
from flowloom.offline.talking.answers.subject import PlacedStep, Subject, content_words
from flowloom.offline.talking.answers.telling import value_in_words
from flowloom.workflow.models import AskStep, CallStep

__all__ = ["values_in_words"]

_WHO = re.compile(r"^(?:to\s+|by\s+)?(?:who|whom|whose)\b", re.I)
_WHERE = re.compile(r"^(?:to\s+|from\s+)?where\b", re.I)
_ORIGIN = re.compile(r"\b(?:come|comes|coming|taken|got|gotten|derived) from\b", re.I)
_PEOPLE = frozenset(["to", "cc", "bcc", "recipient", "user", "assignee", "person"])
_PLACES = word_set(
    """
    channel to path folder directory url bucket table database file host server sheet repo
    repository owner mailbox queue topic room destination target source
    """
)


def values_in_words(subject: Subject) -> str:
    """Return the inputs of steps that the question asks for; empty if there are none."""
    question = subject.question
    said = frozenset(content_words(question) | {singular(word) for word in words_in(question)})
    for wanted in (*_asked_for(question), said):
        found = [line for item in _in_question(subject) for line in _of_step(item, wanted)]
        if found:
            return " ".join(dict.fromkeys(found))
    return ""


def _asked_for(question: str) -> Iterator[frozenset[str]]:
    if _WHO.match(question):
        yield _PEOPLE
        yield frozenset(["channel"])
    if _WHERE.match(question) and not _ORIGIN.search(question):
        yield _PLACES


def _in_question(subject: Subject) -> tuple[PlacedStep, ...]:
    return subject.meant or subject.steps


def _of_step(item: PlacedStep, wanted: frozenset[str]) -> Iterator[str]:
    step = item.step
    if isinstance(step, AskStep) and step.to and wanted & _PEOPLE:
        yield f"{step.id!r} asks {value_in_words(step.to)}."
    if not isinstance(step, CallStep):
        return
    for name, value in step.with_.items():
        parts = {singular(part) for part in words_in(name)}
        if parts & wanted:
            yield f"The {name} of {step.id!r} is {value_in_words(value)}."
