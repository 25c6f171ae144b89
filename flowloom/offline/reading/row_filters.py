"""Rows that are kept or left out, said as filters with one comparison each."""

from __future__ import annotations

import re

__all__ = ["ROWS", "WHERE", "filters", "kept_instead", "kept_not_left_out"]

ROWS = r"(?:rows?|lines?|entries|items?|records?|ones|those|results?|elements?)"
WHERE = r"(?:where|whose|with|that|which|in which|for which|if|when|without|having)"
_BETWEEN = re.compile(
    r"^(?:an?\s+|the\s+)?(?P<field>[\w ]+?)\s+(?:is\s+|are\s+)?between\s+(?P<low>\S+)\s+and\s+"
    r"(?P<high>\S+)$",
    re.I,
)
_AND_WHERE = re.compile(
    r"\s+and\s+(?:where\s+|whose\s+)?(?=(?:the\s+|its\s+)?\w+\s+(?:is|are|equals?|contains?|starts?"
    r"|ends?|has|does|was)\b)"
)
_WITH_NUMBER = re.compile(
    r"^(?P<rest>(?:more than|less than|fewer than|over|under|at least|at most|above"
    r"|below)\s+\S+)\s+"
    r"(?P<field>\w+)$",
    re.I,
)
_REMOVED = re.compile(
    rf"^(?:remove|delete|drop|eliminate|get rid of|strip)\s+(?:the\s+|all\s+|any\s+"
    rf"|those\s+)*(?P<what>{ROWS})\s+"
    rf"(?P<where>{WHERE})\s+(?P<clause>.+)$",
    re.I,
)
_LEFT_OUT = re.compile(
    rf"^(?:drop|exclude|discard|filter out|leave out|throw away|throw out|ignore|skip)\s+"
    rf"(?:the\s+|all\s+|any\s+)*(?P<what>{ROWS})\s+(?P<where>{WHERE})\s+(?P<clause>.+)$",
    re.I,
)


def kept_instead(text: str) -> str:
    """Return "filter the rows …" for "remove the rows …"; empty if the words say no such thing."""
    match = _REMOVED.match(text)
    if match is None:
        return ""
    kept = _negated(match.group("where"), match.group("clause"))
    return f"filter the {_rows(match.group('what'))} {kept}" if kept else ""


def filters(text: str) -> list[str]:
    """ "filter the rows where A and B": one step for each comparison."""
    match = re.match(
        rf"^filter the (?P<what>{ROWS}) (?P<where>where|with|whose|that) (?P<clause>.+)$",
        text,
        re.I,
    )
    if match is None:
        return [text]
    what, clause = _rows(match.group("what")), match.group("clause")
    between = _BETWEEN.match(clause)
    if between:
        start = f"filter the {what} where the {between.group('field')} is at"
        return [f"{start} least {between.group('low')}", f"{start} most {between.group('high')}"]
    if match.group("where").lower() == "with" and (number := _WITH_NUMBER.match(clause)):
        return [f"filter the {what} where the {number.group('field')} is {number.group('rest')}"]
    parts = _AND_WHERE.split(clause)
    return [f"filter the {what} {match.group('where')} {part}" for part in parts]


def kept_not_left_out(text: str) -> str:
    """Return "filter the rows …" for "leave out the rows …"; empty if nothing is left out."""
    match = _LEFT_OUT.match(text)
    if match is None:
        return ""
    kept = _negated(match.group("where"), match.group("clause"))
    return f"filter the {match.group('what')} {kept}" if kept else ""


def _rows(what: str) -> str:
    return "rows" if what.lower() in ("ones", "those") else what


def _negated_with(where: str, clause: str) -> str:
    bare = re.sub(r"^(?:an?|the|any|no)\s+", "", clause, flags=re.I)
    if where.lower() == "without" or re.match(r"no\s", clause, re.I):
        return f"where the {bare} is not empty"
    if match := re.match(r"^(?:empty|missing|blank)\s+(\w+)$", bare, re.I):
        return f"where the {match.group(1)} is not empty"
    if match := re.match(r"^(\w+)\s+(?:of\s+|equal to\s+)?(⟦\d+⟧|[\w-]+)$", bare, re.I):
        return f"where the {match.group(1)} is not {match.group(2)}"
    return ""


def _negated(where: str, clause: str) -> str:
    """Return the clause that holds where the given one does not; empty if that is not plain."""
    if where.lower() in ("with", "without", "having"):
        return _negated_with(where, clause)
    if match := re.match(r"^(.*?\b(?:is|are|was|were|has|have))\s+(not\s+)?(.+)$", clause, re.I):
        if match.group(2):
            return f"{where} {match.group(1)} {match.group(3)}"
        return f"{where} {match.group(1)} not {match.group(3)}"
    verbs = r"^(.*?)\b(contain|include|mention|equal|start|end|begin|match)s?\b\s*(.+)$"
    if match := re.match(verbs, clause, re.I):
        return f"{where} {match.group(1)}does not {match.group(2)} {match.group(3)}"
    return ""
