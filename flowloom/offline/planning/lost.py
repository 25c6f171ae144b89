"""Actions that were read and became nothing: they are told, so that none is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from flowloom.offline.planning.plan import Call, Node, walk_nodes
from flowloom.offline.reading.flow_words import goes_on
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, word_set
from flowloom.offline.reading.masking import Masked
from flowloom.offline.reading.sentence import Sentence

__all__ = ["lost_actions"]

_OF_THE_FLOW = word_set(
    "wait pause sleep hold hang stop end quit abort exit finish cancel try retry repeat continue go"
    " skip ignore proceed do start begin run give keep loop let make ensure set assign check see"
)
"""Verbs of what is done by no step of its own: a pause, an end, another try, a test."""


def lost_actions(sentences: Iterable[Sentence], nodes: Sequence[Node], masked: Masked) -> list[str]:
    """Return the actions of which no word stands in any step."""
    calls = [node for node in walk_nodes(nodes) if isinstance(node, Call)]
    done = {word for call in calls for word in _words(call.action.text)}
    return [
        masked.unmask(text)
        for sentence in sentences
        for text in sentence.actions
        if (words := _words(text)) and not words & done and not _is_flow(text)
    ]


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"⟦\d+⟧|[a-z][\w'-]+", text.lower())
    return frozenset(singular(word) for word in found) - FUNCTION_WORDS


def _is_flow(text: str) -> bool:
    first = (text.split() or [""])[0].lower()
    return first in _OF_THE_FLOW or goes_on(text)
