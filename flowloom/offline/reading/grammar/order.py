"""Order words: "A after B", "once B is done, A", "A, but first B" are B, then A.

Only what the workflow itself does is a step. What form tells: a gerund ("after creating it"),
"you have …", or a perfect passive of something definite ("once the file has been uploaded"). "When
a new file has been uploaded" tells of an event outside and is left as it is.
"""

from __future__ import annotations

import re

from flowloom.offline.reading.grammar.forms import (
    ADVERB,
    begins_with_verb,
    imperative,
    is_noun_phrase,
)
from flowloom.offline.reading.grammar.voices import active
from flowloom.offline.reading.grammar.wishes import nominal, wished
from flowloom.offline.reading.lexicon import singular, word_set, words_of
from flowloom.offline.reading.morphology import gerund_of, is_any_verb, participle_of

__all__ = ["in_order"]

_AFTER = (
    r"(?:(?:right|directly|immediately|straight|only|soon|shortly)\s+)?(?:after|once|when|as\s+soon"
    r"\s+as|following|upon|now\s+that)"
)
_LEAD = re.compile(rf"^(?:{_AFTER}|having|on|that)\s+(?P<rest>.+)$", re.I | re.S)
_TAIL = re.compile(rf"^(?P<a>.+?),?\s+(?P<word>{_AFTER})\s+(?P<b>.+)$", re.I | re.S)
_LEAD_BEFORE = re.compile(
    r"^(?:right\s+|just\s+)?(?:before|prior\s+to)\s+(?P<rest>.+)$", re.I | re.S
)
_TAIL_BEFORE = re.compile(
    r"^(?P<a>.+?),?\s+(?:right\s+|just\s+)?(?:before|prior\s+to)\s+(?P<b>.+)$", re.I | re.S
)
_HAVING = re.compile(r"^(?P<a>.+?),\s+having\s+(?:first\s+)?(?P<b>.+)$", re.I | re.S)
_BUT_FIRST = re.compile(
    r"^(?P<a>.+?)[,;]?\s+(?:[-–—]\s+)?(?:but|though|only|and)?,?\s*(?:(?:before|prior\s+to)\s+(?:that|this|you\s+do"
    r"|doing\s+so),?|beforehand,?|first(?:\s+of\s+all)?,?)\s+(?P<b>[a-z].+)$"
    r"|^(?P<a2>.+?)[,;]?\s+but\s+(?P<b2>.+?),?\s+(?:first|before\s+(?:that|this)|beforehand)$",
    re.I | re.S,
)
_DONE_WITH = re.compile(
    r"^(?:you|we|i)(?:['’](?:re|m)|\s+are|\s+am)\s+(?:done|finished|through|ready)\s+(?:with\s+)?"
    r"(?P<what>[a-z-]+ing\b.*)$",
    re.I,
)
_WE_HAVE = re.compile(
    rf"^(?:you|we|i|the\s+(?:workflow|system|bot))(?P<has>['’]ve|\s+ha(?:ve|s))?\s+{ADVERB}*"
    r"(?P<verb>[a-z-]+)\b(?P<rest>.*)$",
    re.I | re.S,
)
_IS_DONE = re.compile(
    rf"^(?P<what>.+?)\s+(?P<be>(?:has|have)\s+{ADVERB}*been|is|are|gets?|was|were)\s+{ADVERB}*"
    r"(?P<verb>[a-z-]+)\b(?P<rest>.*)$",
    re.I | re.S,
)
_INDEFINITE = re.compile(
    r"^(?:an?|any|some|every|each|another|new|no|somebody|someone|one)\b", re.I
)
_ALL = re.compile(r"(?:both|all|everything|they|these|those|all\s+of\s+\w+)$", re.I)
_OUTSIDE = word_set(
    """
    receive add change modify arrive publish approve accept sign confirm reject decline close
    need find do finish complete fail pay ship deliver expire answer refuse grant deny miss drop
    """
)
"""What happens to things by others: "once the quote has been accepted" is no step of ours."""


def in_order(text: str, before: tuple[str, ...] = ()) -> list[str]:
    """Return the parts of a sentence in the order in which they are done.

    Args:
        before: the sentences before it; what they asked for already is not done again.
    """
    for read in (_having, _but_first, _lead, _lead_before, _tail, _tail_before):
        found = read(text)
        if found is not None:
            first, then = found
            if _is_said(first, before):
                return [then]
            return [_with_noun(first, then), then]
    return [text]


def _acts(text: str) -> bool:
    """Whether a clause asks for something: "post it", "it must be posted", "I want it posted"."""
    return begins_with_verb(text) or bool(active(text) or wished(text))


def _having(text: str) -> tuple[str, str] | None:
    match = _HAVING.match(text)
    if match is None or not _acts(match.group("a")):
        return None
    first = _from_participle(match.group("b"))
    return (first, match.group("a")) if first else None


def _but_first(text: str) -> tuple[str, str] | None:
    match = _BUT_FIRST.match(text)
    if match is None:
        return None
    then = match.group("a") or match.group("a2")
    first = match.group("b") or match.group("b2")
    if not _acts(then) or not _acts(first):
        return None
    return first, then


