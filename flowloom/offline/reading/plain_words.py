"""Values that stand in the words without quotes, told by the name of the input beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flowloom.offline.filling.input_names import InputName, name_of_input, words_before
from flowloom.offline.reading.languages import language_in
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, singular, word_set
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = [
    "by_example", "in_words", "listed", "modifiers", "named_words", "phrase_for", "proper_name",
]  # fmt: skip

_CONNECT = (
    r"(?:\s*[:=]\s*|\s+(?:it|them|this|that|the\s+\w+)\s+(?:to|with|as)\s+"
    r"|\s+(?:is|equals|of|to|by|called|named)\s+(?:the\s+)?|\s+)"
)
_ONE_WORD = r"(?:[A-Z][\w.-]*(?:\s[A-Z][\w.-]*)*|[a-z][\w.-]*)"
_HAPPENS = word_set(
    "arrives comes appears contains starts ends says reads matches exists changes gets goes has"
)
_CALLED = re.compile(r"\b(?:called|named|titled|entitled)\s+([A-Za-z][\w-]*(?:\s[A-Z][\w-]*)*)")
_ADJECTIVES = word_set(
    "same new whole right other next old current default main first last own given above latest"
    " public private corresponding full mail email column field columns"
)
_WORDS = re.compile(r"[A-Za-z][\w'’.-]*")
_CLOSES = FUNCTION_WORDS | frozenset({"first", "label", "please"})
_LEADS = word_set("the a an with by of in to for and my our its from column field")


def named_words(
    text: str, name: str, schema: dict[str, Any], *, services: frozenset[str] = frozenset()
) -> str | list[str] | None:
    """Return the words without quotes that an input's name stands beside.

    "with the label ops", "labelled stale", "in the folder Orders", "the Orders folder". A word in
    small letters counts only where the phrase ends behind it, so that "the subject line" is none.

    Args:
        services: words that name services, which are no values.
    """
    means = name_of_input(name, schema)
    if means.group == "text":
        return None
    is_list = kind_of_schema(schema) == "array"
    found = _behind(text, means, is_list=is_list) or _before(text, means)
    if found is None and means.group == "title":
        called = _CALLED.search(text)
        found = called.group(1) if called else None
    if found is None or {word.lower() for word in re.findall(r"[A-Za-z]+", found)} <= services:
        return None
    return _split(found) if is_list else found


def _split(words: str) -> list[str]:
    return [word for word in re.split(r"\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+", words) if word]


def _behind(text: str, means: InputName, *, is_list: bool) -> str | None:
    several = rf"{_ONE_WORD}(?:\s*,\s*(?:and\s+|or\s+)?{_ONE_WORD}|\s+(?:and|or)\s+{_ONE_WORD})*"
    pattern = several if is_list else _ONE_WORD
    for match in _WORDS.finditer(text):
        if means.strength(words_before(text, match.end(), connectors=False)) < 1.5:
            continue
        if not _is_named(text, match):
            continue
        found = re.match(rf"{_CONNECT}({pattern})", text[match.end() :])
        for words in _shorter(found.group(1).rstrip(".")) if found else ():
            bare = found is not None and not found.group(0)[: found.start(1)].strip()
            if means.group == "title" and words[0].islower() and bare:
                continue  # "the subject line" names no subject.
            end = match.end() + (found.start(1) if found else 0) + len(words)
            if words[0].isupper() or _ends_behind(text[end:], words):
                return words
    return None


def _shorter(words: str) -> Iterator[str]:
    """Yield "bug and urgent", then "bug": what follows "and" may be another action."""
    yield words
    while (
        cut := re.search(r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)[^\s,]+$", words)
    ) is not None:
        words = words[: cut.start()]
        yield words


def _is_named(text: str, match: re.Match[str]) -> bool:
    """The input's name is introduced: "with the label", "labelled", at the very start."""
    if match.group(0).lower().endswith("ed"):
        return True
    before = re.findall(r"[A-Za-z]+", text[: match.start()].lower())
    return not before or bool({*before[-2:]} & _LEADS)


