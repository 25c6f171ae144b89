"""Forms of English words: the base form of any verb, participles, and nouns made of verbs.

The forms come from the data of ``lemminflect``, read when first asked for; answers are kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, word_set

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "gerund_of",
    "is_any_verb",
    "is_base_form",
    "is_known_noun",
    "is_known_word",
    "is_only_verb",
    "nominal_of",
    "participle_of",
    "third_person",
    "third_person_of",
]

_TECHNICAL = word_set(
    """
    deduplicate dedupe zip unzip upsert dm cc bcc rebase reindex reboot minify onboard offboard
    curl ssh scp git retweet repost preload rerun retry redeploy deploy autofill backup login
    resend regenerate recreate squash rollback untag unpin unarchive unassign unfollow sync
    """
)
"""Verbs of the trade that dictionaries of everyday English lack."""
_PREFIXES = ("un", "re", "de", "dis", "pre", "auto", "over", "mis", "cross", "back", "down", "up")
_NOMINAL_ENDINGS = (
    ("ification", "ify"), ("isation", "ise"), ("ization", "ize"), ("ication", "icate"),
    ("ation", "ate"), ("ation", ""), ("ation", "e"), ("ition", "ise"), ("etion", "ete"),
    ("tion", "t"), ("tion", "te"), ("rsion", "rt"), ("sion", "d"), ("sion", "se"), ("ment", ""),
    ("val", "ve"), ("al", ""), ("al", "e"), ("ance", ""), ("ence", ""), ("ellation", "el"),
    ("ption", "be"), ("cation", "sh"), ("iption", "ibe"), ("ission", "it"), ("ution", "ute"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def _lemmas(word: str) -> Mapping[str, tuple[str, ...]]:
    from lemminflect import getAllLemmas

    return getAllLemmas(word)


@lru_cache(maxsize=4096)
def _inflected(verb: str, tag: str) -> tuple[str, ...]:
    from lemminflect import getInflection

    return getInflection(verb, tag)


@lru_cache(maxsize=8192)
def verb_lemmas(word: str) -> tuple[str, ...]:
    """Return the verbs that a word in lower case may be a form of."""
    if word in _TECHNICAL:
        return (word,)
    if not word.isascii() or not word.replace("-", "").isalpha() or len(word) < 2:
        return ()
    first, _, last = word.rpartition("-")
    if first and last:  # "squash-merge": the last part is what is inflected
        return tuple(f"{first}-{base}" for base in verb_lemmas(last))
    return tuple(_lemmas(word).get("VERB", ())) or _of_the_trade(word) or _prefixed(word)


def _prefixed(word: str) -> tuple[str, ...]:
    """ "unsubscribed" is a form of "unsubscribe", since "subscribed" is of "subscribe"."""
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) > 3 and not _lemmas(word):
            return tuple(prefix + verb for verb in _lemmas(rest).get("VERB", ()))
    return ()


def _of_the_trade(word: str) -> tuple[str, ...]:
    forms = (_regular(verb) for verb in _TECHNICAL)
    return next((found[:1] for found in forms if word in found), ())


@lru_cache(maxsize=256)
def _regular(verb: str) -> tuple[str, ...]:
    stem = verb[:-1] if verb.endswith("e") else verb
    double = stem + stem[-1] if verb[-1] in "pgn" and verb[-2] in "aeiou" else stem
    return (verb, f"{verb}s", f"{double}ed", f"{double}ing", f"{stem}ed", f"{stem}ing")


@lru_cache(maxsize=8192)
def is_base_form(word: str) -> bool:
    """Return whether a word may be a verb in its base form."""
    word = word.lower()
    return word not in FUNCTION_WORDS and word in verb_lemmas(word)


@lru_cache(maxsize=8192)
def is_only_verb(word: str) -> bool:
    """Return whether a base form is a verb and nothing else: "retrieve", not "star"."""
    word = word.lower()
    return is_base_form(word) and not ({"NOUN", "ADJ", "ADV", "PROPN"} & set(_lemmas(word)))


def is_any_verb(word: str) -> str:
    """Return the base form of a verb in any form, by the lexicon first; empty for no verb."""
    word = word.lower()
    return base_verb(word) or next(iter(verb_lemmas(word)), "")


@lru_cache(maxsize=8192)
def participle_of(word: str) -> str:
    """Return the verb whose past participle a word may be: "written" is of "write"."""
    word = word.lower()
    for verb in verb_lemmas(word):
        if word in _inflected(verb, "VBN") or (word.endswith("ed") and word != verb):
            return verb
    return ""


@lru_cache(maxsize=8192)
def gerund_of(word: str) -> str:
    """Return the verb of which a word is the form in -ing."""
    word = word.lower()
    if not word.endswith("ing"):
        return ""
    return next((verb for verb in verb_lemmas(word) if verb != word), "")


@lru_cache(maxsize=8192)
def third_person_of(word: str) -> str:
    """Return the verb of which a word is the form in -s: "signs" is of "sign"."""
    word = word.lower()
    if not word.endswith("s"):
        return ""
    return next((verb for verb in verb_lemmas(word) if verb != word), "")


@lru_cache(maxsize=4096)
def nominal_of(noun: str) -> str:
    """Return the verb that a noun of an action is made of: "deletion" is of "delete"."""
    noun = noun.lower()
    if base_verb(noun) and base_verb(noun) != noun:
        return base_verb(noun) if not noun.endswith("s") else ""
    for ending, verb_ending in _NOMINAL_ENDINGS:
        if noun.endswith(ending) and set(noun[: -len(ending)]) & set("aeiou"):
            verb = noun[: -len(ending)] + verb_ending
            if is_base_form(verb):
                return verb
    return ""


@lru_cache(maxsize=4096)
def is_known_word(word: str) -> bool:
    """Return whether dictionaries know a word as anything but a name."""
    return bool(set(_lemmas(word.lower())) - {"PROPN"})


@lru_cache(maxsize=4096)
def is_known_noun(word: str) -> bool:
    """Return whether dictionaries know a word as a noun."""
    return "NOUN" in _lemmas(word.lower())


def third_person(verb: str) -> str:
    """Return the form in -s of a verb: "is" of "be", "goes" of "go"."""
    return next(iter(_inflected(verb, "VBZ")), f"{verb}s") if verb != "be" else "is"
