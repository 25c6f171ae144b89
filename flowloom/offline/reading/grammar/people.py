"""Who does something: a person, or nobody but the workflow itself."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import DETERMINERS, PREPOSITIONS, singular, word_set
from flowloom.offline.reading.morphology import is_any_verb, is_known_noun, is_known_word

__all__ = ["is_nobody", "is_person"]

_NOBODY = word_set(
    """
    i you we me us it this that they workflow workflows system automation flow bot script process
    agent tool app program software job robot machine computer pipeline
    """
)
"""Who asks, and what is asked to do the work."""
_PEOPLE = word_set(
    """
    someone somebody anyone anybody everyone everybody person people colleague boss chief head
    client staff crew team committee board friend family guest guy folks human humans lady man
    woman lawyer doctor nurse teacher student partner intern expert analyst accountant assistant
    consultant attendant president secretary technician engineer representative rep clerk agent
    specialist candidate applicant qa devops ops support sales security engineering operations
    whoever tenant citizen resident patient vendor supplier staffer dad mum mom wife husband
    brother sister son daughter cfo ceo cto coo vp hr legal finance accounting marketing
    procurement compliance management department lead captain coach chair colleagues executive
    official superior subordinate stakeholder stakeholders peer council jury she he customer
    user editor author hire newcomer receptionist mayor landlord caretaker treasurer notary chef
    cook
    participant
    """
)
_HUMAN_DEEDS = word_set(
    """
    approve sign review check decide choose pick confirm agree accept call phone read look visit
    meet talk negotiate prepare test verify inspect ask answer think consent okay know say see
    validate authorise authorize proofread fix judge assess vote discuss speak contact write give
    handle draft double-check sign-off clear ok examine reply respond
    """
)
"""What somebody does rather than a service."""
_CONSENTS = frozenset(["approve", "agree", "consent", "okay", "ok", "sign", "decide", "choose"])
"""What nobody but a person does."""
_MADE_OF_VERBS = re.compile(r"^(?P<stem>\w{3,})(?:ers?|ors?|ees?|ants?)$")
_OTHER_PEOPLE = re.compile(r"^\w{3,}(?:ists?|icians?|ians?|men|women|persons?|people)$")
_THINGS = word_set(
    """
    folder number order letter header server router container error filter timer paper computer
    printer counter parameter pointer buffer trigger monitor newsletter helper ticker marker
    member docker controller reminder footer character master folder chapter layer water summer
    winter vector factor sensor cursor mirror color colour tracker checker loader
    scanner reader blocker sticker poster banner divider adapter driver parser builder wrapper
    instant variant constant grant restaurant plant invoice fee tree committee list
    """
)


def is_nobody(phrase: str) -> bool:
    """Return whether a phrase means who asks, or the workflow: "you", "the system"."""
    words = _bare(phrase)
    return bool(words) and words[-1].lower() in _NOBODY and len(words) <= 3


def is_person(phrase: str, verb: str = "") -> bool:
    """Return whether a phrase means somebody: by role, by the form of the noun, or by name.

    Args:
        verb: what the phrase does; what services do as well does not make a name of a word.
    """
    words = _bare(phrase)
    if words and words[0].lower() in ("whoever", "someone", "somebody"):
        return True
    if not words or len(words) > 5 or "⟦" in phrase or is_nobody(phrase):
        return False
    if verb in _CONSENTS and words[-1].lower() not in _THINGS:
        return True
    head = words[-1].lower()
    one = singular(head)
    if {head, one} & _PEOPLE:
        return True
    if {head, one} & _THINGS:
        return False
    if _OTHER_PEOPLE.match(head) and is_known_noun(one):
        return True
    found = _MADE_OF_VERBS.match(head)
    if found is not None and (is_known_noun(one) or not is_known_word(one)) and len(one) > 4:
        stem = found.group("stem")
        return any(is_any_verb(form) == form for form in (stem, stem + "e", stem[:-1]) if form)
    return _is_name(words, verb, bare=words[0] == phrase.split()[0])


def _is_name(words: list[str], verb: str, *, bare: bool) -> bool:
    """ "Ann", "Maria Lopez": words in capitals, without article, that do what people do."""
    capital = all(word[0].isupper() and word[1:].islower() for word in words)
    return bare and capital and (verb in _HUMAN_DEEDS or len(words) == 2)


def _bare(phrase: str) -> list[str]:
    """Return the words of a phrase up to its first preposition, without its article."""
    words = re.findall(r"[A-Za-z][\w'’-]*", phrase)
    while words and words[0].lower() in DETERMINERS - {"this", "that"} and len(words) > 1:
        words = words[1:]
    end = next((at for at, word in enumerate(words) if at and word.lower() in PREPOSITIONS),
               len(words))  # fmt: skip
    return words[:end]
