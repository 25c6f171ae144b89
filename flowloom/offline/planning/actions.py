"""Actions: a part of a sentence with one verb each, and the phrases inside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.reading.grammar.doers import doer_of
from flowloom.offline.reading.grammar.forms import begins_with_verb
from flowloom.offline.reading.grammar.phrasal import phrasal_verb
from flowloom.offline.reading.lexicon import (
    DETERMINERS,
    FUNCTION_WORDS,
    NUMBERS,
    PREPOSITIONS,
    PRONOUNS,
    base_verb,
    is_plural,
    singular,
    verb_class,
    word_set,
    words_of,
)

__all__ = ["Action", "is_action", "parse_action", "split_actions"]

_NOUNISH = word_set(
    """
    email e-mail mail message text file list record log issue report order post comment schedule
    book draft document export filter group sort count share copy download upload format store
    release tag branch invite test process plan track link contact change update release view
    lookup alert set display log search query register number state type pull complete open
    close clear template turn start import text archive
    """
)
"""Words that are as often nouns as verbs: verbs only where a phrase follows that they govern."""

_THEN = re.compile(r",?\s+(?:and\s+)?then\s+(?:also\s+)?|\s*;\s*|,?\s+and\s+finally,?\s+", re.I)
_COMMA_OR_AND = re.compile(r",\s*(?:and\s+|then\s+)?(?:also\s+)?|\s+and\s+(?:also\s+|to\s+)?", re.I)
_RELATIVE = re.compile(
    r",?\s+(?:that|which|who|whose|where)\s+(?=\S)|\s+(?=with\s+(?:a\s+|an\s+)?⟦\d+⟧\s+\w)"
    r"|\s+(?=(?:belonging|containing|owned|having|assigned|larger|older|newer|smaller)\b)",
    re.I,
)


@dataclass(frozen=True)
class Action:
    """One thing to do, in words.

    Attributes:
        verb: base form; empty where none is known. ``said`` is the word that stood there.
        head: the noun that the verb governs, in the singular; empty for a pronoun.
        nouns: the words of that phrase, in order, function words left out.
        tail: what follows: prepositional phrases.
        relative: a relative clause that narrows the object ("that belong to a user").
        pronoun: whether the object is a pronoun ("them", "it").
        plural, whole: whether the object is plural, and whether "all", "each", "every" is said.
        number: how many ("two new leads").
        phrase: the words of the object as they stand.
    """

    text: str
    verb: str = ""
    said: str = ""
    head: str = ""
    nouns: tuple[str, ...] = ()
    tail: str = ""
    relative: str = ""
    pronoun: bool = False
    plural: bool = False
    whole: bool = False
    number: int = 1
    phrase: str = ""


def is_action(text: str) -> bool:
    """Return whether a text begins with a verb that asks for something."""
    words = re.findall(r"⟦\d+⟧|[A-Za-z][\w'-]*", text)
    while words and words[0].lower() in {"please", "also", "then", "just", "to", "and", "i", "we"}:
        words = words[1:]
    if not words or words[0].startswith("⟦"):
        return False
    word = words[0].lower()
    if base_verb(word) != word:
        return begins_with_verb(" ".join(words)) or doer_of(" ".join(words)) is not None
    by = len(words) > 2 and word in ("sort", "group") and words[1].lower() == "by"
    return word not in _NOUNISH or by or _governs(words[1:])


def _governs(following: list[str]) -> bool:
    if not following:
        return False
    nearest = following[0].lower()
    return (
        nearest.startswith("⟦")
        or nearest in DETERMINERS
        or nearest in PRONOUNS
        or nearest in {"new", "me", "us", "for", "to", "up"}
        or is_plural(nearest)
        or following[0][0].isupper()
        or (
            len(following) > 1
            and nearest not in PREPOSITIONS
            and nearest not in {"and", "is", "are", "or"}
        )
    )


def split_actions(text: str) -> list[str]:
    """Cut the words of a sentence into one text for each action."""
    pieces = [piece for piece in _THEN.split(text) if piece.strip(" ,")]
    found: list[str] = []
    for piece in pieces:
        found.extend(_split_at_verbs(_phrase_last(piece.strip(" ,"))))
    return [text for text in (_bare(item) for item in found) if text]


def _phrase_last(piece: str) -> str:
    """Put a phrase that leads ("In the folder, search …") behind the first action."""
    head, comma, tail = piece.partition(",")
    words = head.split()
    if not comma or not words or words[0].lower() not in PREPOSITIONS or not is_action(tail):
        return piece
    first, *others = _COMMA_OR_AND.split(tail.strip(), maxsplit=1)
    joined = f"{first} {head[0].lower()}{head[1:].strip()}"
    return " and ".join([joined, *others])


def _bare(text: str) -> str:
    return re.sub(
        r"^(?:please|also|then|just|and|to|i want to)\s+|,?\s+(?:too|as well|also|please)$",
        "",
        text.strip(" ,."),
        flags=re.I,
    ).strip()


def _split_at_verbs(piece: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _COMMA_OR_AND.finditer(piece):
        left, right = piece[start : match.start()], piece[match.end() :]
        if _begins_another(right) and left.strip() and not _is_part(left, right):
            found.append(left)
            start = match.end()
    found.append(piece[start:])
    return _share_objects(found)


def _is_part(left: str, right: str) -> bool:
    """ "with the subject ⟦0⟧ and text ⟦1⟧": parts of one thing, no second action."""
    names = r"(?:text|subject|message|title|comment|label|note|tag|body|name|caption|description)s?"
    return bool(
        re.match(rf"(?:the\s+|an?\s+)?{names}\s+⟦\d+⟧", right, re.I)
        and re.search(
            rf"\b(?:with|titled|called|saying|{names})\s+(?:the\s+|an?\s+)?\S*\s*⟦\d+⟧", left, re.I
        )
    )


def _begins_another(right: str) -> bool:
    if is_action(right):
        return True
    words = right.split()
    # "… and connect with": an unknown verb before a pronoun or a phrase of its own.
    known = len(words) > 1 and base_verb(words[0]) == words[0].lower()
    if len(words) > 2 and _governs_surely(words):
        return True
    return known and words[1].lower() in (PRONOUNS | {"a", "an", "the", "with", "to"})


def _governs_surely(words: list[str]) -> bool:
    """ "draw a chart": before an article only a verb or a preposition can stand."""
    first = words[0]
    return (
        words[1].lower() in {"a", "an", "the", "my", "our"}
        and bool(re.fullmatch(r"[a-z]{3,}", first))
        and first not in FUNCTION_WORDS
        and not is_plural(first)
        and not first.endswith(("ing", "ed", "ly", "er"))
    )


def _share_objects(parts: list[str]) -> list[str]:
    """Give "retrieve" of "retrieve and delete the files" its object."""
    shared = list(parts)
    for index in range(len(shared) - 2, -1, -1):
        words = words_of(shared[index])
        if len(words) == 1 and base_verb(words[0]):
            following = shared[index + 1].split(None, 1)
            if len(following) == 2:
                shared[index] = f"{shared[index]} {following[1]}"
    return shared


def parse_action(text: str, plain: str) -> list[Action]:
    """Return the actions that one verb with its coordinated objects asks for.

    Args:
        text: masked words; ``plain`` the same with names put back and quotes left out.
    """
    match = re.match(r"\s*([A-Za-z-]+)\s*", plain)
    said = match.group(1).lower() if match else ""
    phrasal, behind = phrasal_verb(plain)
    verb = phrasal or base_verb(said) or (said if begins_with_verb(plain) else "")
    rest = behind if phrasal else plain[match.end() :] if match else plain
    rest, relative = _without_relative(rest)
    relative = _without_relative(text)[1] or relative
    rest = re.sub(r"^(?:up|for|out|into|to|off|a list of|the list of|new)\s+(?=\S)", "", rest)
    rest = re.sub(r"\b(all|each|every|any|some|most) of\b", r"\1", rest)
    parts = _objects(rest, verb)
    return [
        replace(_object_of(part, tail), text=text, verb=verb, said=said, relative=relative)
        for part, tail in parts
    ]


def _without_relative(rest: str) -> tuple[str, str]:
    match = _RELATIVE.search(rest)
    if match is None or match.start() == 0:
        return rest, ""
    return rest[: match.start()], rest[match.end() :]


def _objects(rest: str, verb: str) -> list[tuple[str, str]]:
    """Return the coordinated objects, each with the prepositional phrases that belong to it."""
    parts = [part for part in _COMMA_OR_AND.split(rest) if part.strip()]
    merged: list[str] = []
    for part in parts:
        if merged and _belongs_to_tail(merged[-1], part):
            merged[-1] = f"{merged[-1]} and {part}"
        else:
            merged.append(part)
    pairs = [_cut_tail(part) for part in merged]
    if "send" in verb_class(verb) and not all(_is_message(head) for head, _ in pairs):
        return [_cut_tail(rest)]
    last = pairs[-1][1] if pairs else ""
    return [(head, tail or last) for head, tail in pairs] or [("", "")]


def _is_message(phrase: str) -> bool:
    messages = {"email", "e-mail", "mail", "message", "notification", "sms", "alert", "text", "dm"}
    return any(singular(word) in messages for word in words_of(phrase))


def _belongs_to_tail(previous: str, part: str) -> bool:
    if not _cut_tail(previous)[1]:
        return False
    words = words_of(part)
    return not words or words[0] not in {"a", "an", "all"}


def _cut_tail(part: str) -> tuple[str, str]:
    """Cut a phrase at its first preposition; "to do" and names in capitals are no phrases."""
    for match in re.finditer(r"(?:^|\s)([a-z]+)(?=\s)", part):
        if match.group(1) in PREPOSITIONS and match.start() > 0:
            return part[: match.start()].strip(), part[match.start() :].strip()
    return part.strip(), ""


def _object_of(phrase: str, tail: str) -> Action:
    words = words_of(phrase)
    # "send the manager an email": the last phrase is the object.
    for index in range(len(words) - 1, 0, -1):
        if words[index] in {"a", "an", "the"}:
            words = words[index:]
            break
    number = next((NUMBERS[word] for word in words if word in NUMBERS), 1)
    nouns = [word for word in words if word not in FUNCTION_WORDS and word not in NUMBERS]
    head = nouns[-1] if nouns else ""
    return Action(
        text="",
        head=singular(head),
        nouns=tuple(singular(word) for word in nouns),
        tail=tail,
        pronoun=not nouns and any(word in PRONOUNS for word in words),
        plural=is_plural(head) or "them" in words or "those" in words or "these" in words,
        whole=bool({"all", "each", "every"} & set(words_of(phrase))),
        number=number,
        phrase=phrase,
    )
