"""Quoted texts, addresses and names with dots are put aside while sentences are cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import verb_class

__all__ = ["Masked", "mask"]

_QUOTES = re.compile(
    r'"([^"\n]*)"|“([^”\n]*)”|‘([^’\n]*)’|`([^`\n]*)`|(?<![A-Za-z0-9])\'([^\'\n]+)\'(?![A-Za-z0-9])'
)
_JSON = re.compile(r"\{\s*\"[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\[\s*(?:\{[^{}]*\}\s*,?\s*)+\]")
# Query languages without quotes: their words are in capitals, what goes on is not.
_QUERY = re.compile(
    r"\bJQL(?:\s+(?:query|filter))?:?\s+(?P<jql>[A-Za-z]+\s*(?:!?[=~]|[<>]=?|IN\b|in\s*\()"
    r".+?)(?=\s+and\s+[a-z]|,\s|[.;]\s|[.;]?$)"
    r"|(?P<sql>\b(?:SELECT\s.+?\sFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\s"
    r".+?)(?=\s+and\s+[a-z]|,\s+(?:and|then)\s|[.;]\s|[.;]?$)",
    re.M,
)
_ATOMS = re.compile(
    r"\d{4}-\d\d-\d\d(?:(?:T|,?\s+(?:at\s+)?)\d{1,2}:\d\d(?::\d\d)?(?:\s?(?:Z|UTC|GMT"
    r"|[+-]\d\d:?\d\d)\b)?)?"
    r"|https?://[^\s,;)\"']+[^\s,;.)\"'!?]"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![\w/])#[A-Za-z0-9][\w-]*"
    r"|(?:~|\.{1,2})?/[\w.~/*-]*[\w*]"
    r"|[A-Za-z0-9][\w-]*(?:/[\w-]+)+"
    r"|(?:\*|[A-Za-z0-9])[\w-]*(?:\.[\w-]+)*\.[A-Za-z][A-Za-z0-9]{1,4}\b(?![\w])"
)
_SAID = re.compile(
    r"(?:(?<=^)|(?<=\n)|(?<=[.!?]\s))(?P<lead>[A-Za-z][^:.!?\n]*):[ \t]+(?P<said>\S[^\n]*?)(?=\n|$)"
)
_FOLLOWS = re.compile(r"\b(?:following|follows|these|below|steps|things)\b", re.I)
_MASK = re.compile(r"⟦(\d+)⟧")


@dataclass(frozen=True)
class Masked:
    """A text whose quotes and addresses are replaced by ``⟦n⟧``.

    Attributes:
        values: what stood there, by number, without the quotes.
        quoted: the numbers of those that stood in quotes.
    """

    text: str
    values: tuple[str, ...]
    quoted: frozenset[int]

    def unmask(self, text: str, *, quotes: bool = True) -> str:
        """Return ``text`` with the masked values put back."""

        def original(match: re.Match[str]) -> str:
            number = int(match.group(1))
            value = self.values[number]
            return f'"{value}"' if quotes and number in self.quoted else value

        return _MASK.sub(original, text)

    def values_in(self, text: str) -> list[tuple[str, bool]]:
        """Return the masked values of a part of the text, each with whether it was quoted."""
        numbers = [int(found) for found in _MASK.findall(text)]
        return [(self.values[number], number in self.quoted) for number in numbers]


def _said_aside(match: re.Match[str], values: list[str], quoted: set[int]) -> str:
    """ "Add to my calendar: Lunch at noon": what follows the colon is the text."""
    lead, said = match.group("lead"), match.group("said").strip()
    words = lead.split()
    says = bool({"create", "send"} & set(verb_class(words[0]))) if words else False
    if not says or not is_action(lead) or is_action(said) or "⟦" in said or _FOLLOWS.search(lead):
        return match.group(0)
    quoted.add(len(values))
    values.append(said.rstrip(".") if said.count(".") == 1 else said)
    return f"{lead} ⟦{len(values) - 1}⟧"


def _query_aside(match: re.Match[str], values: list[str], quoted: set[int]) -> str:
    """ "With the JQL project = OPS AND status = Open": a statement of a query language."""
    group = "jql" if match.group("jql") else "sql"
    said = match.group(group)
    if "⟦" in said:
        return match.group(0)
    quoted.add(len(values))
    values.append(said.strip())
    before = match.group(0)[: match.start(group) - match.start()]
    return f"{before}⟦{len(values) - 1}⟧"


def mask(text: str) -> Masked:
    """Put quoted texts, addresses, channels, paths and names with dots aside."""
    values: list[str] = []
    quoted: set[int] = set()

    def aside_quote(match: re.Match[str]) -> str:
        quoted.add(len(values))
        values.append(next(group for group in match.groups() if group is not None))
        return f"⟦{len(values) - 1}⟧"

    def aside_atom(match: re.Match[str]) -> str:
        values.append(match.group(0))
        return f"⟦{len(values) - 1}⟧"

    text = text.replace("⟦", "[").replace("⟧", "]")  # The marks of the masks themselves.
    text = _JSON.sub(aside_atom, text)
    text = _QUOTES.sub(aside_quote, text)
    text = _QUERY.sub(lambda match: _query_aside(match, values, quoted), text)
    text = _SAID.sub(lambda match: _said_aside(match, values, quoted), text)
    return Masked(_ATOMS.sub(aside_atom, text), tuple(values), frozenset(quoted))
