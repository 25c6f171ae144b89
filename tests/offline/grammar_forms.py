"""What the grammar makes of a request, in one line for each action."""

from __future__ import annotations

from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.grammar.clauses import plain_sentences
from flowloom.offline.reading.grammar.doers import doer_of
from flowloom.offline.reading.segment import segment
from flowloom.offline.reading.sentence import Sentence

__all__ = ["plain"]


def plain(text: str) -> list[str]:
    """Return the actions of a request; who does what as "@who what", leads before "=>"."""
    found: list[str] = []
    for index, words in enumerate(plain_sentences(segment(text))):
        sentence = classify(words, first=index == 0)
        found += [_lead(sentence) + _said(_small(action)) for action in sentence.actions]
    return found


def _lead(sentence: Sentence) -> str:
    parts = [
        f"when {sentence.trigger}" if sentence.trigger else "",
        f"if {sentence.condition}" if sentence.condition else "",
        f"each {sentence.each}" if sentence.each else "",
    ]
    lead = ", ".join(part for part in parts if part)
    return f"{lead} => " if lead else ""


def _small(action: str) -> str:
    return action[0].lower() + action[1:]


def _said(action: str) -> str:
    doer = doer_of(action)
    return f"@{doer.who} {doer.words}" if doer else action