def _lead(text: str) -> tuple[str, str] | None:
    match = _LEAD.match(text)
    if match is None:
        return None
    word = text.split()[0].lower()
    for clause, rest in _cuts(match.group("rest")):
        if not rest:
            continue
        first = _from_participle(clause) if word == "having" else _own_doing(clause, word)
        if first:
            return first, re.sub(r"^(?:then|please|also)\s+", "", rest, flags=re.I)
    return None


def _tail(text: str) -> tuple[str, str] | None:
    match = _TAIL.match(text)
    if match is None or not _acts(match.group("a")):
        return None
    first = _own_doing(match.group("b"), match.group("word").lower())
    return (first, match.group("a")) if first else None


def _lead_before(text: str) -> tuple[str, str] | None:
    match = _LEAD_BEFORE.match(text)
    for clause, rest in _cuts(match.group("rest")) if match else ():
        then = _own_doing(clause, "before")
        if rest and then:
            return re.sub(r"^(?:then|please|also|first)\s+", "", rest, flags=re.I), then
    return None


def _tail_before(text: str) -> tuple[str, str] | None:
    match = _TAIL_BEFORE.match(text)
    if match is None or not _acts(match.group("a")):
        return None
    then = _own_doing(match.group("b"), "before")
    return (match.group("a"), then) if then else None


def _cuts(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut a leading clause from what follows: at a comma, else at a verb."""
    at_commas = [
        (text[: match.start()], text[match.end() :])
        for match in re.finditer(r",\s*(?:then\s+)?", text)
    ]
    if at_commas:
        return at_commas
    return [
        (text[: match.start()], text[match.end() :])
        for match in re.finditer(r"\s+(?:then\s+)?(?=[a-z])", text)
        if len(text[: match.start()].split()) > 1 and begins_with_verb(text[match.end() :])
    ]


def _own_doing(clause: str, word: str) -> str:
    """Return what a clause says that the workflow does, as an imperative; empty for an event."""
    clause = clause.strip(" ,")
    if match := _DONE_WITH.match(clause):
        return _from_gerund(match.group("what"))
    if found := _from_gerund(clause):
        return found
    if match := _WE_HAVE.match(clause):
        verb = match.group("verb").lower()
        base = participle_of(verb) if match.group("has") else is_any_verb(verb)
        return f"{base}{match.group('rest')}" if base and base not in ("be", "have") else ""
    if word not in ("when", "once", "as soon as") and (found := nominal(clause)):
        return found
    return _from_passive(clause, word)


def _from_passive(clause: str, word: str) -> str:
    match = _IS_DONE.match(clause)
    if match is None or _INDEFINITE.match(match.group("what")):
        return ""
    if _ALL.match(match.group("what")):
        return ""  # "once both have been loaded" says that what stands before is done
    perfect = "been" in match.group("be").lower()
    if not perfect and word in ("when", "as soon as", "on", "upon"):
        return ""
    verb = participle_of(match.group("verb"))
    if not verb or verb in _OUTSIDE or not is_noun_phrase(match.group("what")):
        return ""
    if re.search(r"\bby\s+(?!⟦|\w+ing\b)\w", match.group("rest")):
        return ""  # somebody else does it
    return imperative(verb, match.group("what"), match.group("rest").strip())


def _from_gerund(text: str) -> str:
    first, _, rest = text.partition(" ")
    verb = gerund_of(first)
    return f"{verb} {rest}" if verb and rest else ""


def _from_participle(text: str) -> str:
    first, _, rest = text.partition(" ")
    verb = participle_of(first)
    return f"{verb} {rest}" if verb and rest else ""


def _is_said(first: str, before: tuple[str, ...]) -> bool:
    """Return whether an earlier sentence asked for this already: same verb, same noun."""
    words = words_of(first)
    verb = is_any_verb(words[0]) if words else ""
    nouns = {singular(word) for word in words[1:]}
    for sentence in before:
        said = words_of(sentence)
        verbs = {is_any_verb(word) for word in said}
        same_noun = nouns & {singular(word) for word in said} - _SMALL
        if verb in verbs and (same_noun or {"it", "them", "this", "that"} & set(words)):
            return True
    return False


_SMALL = word_set(
    """
    the a an to in of on for and it them from with all
    """
)


def _with_noun(first: str, then: str) -> str:
    """ "Send the report after sorting it": what is sorted is the report."""
    object_of = re.match(
        r"^[a-z-]+\s+(?P<what>(?:the|an?|my|our|all|its)\s+[\w-]+(?:\s+(?!(?:to|in|on|at|from|with|for"
        r"|as|of|into|via|by)\b)[\w-]+){0,3})",
        then, re.I,
    )  # fmt: skip
    pronoun = re.search(r"\b(?:it|them)\b", first)
    if object_of is None or pronoun is None:
        return first
    what = re.sub(r"^an?\s+", "the ", object_of.group("what"))
    return first[: pronoun.start()] + what + first[pronoun.end() :]
