"""Words between steps: what joins two things, what only orders, what belongs to the step before.

All of it is put into forms that the later stages read ("A and B", "then A", "A with the subject
X"); it works on the masked text of a whole request, as it reaches over the ends of sentences.
"""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import base_verb, singular

__all__ = ["connected"]

_JOINS = re.compile(
    r"(?<!\d),?\s+(?:(?:and\s+)?(?:together|along|combined)\s+with|as\s+well\s+as|in\s+addition\s+to"
    r"|plus|and\s+also)\s+(?:also\s+)?(?!\d)",
    re.I,
)
_DONE = re.compile(
    r"(?P<end>[.;!]\s+|,\s+(?:and\s+)?|\s+and\s+)(?:and\s+|then,?\s+)?(?:when|once|as\s+soon\s+as"
    r"|after)\s+(?:that|this|it|they|everything|all\s+(?:of\s+)?(?:that|this|it))"
    r"(?:['’]s|['’]re|\s+(?:is|are|has|have)(?:\s+been)?)\s+(?:all\s+)?"
    r"(?:done|ready|finished|complete|completed|over|in\s+place|there|through)\s*,?\s+(?=\w)",
    re.I,
)
_ATTRIBUTE = re.compile(
    r"\s*[.;]\s+(?:(?:the|its|their|use\s+the)\s+)(?P<name>subject(?:\s+line)?|title|body|text"
    r"|message|description|summary|priority)\s+(?:(?:should|must|shall|has\s+to|is\s+to|needs\s+to)"
    r"\s+(?:be|say|read)|is|says|reads)\s+(?P<value>⟦\d+⟧)(?=\s*(?:[.;,]|$))",
    re.I,
)
_QUESTION = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:what|which|who|where|how)(?:['’]s|\b)[^.?!⟦]*\?\s+"
    r"(?=(?:please\s+)?(?:search|query)\b)",
    re.I,
)
_GOES_OVER = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:go|run|walk|step|loop|iterate|work|cycle)\s+(?:over|through)\s+"
    r"(?:all\s+)?(?:of\s+)?(?P<what>(?:the|my|our)\s+[^:.,]+?):\s+(?P<do>[^.:]+)",
    re.I,
)
_EACH = re.compile(
    r"\s+(?P<to>on|to|for|from|in)\s+each(?:\s+(?:one|of\s+them))?(?=\s*(?:,|$))", re.I
)
_BEGINS = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:(?:please|first),?\s+)?(?:start|begin|kick)\s+(?:off\s+)?"
    r"(?:by|with)\s+(?P<verb>[a-z]+ing)\b",
    re.I,
)
_PURPOSE = re.compile(
    r",?\s+so\s+(?:that\s+)?(?:we|i)\s+(?:can|could|may|are\s+able\s+to|am\s+able\s+to)\s+"
    r"(?P<verb>[a-z]+)\b",
    re.I,
)
_TYPES = re.compile(r"^(?:the|my|our)\s+(?:[\w-]+\s+)*?(?P<noun>[a-z]+s)\b", re.I)


def connected(text: str) -> str:
    """Return the masked text of a request with what stands between its steps in plain forms."""
    text = _BEGINS.sub(lambda found: base_verb(found.group("verb")) or found.group(0), text)
    text = _QUESTION.sub("", text)
    text = _DONE.sub(_then, text)
    text = _ATTRIBUTE.sub(r" with the \g<name> \g<value>", text)
    text = _PURPOSE.sub(_own_work, text)
    text = _JOINS.sub(_joined, text)
    return _GOES_OVER.sub(_over_each, text)


def _then(match: re.Match[str]) -> str:
    """ "A. Once that is done, B" is "A. Then B": nothing is tested."""
    return f"{match.group('end')}then " if match.group("end")[0] in ", " else ". Then "


def _joined(match: re.Match[str]) -> str:
    """ "create an A along with a B" is "create an A and create a B"; so with a second place."""
    clause = re.split(r"[.;:,!\n]\s*|\s(?:and|then)\s", match.string[: match.start()])[-1].strip()
    verb, _, after = clause.partition(" ")
    following = re.match(r"(an?|another|to|in|on|into)\s", match.string[match.end() :], re.I)
    if not following or not is_action(clause) or base_verb(verb) != verb.lower():
        return " and "
    word = following.group(1).lower()
    if word in ("a", "an", "another"):
        return f" and {verb.lower()} "
    thing, place, _ = after.partition(f" {word} ")
    return f" and {verb.lower()} {thing} " if place else " and "


def _own_work(match: re.Match[str]) -> str:
    """ "A so we can audit B" is "A. Have somebody to audit B": people do what comes after."""
    return f". Have somebody to {match.group('verb')}"


def _over_each(match: re.Match[str]) -> str:
    """ "go over the A: put ⟦0⟧ on each, then B" keeps its action: "get the A. For each one, …"."""
    what, work = match.group("what"), match.group("do")
    if not is_action(work):
        return match.group(0)
    noun = _TYPES.match(what)
    one = singular(noun.group("noun").lower()) if noun else "one"
    return f"Get {what}. For each {one}, {_EACH.sub(_it, work)}"


def _it(match: re.Match[str]) -> str:
    return f" {match.group('to')} it"
