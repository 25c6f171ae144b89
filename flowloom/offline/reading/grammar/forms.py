"""Parts that the rules of the grammar share: adverbs, modal verbs, particles, joined clauses."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import (
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    base_verb,
    word_set,
)
from flowloom.offline.reading.morphology import is_base_form, is_only_verb

__all__ = [
    "ADVERB",
    "MESSAGES",
    "MODAL",
    "PARTICLES",
    "begins_with_verb",
    "imperative",
    "is_noun_phrase",
    "with_small_initial",
]

ADVERB = (
    r"(?:(?:also|then|always|only|just|first|again|now|still|please|soon|best|somehow|ever|all|both"
    r"|(?!(?:rep|app|supp|re|tal|f|multip|comp|imp|fami|assemb|month|week|dai|hour|quarter|year)l?y\b)"
    r"[a-z]{2,}ly)\s+)"
)
MODAL = (
    r"(?:(?:will|would|may|might)\s+(?:have|need)\s+to|must|should|shall|will|would|can|could|might|may|ought\s+to|ha(?:s|ve)\s+(?:got\s+)?to"
    r"|needs?\s+to|wants?\s+to|(?:is|are)\s+(?:to|supposed\s+to|meant\s+to|going\s+to|expected\s+to"
    r"|required\s+to))"
)
PARTICLES = frozenset(["off", "up", "down", "out", "away", "back", "together"])
MESSAGES = word_set(
    """
    message mail email e-mail note line post ping notification reminder alert sms text heads-up
    notice announcement invitation
    """
)
_OBJECTS = DETERMINERS | PRONOUNS | frozenset(["me", "us", "him", "everyone", "everything", "new"])
_NOT_VERBS = word_set("can may will might must own let like need want be do have")
_LINK = re.compile(r"⟦\d+⟧|[A-Za-z][\w'’-]*|\d[\w.]*|[^\sA-Za-z\d]")


def begins_with_verb(text: str) -> bool:
    """Return whether a text begins with a verb, known or not, and something that it governs.

    A word that is a noun as well ("star", "label") counts only before an object.
    """
    words = _LINK.findall(text)
    while len(words) > 1 and re.fullmatch(ADVERB.replace(r"\s+", ""), words[0]):
        words = words[1:]
    if not words or not words[0][0].isalpha() or not is_base_form(words[0]):
        return False
    if words[0].lower() in _NOT_VERBS or (words[0].isupper() and len(words[0]) > 1):
        return False
    rest = words[1:]
    if rest and rest[0].lower() in PARTICLES:
        return len(rest) > 1 and rest[1].lower() not in ("is", "are", "was", "were", "should")
    if not rest:
        return is_only_verb(words[0])
    following = rest[0].lower()
    known = base_verb(words[0]) == words[0].lower() or is_only_verb(words[0])
    governs = following in _OBJECTS or (known and following.startswith("⟦"))
    after = is_only_verb(words[0]) and following not in ("is", "are", "was", "were", "of")
    return governs or after


def imperative(verb: str, what: str, rest: str) -> str:
    """Return "verb what rest"; a particle that the rest begins with stays with the verb."""
    what = {"they": "them", "he": "him", "she": "her"}.get(what.lower(), with_small_initial(what))
    words = rest.split(None, 1)
    if words and words[0].lower().strip(",.") in PARTICLES and not rest.startswith("down "):
        verb, rest = f"{verb} {words[0].strip(',.')}", words[1] if len(words) > 1 else ""
    return re.sub(r"\s+([,.;])", r"\1", f"{verb} {what} {rest}".strip())


def with_small_initial(text: str) -> str:
    """ "The file" is "the file"; names and abbreviations stay."""
    first = text.split(None, 1)[0] if text.split() else ""
    small = first.lower() in FUNCTION_WORDS | {"there", "somebody", "someone", "two", "three"}
    return text[:1].lower() + text[1:] if small else text


def is_noun_phrase(text: str) -> bool:
    """Return whether words may be a subject: no verb at the start, no clause, not too long."""
    words = re.findall(r"⟦\d+⟧|[A-Za-z][\w'’-]*|\d+", text)
    if not words or len(words) > 14:
        return False
    first = words[0].lower()
    if first in PREPOSITIONS | {"if", "when", "and", "or", "but", "to", "there", "then", "not"}:
        return False
    return first in _OBJECTS | {"they", "he", "she"} or not begins_with_verb(text)
