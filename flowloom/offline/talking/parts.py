"""A message that wants several things: its first part, and what is left of it.

Only where the parts are of different kinds and both are clear: a command beside anything, a
question beside a change. The steps of a request, or several changes, are one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from flowloom.intents import CheckWorkflow, Export, Intent
from flowloom.offline.talking.commands import command_in
from flowloom.offline.talking.inquiries import inquiry, wants_to_know
from flowloom.offline.talking.phrases import opened
from flowloom.offline.talking.wishes import is_request

__all__ = ["Parts", "answer_and_more", "parts_of"]

Kind: TypeAlias = Literal["move", "view", "question", "request", ""]


class Parts(NamedTuple):
    """A message cut in two; ``rest`` is empty where it is one part."""

    first: str
    rest: str


class _Cut(NamedTuple):
    first: str
    rest: str
    ends_sentence: bool
    joined: str


_BREAK = re.compile(
    r"(?<=[.?!;])\s+(?:(?:and|but|then|so)\b,?\s+)*(?=\S)"
    r"|\s*[,;–—]?\s+(?:(?:and|but)(?:\s+then)?|then)\s+(?=\S)|\s*\n\s*",
    re.I,
)
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|`[^`]*`')
_MOVES = re.compile(r"\b(?:undo|redo|revert|roll(?:ed)? ?back|version|take back|go back)\b", re.I)
_VIEWS = re.compile(
    r"^(?:(?:show|give|print|let)\b.*\b(?:ya?ml|json|mermaid|diagram|flow ?chart|workflow|it)\b"
    r"|draw\b|is (?:it|that|the workflow) \w+|(?:check|verify|validate|export|print)\s+(?:the|my"
    r"|this|that)\s+(?:\w+\s+)?(?:work)?flow\b|what does (?:it|the workflow) look like\b)",
    re.I,
)
_QUESTION = re.compile(
    r"^(?:also\s+|so\s+)?(?:what|why|how|which|where|who|when|is|are|does|do|did|has|have|will"
    r"|would|should|can|could)\b.*\?$",
    re.I | re.S,
)
_OF_THE_WORKFLOW = re.compile(
    r"\b(?:work)?flow\b|\bwhat (?:happens|does it do|will happen|would happen)\b", re.I
)
_SUPPOSES = re.compile(r"^(?:what|and)?\s*(?:happens\s+)?if\b", re.I)
_THEREFORE = re.compile(r"^\W*(?:and\s+)?(?:then|so|in (?:that|this) case|otherwise|if so)\b", re.I)


def parts_of(text: str, *, at_hand: bool) -> Parts:
    """Return the first thing that a message wants, and all that it wants after it.

    Args:
        at_hand: whether there is a workflow.
    """
    for cut in _cuts(text):
        rest = _kind(cut.rest, at_hand=True)
        asks = rest == "question" and _QUESTION.match(f"{cut.first}?")
        first = _kind(f"{cut.first}?" if asks else cut.first, at_hand=at_hand)
        if first and rest and _apart(cut, first, rest, at_hand=at_hand):
            return Parts(cut.first, cut.rest)
    return Parts(text, "")


def answer_and_more(text: str) -> Parts:
    """Return the answer to a question that a message begins with, and what it wants beyond it."""
    for cut in _cuts(text):
        rest = _kind(cut.rest, at_hand=True)
        if rest == "question" or (rest == "view" and _VIEWS.match(cut.rest)):
            return Parts(cut.first, cut.rest)
    return Parts(text, "")


def _cuts(text: str) -> Iterator[_Cut]:
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _BREAK.finditer(text):
        if any(start < match.start() < end for start, end in quoted):
            continue
        first, rest = text[: match.start()].strip().rstrip(",;"), text[match.end() :].strip()
        if first and rest:
            yield _Cut(first, rest, first[-1] in ".?!;" or "\n" in match[0], match[0])


def _kind(text: str, *, at_hand: bool) -> Kind:
    told = opened(text)
    found = command_in(told)
    if found is not None:
        return _kind_of(found)
    if inquiry(told, at_hand=at_hand) and (_QUESTION.match(told) or wants_to_know(told)):
        return "question"
    # What comes first in the rest is enough: the rest is heard by itself.
    begun = next((cut.first for cut in _cuts(told)), told)
    begun_kind = command_in(opened(begun))
    if begun_kind is not None:
        return _kind_of(begun_kind)
    return "request" if is_request(told) else ""


def _kind_of(command: Intent) -> Kind:
    return "view" if isinstance(command, CheckWorkflow | Export) else "move"


def _apart(cut: _Cut, first: Kind, rest: Kind, *, at_hand: bool) -> bool:
    """Say whether two kinds of wishes that follow one another are two wishes."""
    match first, rest:
        case "move", _:
            return bool(_MOVES.search(cut.first)) or rest != "request"
        case "view", "request":
            return cut.ends_sentence and at_hand
        case "view", _:
            return at_hand
        case _, "move":
            return bool(_MOVES.search(cut.rest))
        case _, "view":
            return bool(_VIEWS.match(cut.rest))
        case "question", "request":
            supposed = _SUPPOSES.search(cut.first) and _THEREFORE.search(cut.joined + cut.rest)
            return cut.first.endswith("?") and not supposed
        case "question", "question":
            return True
        case "request", "question":
            return at_hand or bool(_OF_THE_WORKFLOW.search(cut.rest))
        case _:
            return False
