"""Ids that look alike: what a person takes for the same name must not be two components."""

from __future__ import annotations

import re
import unicodedata

from flowloom.catalog.component import ID_PATTERN

__all__ = ["looks_of", "problem_of_id"]

# From Unicode's list of confusables: letters of other alphabets, and dashes and dots, by what
# they look like. Full-width and mathematical letters are taken apart by NFKD.
_CYRILLIC = "аеорсухіјѕԁһӏԛԝѵкмтнвАВЕКМНОРСТУХІЈЅԌԚԜ"
_LIKE_CYRILLIC = "aeopcyxijsdhlqwvkmtnbABEKMHOPCTYXIJSGQW"
_GREEK = "αορνικυτχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_LIKE_GREEK = "aopvikutxyABEZHIKMNOPTYX"
_OTHER = "ıɡ‐‑‒–−․꞉∶"
_LIKE_OTHER = "ig-----.::"
_LATIN = str.maketrans(_CYRILLIC + _GREEK + _OTHER, _LIKE_CYRILLIC + _LIKE_GREEK + _LIKE_OTHER)
_FORM = "an id must start with a letter and hold only letters, digits and the characters _ . : -"
_ALIKE = str.maketrans({"0": "o", "1": "l", "I": "l"})


def looks_of(component_id: str) -> frozenset[str]:
    """Return what an id looks like; ids that look alike have one of these in common.

    They differ only by case, by letters and digits that look alike, or by what cannot be seen.
    """
    plain = _latin(component_id)
    look = plain.translate(_ALIKE).casefold().replace("rn", "m").replace("vv", "w")
    return frozenset((plain.casefold(), look))


def problem_of_id(component_id: str) -> str:
    """Say what is wrong with the form of an id; empty if nothing is."""
    if re.fullmatch(ID_PATTERN, component_id):
        return ""
    plain = _latin(component_id)
    if plain == component_id or not re.fullmatch(ID_PATTERN, plain):
        return f"the id {component_id!r} is of another form: {_FORM}"
    strange = next((char for char in component_id if not char.isascii() or char.isspace()), "")
    name = unicodedata.name(strange, "") or f"the character {strange!r}"
    return f"the id {component_id!r} holds {name} and looks like {plain!r}: {_FORM}"


def _latin(text: str) -> str:
    """Return a text in Latin letters as far as it looks so, without what cannot be seen."""
    seen = (char for char in text if unicodedata.category(char)[0] not in "CMZ")
    plain = unicodedata.normalize("NFKD", "".join(seen).translate(_LATIN))
    return "".join(char for char in plain if unicodedata.category(char)[0] not in "CMZ")
