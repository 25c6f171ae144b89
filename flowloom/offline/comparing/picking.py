"""Clauses that pick some things among others: "that are late", "with a score over 80".

A thing is picked by a relative clause, a phrase with "with" or "without", a participle, a
comparison without a verb, or an adjective before "ones"; each is a sentence about "it".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.comparing.conjunctions import parse_joined
from flowloom.offline.reading.lexicon import is_plural, singular
from flowloom.offline.reading.morphology import is_base_form, third_person

__all__ = ["Pick", "as_clause", "is_condition", "pick_in", "picks_in", "split_pick"]

_NUMBER = r"(?:[-$€£]?\d|⟦\d+⟧|(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|an?)\s)"
_RELATION = (
    r"(?:over|above|below|under|beyond|past|exceeding|worth|at\s+least|at\s+most|up\s+to"
    r"|more\s+than|less\s+than"
    r"|fewer\s+than|no\s+more\s+than|not\s+more\s+than)"
)
_START = re.compile(
    rf"""(?ix),?\s+(?P<clause>
      (?:that|which|who|whose|where|for\s+which|in\s+which)\s+(?!one\b)\S
    | (?:with|without|having|lacking|containing|missing|carrying|bearing|mentioning)\s+
      (?!(?:it|them|this|that)\b)\S
    | (?:[a-z]+er|more\s+(?:[a-z]+\s+)?|less\s+(?:[a-z]+\s+)?)\s*than\s+\S
    | {_RELATION}\s+{_NUMBER}
    | (?:marked|flagged|tagged|labell?ed|set|called|named|assigned|owned)\s+
      (?:as\s+|to\s+|by\s+|with\s+)?\S
    | (?:[a-z]+ed|due|sent|made|built|written|bought|sold|begun)\s+
      (?:before|after|since|on|until|more\s+than|less\s+than|over
       |within|at\s+least|by)\s+\S
    )"""
)
_PLURAL_VERB = re.compile(r"(?i)^it\s+(?P<not>(?:do|are|have|were)\s+not\s+)?(?P<verb>[a-z]+)\b")
_STOP = re.compile(
    r"(?i),?\s+(?=(?:to|into|onto|in|on|at|with|via|by|as|from|and|or|using|through|saying"
    r"|for)\s)|,\s+|\s+(?=⟦)"
)
_ONES = re.compile(
    r"(?i)(?<![\w'’])(?:(?:all|only|just|any)\s+)?(?:the\s+|those\s+|these\s+)?"
    r"(?P<state>(?!(?:the|those|these|all|only|just|any|every|each|other|new|right|same|first"
    r"|last|next|no|of|and|to|with|which"
    r"|without|single|few|two|three|this|that|in|on|for|from|by)\b)[a-z][\w-]*)\s+(?:ones"
    r"|among\s+them|of\s+them)\b"
)
_QUANTIFIED = re.compile(
    r"""(?ix)\b(?P<quant>
      (?:any|every|each|all|only|just)(?:\s+(?:single\s+)?ones?)?(?:\s+of\s+(?:them|these|those|the))?(?:\s+the)?
    | the\s+ones? | those(?:\s+of\s+them)? | ones | anyone | anybody | everyone | everybody
    | whoever | anything
    | everything | the)\b(?P<noun>(?:\s+(?!(?:of|to|and|or|is|are)\b)[\w⟦⟧.'’-]+){0,3}?
      (?:\s+(?:in|from|of|on|at)\s+(?:the\s+|my\s+|our\s+)?[\w⟦⟧.'’-]+(?:\s+[\w⟦⟧-]+){0,2}?)?)"""
)
_BARE = re.compile(
    r"(?<![\w'’⟦])(?P<noun>[A-Za-z][\w-]*s(?:\s+(?:in|from|of|on)\s+(?:the\s+)?[\w⟦⟧.-]+)?),?\s+"
    rf"(?=(?:whose|that|which|who|without|with|having|older|newer|{_RELATION})\s)"
)


_NAMES = re.compile(r"(?i)(?:marked|flagged|tagged|labell?ed|set|called|named|titled|assigned)$")


@dataclass(frozen=True)
class Pick:
    """What a clause picks.

    Attributes:
        noun: what it picks among; empty for a pronoun ("those that …").
        clause: the clause as a sentence about "it".
        said: the clause as it stands.
        start, end: where noun and clause stand in the text.
        quant: the word that says how many.
    """

    noun: str
    clause: str
    said: str
    start: int
    end: int
    quant: str = ""


def as_clause(words: str) -> str:
    """Return a picking clause as a sentence about "it"."""
    words = words.strip(" ,")
    turned = (
        (r"^whose\s+", "its "),
        (r"^(?:for|in)\s+which\s+", ""),
        (r"^where\s+", ""),
        (r"^(?:that|which|who)\s+", "it "),
        (r"^(?:without|lacking|missing)\s+(?:an?\s+|any\s+)?", "it has no "),
        (r"^with\s+no\s+", "it has no "),
        (r"^(?:with|having|carrying|bearing)\s+", "it has "),
        (r"^(?:containing|mentioning)\s+", "it contains "),
    )
    for pattern, instead in turned:
        changed = re.sub(pattern, instead, words, count=1, flags=re.I)
        if changed != words:
            return _in_the_singular(changed)
    return f"it is {words}"


def _in_the_singular(words: str) -> str:
    words = re.sub(r"(?i)\b(are|do|have|were)n['’]t\b", r"\1 not", words)
    match = _PLURAL_VERB.match(words)
    if match is None:
        return words
    verb = (match.group("not") or match.group("verb")).split()[0].lower()
    one = {"are": "is", "were": "was", "have": "has", "do": "does"}.get(verb)
    if one is None and is_base_form(verb) and verb not in ("is", "has", "was", "does", "can"):
        one = third_person(verb)
    if verb == "are" and is_plural(words.split()[-1]):
        words = re.sub(r"\S+$", lambda m: singular(m.group(0)), words)  # "those that are drafts"
    return re.sub(rf"(?i)^it\s+{verb}\b", f"it {one}", words, count=1) if one else words


def is_condition(clause: str, values: tuple[str, ...]) -> bool:
    """Return whether words compare something, and do not only say that something happens."""
    if parse_joined(clause, values) is not None:
        return True
    found = parse_condition(clause, values)
    return found is not None and not found.verbal


def split_pick(text: str, values: tuple[str, ...]) -> tuple[str, str, str]:
    """Cut "rows of ⟦0⟧ older than a week" into noun, clause as said, and clause about "it"."""
    for match in _START.finditer(text):
        said = text[match.start("clause") :]
        if match.start() and is_condition(as_clause(said), values):
            return text[: match.start()].strip(" ,"), said, as_clause(said)
    return text, "", ""


def pick_in(text: str, values: tuple[str, ...]) -> Pick | None:
    """Return what the object of an action picks, where something is left behind it."""
    return next(iter(picks_in(text, values)), None)


def picks_in(text: str, values: tuple[str, ...]) -> list[Pick]:
    """Return what quantified nouns of a text pick, the first first."""
    ones = [
        Pick("", f"it is {match.group('state')}", match.group("state"), match.start(), match.end())
        for match in _ONES.finditer(text)
    ]
    quantified = [
        found
        for match in _QUANTIFIED.finditer(text)
        if (found := _pick_at(text, match, values)) is not None
        and (match.group("quant").lower() != "the" or _several(found.noun))
    ]
    bare = [
        found for match in _BARE.finditer(text)
        if _several(match.group("noun")) and (found := _bare_at(text, match, values)) is not None
    ]  # fmt: skip
    return [*ones, *sorted(quantified, key=_is_definite), *bare]


def _several(noun: str) -> bool:
    words = re.split(r"(?i)\s+(?:in|from|of|on|at)\s+", noun.strip())[0].split()
    return bool(words) and is_plural(words[-1].lower())


def _is_definite(pick: Pick) -> bool:
    return bool(pick.noun) and pick.quant == "the"


def _bare_at(text: str, match: re.Match[str], values: tuple[str, ...]) -> Pick | None:
    found = _clause_at(text, match.end(), values)
    if found is None:
        return None
    said, end = found
    return Pick(match.group("noun"), as_clause(said), said, match.start(), end)


def _pick_at(text: str, match: re.Match[str], values: tuple[str, ...]) -> Pick | None:
    start = _START.match(text, match.end())
    if start is None:
        return _adverbial(text, match, values)
    return _ended(text, match, start.start("clause"), values)


def _adverbial(text: str, match: re.Match[str], values: tuple[str, ...]) -> Pick | None:
    """The noun phrase may be longer than its shortest form: try where a clause begins behind it."""
    for start in _START.finditer(text, match.end()):
        between = text[match.end() : start.start()]
        words = between.split()
        if len(words) > 6 or re.search(r"[,;:]|\b(?:and|is|are|to|it)\b", between):
            return None
        return _ended(text, match, start.start("clause"), values)
    return None


def _ended(text: str, match: re.Match[str], start: int, values: tuple[str, ...]) -> Pick | None:
    noun = text[match.end("quant") : start].strip(" ,")
    noun = "" if re.fullmatch(r"(?i)(?:ones?|of\s+them|)", noun) else noun
    if match.group("quant").lower() in ("the", "only", "just") and not noun:
        return None
    found = _clause_at(text, start, values)
    if found is None:
        return None
    said, end = found
    quant = match.group("quant").lower()
    return Pick(noun, as_clause(said), said, match.start(), end, quant)


def _clause_at(text: str, start: int, values: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the shortest clause from a place on that compares something, and where it ends.

    It goes on over "and" and "or" where another comparison follows.
    """
    best: tuple[str, int] | None = None
    for end in [*(found.start() for found in _STOP.finditer(text, start)), len(text)]:
        if best is not None and not re.match(r"(?i),?\s+(?:and|or)\s", text[best[1] :]):
            break
        if " " not in text[start:end].strip() and _START.match(f" {text[start:end]} it"):
            continue  # "with" alone says nothing
        if text[end:].lstrip().startswith("⟦") and _NAMES.search(text[start:end]):
            continue  # "labelled ⟦0⟧": what it is labelled belongs to it
        if is_condition(as_clause(text[start:end]), values):
            best = text[start:end], end
    return best
