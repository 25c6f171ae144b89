"""Questions and other words before an alternative, said as sentences with "if" and "otherwise"."""

from __future__ import annotations

import re

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.reading.grammar.forms import begins_with_verb
from flowloom.offline.reading.morphology import third_person

__all__ = ["field_words", "questions_as_conditions"]

_QUESTION = re.compile(
    r"(?i)(?:(?<=[.;!?\n]\s)|(?<=^)|(?<=\n))(?P<verb>is|are|was|were|does|do|has"
    r"|have)\s+(?P<rest>[^?.;!\n]+)\?\s+"
    r"(?:(?:then|so|if\s+so|in\s+that\s+case|if\s+yes)\b,?\s+)?(?=[A-Za-z])"
)
_ELSE_MEANS = re.compile(
    r"(?i)\s*[,;]\s+(?:and\s+|but\s+|while\s+)?(?:anything|everything|any\s+other\s+\w+"
    r"|all)(?:\s+(?:else|less|more|lower"
    r"|higher|other|below|above))?\s+(?:means|calls\s+for|requires|leads\s+to)\s+"
)
_IF_NOT = re.compile(r"(?i)\s*[,;]\s+(?:and\s+|but\s+)?if\s+not,?\s+(?:then\s+)?(?=[a-z])")
_TO_SOMEBODY = re.compile(r"(?i)^(?:you|we|i|there)\b")
_RELATES = re.compile(
    r"(?i)^(?:more|less|fewer|larger|greater|bigger|smaller|higher|lower|older|newer|longer"
    r"|shorter|over|above|below|under"
    r"|at\s+(?:least|most)|between|not|no|empty|missing|true|false|equal|exactly|different"
    r"|contain|include|mention|have|start"
    r"|end|exceed|exist|match|say|\d|⟦\d+⟧$|an?\s)"
)


def questions_as_conditions(text: str, values: tuple[str, ...]) -> str:
    """Return a masked request with "Is debug true? Then …" as "If debug is true, …"."""

    def said(match: re.Match[str]) -> str:
        verb = match.group("verb").lower()
        words = field_words(match.group("rest")).split()
        starts = [at for at in range(1, len(words)) if _RELATES.match(" ".join(words[at:]))]
        for at in (*starts, len(words) - 1):
            rest, finite = words[at:], verb
            if verb in ("does", "do", "did") and at < len(words):
                rest, finite = _inflected(words[at:])
            clause = " ".join((*words[:at], finite, *rest))
            found = parse_condition(clause, values) if at else None
            if found is not None and not found.verbal and not _TO_SOMEBODY.match(clause):
                return f"If {clause}, "
        return match.group(0)

    text = _ELSE_MEANS.sub(". Otherwise, ", _IF_NOT.sub(_split_if_not, text))
    return _QUESTION.sub(said, text)


def _split_if_not(match: re.Match[str]) -> str:
    return ". Otherwise, " if begins_with_verb(match.string[match.end() :]) else match.group(0)


def _inflected(words: list[str]) -> tuple[list[str], str]:
    first = words[0].lower()
    return words[1:], {"have": "has"}.get(first) or third_person(first)


def field_words(words: str) -> str:
    """Return "its level" for "its field level", "the mode" for "what the mode is"."""
    words = re.sub(
        r"(?i)\b(its|the|their)\s+(?:field|column|value|key|property)\s+(?=\S)", r"\1 ", words
    )
    return re.sub(r"(?i)^(?:whether|what|which)\s+(?:the\s+)?|\s+is$", "the ", words).strip()
