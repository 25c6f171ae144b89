"""Where a leading clause ends and the action begins."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import base_verb

__all__ = ["cut_lead", "cut_loop"]

_NO_CUT = frozenset(["to", "not", "is", "are", "does", "do", "a", "an", "the", "and", "or", "of",
                     "new", "my", "our"])  # fmt: skip


def cut_loop(text: str) -> tuple[str, str]:
    """Cut what a loop goes over from what it does."""
    if match := re.match(r"([^,]+?),?\s+(?=(?:if|when)\b)", text, re.I):
        return re.sub(r"\s+and$", "", match.group(1).strip()), text[match.end() :].strip()
    for match in re.finditer(
        r"\s+(?=([a-z]+)\s+(?:the|a|an|all|its|their|his|her|my|our|it|them)\b)", text
    ):
        before = text[: match.start()].split()
        if (
            is_action(text[match.end() :])
            and before[-1].lower() not in _NO_CUT
            and "," not in text[: match.start()]
        ):
            return text[: match.start()].strip(), text[match.end() :].strip()
    head, comma, tail = text.partition(",")
    if comma and tail.strip():
        return head.strip(), re.sub(r"^\s*then\s+", "", tail, flags=re.I).strip()
    return cut_lead(text, shortest=1)


def cut_lead(text: str, shortest: int = 2) -> tuple[str, str]:
    """Cut at the end of a leading clause: ", then", " then ", a comma, or the first verb."""
    then = re.search(r",?\s+then,?\s+", text, re.I)
    comma = re.search(r",\s*", text)
    before = comma is not None and then is not None and comma.start() < then.start()
    if (match := then) and not (before and comma and is_action(text[comma.end() :])):
        return text[: match.start()].strip(), text[match.end() :].strip()
    for match in re.finditer(r",\s*", text):
        if is_action(text[match.end() :]):
            return text[: match.start()].strip(), text[match.end() :].strip()
    if match := re.search(r",\s*", text):
        return text[: match.start()].strip(), text[match.end() :].strip()
    for match in re.finditer(r"\s+(?=([A-Za-z]+)\s)", text):
        before = text[: match.start()].split()
        governs = _governs_value(text[match.end() :]) and is_action(text[match.end() :])
        if len(before) >= shortest and (governs or _starts_an_action(match.group(1), before)):
            return text[: match.start()].strip(), text[match.end() :].strip()
    return text.strip(), ""


def _governs_value(text: str) -> bool:
    """ "log ⟦0⟧": a noun does not stand right before a quoted text."""
    return bool(re.match(r"[a-z]+\s+⟦", text))


def _starts_an_action(word: str, before: list[str]) -> bool:
    guard = {"to", "not", "is", "are", "does", "do", "a", "an", "the", "and", "or", "of", "new"}
    nouns = {
        "email",
        "mail",
        "message",
        "file",
        "list",
        "record",
        "log",
        "issue",
        "report",
        "order",
    }
    if before[-1].lower() in guard or word.lower() in nouns:
        return False
    return word == word.lower() and base_verb(word) == word
