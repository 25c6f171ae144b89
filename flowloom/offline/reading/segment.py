"""First stage: a request is cut into sentences, items of lists and alternatives."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.colons import said_as_clause
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.reading.morphology import is_base_form, third_person
from flowloom.offline.reading.questions import is_question, request_of
from flowloom.offline.reading.small_talk import (
    is_small_talk,
    is_title,
    without_greeting,
    without_thanks,
)

__all__ = ["segment"]

_ITEM = re.compile(
    r"(?:(?<=^)|(?<=[\s:;,.]))(?:\([a-z0-9]{1,2}\)|\d{1,2}[.)](?=\s)|[a-z]\)(?=\s))\s*", re.I
)
_BULLET = re.compile(r"^\s*(?:[-*•–+]|\[[ x]?\]|step\s+\d+\s*[:.)])\s+", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|\s*;\s*|\n+|\s+(?:—|–|--)\s+(?=if\b|then\b|and\b)")
_ALTERNATIVE = re.compile(
    r"(?<!\bthe)(?<!\bif)(?<!\bor)[,.]?\s+(?:and\s+|or\s+|but\s+)?"
    r"(?=(?:otherwise|else(?:\s+if)?|if\s+not(?=\s*,|\s+then)|if\s+so)\b)"
    r"|,?\s+(?:and|but),?\s+(?=(?:if|when)\b)"
    r"|,?\s+(?:and\s+)?then,?\s+(?=(?:if|unless)\b)"
    r"|,?\s+and\s+(?=(?:finally|lastly|at\s+the\s+(?:very\s+)?end)\b)"
    r"|,?\s+(?:and|while),?\s+(?=(?:at\s+the\s+same\s+time|in\s+parallel|simultaneously"
    r"|meanwhile)\b)"
    r"|,?\s+(?:and|but),?\s+(?=(?:whether\s+or\s+not|whatever\s+happens|no\s+matter|regardless"
    r"|in\s+any\s+case|even\s+if)\b)"
    r"|,?\s+(?:and|but),?\s+(?=(?:on|upon)\s+(?:success|failure|errors?)\b)"
    r"|,?\s+(?:and\s+then|and|then),?\s+(?=(?:for|in|within)\s+(?:each|every)\b)",
    re.I,
)
_POLITE = re.compile(
    r"^(?:(?:ok|okay)\b[,!]?\s*)?"
    r"(?:(?:please|kindly|can (?:you|we)|could (?:you|we)|would you(?: mind)?|will you|i want "
    r"you to"
    r"|i want to|i want|i wish to|we want to|we would like to|we'd like to|"
    r"i would like you to|i would like to|i'd like you to|i'd like to|i need you to|i need to|"
    r"we need to|we should|you should|you need to|you must|it should|it must|let's|let us"
    r"|lets(?!\s+not)|help me(?: to)?|be so (?:kind|nice) (?:as to|and)|i'm looking for a way to|"
    r"is it possible to|try to|attempt to|make sure (?:that you|you|to)|be sure to|remember to"
    r"|go ahead and|"
    r"what i (?:want|need) is(?: for you)? to|your (?:job|task) is to|the (?:goal|idea|aim"
    r"|plan) is to|"
    r"i'd love (?:you )?to|i'd love it if you could|it would be (?:great|nice|good) if you could)"
    r"\b,?\s+)+(?:please\s+)?",
    re.I,
)
_FILLER = re.compile(
    r"^(?:(?:and|also|then|so|now|well|just|first(?:ly)?(?!\s+(?:\w*day|of all)\b)"
    r"|second(?:ly)?|third(?:ly)?|next|"
    r"after (?:that|this|which)|"
    r"additionally|furthermore|in addition|moreover|basically|simply|obviously|of course|"
    r"to start(?: with)?|but)\b,?\s+)+(?=\S)",
    re.I,
)


_HEADING = re.compile(
    r"^(?:.*\b(?:this|these|the following|as follows|steps|things|below|plan|workflow"
    r"|please)\b[^:]*"
    r"|steps|todo|to do|tasks?|what to do|request|goal)\s*:$",
    re.I,
)
_TOGETHER = re.compile(
    r"^(?:do |run |start )?"
    r"(?:(?:all )?(?:(?:of )?this|these|the following|things|the next \w+)\s+)?"
    r"(?:at the same time|in parallel|simultaneously|concurrently)(?: please)?\s*:$",
    re.I,
)


def segment(text: str) -> list[str]:
    """Return the sentences of a masked text, in order, without list marks and politeness."""
    pieces = [piece for line in _lines(text) for piece in _sentences(line)]
    if len(pieces) > 1 and _is_name(pieces[-1]) and is_small_talk(pieces[-2]):
        pieces = pieces[:-1]
    said = [said for piece in pieces if (said := _asked_for(piece))]
    parts = [part for piece in said for part in _alternatives(piece)]
    cleaned = [found for part in parts if (found := _clean(part))]
    return cleaned[1:] if len(cleaned) > 1 and is_title(cleaned[0]) else cleaned


def _is_name(text: str) -> bool:
    return bool(re.fullmatch(r"(?:[A-Z][\w.-]*\s*){1,3}", text.strip()))


def _lines(text: str) -> list[str]:
    found: list[str] = []
    lead = ""
    for line in text.splitlines():
        marked = bool(_BULLET.match(line) or _ITEM.match(line.strip()))
        if _TOGETHER.match(line.strip()):
            lead = "in parallel, "
        elif not _is_heading(line):
            lead = lead if marked else ""
            found += [lead + item for item in _items(_BULLET.sub("", line))]
    return found


def _is_heading(line: str) -> bool:
    """ "Please do the following:" says nothing to do itself."""
    line = without_greeting(line.strip())
    if not line.endswith(":"):
        return False
    return len(line.split()) <= 12 and bool(_HEADING.match(line) or is_title(line.rstrip(":")))


def _items(line: str) -> list[str]:
    marks = list(_ITEM.finditer(line))
    if len(marks) < 2 and not (marks and marks[0].start() == 0):
        return [line]
    parts = [part.strip() for part in _ITEM.split(line)]
    return [part for part in parts if part.strip(" ,:;") and not _is_heading(part)]


_TOGETHER_THEN = re.compile(
    r"\b(at the same time|in parallel|simultaneously|concurrently),?\s+(?:and\s+)?then\s+", re.I
)


_IN_WHICH_CASE = re.compile(
    r",?\s+unless\s+(?P<what>(?:that|this|it)\s+(?:fails|goes wrong|does not work|doesn't "
    r"work)),?\s+in which"
    r" case\s+",
    re.I,
)


def _sentences(line: str) -> list[str]:
    line = _IN_WHICH_CASE.sub(r"\nif \g<what>, ", line)
    line = _TOGETHER_THEN.sub(r"\1\n", line)
    return [piece for piece in _SENTENCE.split(line) if piece.strip()]


def _asked_for(piece: str) -> str:
    """Return what a sentence asks for; empty for small talk."""
    piece = without_thanks(without_greeting(piece.strip()))
    if is_small_talk(piece):
        return ""
    plain = _clean(piece)
    if piece.endswith("?") and is_question(plain):
        return request_of(plain)
    piece = _SHOULD.sub(_as_if, piece)
    return said_as_clause(_leading_politeness(piece))


_SHOULD = re.compile(
    r"^should\s+(?P<what>it|that|this|there|they|you|nobody|everything|anything"
    r"|(?:the|an?|any|no|its|one|this|that)\s+[^\s,]+(?:\s+[^,]*?)??)\s+"
    r"(?P<not>not\s+)?(?P<verb>[a-z]+)(?=\s[^,]*,|,)",
    re.I,
)


def _as_if(match: re.Match[str]) -> str:
    """ "Should it be red, …" is "if it is red, …"."""
    verb = match.group("verb").lower()
    if not is_base_form(verb) and verb not in ("be", "have"):
        return match.group(0)
    if match.group("not"):
        said = {"be": "is not"}.get(verb, f"does not {verb}")
    else:
        said = third_person(verb)
    return f"if {match.group('what')} {said}"


def _leading_politeness(piece: str) -> str:
    found = _POLITE.sub("", piece)
    return found or piece


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
    match = re.search(r",\s+(?=(?:if|unless|when)\b)", part, re.I)
    if match is None or _LEADS.match(part[: match.start()]):
        return [part]
    rest = part[match.end() :].split()
    acts = any(is_action(" ".join(rest[at:])) for at in range(3, len(rest)))
    return [part[: match.start()], part[match.end() :]] if acts else [part]


_LEADS = re.compile(
    r"^(?:(?:for|in|within|with|on)\s+(?:each|every|all)|when|whenever|once|as soon as|if|every"
    r"|each)\b"
    r"[^,]*$",
    re.I,
)


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
