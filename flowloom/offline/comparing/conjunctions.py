"""Conditions joined by "and" and "or", ranges, and lists of values."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from flowloom.offline.comparing.conditions import Condition, negated, parse_condition

__all__ = ["Joined", "negated_all", "parse_joined"]

_BETWEEN = re.compile(
    r"^(?P<front>.+?\b(?:is|are|was|were|lies|be))(?P<not>\s+not|n't|n’t)?\s+(?:in\s+)?between\s+"
    r"(?P<low>\S+)\s+and\s+(?P<high>\S+)$",
    re.I,
)
_NEITHER = re.compile(
    r"^(?P<front>.+?\b(?:is|are|was|were))\s+neither\s+(?P<a>.+?)\s+nor\s+(?P<b>.+)$", re.I
)
_JOINT = re.compile(r"(?:\s*,)?\s+(?:(?:and|but)\s+(?:also\s+)?(?:if\s+)?|or\s+(?:if\s+)?)", re.I)
_FULL = re.compile(
    r"^(?:.+?\s)?(?:is|are|was|were|has|have|had|contains?|includes?|mentions?|equals?|exceeds?"
    r"|starts?"
    r"|begins?|ends?|does|do|did|isn't|aren't|belongs?|matches|exists?|lacks?|there)\b|['’]s\s"
    r"|[<>=]"
    r"|^(?:more|less|fewer|larger|greater|smaller|higher|lower|older|newer|at least|at most|over"
    r"|under|above|below|not|no)\b",
    re.I,
)
_OR_MORE = re.compile(
    r"^(?:more|higher|greater|above|less|lower|below|fewer|under|over|larger|smaller|later|earlier)"
    r"\b(?!\s+than)",
    re.I,
)
_BARE = re.compile(
    r"^(?:more|less|fewer|larger|greater|smaller|higher|lower|older|newer|at least|at most|over"
    r"|under"
    r"|above|below|not)\b",
    re.I,
)
_VALUE_LIST = re.compile(
    r"^(?P<front>.+?\b(?:is|are|was|equals?|be|contains?|includes?|mentions?|starts with|ends "
    r"with))\s+"
    r"(?P<not>not\s+)?(?:(?:either|one of|any of)\s+)?(?P<values>[^,]+?"
    r"(?:,\s*[^,]+?)*,?\s+or\s+\S.*)$",
    re.I,
)


_VERBLESS = re.compile(
    r"(?P<joint>\s(?:and|or)\s+(?:if\s+)?)(?P<field>(?:(?:the|its|a)\s+)?(?!(?:is|are|no|not|more|less|at|if)\b)"
    r"[a-z]\w*)\s+(?=(?:over|under|above|below|at\s+least|at\s+most|(?:more|less|fewer|lower|higher|greater)\s+than"
    r"|exactly|between)\s+[-$€£]?\d)",
    re.I,
)
"""A second comparison without a verb: "temp is over 30 or humidity under 40"."""


@dataclass(frozen=True)
class Joined:
    """Several conditions, all of which or any one of which must hold."""

    joint: Literal["all", "any"]
    parts: tuple[Condition, ...]


def parse_joined(text: str, values: tuple[str, ...]) -> Joined | None:
    """Return the conditions that are joined in a text; None if it is one condition, or none."""
    text = _VERBLESS.sub(r"\g<joint>\g<field> is ", re.sub(r"\s+", " ", text.strip(" ,.")))
    return _range(text, values) or _parts(text, values) or _value_list(text, values)


def negated_all(joined: Joined) -> Joined:
    """Return what holds exactly where the given does not."""
    joint = "any" if joined.joint == "all" else "all"
    return Joined(joint, tuple(map(negated, joined.parts)))


def _range(text: str, values: tuple[str, ...]) -> Joined | None:
    if match := _BETWEEN.match(text):
        low = parse_condition(f"{match.group('front')} at least {match.group('low')}", values)
        high = parse_condition(f"{match.group('front')} at most {match.group('high')}", values)
        if low is None or high is None:
            return None
        found = Joined("all", (low, high))
        return negated_all(found) if match.group("not") else found
    if match := _NEITHER.match(text):
        sides = [parse_condition(f"{match.group('front')} not {match.group(side)}", values)
                 for side in "ab"]  # fmt: skip
        kept = tuple(side for side in sides if side is not None)
        return Joined("all", kept) if len(kept) == 2 else None
    return None


def _parts(text: str, values: tuple[str, ...]) -> Joined | None:
    pieces: list[str] = []
    joints: set[str] = set()
    start = 0
    for match in _JOINT.finditer(text):
        left, right = text[start : match.start()], text[match.end() :]
        if not (_FULL.search(left) and _FULL.search(right)) or _inside_number(left, right):
            continue
        pieces.append(left)
        joints.add("or" if re.match(r"[\s,]*or\b", match.group(0), re.I) else "and")
        start = match.end()
    pieces.append(text[start:])
    if len(pieces) < 2 or len(joints) > 1:
        return None
    found = _each(pieces, values)
    if found is None:
        return None
    return Joined("any" if joints == {"or"} else "all", found)


def _inside_number(left: str, right: str) -> bool:
    """ "500 or higher" is one comparison."""
    number = re.search(r"(?:\d+|\b\w+)$", left)
    return bool(number and _OR_MORE.match(right))


def _each(pieces: list[str], values: tuple[str, ...]) -> tuple[Condition, ...] | None:
    found: list[Condition] = []
    for piece in pieces:
        bare = bool(_BARE.match(piece))
        whole = f"it is {piece}" if bare and found else piece
        if found and re.match(
            r"^(?:is|are|was|has|have|does|contains|mentions|includes)\b", piece, re.I
        ):
            whole = f"it {piece}"
        condition = parse_condition(whole, values)
        if condition is None:
            return None
        if found and not condition.subject and not condition.attribute and not condition.count:
            first = found[0]
            attribute = first.attribute if bare and not condition.unit else ""
            subject = first.subject if bare and not condition.unit else first.subject[:-1]
            condition = replace(condition, subject=subject, attribute=attribute)
        found.append(condition)
    return tuple(found)


def _value_list(text: str, values: tuple[str, ...]) -> Joined | None:
    """ "is 404 or 410", "contains ⟦0⟧, ⟦1⟧ or ⟦2⟧"."""
    match = _VALUE_LIST.match(text)
    if match is None:
        return None
    words = [
        word for word in re.split(r"\s*,\s*(?:or\s+)?|\s+or\s+", match.group("values")) if word
    ]
    if len(words) < 2 or any(len(word.split()) > 2 for word in words):
        return None
    if any(map(_OR_MORE.match, words)):
        return None
    negation = match.group("not") or ""
    found = [parse_condition(f"{match.group('front')} {negation}{word}", values) for word in words]
    kept = tuple(item for item in found if item is not None)
    if len(kept) != len(words):
        return None
    return Joined("all" if negation else "any", kept)
