"""A sentence of a request, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Sentence"]


@dataclass(frozen=True)
class Sentence:
    """One sentence, taken apart; all texts are masked.

    Attributes:
        trigger: words that say what starts the workflow.
        condition: words of the condition; ``negated`` for "unless" and "if not".
        otherwise: whether it begins with "else" or "otherwise".
        repeat: condition of a ``while`` or ``until``.
        each: words of what a loop goes over.
        place, anchor: ``before`` or ``after`` and what, ``start`` or ``end``.
        resumes: whether it goes on after a loop ("Next", "finally").
        failure: what fails, for what is done on an error; ``that`` for the step before.
        succeeds: whether it says what is done only if the steps before did not fail.
        always: whether it is done whatever happens.
        together: whether its actions run at the same time.
        attempts: how often a step is tried, 0 if nothing is said.
        topic: words before a colon that say what the actions are about.
        actions: one text for each action.
        left_over: actions whose words are of no form that is known: no verb begins them.
    """

    text: str
    trigger: str = ""
    condition: str = ""
    negated: bool = False
    otherwise: bool = False
    repeat: str = ""
    each: str = ""
    place: str = ""
    anchor: str = ""
    resumes: bool = False
    failure: str = ""
    succeeds: bool = False
    always: bool = False
    together: bool = False
    attempts: int = 0
    topic: str = ""
    actions: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
