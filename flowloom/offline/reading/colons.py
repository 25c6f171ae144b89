"""What stands before a colon or an arrow, said as a clause: "daily: X" is "daily, X"."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.small_talk import is_title
from flowloom.offline.timing.schedule import find_schedule

__all__ = ["said_as_clause"]

_ARROW = re.compile(r"\s*(?:-{1,2}>|→|=>|⇒|➜|➔|>>)\s*")
_CLAUSE = re.compile(
    r"^(?:if|when|whenever|unless|while|until|for (?:each|every|all)|each time|every time|once"
    r"|as soon"
    r" as|otherwise|else|on|upon|after|before|finally|at the end|in parallel|at the same time)\b",
    re.I,
)
_COMPARISON = re.compile(
    r"^(?:more|less|fewer|greater|larger|smaller|higher|lower|older|newer|over|under|above|below"
    r"|at least|at most|up to|between|exactly|no|not|none|empty|[<>=]=?)\b|^[<>=]"
    r"|^(?:\d+|⟦\d+⟧)\s+(?:or|and)\s+(?:more|less|above|over|below|under|higher|lower|fewer)\b",
    re.I,
)
_REST = re.compile(
    r"^(?:else|otherwise|(?:any|every)thing else|(?:in )?(?:all |any )?other(?:wise)?(?: cases?)?"
    r"|(?:the )?rest|default|if none(?: of (?:these|those|them))?)$",
    re.I,
)
_ANSWER = re.compile(r"^(?:yes|no|approved|rejected|denied|declined)$", re.I)
_EVENT = re.compile(
    r"^(?:(?:an?|any|every|each)\s+)?(?:new|incoming|fresh)\s+\S+"
    r"|\b(?:arrives?|comes? in|is (?:created|added|received|changed|updated|opened|closed|published"
    r"|uploaded)|gets? (?:created|added)|appears?|shows up|received)\b",
    re.I,
)
_VALUES = re.compile(r"^⟦\d+⟧(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)⟦\d+⟧)*\s*\.?$")
_THESE = re.compile(
    r"\b(?:(?:these|those|the following)(?:\s+(?:files|pages|urls|links|sites|addresses"
    r"|things))?|this)\b",
    re.I,
)
_LABEL_DO = re.compile(r"^(?:do|action|actions|then|task|step|goal|request)$", re.I)
_LABEL_WHEN = re.compile(r"^(?:when|trigger|schedule|start|event|starts?(?: on| when)?)$", re.I)
_IS_FILE = re.compile(r"^⟦\d+⟧$")


def said_as_clause(text: str) -> str:
    """Return a sentence with its colon or arrows put into words, where they mean a clause."""
    parts = [part.strip() for part in _ARROW.split(text) if part.strip()]
    if len(parts) > 1:
        return _sequence(parts)
    lead, colon, rest = text.partition(": ")
    lead, rest = lead.strip(), rest.strip()
    if not colon or not rest or not lead:
        return text
    return _clause(lead, rest) or text


def _sequence(parts: list[str]) -> str:
    """ "new file -> upload it", "⟦0⟧ -> ⟦1⟧", "read it -> sort it -> save it"."""
    first, *others = parts
    lead, colon, inner = first.rpartition(": ")
    if colon and _IS_FILE.match(inner.strip()) and not is_action(lead):
        first = inner.strip()
    others = [f"write it to {part}" if _IS_FILE.match(part) else part for part in others]
    tail = ", then ".join(others)
    if _IS_FILE.match(first):
        return f"read {first}, then {tail}"
    if is_action(first):
        return f"{first}, then {tail}"
    return _clause(first, tail) or f"when {first}, {tail}"


def _clause(lead: str, rest: str) -> str:
    """Return lead and rest as one sentence; empty where the lead is no clause."""
    plain = lead.rstrip(" ,")
    if _LABEL_DO.match(plain):
        return rest
    if _LABEL_WHEN.match(plain):
        return rest if is_a_schedule(rest) else f"when {rest}"
    if _REST.match(plain):
        return f"otherwise, {rest}"
    if _ANSWER.match(plain):
        return f"if {plain}, {rest}"
    if _COMPARISON.match(plain):
        return f"if {plain}, {rest}"
    if _CLAUSE.match(plain) or is_a_schedule(plain):
        return f"{plain}, {rest}"
    if is_action(plain):
        return _with_values(plain, rest)
    if _EVENT.search(plain):
        return f"when {plain}, {rest}"
    if is_title(plain):
        return rest
    return ""


def _with_values(lead: str, rest: str) -> str:
    """ "Fetch these in parallel: ⟦0⟧ and ⟦1⟧": the values stand for "these"."""
    if not _VALUES.match(rest):
        return ""
    said, count = _THESE.subn(rest.rstrip(" ."), lead, count=1)
    return said if count else f"{lead} {rest}"


def is_a_schedule(text: str) -> bool:
    """Return whether a text says when, and nothing else."""
    found = find_schedule(text)
    if found is None:
        return False
    left = (text[: found.start] + " " + text[found.end :]).strip(" ,.")
    return not re.search(r"[a-z]{3,}", re.sub(r"\b(?:at|on|around|time|sharp)\b", "", left), re.I)
