"""Two things compared with each other: "both have the same version", "their sizes differ"."""

from __future__ import annotations

import re

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, is_plural, singular, words_of

__all__ = ["pair_in"]

_NOT = r"(?P<not>\s+not|n['’]t|\s+do\s+not|\s+don['’]t)?"
_TWO = (
    r"(?:both(?:\s+of\s+them)?|they|the\s+two|these\s+two"
    r"|the\s+(?:two\s+|both\s+)?[a-z]+s|both\s+(?:the\s+)?[a-z]+s)"
)
_SAME = r"(?:the\s+(?:very\s+|exact\s+)?same|an?\s+identical|identical|equal|matching|an?\s+equal)"
_SHARED = re.compile(
    rf"(?i)^{_TWO}(?P<not>\s+(?:do|did)(?:\s+not|n['’]t))?\s+"
    r"(?:have|has|share|show|carry|contain|report|give)\s+"
    rf"(?P<how>{_SAME}|(?:an?\s+)?different|the\s+same)\s+(?P<field>[a-z][\w ]*)$"
)
_OF_BOTH = re.compile(
    rf"(?i)^(?:(?:their|both|the\s+two|the)\s+)(?P<field>[a-z][\w ]*?)"
    r"(?:\s+(?:of|in)\s+(?:both|the\s+two)(?:\s+\w+)?)?\s+"
    rf"(?:(?:are|is|were){_NOT}\s+(?P<how>the\s+same|identical|equal|different)"
    r"|(?P<no>do\s+not\s+|don['’]t\s+|does\s+not\s+|doesn['’]t\s+)?"
    r"(?P<verb>match(?:es)?|agree|coincide|differ|diverge))"
    r"(?:\s+in\s+both(?:\s+\w+)?)?$"
)


def pair_in(text: str) -> Condition | None:
    """Return the comparison of two things with each other that words say, or None."""
    text = " ".join(text.split())
    match = _SHARED.match(text) or _OF_BOTH.match(text)
    if match is None or not _speaks_of_two(text):
        return None
    found = match.groupdict()
    how = (found.get("how") or found.get("verb") or "").lower()
    differs = how.endswith("different") or how in ("differ", "diverge")
    denied = bool(found.get("not") or found.get("no"))
    words = [word for word in words_of(found["field"]) if word not in FUNCTION_WORDS]
    words = [*words[:-1], singular(words[-1])] if words else []
    return Condition(
        text, attribute="_".join(words), operator="!=" if differs != denied else "==", pair=True
    )


def _speaks_of_two(text: str) -> bool:
    return bool(re.search(r"(?i)\b(?:both|two|they|their|same)\b", text)) or is_plural(
        text.split()[1]
    )
