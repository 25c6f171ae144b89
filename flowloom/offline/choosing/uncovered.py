"""Words of an action that nothing in its step answers: they are told, none is lost in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, NUMBERS, base_verb, singular, word_set

__all__ = ["named_by", "uncovered_words"]

_IDLE = word_set(
    """
    please thanks thank hi hello cheers sorry okay ok yes no not just really simply quickly kindly
    i'd i'll i'm it's he's she's they're we're that's there's isn't aren't doesn't don't didn't
    won't can't let's get got getting give go gone come comes back do done make made take taken put
    use using used keep find found let want need like able help via regarding about called named
    titled entitled saying says said reading reads labelled labeled tagged marked
    way bit lot sort kind thing things stuff result results outcome answer rest set pair list
    number name value field column row line text content contents data detail details information
    entry entries item items record records one ones other others another whole entire same
    what how which who where when why whether because more most less least few several many much
    first second third last next then finally afterwards also too again still already yet once
    only even ever always respectively together here there now today right away directly
    currently everything anything something everyone someone anyone nobody step workflow
    single separate current existing given new old main original full complete plain
    day week month year hour minute second daily weekly monthly hourly yearly today tomorrow
    monday tuesday wednesday thursday friday saturday sunday weekday weekend morning evening noon
    midnight afternoon am pm january february march april may june july august september october
    november december utc gmt time times oldest newest latest up off down out over
    above below instead very end ends loop half highly high low
    """
)
"""Words that say nothing of what is done to what, or that other checks look at (times, values)."""

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
_ENDINGS = ("ings", "ing", "ied", "ies", "ed", "est", "er", "es", "s", "ly", "e", "y")


def uncovered_words(
    text: str, component: Component, values: Mapping[str, Any], spoken: Iterable[str] = ()
) -> list[str]:
    """Return the words of an action that neither its component nor its inputs have.

    Args:
        text: the masked words of the action.
        values: the inputs that the step has got.
        spoken: nouns of what came before, which the words may refer to.
    """
    known = _vocabulary(component) | _stems(json.dumps(values, ensure_ascii=False))
    known |= {_stem(word) for word in spoken}
    # Words with digits are values, which others look at.
    words = _WORD.findall(re.sub(r"⟦\d+⟧|[\w-]*\d[\w:!-]*", " ", text))
    # The verb was weighed when the component was chosen.
    return [word for word in words[1:] if not _is_idle(word) and not _parts(word) <= known]


def named_by(component: Component, words: Iterable[str]) -> bool:
    """Return whether all of some words stand in a component's name, keywords or choices."""
    enums = [str(v) for item in component.inputs.values() for v in item.get("enum") or ()]
    texts = (component.id, component.title, *component.keywords, *enums, *component.inputs)
    return {_stem(word) for word in words} <= _stems(" ".join(texts))


def _is_idle(word: str) -> bool:
    plain = word.lower()
    forms = {plain, singular(plain), base_verb(plain)}
    return bool(forms & _IDLE) or plain in FUNCTION_WORDS or plain in NUMBERS


def _parts(word: str) -> set[str]:
    """ "e-mail" is one word, "self-signed" is two."""
    whole = _stem(word.replace("-", ""))
    parts = {_stem(part) for part in word.split("-") if part and not _is_idle(part)}
    return {whole} if "-" not in word else parts


@lru_cache(maxsize=2048)
def _stem(word: str) -> str:
    """Return what the forms of a word share."""
    word = re.sub(r"['’]s?$", "", word.lower())
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
    return word[:6].rstrip("ei")


def _stems(text: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    words = re.findall(r"[A-Za-z]+", apart)
    return {_stem(word) for word in words}


_VOCABULARIES: dict[int, set[str]] = {}


def _vocabulary(component: Component) -> set[str]:
    found = _VOCABULARIES.get(id(component))
    if found is None:
        names = [*component.inputs, *_names(component.output, 3)]
        enums = [str(v) for item in component.inputs.values() for v in item.get("enum") or ()]
        said = [str(item.get("description", "")) for item in component.inputs.values()]
        texts = [
            component.id, component.title, component.description, component.provider,
            *component.keywords, *names, *enums, *said,
        ]  # fmt: skip
        found = _VOCABULARIES[id(component)] = _stems(" ".join(texts))
    return found


def _names(schema: Mapping[str, Any], depth: int) -> list[str]:
    inner: Mapping[str, Any] = schema.get("properties") or {}
    parts = [*inner.values(), schema.get("items") or {}] if depth else []
    return [*inner, *(name for part in parts for name in _names(part, depth - 1))]
