"""What is to be done, said of the thing: "the file has to be deleted" is "delete the file"."""

from __future__ import annotations

import re

from flowloom.offline.reading.grammar.forms import (
    ADVERB,
    MESSAGES,
    MODAL,
    imperative,
    is_noun_phrase,
    with_small_initial,
)
from flowloom.offline.reading.grammar.people import is_nobody, is_person
from flowloom.offline.reading.lexicon import word_set, words_of
from flowloom.offline.reading.morphology import gerund_of, participle_of, third_person_of

__all__ = ["active", "existing", "left_participle", "needed", "sent_out", "worked_out"]

_PASSIVE = re.compile(
    rf"\s+{ADVERB}*(?:(?P<modal>{MODAL}|to)\s+{ADVERB}*(?:be|get)|(?P<plain>is|are|gets?)"
    rf"(?:\s+being)?)\s+{ADVERB}*(?P<verb>[a-z][a-z-]*)\b",
    re.I,
)
_NEEDS = re.compile(
    rf"^(?P<what>.+?)\s+{ADVERB}*needs?\s+{ADVERB}*(?P<verb>[a-z-]+ing)\b(?P<rest>.*)$", re.I
)
_BY = re.compile(
    r"\s+by\s+(?P<who>(?:the\s+|an?\s+|my\s+|our\s+)?[\w'’-]+(?:\s+(?!(?:in|on|to|at|for|and|with"
    r"|via|from|if|when|before|after|of)\b)[\w'’-]+){0,3})",
    re.I,
)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where)\s", re.I)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|contains?|does|do|belongs?)\s", re.I)
_STATES = word_set(
    """
    use do base know be go say need require want involve like mean run contain finish fail close
    complete have allow enable disable connect relate
    """
)
_RUNS = word_set(
    """
    do run execute repeat schedule start trigger happen perform
    """
)
_STATIVE = word_set(
    """
    call name title locate base suppose interest allow entitle mean leave need require want
    """
)
_THIS = re.compile(r"^(?:this|that|it|everything|all of (?:this|it)|the (?:whole )?\w+)$", re.I)


def active(text: str, *, told: bool = True) -> str:
    """Return a passive or "needs -ing" clause as an imperative; empty for another clause.

    Args:
        told: whether a plain present ("a ticket is opened") tells what to do, and not a state.
    """
    for match in _PASSIVE.finditer(text):
        what, rest = text[: match.start()], text[match.end() :].strip()
        relative = _is_relative(what, modal=bool(match.group("modal")))
        if relative or not is_noun_phrase(what.strip(" ,")):
            continue
        verb = participle_of(match.group("verb"))
        plain = match.group("plain")
        if not verb or not _is_done(verb, what, rest, modal=not plain):
            return ""
        if plain and not told and not plain.lower().startswith("get"):
            return ""
        return _said(verb, what.strip(" ,"), rest)
    if match := _NEEDS.match(text):
        verb = gerund_of(match.group("verb"))
        if verb and is_noun_phrase(match.group("what")):
            return _said(verb, match.group("what"), match.group("rest").strip())
    return ""


def _said(verb: str, what: str, rest: str) -> str:
    """The person behind "by" does it; the workflow behind "by" is nobody."""
    for match in _BY.finditer(f" {rest}"):
        who = match.group("who")
        without = (f" {rest}"[: match.start()] + f" {rest}"[match.end() :]).strip()
        if is_nobody(re.sub(r"^(?:the|an?|my|our)\s+", "", who)):
            return imperative(verb, what, without)
        if is_person(who, verb):
            return f"have {with_small_initial(who)} to {imperative(verb, what, without)}"
    return imperative(verb, what, rest)


def _is_done(verb: str, what: str, rest: str, *, modal: bool) -> bool:
    if verb in _RUNS and _THIS.match(what.strip()):
        return False  # "this should be run every day" says when
    if verb in _STATIVE or (not modal and verb in _STATES):
        return False
    return not re.match(r"than\b", rest)


def _is_relative(what: str, *, modal: bool) -> bool:
    """Whether the verb belongs to "that …" or "whose …", and not to the sentence."""
    parts = _RELATIVE.split(f"{what} ")
    if len(parts) < 2:
        return False
    inside = parts[-1].split()
    if not inside:
        return True
    verbs = [word for word in inside if _FINITE.match(f"{word} ") or third_person_of(word)
             or (word.endswith("ed") and participle_of(word))]  # fmt: skip
    return not verbs and not modal


def left_participle(text: str, what: str) -> str:
    """ "… and then deleted": a participle that shares the subject of a clause before it."""
    match = re.match(rf"{ADVERB}*(?P<verb>[a-z-]+)\b\s*(?P<rest>.*)$", text, re.I | re.S)
    verb = participle_of(match.group("verb")) if match else ""
    if match is None or not verb:
        return ""
    if verb == match.group("verb").lower() and words_of(match.group("rest"))[:1] != ["in"]:
        return ""  # "read the file" is another clause; "put in the folder" has no object
    return imperative(verb, what, match.group("rest"))


_THERE = re.compile(
    rf"^there\s+(?:{MODAL}\s+{ADVERB}*be|needs\s+to\s+be|has\s+to\s+be)\s+(?P<what>.+)$", re.I
)
_NEEDED = re.compile(
    rf"^(?P<what>(?:an?|another|some|new|two|three|\d+)\s+.+?)\s+(?:is|are|(?:would|will)\s+be)\s+{ADVERB}*"
    r"(?:needed|required|wanted|necessary|missing)\b(?P<rest>.*)$",
    re.I,
)


def worked_out(text: str) -> str:
    """ "Calculate the sum should be written to ⟦1⟧" is "calculate the sum and write it to ⟦1⟧"."""
    match = _PASSIVE.search(text)
    if match is None or not match.group("modal") or not text.lower().startswith("calculate "):
        return ""
    verb = participle_of(match.group("verb"))
    return f"{text[: match.start()]} and {imperative(verb, 'it', text[match.end() :].strip())}"


def existing(text: str) -> str:
    """ "There should be a new channel" is "create a new channel"."""
    match = _THERE.match(text)
    return f"create {match.group('what')}" if match else ""


def needed(text: str) -> str:
    """ "A new board is needed" is "create a new board"."""
    match = _NEEDED.match(text)
    if match is None or not is_noun_phrase(match.group("what")):
        return ""
    return imperative("create", match.group("what"), match.group("rest").strip())


_GONE = re.compile(
    rf"^(?P<what>(?:the|all|any|every|each|those|these|its|our|my)\s+.+?)\s+{ADVERB}*{MODAL}\s+{ADVERB}*"
    r"(?:go(?:\s+away)?|disappear|vanish)$",
    re.I,
)
_GOES = re.compile(
    rf"^(?P<what>.+?)\s+{ADVERB}*(?:{MODAL}\s+{ADVERB}*go|goes)\s+(?:out\s*)?(?P<rest>.*)$", re.I
)


def sent_out(text: str) -> str:
    """ "A mail should go out to ⟦0⟧" is "send a mail to ⟦0⟧"."""
    if gone := _GONE.match(text):
        return imperative("delete", gone.group("what"), "")
    match = _GOES.match(text)
    if match is None or not MESSAGES & set(words_of(match.group("what"))):
        return ""
    return imperative("send", match.group("what"), match.group("rest"))
