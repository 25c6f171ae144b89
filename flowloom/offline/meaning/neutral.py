"""A sentence with neutral words for what it is about, so that its form decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from flowloom.offline.meaning.exemplars import ITEM, ITEMS, SERVICES, VALUE
from flowloom.offline.reading.lexicon import is_plural, singular, word_set

__all__ = ["neutral"]

_TOKEN = re.compile(r"⟦\d+⟧|[A-Za-z][\w'’-]*|\d(?:[\w:.,%]*[\w%])?|[^\sA-Za-z\d]")
_CLOCK = re.compile(r"\d{1,2}:\d\d|\d{1,2}(?:am|pm)", re.I)
_FLOW = word_set(
    """
    step steps action task loop branch condition check test if end start time day week month
    hour minute thing workflow flow order trigger schedule error failure attempt number
    """
)
"""What a change is made of is no topic."""
_BEFORE_VERBS = word_set(
    """
    to not don't dont doesn't can could should must will would may might never always also
    please just only then and or i we you it they n't let's lets longer
    """
)


def neutral(text: str, services: Sequence[str], nouns: Collection[str]) -> str:
    """Return a masked sentence with neutral words.

    Args:
        services: words of the services that it names, in lower case, in the order in which they
            stand; the words of one service joined by a blank.
        nouns: what may be a thing, in the singular.
    """
    tokens: list[str] = []
    numbers: dict[str, int] = {}
    for token in _TOKEN.findall(text):
        word = token.lower()
        named = next((name for name in services if word in name.split()), "")
        if token.startswith("⟦") or (token[0].isdigit() and not _CLOCK.match(token)):
            new = VALUE
        elif named:
            new = SERVICES[min(numbers.setdefault(named, len(numbers)), len(SERVICES) - 1)]
        elif _is_thing(word, tokens[-1].lower() if tokens else "", nouns):
            new = ITEMS if is_plural(word) else ITEM
        else:
            new = token
        if not (tokens and tokens[-1] == new and new in (*SERVICES, ITEM, ITEMS)):
            tokens.append(new)
    return re.sub(r"\s+([.,;:?!])", r"\1", " ".join(tokens))


def _is_thing(word: str, before: str, nouns: Collection[str]) -> bool:
    one = singular(word)
    if (before, word) == ("in", "case"):
        return False
    may_be = before[:1].isalnum() and before not in _BEFORE_VERBS
    return may_be and one in nouns and one not in _FLOW
