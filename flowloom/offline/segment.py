"""First stage: a request is cut into sentences, items of lists and alternatives."""

from __future__ import annotations

import re

from flowloom.offline.actions import is_action
from flowloom.offline.lexicon import base_verb

__all__ = ["segment"]

_ITEM = re.compile(
    r"(?:(?<=^)|(?<=[\s:;,.]))(?:\([a-z0-9]{1,2}\)|\d{1,2}[.)](?=\s)|[a-z]\)(?=\s))\s*", re.I
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|step\s+\d+\s*[:.)])\s+", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|\s*;\s*|\n+")
_ALTERNATIVE = re.compile(
    r"(?<!\bthe)[,.]?\s+(?:and\s+|or\s+)?(?=(?:otherwise|else(?:\s+if)?|if\s+not)\b)"
    r"|,?\s+(?:and|but)\s+(?=(?:if|when)\b)"
    r"|,?\s+(?:and\s+then|and|then)\s+(?=(?:for|in|within)\s+(?:each|every)\b)",
    re.I,
)
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay)\b[,!]?\s*)?"
    r"(?:(?:please|kindly|can you|could you|would you|will you|i want you to|i want to|"
    r"i would like you to|i would like to|i'd like you to|i'd like to|i need you to|i need to|"
    r"we need to|we want to|we should|you should|let's|lets(?!\s+not)|help me)\s+)+(?:please\s+)?",
    re.I,
)
_FILLER = re.compile(
    r"^(?:(?:and|also|then|so|now|well|just|first(?:ly)?|second(?:ly)?|third(?:ly)?|next|"
    r"additionally|furthermore|in addition|moreover)\b,?\s+)+(?=\S)",
    re.I,
)


_HEADING = re.compile(
    r"^(?:.*\b(?:this|these|the following|as follows|steps|things|below|plan|workflow)\b[^:]*"
    r"|steps|todo|tasks?)\s*:$",
    re.I,
)


def segment(text: str) -> list[str]:
    """Return the sentences of a masked text, in order, without list marks and politeness."""
    pieces = [piece for line in _lines(text) for piece in _SENTENCE.split(line)]
    parts = [part for piece in pieces for part in _alternatives(piece)]
    return [cleaned for part in parts if (cleaned := _clean(part))]


def _lines(text: str) -> list[str]:
    lines = [_BULLET.sub("", line) for line in text.splitlines() if not _is_heading(line)]
    return [item for line in lines for item in _items(line)]


def _is_heading(line: str) -> bool:
    """ "Please do the following:" says nothing to do itself."""
    return len(line.split()) <= 10 and bool(_HEADING.match(line.strip()))


def _items(line: str) -> list[str]:
    marks = list(_ITEM.finditer(line))
    if len(marks) < 2 and not (marks and marks[0].start() == 0):
        return [line]
    return [part for part in _ITEM.split(line) if part.strip(" ,:;")]


def _alternatives(piece: str) -> list[str]:
    parts = [part for whole in _ALTERNATIVE.split(piece) for part in _before_if(whole)]
    # "… and if" after a bare "if" clause joins two conditions, not two sentences.
    merged: list[str] = []
    for part in parts:
        if merged and not _has_action(merged[-1]):
            merged[-1] = f"{merged[-1]} and {part}"
        else:
            merged.append(part)
    return merged


def _before_if(part: str) -> list[str]:
    """Cut "list the files, if one is old, delete it", but not "delete it, if it is old"."""
    match = re.search(r",\s+(?=if\b)", part, re.I)
    if match is None:
        return [part]
    rest = part[match.end() :].split()
    acts = any(is_action(" ".join(rest[at:])) for at in range(3, len(rest)))
    return [part[: match.start()], part[match.end() :]] if acts else [part]


def _has_action(text: str) -> bool:
    return any(base_verb(word) for word in re.findall(r"[A-Za-z]+", text))


def _clean(part: str) -> str:
    part = part.strip().rstrip(".!?,:;").strip()
    before = ""
    while part != before:
        before = part
        part = _POLITE.sub("", _leading_filler(part)).strip()
    return part


def _leading_filler(part: str) -> str:
    # "Next" and "then" also say that a loop or branch has ended: `classify` sees the mark.
    match = _FILLER.match(part)
    if match is None:
        return part
    ends = re.search(r"\bnext\b", match.group(0), re.I)
    return ("next, " if ends else "") + part[match.end() :]
