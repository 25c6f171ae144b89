"""Questions as requests: "Does the file exist?" is "check whether the file exists"."""

from __future__ import annotations

import re

__all__ = ["is_question", "request_of"]

_HOW_MANY = re.compile(
    r"^how many\s+(?P<what>.+?)\s+(?:do(?:es)?|did)\s+(?P<of>.+?)\s+(?:have|contain|hold|include)$"
    r"|^how many\s+(?P<what2>.+?)\s+(?:is|are|were)(?:\s+there)?\s*(?P<in>(?:in|on|of|at"
    r"|from)\s.+)?$",
    re.I,
)
_WHAT = re.compile(
    r"^(?:what|who|which|where|when)(?:'s|’s|\s+(?:is|are|was|were))\s+(?P<rest>.+)$", re.I
)
_THERE = re.compile(r"^(?P<be>is|are)\s+there\s+(?P<rest>.+)$", re.I)
_DOES = re.compile(r"^(?:do(?:es)?|did)\s+(?P<rest>.+)$", re.I)
_IS_STATE = re.compile(
    r"^(?P<be>is|are|was|were)\s+(?P<what>(?!there\b).+\s\S+|⟦\d+⟧)\s+(?P<state>(?:still\s+"
    r"|already\s+)?"
    r"(?:not\s+)?[a-z]+)$",
    re.I,
)
_IS = re.compile(r"^(?P<be>is|are|was|were|has|have)\s+(?P<rest>.+)$", re.I)
_ASKING = re.compile(
    r"^(?:how many|what|who|which|where|when|is|are|was|were|does|do|did|has|have)\b", re.I
)


def is_question(text: str) -> bool:
    """Return whether a sentence with a question mark asks for a fact, not for a favour."""
    return bool(_ASKING.match(text.strip()))


def request_of(text: str) -> str:
    """Return the request that a question makes; ``text`` without its question mark."""
    text = text.strip().rstrip("?").strip()
    if match := _HOW_MANY.match(text):
        if match.group("what"):
            return f"count the {match.group('what')} of {match.group('of')}"
        return f"count the {match.group('what2')} {match.group('in') or ''}".strip()
    if match := _THERE.match(text):
        return f"check whether there {match.group('be').lower()} {match.group('rest')}"
    if match := _WHAT.match(text):
        return f"get {match.group('rest')}"
    if match := _DOES.match(text):
        return f"check whether {_third_person(match.group('rest'))}"
    if match := _IS_STATE.match(text):
        be, state = match.group("be").lower(), match.group("state")
        return f"check whether {match.group('what')} {be} {state}"
    if match := _IS.match(text):
        return f"check whether {match.group('rest')} {match.group('be').lower()}"
    return text


def _third_person(text: str) -> str:
    return re.sub(r"\bexist$", "exists", text)
