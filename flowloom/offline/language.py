"""Whether a request is English: the rules here know no other language."""

from __future__ import annotations

import re

from flowloom.offline.lexicon import FUNCTION_WORDS, base_verb

__all__ = ["NOT_ENGLISH", "is_english"]

NOT_ENGLISH = (
    "The offline composer understands English only; this request seems to be in another language."
    " Set a language model (--model), or write the request in English."
)


def is_english(text: str) -> bool:
    """Return whether a text can be taken for English: its letters, and its commonest words."""
    text = re.sub(r"\"[^\"]*\"|“[^”]*”|https?://\S+|\S+@\S+", " ", text)
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return True
    foreign = sum(not char.isascii() for char in letters)
    if foreign > 0.2 * len(letters):
        return False
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    known = sum(word in FUNCTION_WORDS or bool(base_verb(word)) for word in words)
    return len(words) < 4 or known >= 0.15 * len(words)
