"""What "whenever S" means: a trigger of the catalog, a condition, or a look at what there is.

Which of them is decided by what the catalog has and by what S says, not by the word before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.conjunctions import parse_joined
from flowloom.offline.reading.lexicon import base_verb, verb_class, word_set
from flowloom.offline.reading.morphology import is_any_verb
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.timing.schedule import find_schedule

__all__ = ["is_happening", "settled"]

_COMES = word_set(
    "arrive come appear land happen occur start begin sign register join show drop subscribe"
)
_UPDATES = frozenset(["update", "change", "modify", "edit", "alter", "move", "rename"])
_DONE = re.compile(
    r"(?i)^(?P<what>.+?)\s+(?:(?:is|are|was|gets?|got|has been|have been|being)\s+)(?:newly\s+"
    r"|just\s+)?"
    r"(?P<verb>[a-z]+)\b(?P<rest>.*)$"
)
_COMING = re.compile(r"(?i)^(?P<what>.+?)\s+(?P<verb>[a-z]+s)\b(?P<rest>.*)$")
_NEW = re.compile(r"(?i)^(?:(?:an?|any|every|each|some)\s+)?(?:new|incoming|fresh)\s+\S")


def is_happening(words: str) -> bool:
    """Return whether words say that something comes about, rather than how something is."""
    if _NEW.match(words):
        return True
    if (match := _DONE.match(words)) is not None:
        base = base_verb(match.group("verb"))
        classes = set(verb_class(base)) if base != match.group("verb").lower() else set[str]()
        return base in _UPDATES or bool(
            classes & {"create", "send", "delete", "upload"} - {"close"}
        )
    match = _COMING.match(words)
    return match is not None and is_any_verb(match.group("verb").lower()) in _COMES


def settled(
    sentence: Sentence, values: tuple[str, ...], starts: Callable[[str], bool], *, triggers: bool
) -> Sentence:
    """Return a sentence with its event as what the catalog allows.

    Args:
        values: what the masks ``⟦n⟧`` stand for.
        starts: whether some trigger starts on words.
        triggers: whether the catalog has any trigger.
    """
    words = sentence.trigger
    if not words or find_schedule(words) is not None or starts(words):
        return sentence
    happens = is_happening(words)
    if not happens and (parse_condition(words, values) or parse_joined(words, values)):
        both = f"{words} and {sentence.condition}" if sentence.condition else words
        return replace(sentence, trigger="", condition=both)
    if happens and not triggers and (what := _what_comes(words)):
        return replace(sentence, trigger="", each=what)
    return sentence


def _what_comes(words: str) -> str:
    """ "an employee is added in x": the employees in x."""
    match = _DONE.match(words) or _COMING.match(words)
    what = match.group("what") + match.group("rest") if match else words
    what = re.sub(r"(?i)\s+(?:in|up|there)$", "", what)
    return re.sub(r"(?i)^(?:an?|any|every|each|some|the)\s+(?:new\s+)?", "", what)