def _ends_behind(rest: str, words: str) -> bool:
    last = words.split()[-1]
    if " " in words and base_verb(last):
        return False
    if last in _CLOSES | _HAPPENS:
        return False
    following = re.match(r"\s*(?:$|[,.;:)⟦]|([A-Za-z]+))", rest)
    after = following.group(1) if following else None
    return following is not None and (after is None or after.lower() in _CLOSES)


def _before(text: str, means: InputName) -> str | None:
    """ "the Orders folder", "the game channel": a name between an article and the noun."""
    pattern = r"\b(?:the|my|our)\s+((?:[A-Z][\w-]*\s)+|[a-z][\w-]*\s)([a-z]+)\b"
    for match in re.finditer(pattern, text):
        noun = singular(match.group(2).lower())
        words = match.group(1).strip()
        known = means.short[-1] if means.short else ""
        if noun in (known, *means.others) and words not in _CLOSES:
            return None if words in _ADJECTIVES else words
    return None


def in_words(name: str, text: str, schema: dict[str, Any]) -> str | None:
    """Return a language that is named where an input asks for one."""
    description = str(schema.get("description") or "")
    asks = name == "language" or re.search(r"\blanguage\b", description)
    return language_in(text) if asks else None


def by_example(text: str, schema: dict[str, Any]) -> str | None:
    """Return a word that is written like the example of a description: ``A1:C10``, ``APP-42``."""
    found = re.search(r"\bsuch as (\S*\d\S*?)[.,;]?(?:\s|$)", str(schema.get("description") or ""))
    if found is None or not re.search(r"[A-Za-z]", found.group(1)):
        return None
    forms = {_form(found.group(1)), _form(found.group(1).split("!")[-1])}
    forms |= {form.partition(":")[0] for form in forms}
    words = re.findall(r"[A-Za-z0-9][\w:!-]*[A-Za-z0-9]", text)
    return next((word for word in words if _form(word) in forms), None)


def _form(word: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[A-Z]+(?![a-z])", "A", re.sub(r"[A-Z]?[a-z]+", "a", word)))


def listed(text: str) -> list[str] | None:
    """Return what is listed without quotes: "as spam, offer or question", "into A and B"."""
    pattern = (
        rf"\b(?:as|into|in|between|among|of|from|:)\s+(?:either\s+|one\s+of\s+)?"
        rf"((?:{_ONE_WORD}\s*,\s*)*{_ONE_WORD}(?:,)?\s+(?:and|or)\s+{_ONE_WORD})"
    )
    match = re.search(pattern, text)
    return _split(match.group(1)) if match else None


def proper_name(text: str, services: frozenset[str]) -> str | None:
    """Return a name in capitals behind a preposition: "the coordinates of New York"."""
    for match in re.finditer(
        r"\b(?:of|for|in|at|about|named|called)\s+((?:[A-Z][\w'’-]*\s?)+)", text
    ):
        words = match.group(1).strip()
        if words.lower() not in services:
            return words
    return None


def modifiers(nouns: Sequence[str], known: frozenset[str]) -> str | None:
    """Return the words that narrow what is looked for: "overdue" of "find all overdue tasks".

    Args:
        nouns: the words of the object, in order.
        known: words of the component, which narrow nothing.
    """
    found = [word for word in nouns[:-1] if word.lower() not in known | _CLOSES]
    return " ".join(found) or None


def phrase_for(text: str, schema: dict[str, Any]) -> str | None:
    """Return the words of an input that takes a date in words: "due tomorrow at noon"."""
    if not re.search(r"\bdate in words\b", str(schema.get("description") or ""), re.I):
        return None
    match = re.search(
        r"\b(?:due|for|by|to|until)\s+((?:today|tomorrow|tonight|next|this|on|in|every|(?:mon|tues|wednes|thurs"
        r"|fri|satur|sun)day)\b[^,;⟦]*?)(?=\s+(?:to|with|in the project|and|labelled)\b|[,;.⟦]|$)",
        text,
        re.I,
    )
    return match.group(1).removeprefix("on ").strip() if match else None
