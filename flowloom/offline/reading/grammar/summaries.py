"""A lead that sums up what the list behind its colon does: "Onboard her: put …, set up …"."""

from __future__ import annotations

import re

from flowloom.offline.reading.grammar.forms import begins_with_verb
from flowloom.offline.reading.lexicon import verb_class

__all__ = ["without_summary"]

_COLON = re.compile(r"^(?P<lead>[^:⟦]+):\s+(?P<rest>.+)$", re.S)
_WISH_FROM = re.compile(
    r"^(?:from|out\s+of|with|using|in)\s+(?:the\s+file\s+)?(?P<file>⟦\d+⟧),?\s+(?:i|we)"
    r"(?:['’]d|\s+would)?\s+(?:need|want|like|require)\s+[^:]+:\s+(?P<rest>.+)$",
    re.I | re.S,
)
"""The file that the list behind the colon works on: "from ⟦0⟧ I need the totals: sum up …"."""
_SEVERAL = re.compile(r",\s+(?:and\s+)?(?:then\s+)?|\s+and\s+(?:then\s+)?|;\s*|\s+then\s+", re.I)
_OBJECT = re.compile(
    r"^[a-z-]+\s+(?:up\s+|off\s+|down\s+|out\s+)?(?P<what>(?:the|an?|our|my|this|that|each|every)\s+"
    r"[\w-]+(?:\s+(?!(?:in|on|at|for|to|from|with|of|by|as|into)\b)[\w-]+){0,3})",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:him|her|them|it)\b"
                      r"(?!\s+(?:\w+\s+){0,2}?(?:name|mail|email|address)\b)")  # fmt: skip
_REAL = frozenset(["retrieve", "download", "upload", "copy", "move", "send", "wait", "count"])


def without_summary(text: str) -> list[str]:
    """Return what the list does, with the noun of the lead for its pronouns; else the text."""
    if wish := _WISH_FROM.match(text):
        return [f"read {wish.group('file')}", wish.group("rest")]
    match = _COLON.match(text)
    if match is None:
        return [text]
    lead, rest = match.group("lead").strip(), match.group("rest")
    if not begins_with_verb(lead) or not begins_with_verb(rest):
        return [text]
    several = sum(begins_with_verb(part) for part in _SEVERAL.split(rest)) > 1
    classes = set(verb_class(lead.split()[0]))
    if classes & _REAL:
        return [lead, rest]
    if not several and classes - {"other"}:
        return [text]
    return [_with_noun(lead, rest)]


def _with_noun(lead: str, rest: str) -> str:
    found = _OBJECT.match(lead)
    if found is None:
        return rest
    what = re.sub(r"^(?:an?|each|every)\s+", "the ", found.group("what"), flags=re.I)
    pronouns = "him|her" if re.search(r"\b(?:him|her)\b", rest) else "it|them"
    end = len(rest) if pronouns == "him|her" else len(_SEVERAL.split(rest)[0])
    first = [match for match in _PRONOUN.finditer(rest, 0, end)
             if re.fullmatch(pronouns, match.group(0))]  # fmt: skip
    for match in reversed(first):
        rest = rest[: match.start()] + what + rest[match.end() :]
    return rest
