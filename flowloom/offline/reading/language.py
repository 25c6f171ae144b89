"""Whether a request is English: the rules here know no other language."""

from __future__ import annotations

import re

from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, word_set

__all__ = ["NOT_ENGLISH", "is_english"]

NOT_ENGLISH = (
    "The offline composer understands English only; this request seems to be in another language."
    " Set a language model (--model), or write the request in English."
)
_OTHER_WORDS = word_set(
    """
    der die das den dem des ein eine einen einem einer und oder nicht mit von zu zum zur im auf für
    wenn dann jeden jede jedes alle ist sind wird werden nach bei aus ich wir bitte sende schicke
    le les la un une des et ou du au aux dans pour avec sur chaque est sont ne pas qui que si vous
    je nous puis envoie crée tous toutes el los las uno una unos unas y del al con por para cada es
    son cuando entonces todos todas envía crea lee escribe il lo gli di da nel nella per ogni se
    che quando poi invia tutti um uma os dos das na em com então envie het een van op met voor elke
    als dan stuur niet naar och att ett med till varje om på är inte
    """
) - word_set("a an as at do i if in is me no on or so to us")


def is_english(text: str) -> bool:
    """Return whether a text can be taken for English: its letters, and its commonest words."""
    text = re.sub(r"\"[^\"]*\"|“[^”]*”|https?://\S+|\S+@\S+|\S*[\w*]\.\w{1,5}\b|\S*/\S*", " ", text)
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return True
    foreign = sum(not char.isascii() for char in letters)
    if foreign > 0.2 * len(letters):
        return False
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    known = sum(word in FUNCTION_WORDS or bool(base_verb(word)) for word in words)
    others = sum(word in _OTHER_WORDS for word in words)
    if others > known or (others >= 2 and foreign and others * 2 > known):
        return False
    return len(words) < 4 or known >= 0.15 * len(words)
