"""Sentences without a verb: "reminder to ⟦0⟧ about the rent", "new board for the launch"."""

from __future__ import annotations

import re

from flowloom.offline.reading.grammar.forms import MESSAGES

__all__ = ["fragment", "is_idle", "is_result", "posted"]

_RESULT = re.compile(
    r"^(?:the\s+)?(?:results?|output|outcome|answer|lot|rest|whole\s+thing|everything|that|it|them)"
    r"\s+(?P<to>(?:in)?to|in|as|under)\s+(?P<where>.*⟦\d+⟧.*)$",
    re.I,
)
_MESSAGE = re.compile(
    r"^(?:an?\s+|the\s+|same\s+)*(?:(?:short|quick|brief|friendly|little|weekly|daily|slack|teams"
    r"|discord|telegram|sms|text|e-?mail|thank-you|warning)\s+)*(?P<noun>"
    + "|".join(sorted(MESSAGES))
    + r")\s+"
    r"(?:(?:to|in|on|for|with|saying|via|by|about)\b|⟦)",
    re.I,
)
_VERBS = re.compile(r"\b(?:is|are|was|were|has|have|arrives?|comes?|appears?|lands?|gets?|changes?"
                    r"|shows|should|must|does|do)\b", re.I)  # fmt: skip


def fragment(text: str) -> str:
    """Return what a phrase without a verb asks for, as an imperative; empty for another."""
    if match := _RESULT.match(text):
        return f"write it to {match.group('where')}"
    if _VERBS.search(text):
        return ""
    match = _MESSAGE.match(text)
    if match is not None:
        posts = match.group("noun").lower() in ("note", "line", "post", "notice", "announcement")
        return f"{'post' if posts else 'send'} {_with_article(text)}"
    return ""


def is_result(text: str) -> bool:
    """Return whether words say where what was made before goes: "result into ⟦1⟧"."""
    return bool(_RESULT.match(text))


def _with_article(text: str) -> str:
    if re.match(r"(?:an?|the)\s", text, re.I):
        return text[0].lower() + text[1:]
    return f"{'an' if text[0].lower() in 'aeio' else 'a'} {text[0].lower()}{text[1:]}"


_IDLE = re.compile(
    r"(?:^|[,:]\s+(?:then\s+)?)(?:(?:just\s+|simply\s+)?(?:do\s+)?nothing|no\s+action)"
    r"(?:\s+(?:at\s+all|(?:needs?|has|have|is|are)\s+to\s+(?:be\s+done|happen)|should\s+(?:happen"
    r"|be\s+done)|happens|(?:is|has\s+to\s+be)\s+(?:done|needed|required|necessary)))?$"
    r"|[,:]\s+(?:there['’]?\s*i?s\s+nothing\s+to\s+do|leave\s+it(?:\s+(?:alone|as\s+it\s+is|be))?"
    r"|(?:you|we)\s+(?:don['’]t|do\s+not)\s+(?:need|have)\s+to\s+do\s+anything)$",
    re.I,
)
_CONDITION = re.compile(r"^(?:if|when|in\s+case|unless|otherwise|else|(?:for\s+)?any|all\s+other"
                        r"|nothing|on|should)\b", re.I)  # fmt: skip


def is_idle(text: str) -> bool:
    """Return whether a sentence says that nothing is to be done: "if it is there, nothing"."""
    return bool(_IDLE.search(text) and _CONDITION.match(text))


_TEXT_TO = re.compile(
    r"(?:^|(?<=:\s)|(?<=,\s))⟦(?P<text>\d+)⟧\s+(?:in)?(?:to|on|in|at)\s+(?=⟦|the\b)"
)


def posted(text: str, quoted: frozenset[int]) -> str:
    """ "⟦0⟧ to ⟦1⟧" with a quoted text is "post ⟦0⟧ to ⟦1⟧"."""
    match = _TEXT_TO.search(text)
    if match is None or int(match.group("text")) not in quoted:
        return text
    return f"{text[: match.start()]}post {text[match.start() :]}"
