"""Words that mean a loop: "each", "those that …"."""

from __future__ import annotations

import re

from flowloom.offline.reading.idioms import AGGREGATE
from flowloom.offline.reading.lexicon import singular

__all__ = ["POSTMODIFIER", "THOSE", "each_in", "of_one"]

_EACH = re.compile(
    r"\b(?P<of>of\s+)?(?:each|every|every(?:body|one)(?!\s+(?:else|in(?!\s+(?:it|them|there)\b)"
    r"|at|on|from|of|who|whose|that)\b))\b"
    r"(?:\s+(?:single\s+)?one)?(?P<them>\s+of\s+(?:them|these"
    r"|those|it)\b)?"
    r"(?:(?P<the>\s+of\s+(?:the|these|those|my|our|its|their)\b)?\s+(?P<noun>(?!of\b|to\b|in\b"
    r"|on\b|and\b|as\b|from"
    r"\b|with\b|at\b|by\b|an?\b|the\b|via\b)[a-z]\w*(?:\s+(?!of\b|to\b|in\b|on\b|and\b|as\b"
    r"|from\b|with\b|at\b"
    r"|by\b|an?\b|the\b|via\b|saying\b)[a-z]\w*)?))?",
    re.I,
)
_TIMES = frozenset(
    [
        "day",
        "week",
        "month",
        "year",
        "hour",
        "minute",
        "second",
        "morning",
        "evening",
        "night",
        "time",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "weekday",
        "weekend",
        "quarter",
        "other",
        "two",
        "three",
        "few",
    ]
)
POSTMODIFIER = re.compile(
    r"\s+(?:in|on|from|of|at|with|that|which|who|whose|where|labell?ed|tagged|assigned|created"
    r"|called"
    r"|named|marked|belonging|containing|older|newer|larger|smaller|owned|having|opened|closed|due"
    r"|received|sent|modified|updated|without|for|by|to)\b.*$",
    re.I,
)


def each_in(text: str) -> re.Match[str] | None:
    """Return where an action says "each", if it means a loop: not "each day", no grouping."""
    match = _EACH.search(text)
    if match is None:
        return None
    noun = (match.group("noun") or "").lower().split()
    if (noun and singular(noun[0]) in _TIMES) or AGGREGATE.search(text[: match.start()]):
        return None
    return match


THOSE = re.compile(
    r"^(?P<verb>[a-z]+)\s+(?:(?:all|only|just)\s+)*(?:(?:the\s+)?ones|those|all)"
    r"(?:\s+of\s+them)?\s+"
    r"(?P<clause>(?:that|which|who|whose|where|with|without|older|newer|larger|smaller"
    r"|containing)\b.+)$",
    re.I,
)


def of_one(text: str, match: re.Match[str]) -> str:
    """ "the title of each issue" is "the title of the issue" inside the loop."""
    noun = match.group("noun")
    of = match.group("of") or ""
    said = f"the {noun}" if noun else "it"
    to_whom = re.match(
        r"^(?:e-?mail|mail|send|message|notify|tell|text)\s+$", text[: match.start()], re.I
    )
    if to_whom and not noun and re.match(r"\s+(?:the|an?|⟦)", text[match.end() :]):
        return text[: match.start()] + text[match.end() :].lstrip()
    return text[: match.start()] + of + said + text[match.end() :]
