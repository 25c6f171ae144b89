"""What the verb of an action governs, as nouns: said, implied, or told by a value."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import Action
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, PREPOSITIONS, singular, words_of

__all__ = ["governed", "implied_noun", "is_to_people", "is_written"]

_IMPLIED = {
    "email": "email", "e-mail": "email", "mail": "email", "notify": "message", "tell": "message",
    "ping": "message", "alert": "message", "inform": "message", "message": "message",
    "text": "message", "dm": "message", "post": "message", "say": "message", "report": "message",
    "publish": "message", "share": "message", "send": "message", "announce": "message",
    "forward": "message", "reply": "message", "answer": "message",
}  # fmt: skip
"""What the verb alone says that is sent."""

_TO_PEOPLE = frozenset(
    ["email", "e-mail", "mail", "notify", "tell", "ping", "alert", "inform", "message", "text"]
)
_WRITING = frozenset(
    ["write", "save", "store", "export", "put", "append", "add", "dump", "output", "keep", "log"]
)
_WRAPPING = frozenset(
    ["content", "contents", "detail", "list", "copy", "set", "information", "number"]
)
_FILE = re.compile(
    r"\b(?:to|into|in|as|onto)\s+(?:the\s+|a\s+|an\s+|new\s+)*(?:(csv|json|yaml|xml|text)\s+)?file\b"
)


def is_to_people(action: Action) -> bool:
    """Whether what the verb governs is who gets a message."""
    return bool({action.said, action.verb} & _TO_PEOPLE)


def implied_noun(action: Action) -> str:
    """Return what the verb alone says that is sent or written, empty for most verbs."""
    return _IMPLIED.get(action.said) or _IMPLIED.get(action.verb, "")


def is_written(action: Action) -> bool:
    """Whether what is made is a file, named behind "to", "into" or "as"."""
    return bool(_written_file(action))


def governed(
    action: Action,
    shapes: frozenset[str],
    service: set[str],
    around: frozenset[str] = frozenset(),
) -> tuple[list[str], set[str]]:
    """Return the nouns that may be the object, the likeliest first, and all words of the object.

    Args:
        shapes: what the values in the action look like.
        service: words that name a service.
        around: nouns that the words before spoke of.
    """
    implied = implied_noun(action)
    answers = bool({action.said, action.verb} & {"reply", "answer", "forward"})
    mails = bool({"email", "mail", "e-mail"} & around)
    by_mail = bool(implied) and ("email" in shapes or (answers and mails))
    if by_mail or is_to_people(action) or (implied and "channel" in shapes):
        implied = "email" if by_mail else implied
        return [implied], {implied}
    if found := _written_file(action):
        return ["".join(found), found[-1]], set(found)
    nouns = _nouns(action, service)
    heads = [nouns[-1], "".join(nouns[-2:]), "".join(nouns)] if nouns else []
    if not nouns and implied:
        heads.append(implied)
    if not nouns:
        heads.append(action.said)  # "release it": the verb is the noun
    heads = [form for word in heads for form in (word, word.replace("-", ""))]
    return list(dict.fromkeys(word for word in heads if word)), set(nouns)


def _nouns(action: Action, service: set[str]) -> tuple[str, ...]:
    if _says_a_text(action):
        return ()  # 'post "Hello" to the channel': the text is the object
    if _is_value(action):
        return ()  # "invite ⟦0⟧ to the channel": the object is who stands there
    nouns = tuple(noun for noun in action.nouns if not re.search(r"\d", noun)) or action.nouns
    if nouns and nouns[-1] in _WRAPPING and action.tail.startswith("of "):
        return _phrase(action.tail[3:]) or nouns
    kept = tuple(noun for noun in nouns if noun not in service)
    return kept or nouns


def _says_a_text(action: Action) -> bool:
    """Whether a value stands where the object does, and a phrase or nothing follows."""
    match = re.match(r"\s*[\w-]+\s+⟦\d+⟧\s*(\w*)", action.text)
    following = match.group(1).lower() if match else "-"
    sends = bool(implied_noun(action)) or action.said in _WRITING
    return sends and (not following or following in PREPOSITIONS)


def _is_value(action: Action) -> bool:
    """Whether a value, and no noun, stands behind the verb, and a phrase follows it."""
    match = re.match(r"\s*[\w-]+\s+⟦\d+⟧\s+(?:to|from|into|in|on|with)\b", action.text)
    first = words_of(action.phrase)[:1] or words_of(action.tail)[:1]
    return match is not None and (not action.phrase or first[0] in PREPOSITIONS | {"the"})


def _phrase(text: str) -> tuple[str, ...]:
    """Return the nouns of a text up to its first preposition."""
    nouns: list[str] = []
    for word in words_of(text):
        if word in PREPOSITIONS and nouns:
            break
        if word not in FUNCTION_WORDS:
            nouns.append(singular(word))
    return tuple(nouns)


def _written_file(action: Action) -> list[str]:
    """ "Write its pages to ⟦pages.json⟧": what is made is a file of that form."""
    if not {action.said, action.verb} & _WRITING:
        return []
    match = _FILE.search(action.tail) or _FILE.search(f"{action.phrase} {action.tail}")
    if match is None:
        return []
    return [match.group(1), "file"] if match.group(1) else ["file"]
