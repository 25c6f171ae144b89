"""Whether a request makes a workflow or changes the one at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from flowloom.catalog.catalog import Catalog
from flowloom.offline.editing.existing import words_in
from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, singular, word_set, words_of
from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.segment import segment
from flowloom.offline.talking.descriptions import FLOW, MAKE, imperative
from flowloom.offline.talking.inquiries import proposal_in
from flowloom.offline.timing.schedule import find_schedule
from flowloom.workflow.edits import find_steps

__all__ = [
    "Fresh",
    "Wish",
    "begins_a_request",
    "changes_something",
    "fresh_start",
    "is_request",
    "wish",
]

Wish: TypeAlias = Literal["new", "edit", "either", "none"]

_OTHER = r"(?:new|different|another|separate|second|fresh|additional|other|brand[- ]new)"
_NEW = re.compile(
    rf"^(?:{MAKE}\s+)?(?:(?:me|us|you to make)\s+)?(?:an?\s+|one\s+|the\s+)?(?:(?:completely"
    rf"|totally|entirely|quite|whole)\s+)?(?:{_OTHER}\s+)+(?:{FLOW}|one(?=\s*(?:$|[:,.]|that\b"
    rf"|which\b|to\b|for\b|where\b)))\b|^{MAKE}\s+(?:(?:me|us)\s+)?(?:an?"
    rf"|one)\s+(?:\w+\s+)?{FLOW}\b|^(?:an?|one)\s+(?:\w+\s+)?{FLOW}\b(?=\s+(?:that|which|to"
    rf"|for)\b)",
    re.I,
)
_AFRESH = re.compile(
    rf"^(?:(?:let['’]?s\s+|let us\s+|i want to\s+)?(?:start|begin|try)\s+(?:over|again|afresh"
    rf"|anew|fresh|from (?:scratch|the beginning|zero))(?:\s+from scratch)?|from scratch"
    rf"|(?:forget(?: about)?|scrap|discard|throw away|drop|leave|ignore|delete|put aside"
    rf"|close)\s+(?:this|that|it|the (?:current|old|whole|last)|this one|the current"
    rf" one)(?:\s+(?:one|{FLOW}))?(?=\s*(?:[,.;:]|and\b|then\b)))",
    re.I,
)
_JOIN = re.compile(r"^[\s,.;:!–—-]*(?:(?:and|then|instead|now)\b[\s,]*)*", re.I)
_TURN = re.compile(
    r"\b(?:also|too|as well|instead|additionally|in addition|rather|no longer|any ?more"
    r"|don['’]?t|do not|never|without|at the (?:very )?(?:end|beginning|start)|beforehand"
    r"|afterwards?)\b",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:it|them|its|this|these|those)\b|\bthat$", re.I)
_CHANGES = re.compile(
    r"^(?:remove|replace|rename|swap|skip|omit|drop|only|change|switch|exclude|leave out|take"
    r" out|get rid of|modify|adjust|keep|use|set|make it|move the|delete the \w+ step|limit"
    r"|retry|stop|no (?!idea|problem|worries|thanks|way|one)\w+|disable|enable|shorten|simplify"
    r"|undo)\b",
    re.I,
)
_PART = re.compile(
    r"\b(?:steps?|loop|branch|condition|trigger|schedule|workflow|else|last one|first one)\b", re.I
)
_VERB_FIRST = re.compile(
    r"^(?:please\s+)?([A-Za-z]{3,})\s+(?:the|an?|my|our|your|all|every|each|these|those|any)\s+\w",
    re.I,
)
_NEEDS_ONE = re.compile(
    r"^(?:remove|replace|rename|skip|omit|drop|change|switch|exclude|leave out|take out|get rid"
    r" of|modify|adjust|delete|edit|move|swap)\b",
    re.I,
)
_OF_SOMETHING = re.compile(
    r"^(?:change|replace|swap|edit|modify|adjust|skip|omit|drop|switch)\s+(?:the|that"
    r"|this)\s+\w+\W*$",
    re.I,
)
_FORBIDS = re.compile(r"^(?:please\s+)?(?:don['’]?t|do\s+not|never)\s+", re.I)
"""What is not to be done is a request as well: its verb tells whether it is one."""
_STATES = re.compile(
    r"\b(?:should|must|shall|needs? to|has to|have to|ought to|would (?:rather|prefer|like)"
    r"|['’]d (?:rather|prefer|like)|prefer|want|need|has|instead|too|also|without|only|rather)\b",
    re.I,
)


@dataclass(frozen=True)
class Fresh:
    """A message that asks for another workflow than the one at hand.

    Attributes:
        request: what the new workflow is to do, empty where the message does not say.
    """

    request: str


def fresh_start(text: str) -> Fresh | None:
    """Return what a message wants that leaves the workflow at hand aside, or None."""
    match = _AFRESH.match(text)
    if match is not None:
        rest = _JOIN.sub("", text[match.end() :])
        inner = fresh_start(rest) if rest else None
        return inner or Fresh(rest)
    wanted = proposal_in(text) or text
    match = _NEW.match(wanted)
    if match is None:
        return None
    return Fresh(imperative(wanted[match.end() :].rstrip(" ?")))


def wish(text: str, data: Mapping[str, Any], catalog: Catalog) -> Wish:
    """Return whether a request is for the workflow at hand, for another one, or for either.

    A request with a start of its own, or with several actions, that names nothing of the workflow
    and refers to nothing, may be meant either way: only the person can say.
    """
    if not is_request(text):
        return "none"
    if _TURN.search(text) or _CHANGES.match(text) or _PART.search(text):
        return "edit"
    masked = mask(text).text
    sentences = [classify(item, first=index == 0) for index, item in enumerate(segment(masked))]
    actions = [action for item in sentences for action in item.actions]
    acts = any(base_verb(action.split(" ")[0]) for action in actions)
    started = bool(sentences and sentences[0].trigger and acts)
    if (not started and len(actions) < 2) or _refers_back(sentences):
        return "edit"
    return "edit" if _content_words(text) & _words_of_workflow(data, catalog) else "either"


def _refers_back(sentences: list[Sentence]) -> bool:
    """A pronoun before any noun of the request itself stands for what is at hand."""
    first = sentences[0]
    led = first.condition or first.each or first.anchor
    if first.trigger and find_schedule(first.trigger) is None:
        led = first.trigger
    return bool(_PRONOUN.search(led or next(iter(first.actions), "")))


def begins_a_request(text: str) -> bool:
    """Return whether the first word is a verb that asks for something."""
    return bool(_CHANGES.match(text)) or is_action(_own_words(mask(text).text))


def is_request(text: str) -> bool:
    """Return whether a text asks for something to be done."""
    if _CHANGES.match(text) or _STATES.search(text):
        return True
    if find_schedule(text) is not None or _looks_imperative(text):
        return True
    sentences = [_FORBIDS.sub("", item) for item in segment(mask(text).text)]
    return any(is_action(_own_words(item)) or _acts(item) for item in sentences)


def _looks_imperative(text: str) -> bool:
    """A word before "the" or "a" at the very beginning is a verb, also one that no list has."""
    match = _VERB_FIRST.match(text)
    return match is not None and match[1].lower() not in FUNCTION_WORDS


def _own_words(text: str) -> str:
    return re.sub(r"⟦\d+⟧", "it", text)


def _acts(text: str) -> bool:
    """A clause before the action: "When a file arrives, read it"."""
    sentence = classify(text, first=True)
    led = (
        sentence.trigger or sentence.condition or sentence.each or sentence.place or sentence.repeat
    )
    return bool(led) and any(base_verb(action.split(" ")[0]) for action in sentence.actions)


def changes_something(text: str) -> bool:
    """Return whether a request can only be about a workflow that is there."""
    named = bool(_NEEDS_ONE.match(text)) and bool(_PART.search(text))
    return named or bool(_OF_SOMETHING.match(text))


def _content_words(text: str) -> set[str]:
    # "when posting fails" speaks of the step "post".
    words = words_of(text)
    named = {singular(word) for word in words} | {base_verb(word) for word in words}
    return named - FUNCTION_WORDS - _VERBS - {""}


def _words_of_workflow(data: Mapping[str, Any], catalog: Catalog) -> set[str]:
    return {singular(word) for word in _workflow_words(data, catalog)} - FUNCTION_WORDS - _VERBS


def _workflow_words(data: Mapping[str, Any], catalog: Catalog) -> Iterator[str]:
    for step_id, (block, index, _) in find_steps(dict(data)).items():
        step = block[index]
        yield from words_in(step_id)
        yield from words_in(str(step.get("as", "")))
        component = catalog.get(str(step.get("uses", "")))
        if component is not None:
            yield from words_of(f"{component.title} {component.provider}")


_VERBS = word_set("add create list get send make check new run step workflow read write")
