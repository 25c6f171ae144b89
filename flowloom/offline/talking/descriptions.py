""" "I need a workflow that reads the feed and mails it" as "read the feed and mail it"."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import base_verb, singular

__all__ = ["FLOW", "MAKE", "described", "imperative"]

FLOW = r"(?:(?:work)?flow|automation|pipeline|process|bot|script|routine)"
MAKE = (
    r"(?:make|create|build|compose|generate|design|write|start|set up|prepare|do|give me"
    r"|let['’]?s (?:make|create|build|start|do|have)|(?:i|we) (?:also )?(?:want|need)|need|want"
    r"|(?:i|we)(?:['’]d| would) (?:like|love)(?: to have)?|how about|here is|here['’]s|add"
    r"|i(?:['’]m| am) looking for)"
)
_WHOLE = re.compile(
    rf"^(?:please\s+)?{MAKE}\s+(?:(?:me|us)\s+)?(?:something|(?:an?|one"
    rf"|some)\s+(?:(?:\w+\s+){{0,2}}{FLOW}|thing))\b(?P<rest>.*)$",
    re.I | re.S,
)
_JOINED = re.compile(
    r"^\s*(?:[,:;.–—-]+\s*)?(?:(?:that|which|who|to|where|in which)\b[\s,]*)?(?:(?:it|this"
    r"|you)\s+)?(?:(?:should|must|shall|will|would|can|has to|needs to)\s+)?",
    re.I,
)
_SAYS_WHAT = re.compile(r"^\s*(?:[,:;.–—-]|(?:that|which|who|to|where|in which)\b)", re.I)
_CLAUSE = re.compile(r"(?:^|,\s*|;\s*|\.\s+|\b(?:and|then|or)\s+)(?P<word>[A-Za-z]+s)\b", re.I)


def described(text: str) -> str | None:
    """Return what a wished workflow is to do; None where the text is no such wish.

    An empty text is a wish that does not say what the workflow does.
    """
    match = _WHOLE.match(text.strip())
    return None if match is None else imperative(match["rest"])


def imperative(rest: str) -> str:
    """Return "mail it" for "that mails it" and ": mail it"; empty where nothing is said to do."""
    if not _SAYS_WHAT.match(rest):
        return ""
    body = _JOINED.sub("", rest, count=1).strip()
    if re.match(r"\s*[,:]?\s*(?:that|which|who)\b", rest, re.I):
        body = _first_base_form(body)
    return _CLAUSE.sub(lambda found: _base_form(found, body), body)


def _first_base_form(body: str) -> str:
    """The word after "that" is a verb, also one that no list has: "that backs up …"."""
    word = re.match(r"[A-Za-z]+s\b", body)
    if word is None:
        return body
    return (base_verb(word[0]) or singular(word[0].lower())) + body[word.end() :]


def _base_form(found: re.Match[str], text: str) -> str:
    word = found["word"]
    base = base_verb(word)
    if not base or base == word.lower() or not is_action(base + text[found.end() :]):
        return found[0]
    return found[0][: -len(word)] + base
