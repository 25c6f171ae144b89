"""Closed classes of English words that the rules rest on, and the singular of nouns."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

__all__ = [
    "DETERMINERS",
    "FUNCTION_WORDS",
    "NOMINAL_VERBS",
    "NUMBERS",
    "PREPOSITIONS",
    "PRONOUNS",
    "VerbClass",
    "base_verb",
    "compatible",
    "is_plural",
    "singular",
    "verb_class",
    "word_set",
    "words_of",
]

VerbClass: TypeAlias = Literal[
    "create", "retrieve", "update", "delete", "send", "copy", "move", "download", "upload",
    "invoke", "transform", "count", "wait", "other",
]  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


_VERBS: dict[VerbClass, str] = {
    "create": "create make add open enter insert generate register post put set append save"
    " write store log record schedule book build raise submit file draft produce reply comment"
    " leave"
    " subscribe invite",
    "retrieve": "retrieve get fetch obtain list find look search read collect compile load show"
    " pull gather query check lookup view grab see import pick access bring acquire extract"
    " display locate return identify",
    "update": "update change modify edit patch set rename adjust alter mark assign transition"
    " close revise refresh amend move",
    "delete": "delete remove cancel erase purge drop clear archive discard destroy trash wipe",
    "send": "send notify email e-mail mail message tell publish share alert post inform ping dm"
    " text forward announce write say report",
    "copy": "copy duplicate clone replicate",
    "move": "move transfer relocate",
    "download": "download export",
    "upload": "upload attach",
    "invoke": "invoke run execute call trigger launch",
    "transform": "convert format parse filter sort group join merge split summarise summarize"
    " translate deduplicate dedupe compute calculate sum average aggregate round encode decode"
    " zip unzip validate compare extract classify rank order template turn keep trim shorten hash"
    " reverse flatten label deduplicate replace slice take pick pluck shuffle normalise normalize"
    " minify",
    "count": "count",
    "wait": "wait pause delay sleep",
    "other": "approve review authenticate authorize authorise connect start begin stop finish"
    " complete verify confirm contact discuss analyse analyze prepare ensure validate meet visit"
    " sign discuss process resolve release deploy test evaluate compose escalate manage handle"
    " arrange perform do train plan track monitor link restart reset enable disable apply use"
    " sync synchronize give take hire onboard interview inspect print provide request ask draw plot"
    " paint water clean react go order refund react tag abort quit exit terminate halt end fail"
    " retry watch"
    " observe loop iterate ignore skip continue proceed merge lock unlock block unblock pin star",
}
"""Base forms by class; what stands in two classes fits components of both."""

_CLASSES: dict[str, tuple[VerbClass, ...]] = {}
for _class, _words in _VERBS.items():
    for _word in _words.split():
        _CLASSES[_word] = (*_CLASSES.get(_word, ()), _class)

_COMPATIBLE: dict[str, frozenset[str]] = {
    "create": frozenset({"create", "send", "upload"}),
    "send": frozenset({"send", "create"}),
    "upload": frozenset({"upload", "create"}),
    "download": frozenset({"download"}),
    "copy": frozenset({"copy"}),
    "count": frozenset({"count", "transform"}),
}

NOMINAL_VERBS = {
    "creation": "create",
    "deletion": "delete",
    "removal": "delete",
    "retrieval": "retrieve",
    "modification": "update",
    "cancellation": "cancel",
    "publication": "publish",
    "invocation": "invoke",
    "addition": "add",
}

DETERMINERS = word_set(
    """
    a an the this that these those my our your their his her its all every each any some both no
    another other new given default corresponding available existing latest current recent last
    first next existing specific relevant respective following new-ish same said
    """
)
PRONOUNS = word_set(
    """
    it its them they their this that these those one ones him her he she
    """
)
PREPOSITIONS = word_set(
    """
    in on from to of for with at by using via into onto through within inside about under over
    after before without against per as than between during
    """
)
FUNCTION_WORDS = (
    DETERMINERS
    | PRONOUNS
    | PREPOSITIONS
    | word_set(
        """
    and or but then also too just please is are was were be been has have had do does did not if
    else otherwise when while i we you me us there which who whose so only again can could will
    would should shall must may might need want like now once already still newly up out named
    called titled saying
    """
    )
)
NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "indices": "index",
    "statuses": "status", "addresses": "address", "processes": "process", "classes": "class",
    "boxes": "box", "analyses": "analysis", "criteria": "criterion", "businesses": "business",
    "taxes": "tax", "branches": "branch", "batches": "batch", "matches": "match",
    "searches": "search", "inboxes": "inbox", "buses": "bus", "aliases": "alias", "data": "data",
}  # fmt: skip
_NO_PLURALS = word_set(
    """
    status address news is this its process class business access analysis series sms bus alias
    always sales does has was as s3 aws dns css js os ios sns sqs gis cms
    """
)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*(?:\.[A-Za-z0-9]+)*(?:'s|’s)?")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; ``'s`` is cut off."""
    return [re.sub(r"['’]s$", "", word).lower() for word in _WORD.findall(text)]


def singular(word: str) -> str:
    """Return the singular of a noun in lower case."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3 or word in _NO_PLURALS or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Return whether a noun is a plural."""
    return word != "data" and singular(word) != word


def base_verb(word: str) -> str:
    """Return the base form of a known verb given in any form, else an empty text."""
    word = word.lower()
    if word in _CLASSES:
        return word
    if word in NOMINAL_VERBS:
        return NOMINAL_VERBS[word]
    for form in _base_forms(word):
        if form in _CLASSES:
            return form
    return ""


def _base_forms(word: str) -> list[str]:
    forms: list[str] = []
    for ending in ("ing", "ed", "d", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            forms += [stem, stem + "e"]
            if ending in ("ing", "ed") and len(stem) > 2 and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
            if ending in ("es", "ed") and stem.endswith("i"):
                forms.append(stem[:-1] + "y")
    irregular = {"sent": "send", "found": "find", "got": "get", "made": "make", "written": "write"}
    return [*forms, irregular.get(word, "")]


def verb_class(word: str) -> tuple[VerbClass, ...]:
    """Return the classes of a verb, none for an unknown word."""
    return _CLASSES.get(base_verb(word), ())


def compatible(wanted: str, offered: str) -> bool:
    """Return whether a component with one verb class does what another asks for."""
    return wanted == offered or offered in _COMPATIBLE.get(wanted, frozenset())
