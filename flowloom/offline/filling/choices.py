"""Inputs with few possible values: choices in other words, and what holds or does not."""

from __future__ import annotations

import re
from typing import Any

from flowloom.offline.filling.input_names import spaced
from flowloom.offline.reading.lexicon import base_verb, singular, word_set

__all__ = ["SIGNS", "choice_in", "choices_in", "sign_in", "truth_in"]

_MEANING = {
    "sum": "sum total totals add "
        "altogether", "average": "average mean", "count": "count many number",
    "min": "min minimum smallest lowest least cheapest earliest",
    "max": "max maximum largest highest biggest greatest latest",
    "ascending": "ascending asc increasing alphabetically alphabetical",
    "descending": "descending desc decreasing reverse",
    "asc": "ascending asc increasing", "closed": "closed close",
    "desc": "descending desc decreasing",
    "created": "created new added arrives appears lands dropped placed uploaded put saved shows",
    "modified": "modified changed updated edited changes", "deleted": "deleted removed disappears",
    "upper": "upper uppercase capital "
        "capitals", "lower": "lower lowercase small", "open": "open reopen",
    "get": "get", "post": "post", "all_items": "all", "all": "all every any",
}  # fmt: skip
_PHRASES = {
    "descending": r"(?:high(?:est)?|large(?:st)?|big(?:gest)?|new(?:est)?|latest|z) (?:to"
    r"|first|down)\b",
    "ascending": r"(?:low(?:est)?|small(?:est)?|old(?:est)?|earliest|cheapest|a) (?:to|first|up)\b",
    "desc": r"(?:high(?:est)?|large(?:st)?|new(?:est)?|latest|z) (?:to|first)\b",
    "asc": r"(?:low(?:est)?|small(?:est)?|old(?:est)?|earliest|a) (?:to|first)\b",
    "upper": r"(?:capital|upper[- ]?case|big) letters|\bupper[- ]?case\b|\bcapitals\b",
    "lower": r"(?:small|lower[- ]?case) letters|\blower[- ]?case\b",
}
SIGNS = {"semicolon": ";", "comma": ",", "tab": "\t", "pipe": "|", "space": " ", "dot": "."}
_EMPTY_WORDS = word_set("is has only use ok include show are on not first enable disable")


def choice_in(name: str, schema: dict[str, Any], text: str, *, verb: str, required: bool) -> Any:
    """Return the choice that words name, in its own or other words; None if they name none.

    Args:
        verb: the action's verb, whose word is no choice unless it changes a state ("close").
    """
    choices = [item for item in schema.get("enum", []) if isinstance(item, str)]
    if not choices:
        return None
    for choice in choices:
        pattern = _PHRASES.get(choice.lower())
        if pattern and re.search(pattern, text, re.I):
            return choice
    signs = [choice for word, choice in SIGNS.items() if choice in choices and _says(word, text)]
    if signs and all(not item.isalnum() for item in choices if item):
        return signs[0]
    words = [item for item in choices if re.search(r"\w", item)]
    found = [item for item in words if _means(item, name, text, verb, required=required)]
    found = [item for item in found if item != "all"] or found
    return min(found, key=lambda item: _place(item, text)) if found else None


def choices_in(schema: dict[str, Any], text: str) -> list[str] | None:
    """Return all choices that words name for a list of choices; None if they name none."""
    inner = schema.get("items")
    choices: list[Any] = inner.get("enum", []) if isinstance(inner, dict) else []
    words = set(re.findall(r"[a-z]+", text.lower()))
    found = [
        item for item in choices
        if isinstance(item, str) and words & {item.lower(), *_MEANING.get(item.lower(), "").split()}
    ]  # fmt: skip
    return found or None


def sign_in(text: str) -> str | None:
    """Return the separator that words name: "at commas", "separated by semicolons"."""
    return next(
        (sign for word, sign in SIGNS.items()
         if re.search(rf"\b(?:at|by|with|on|using)\s+(?:an?\s+|each\s+|the\s+"
             rf"|every\s+)?{word}s?\b", text, re.I)),
        None,
    )  # fmt: skip


def _place(choice: str, text: str) -> int:
    match = re.search(re.escape(spaced(choice)), text, re.I)
    return match.start() if match else len(text)


def _says(word: str, text: str) -> bool:
    return re.search(rf"\b{word}s?\b", text, re.I) is not None


def _means(choice: str, name: str, text: str, verb: str, *, required: bool) -> bool:
    words = re.findall(r"[a-z0-9-]+", text.lower())
    if name in ("state", "status") and verb and base_verb(choice) == verb and choice != "open":
        return True
    if name in ("state", "status") and words[:1] == [f"re{choice}"]:
        return True
    if choice.isupper() and len(choice) <= 7:
        return re.search(rf"\b{choice}\b", text) is not None
    wanted = spaced(choice)
    if " " in wanted:
        return wanted in re.sub(r"[_-]", " ", text.lower())
    known = set(_MEANING.get(choice.lower(), "").split()) | {wanted}
    places = [at for at, word in enumerate(words) if word in known or singular(word) == wanted]
    if required:
        return bool(places)
    places = [at for at in places if at > 0 and words[at + 1 : at + 2] != ["by"]]
    return any(_stands_as_choice(words, at, name, wanted) for at in places)


def _stands_as_choice(words: list[str], at: int, name: str, wanted: str) -> bool:
    """An optional choice is an adjective or stands with its name, not a thing of its own."""
    noun = spaced(name).split()[-1]
    around = words[max(0, at - 2) : at + 3]
    if noun in around:
        return True
    before = words[at - 1] if at else ""
    if before in ("its", "their", "this", "that", "of") or (
        before == "the" and at + 1 == len(words)
    ):
        return False
    if before in ("as", "with", "by", "using", "in", "via"):
        return True
    return at + 1 < len(words) and (len(wanted) > 3 or before != "the")


def truth_in(name: str, schema: dict[str, Any], text: str) -> bool | None:
    """Return whether words say that a yes-or-no input holds; None if they do not speak of it.

    "unread mails", "including subfolders" and "without a header" speak of ``unread_only``,
    ``recursive`` and ``has_header``.
    """
    wanted = [word for word in spaced(name).split() if word not in _EMPTY_WORDS]
    if not wanted:
        return None
    if name == "recursive" and re.search(r"\b(?:sub-?(?:folder|director)|recursive)", text, re.I):
        return True
    places = [_mention(word, text) for word in wanted]
    if not all(places):
        return _negative(wanted, text)
    first = places[0]
    before = text[: first.start()].lower() if first else ""
    denied = re.search(r"\b(?:no|not|without|never|don't|un)(?:\s+(?:a|an|any|the))?\s*-?$", before)
    found = not denied
    return None if found == schema.get("default", False) else found


def _mention(word: str, text: str) -> re.Match[str] | None:
    stem = re.escape(word[: max(4, len(word) - 2)]) if len(word) > 5 else re.escape(word)
    match = re.search(rf"\b{stem}\w*", text, re.I)
    if match and len(match.group(0)) > len(word) + 3:
        return None
    return match


def _negative(wanted: list[str], text: str) -> bool | None:
    """ "mark as unread" denies ``read``."""
    denied = re.search(rf"\b(?:un|non-?){re.escape(wanted[0])}\b", text, re.I)
    return False if denied and len(wanted) == 1 else None
