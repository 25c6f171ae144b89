"""Who does it: "legal has to pick a license", "have my boss sign it", "you should star it".

What a person does becomes "have legal to pick a license": the plain form that a step for a person
is known by. Causatives ("have my boss sign it") stay as they are said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.reading.grammar.forms import (
    ADVERB,
    MODAL,
    begins_with_verb,
    with_small_initial,
)
from flowloom.offline.reading.grammar.people import is_nobody, is_person
from flowloom.offline.reading.lexicon import base_verb, singular, word_set
from flowloom.offline.reading.morphology import is_base_form, nominal_of, third_person_of

__all__ = ["Doer", "doer_of", "told", "without_subject"]

_SUBJECT = re.compile(
    rf"^(?P<who>[^,;:]+?)\s+{ADVERB}*(?:{MODAL}|['’]ll)\s+{ADVERB}*(?P<did>(?P<verb>[a-z][a-z-]*)"
    r"\b.*)$",
    re.I,
)
_SIGNS = re.compile(rf"^(?P<who>[^,;:]+?)\s+{ADVERB}*(?P<did>(?P<verb>[a-z-]+s)\b.*)$", re.I)
_UP_TO = re.compile(
    r"^(?:it\s+is|it['’]s)\s+(?:up\s+to|on)\s+(?P<who>[^,;:]+?)\s+to\s+(?P<did>(?P<verb>[a-z-]+)"
    r"\b.*)$"
    r"|^(?:i|we)(?:['’]d|\s+would)?\s+(?:want|need|like|expect|prefer)\s+(?:for\s+)?"
    r"(?P<who2>[^,;:]+?)\s+to\s+(?P<did2>(?P<verb2>[a-z-]+)\b.*)$",
    re.I,
)
_PLAIN = re.compile(r"^have\s+(?P<who>[^,;:]+?)\s+to\s+(?P<did>.+)$", re.I)
_CAUSES = re.compile(
    r"^(?P<how>have|make|let|get|allow|enable|require|wait\s+(?:for|until|till)|rely\s+on"
    r"|leave\s+it\s+to|leave\s+it\s+up\s+to)\s+(?P<rest>.+)$",
    re.I,
)
_KNOW = re.compile(
    r"^(?:have|let|make)\s+(?P<who>.+?)\s+(?:know|aware)\b\s*(?:that\s+|of\s+|about\s+)?(?P<rest>.*)$"
    r"|^(?:give|drop|shoot)\s+(?P<who2>(?!an?\b|⟦).+?)\s+an?\s+(?:quick\s+|short\s+|brief\s+)?"
    r"(?:heads[- ]?up|line|note|shout|ping|hint|buzz|message|text|e?-?mail)\b\s*"
    r"(?:that\s+|about\s+)?(?P<rest2>.*)$"
    r"|^keep\s+(?P<who3>.+?)\s+(?:posted|informed|in\s+the\s+loop|up\s+to\s+date)\b\s*"
    r"(?:that\s+|about\s+)?(?P<rest3>.*)$",
    re.I,
)
_STATES = word_set(
    """
    contain include say read show look match start end run stop use come appear happen equal exceed
    remain stay become last take point arrive land hit reach trigger fire go work have be get keep
    hold carry list give return link need want know name mean cover replace
    """
)
_THINGS = word_set(
    """
    report subject mail email message file folder page sheet table step node loop query list channel
    form button server api webhook endpoint script service body text title name column row field
    value record issue ticket order invoice card board task event calendar branch repo repository
    request response link image document note comment label tag log line condition database data
    date time schedule export import summary digest post result number count total url site website
    """
)
_ABOUT_IT = re.compile(r"\s+(?:for|to|on|in|with|about|of|from)\s+(?:it|them|this|that)$", re.I)
"""What says nothing to somebody who does not see the steps before."""
_CONSENTS = word_set(
    """
    approve accept confirm agree consent okay ok
    """
)


@dataclass(frozen=True)
class Doer:
    """Who is to do something, what in words, and whether it is a consent."""

    who: str
    words: str
    consents: bool = False


def without_subject(text: str) -> str:
    """Return what somebody is to do, as "have X to …", or plainly where nobody is named."""
    for pattern in (_UP_TO, _SUBJECT):
        match = pattern.match(text)
        if match is None:
            continue
        found = match.groupdict()
        who = found["who"] or found.get("who2") or ""
        verb = (found["verb"] or found.get("verb2") or "").lower()
        did = found["did"] or found.get("did2") or ""
        if said := _done_by(who, verb, did):
            return said
    match = _SIGNS.match(text)
    verb = third_person_of(match.group("verb")) if match else ""
    if match is None or not verb or verb in ("have", "be", "do", "need"):
        return ""
    who, rest = match.group("who"), match.group("did")[len(match.group("verb")) :]
    if base_verb(who.split()[0]) == who.split()[0].lower():
        return ""
    if is_person(who, verb) and begins_with_verb(f"{verb}{rest}"):
        return f"have {with_small_initial(who)} to {verb}{rest}"
    nobody = is_nobody(who) and len(who.split()) > 1 and begins_with_verb(f"{verb}{rest}")
    return f"{verb}{rest}" if nobody else ""


def _done_by(who: str, verb: str, did: str) -> str:
    if verb in ("be", "have", "know", "see") and verb != "see":
        knows = verb == "know" and not is_nobody(who)
        return told(f"let {with_small_initial(who)} {did}") if knows else ""
    double = re.match(r"double\s+check\b", did, re.I)
    if not double and not is_base_form(verb):
        return ""
    if is_nobody(who):
        return did
    if sent := _sent(who, verb, did):
        return sent
    if is_person(who, "check" if double else verb) or _acts(who, verb, did):
        return f"have {with_small_initial(who)} to {did}"
    return ""


def _acts(who: str, verb: str, did: str) -> bool:
    """ "The janitor has to unlock the gym": what does something to a thing is somebody."""
    bare = who.split()
    somebody = bare[0].lower() in ("the", "a", "an", "my", "our", "your", "their", "his", "her")
    one = singular(bare[-1].lower())
    thing = one in _THINGS or bool(nominal_of(one)) or "⟦" in who
    doing = verb not in _STATES and begins_with_verb(did)
    return somebody and len(bare) <= 4 and not thing and doing


def _sent(who: str, verb: str, did: str) -> str:
    """ "The team should get a mail": somebody who gets a message does nothing."""
    match = re.match(
        r"(?:get|receive)\s+(?P<what>(?:an?|the|this|that|our|my)\s+(?:\w+\s+){0,2}?(?:e-?mail|mail"
        r"|message|notification|reminder|alert|sms|invitation|note|ping|invite))\b(?P<rest>.*)$",
        did, re.I,
    )  # fmt: skip
    if verb not in ("get", "receive") or match is None:
        return ""
    return f"send {match.group('what')} to {with_small_initial(who)}{match.group('rest')}"


def told(text: str) -> str:
    """ "Let the channel know in teams" is "tell the channel in teams"."""
    match = _KNOW.match(text)
    if match is None:
        return ""
    found = match.groupdict()
    who = found["who"] or found["who2"] or found["who3"] or ""
    rest = found["rest"] or found["rest2"] or found["rest3"] or ""
    if who.lower() in ("me", "us", "you") and not rest:
        return ""
    return f"tell {who} {rest}".strip()


def doer_of(text: str) -> Doer | None:
    """Return who is to do what, of an action; None where it is no step for a person."""
    if match := _PLAIN.match(text):
        who, did = match.group("who"), match.group("did")
        verb = did.split()[0].lower()
        known = is_person(who, verb) or _acts(who, verb, did)
        if known or re.match(r"double\s", did, re.I):
            return Doer(who, _ABOUT_IT.sub("", did), verb in _CONSENTS)
    match = _CAUSES.match(text)
    if match is None or _KNOW.match(text):
        return None
    asks = match.group("how").lower().split()[0] in ("get", "make", "wait", "rely", "leave")
    for who, did in _cuts(match.group("rest")):
        verb = did.split()[0].lower()
        verb = third_person_of(verb) or verb
        if is_base_form(verb) and is_person(who, "check" if asks else verb):
            consents = verb in _CONSENTS or bool(re.match(r"sign\s+(?:it\s+)?off\b", did, re.I))
            return Doer(who, text, consents)
    return None


def _cuts(text: str) -> list[tuple[str, str]]:
    """Return every way to cut "the client to accept it" into who and what."""
    found: list[tuple[str, str]] = []
    for match in re.finditer(r"\s+(?:to\s+|has\s+|have\s+|can\s+)?(?=[a-z])", text, re.I):
        who, did = text[: match.start()], text[match.end() :]
        if len(who.split()) <= 5 and did:
            found.append((who, did))
    return found
