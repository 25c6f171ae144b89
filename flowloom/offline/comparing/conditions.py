"""Conditions in words: what is compared, how, and with what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from flowloom.offline.comparing.comparison import (
    Condition,
    Operator,
    Scalar,
    last_noun,
    negated,
    number_of,
    opposite,
    scalar_of,
    subject_in,
)
from flowloom.offline.comparing.condition_times import parse_time
from flowloom.offline.comparing.pairs_compared import pair_in
from flowloom.offline.comparing.plainly import plain_comparison
from flowloom.offline.reading.lexicon import NUMBERS, base_verb, word_set, words_of

__all__ = ["Condition", "Operator", "Scalar", "negated", "parse_condition"]

_MEASURES = {
    "larger": "size", "bigger": "size", "smaller": "size", "longer": "length",
    "shorter": "length", "older": "age", "younger": "age",
}  # fmt: skip
_QUOTE = r"⟦(?P<quote>\d+)⟧"
_VALUE = r"(?P<value>⟦\d+⟧|-?\d+(?:[.,]\d+)?|[.\w$€£%-]+(?:\s+[\w-]+){0,2})"
_COUNT = r"(?P<number>-?[$€£]?\d+(?:[.,]\d+)?|" + "|".join(NUMBERS) + ")"
_BE = r"(?:is|are|was|were|has|have|be|gets|becomes)"
_NOT = r"(?P<not>\s+not|n't|n’t)?"
_MORE = r"(?:larger|greater|more|higher|bigger|older|longer|later|above|over|exceeding)"
_LESS = r"(?:smaller|less|lower|fewer|shorter|younger|earlier|below|under)"
_HAS_THE = re.compile(r"(?i)\b(?:has|have)\s+(?:the|an?)\s+\w+$")
_ARTICLES = frozenset(["a", "an", "the", "its", "their", "any", "some"])
_FIELDS = word_set(
    """
    type status state priority severity impact name category level label tag plan role kind color
    colour country city region department stage language currency format extension title subject
    code urgency mode tier segment
    """
)
"""Nouns that name a field before its value: "with type partner", but "with high impact"."""
_ORIGIN = re.compile(
    r"(?i)^(?P<subject>.+?)\s+(?:is|are|was|were|comes?|came|lives?|hails?)(?P<not>\s+not|n['’]t)?\s+"
    r"(?:from|based\s+in|located\s+in|resident\s+in|living\s+in|in)\s+(?:the\s+)?(?P<value>⟦\d+⟧|(?-i:[A-Z])[\w.-]*(?:\s+(?-i:[A-Z])[\w.-]*)*)$"
)
"""Where somebody is from is their country."""
_NAMED_IN_BRACKETS = re.compile(
    r"\s*\((?:(?:in\s+|see\s+|that\s+is\s+)?(?:the\s+|its\s+)?(?:field|column|key|property|attribute)\s+)?(?P<field>[A-Za-z]\w*)"
    r"(?:\s+(?:field|column|key))?\)"
)
"""A word in brackets behind what is compared names the field: "2 members (num_members)"."""
_NONE = r"(?:none|null|nil|empty|missing|blank|undefined|nothing|unset)"


def parse_condition(text: str, values: tuple[str, ...]) -> Condition | None:
    """Return the comparison that masked words say, or None.

    Args:
        values: what the masks ``⟦n⟧`` stand for.
    """
    if (named := _NAMED_IN_BRACKETS.search(text)) is not None:
        bare = " ".join((text[: named.start()] + text[named.end() :]).split())
        found = parse_condition(bare, values)
        if found is None:
            return None
        return replace(found, attribute=named.group("field"), count=False, text=text)
    if (origin := _ORIGIN.match(text)) is not None:
        operator: Operator = "!=" if origin.group("not") else "=="
        nouns = subject_in(origin.group("subject"))[0]
        value = scalar_of(origin.group("value"), values)
        return Condition(text, nouns, "country", operator, value, guessed=True)
    if (pair := pair_in(text)) is not None:
        return pair
    text = plain_comparison(text)
    if (found := parse_time(text, values)) is not None:
        return found
    for pattern, read in _FORMS:
        if match := pattern.search(text):
            found = read(_Match(text, match, values))
            if found is not None:
                return found
    return None


@dataclass(frozen=True)
class _Match:
    text: str
    match: re.Match[str]
    values: tuple[str, ...]

    @property
    def is_not(self) -> bool:
        return bool(self.match.groupdict().get("not"))

    @property
    def value(self) -> Scalar:
        return scalar_of(self.match.group("value"), self.values)

    def condition(self, operator: Operator, value: Scalar = None, **more: object) -> Condition:
        subject, attribute, plural = subject_in(self.match.groupdict().get("subject") or "")
        operator = opposite(operator) if self.is_not else operator
        base = Condition(self.text, subject, attribute, operator, value, plural=plural)
        return replace(base, **more) if more else base  # pyright: ignore[reportArgumentType]


def _adjective(m: _Match) -> Condition | None:
    """ "has high impact", "with a severity of high": the noun is the field."""
    said, field = m.match.group("value").lower(), m.match.group("attribute").lower()
    if said in _ARTICLES:
        return None
    if said in _FIELDS and field not in _FIELDS and not m.match.group("attribute").isdigit():
        return m.condition("==", scalar_of(field_as_said(m), m.values), attribute=said)
    return m.condition("==", m.value, attribute="_".join(words_of(field)))


def field_as_said(m: _Match) -> str:
    """Return the second word as it stands: of "type Partner" the value."""
    return m.match.group("attribute")


def _of_value(m: _Match) -> Condition | None:
    """ "has a country of France", "has the plan set to trial"."""
    if m.match.group("attribute").lower() in ("lot", "number", "couple", "list", "set", "copy"):
        return None
    value = re.sub(r"^(?:an?|the)\s+", "", m.match.group("value"), flags=re.I)
    field = m.match.group("attribute").lower()
    return m.condition("==", scalar_of(value, m.values), attribute=field)


def _number_of(m: _Match, operator: Operator) -> Condition:
    number = number_of(m.match.group("number"))
    words = words_of(m.match.group(0))
    measure = next((_MEASURES[word] for word in words if word in _MEASURES), "")
    return m.condition(operator, number, measure=measure)


def _there(m: _Match, operator: Operator, number: int | float | None = None) -> Condition:
    return m.condition(operator, number, count=True, attribute="")


def _has_number(m: _Match, operator: Operator) -> Condition:
    """ "the page has more than 3 links": the number of things that something has."""
    things = "_".join(words_of(m.match.group("things")))
    number = number_of(m.match.group("number"))
    return m.condition(operator, number, attribute=things, count=True)


def _measured(m: _Match, operator: Operator) -> Condition:
    """ "it has a score above 3": the noun is the field."""
    attribute = "_".join(words_of(m.match.group("attribute")))
    return m.condition(operator, number_of(m.match.group("number")), attribute=attribute)


def _owner(m: _Match) -> Condition:
    return m.condition("==", None, attribute="owned_by", name=last_noun(m.match.group("value")))


def _without(m: _Match) -> Condition:
    """ "has no assignee": the field is empty."""
    return m.condition("not empty", attribute="_".join(words_of(m.match.group("attribute"))))


def _plain_is(m: _Match) -> Condition | None:
    """ "is low", "is not internal": the field is the subject's last noun, or is not said."""
    value = m.value
    if isinstance(value, str) and not m.match.group("value").startswith("⟦"):
        if _HAS_THE.search(m.text):
            return None  # "has the label" of "has the label ⟦0⟧"
        words = [word for word in value.split() if word.lower() not in {"a", "an", "the"}]
        if not words:
            return None
        value = " ".join(words)
        if value.lower() in {"true", "false"}:
            return m.condition("true" if value.lower() == "true" else "false")
    found = m.condition("==", value)
    return replace(found, guessed=not found.attribute)


def _verb(m: _Match) -> Condition | None:
    verb = m.match.group("verb")
    if not base_verb(verb) or base_verb(verb) in ("fail", "work", "succeed"):
        return None
    condition = m.condition("not empty", None)
    return replace(condition, subject=(*condition.subject, base_verb(verb)), verbal=True)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_S = r"^(?P<subject>.+?)"
_OF = r"(?:\s+of (?:it|them)|\s+(?P<subject>.+))?$"
_Reader: TypeAlias = "Callable[[_Match], Condition | None]"
_OR_MORE = rf"{_COUNT}\s+or\s+(?:{_MORE}|up|upwards)"
_OR_LESS = rf"{_COUNT}\s+or\s+{_LESS}"
_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_form(
        rf"^(?:there\s+{_BE}|(?:we|they|it|you)\s+(?:has|have|find|found|got))\s+{_OR_MORE}{_OF}"
    ),
     lambda m: _there(m, ">=", number_of(m.match.group("number")))),
    (_form(
        rf"^(?:there\s+{_BE}|(?:we|they|it|you)\s+(?:has|have|find|found|got))\s+{_OR_LESS}{_OF}"
    ),
     lambda m: _there(m, "<=", number_of(m.match.group("number")))),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+{_OR_MORE}$"), lambda m: _number_of(m, ">=")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+{_OR_LESS}$"), lambda m: _number_of(m, "<=")),
    (_form(rf"^there\s+{_BE}\s+(?:at most|no more than|up to)\s+{_COUNT}{_OF}"),
     lambda m: _there(m, "<=", number_of(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+(?:exactly|just|only)\s+{_COUNT}{_OF}"),
     lambda m: _there(m, "==", number_of(m.match.group("number")))),
    (_form(r"^there\s+(?:is|are)\s+(?:nothing|none)(?:\s+(?:in|left|there|found)\b.*)?$"),
     lambda m: _there(m, "empty")),
    (_form(r"^(?:nothing|none)\s+(?:is|was|were|are)\s+(?:found|there|returned|left)$"),
     lambda m: _there(m, "empty")),
    (_form(
        r"^(?:anything|something|some|any)\s+(?:is|was|were|are)\s+(?:found|there|returned|left)$"
    ),
     lambda m: _there(m, "not empty")),
    (_form(rf"^{_OR_MORE}\s+(?P<subject>.+)$"),
     lambda m: _there(m, ">=", number_of(m.match.group("number")))),
    (_form(rf"^(?:(?:fewer|less) than|under)\s+{_COUNT}\s+(?P<subject>(?!than\b).+?)"
           rf"(?:\s+(?:is|are|were|exist|has|have)\b.*)?$"),
     lambda m: _there(m, "<", number_of(m.match.group("number")))),
    (_form(rf"^(?:at most|up to|no more than)\s+{_COUNT}\s+(?P<subject>.+?)"
           rf"(?:\s+(?:is|are|were|exist|has|have)\b.*)?$"),
     lambda m: _there(m, "<=", number_of(m.match.group("number")))),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+(?:more than|over)\s+{_COUNT}\s+"
           rf"(?P<things>[\w ]+)$"), lambda m: _has_number(m, ">")),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+(?:fewer than|less than|under)\s+"
           rf"{_COUNT}\s+"
           rf"(?P<things>[\w ]+)$"), lambda m: _has_number(m, "<")),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+at least\s+{_COUNT}\s+(?P<things>[\w ]+)$"),
     lambda m: _has_number(m, ">=")),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+(?:at most|no more than|up to)\s+"
           rf"{_COUNT}\s+(?P<things>[\w ]+)$"), lambda m: _has_number(m, "<=")),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+(?:exactly|just|only)\s+{_COUNT}\s+"
           rf"(?P<things>[\w ]+)$"), lambda m: _has_number(m, "==")),
    (_form(rf"{_S}\s+(?:has|have|contains?|includes?)\s+{_OR_MORE}\s+(?P<things>[\w ]+)$"),
     lambda m: _has_number(m, ">=")),
    (_form(rf"{_S}\s+(?:has|have)\s+(?:an?\s+|the\s+)?(?P<attribute>\w+)\s+(?:of\s+)?{_MORE}\s+"
           rf"(?:than\s+)?{_COUNT}$"), lambda m: _measured(m, ">")),
    (_form(rf"{_S}\s+(?:has|have)\s+(?:an?\s+|the\s+)?(?P<attribute>\w+)\s+(?:of\s+)?{_LESS}\s+"
           rf"(?:than\s+)?{_COUNT}$"), lambda m: _measured(m, "<")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:different from|not the same as)\s+{_VALUE}$"),
     lambda m: m.condition("!=", m.value)),
    (_form(rf"{_S}\s+(?:(?P<not>does(?: not|n't|n’t))\s+)?"
           rf"(?:answers?|responds?|repl(?:y|ies)|returns?)\s+"
           rf"(?:with\s+)?(?:an?\s+|the\s+)?(?:status\s+)?(?:code\s+)?(?P<value>\d{{3}})$"),
     lambda m: m.condition("==", m.value, attribute="status", subject=())),
    (_form(rf"{_S}\s+differs\s+from\s+{_VALUE}$"), lambda m: m.condition("!=", m.value)),
    (_form(rf"{_S}\s+(?:lacks|misses)\s+(?:an?\s+|the\s+|any\s+)?(?P<attribute>[\w ]+)$"),
     lambda m: m.condition("empty", attribute="_".join(words_of(m.match.group("attribute"))))),
    (_form(rf"{_S}\s+(?:does not|doesn't|doesn’t|do not|don't)\s+have\s+(?:an?\s+|the\s+|any\s+)?"
           rf"(?P<attribute>[\w ]+)$"),
     lambda m: m.condition("empty", attribute="_".join(words_of(m.match.group("attribute"))))),
    (_form(rf"{_S}\s+(?:does not|doesn't|doesn’t|do not|don't)\s+equal\s+{_VALUE}$"),
     lambda m: m.condition("!=", m.value)),
    (_form(rf"{_S}\s+(?:do(?:es)?(?: not|n't|n’t))\s+(?P<how>start|begin|end)\s+with\s+{_VALUE}$"),
     lambda m: m.condition("not starts with" if m.match.group("how") != "end" else "not ends with",
                           m.value)),
    (_form(rf"{_S}\s+(?:comes? back|came back|returns?|turns? out|turned out)\s+(?:as\s+|to be\s+)?"
           rf"{_NONE}$"), lambda m: m.condition("empty")),
    (_form(rf"^(?P<symbol>>=|<=|==|!=|>|<)\s*{_COUNT}$"),
     lambda m: m.condition(_symbol(m.match.group("symbol")), number_of(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+(?:more than|over)\s+{_COUNT}{_OF}"),
     lambda m: _there(m, ">", number_of(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+(?:fewer|less) than\s+{_COUNT}{_OF}"),
     lambda m: _there(m, "<", number_of(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+at least\s+{_COUNT}{_OF}"),
     lambda m: _there(m, ">=", number_of(m.match.group("number")))),
    (_form(rf"^(?:there\s+{_BE}|(?:it|they|we)\s+(?:has|have|find|found))\s+(?:not any|no)\s+"
           rf"(?P<subject>.+)"), lambda m: _there(m, "empty")),
    (_form(r"^no\s+(?P<subject>.+?)(?:\s+(?:is|are|was|were|exists?|has|have)\b.*)?$"),
     lambda m: _there(m, "empty")),
    (_form(rf"^(?:more than|over|at least)\s+{_COUNT}\s+(?P<subject>.+?)"
           rf"(?:\s+(?:is|are|were|exist|has|have)\b.*)?$"),
     lambda m: _there(m, ">=" if m.text.lower().startswith("at") else ">",
                      number_of(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+(?:any\s+|some\s+|new\s+|an?\s+)?(?P<subject>.+)"),
     lambda m: _there(m, "not empty")),
    (_form(rf"^any\s+(?P<subject>.+?)\s+{_BE}\s+(?:found|there|present|returned)$"),
     lambda m: _there(m, "not empty")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:strictly\s+)?{_MORE}\s+(?:than\s+)?{_COUNT}"),
     lambda m: _number_of(m, ">")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:strictly\s+)?{_LESS}\s+(?:than\s+)?{_COUNT}"),
     lambda m: _number_of(m, "<")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:at least|no less than)\s+{_COUNT}"),
     lambda m: _number_of(m, ">=")),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:at most|no more than|up to)\s+{_COUNT}"),
     lambda m: _number_of(m, "<=")),
    (_form(rf"{_S}\s+(?:exceeds?|passes|goes (?:above|over)|rises above|tops|surpasses)\s+"
           rf"{_COUNT}"),
     lambda m: _number_of(m, ">")),
    (_form(rf"{_S}\s+(?:drops|falls|goes)\s+(?:below|under)\s+{_COUNT}"),
     lambda m: _number_of(m, "<")),
    (_form(rf"^(?P<subject>.+?)\s*(?P<symbol>>=|<=|==|!=|>|<|=)\s*{_VALUE}$"),
     lambda m: m.condition(_symbol(m.match.group("symbol")), m.value)),
    (_form(rf"^{_MORE}\s+than\s+{_COUNT}"), lambda m: _number_of(m, ">")),
    (_form(rf"^{_LESS}\s+than\s+{_COUNT}"), lambda m: _number_of(m, "<")),
    (_form(rf"{_S}\s+(?:(?P<not>do(?:es)?(?: not|n't|n’t))\s+)?(?:contains?|includes?|mentions?|"
           rf"has the words?)\s+(?:the\s+(?:words?|text|phrase)\s+)?{_VALUE}"),
     lambda m: m.condition("contains", m.value)),
    (_form(rf"^(?:containing|contains?|mentioning|mentions?)\s+{_VALUE}"),
     lambda m: m.condition("contains", m.value)),
    (_form(rf"{_S}\s+(?:starts|begins)\s+with\s+{_VALUE}"),
     lambda m: m.condition("starts with", m.value)),
    (_form(rf"{_S}\s+ends\s+(?:with|in)\s+{_VALUE}"), lambda m: m.condition("ends with", m.value)),
    (_form(rf"(?:{_S}\s+)?(?:belongs? to|belonging to|{_BE}{_NOT} owned by|owned by)\s+"
           rf"(?P<value>.+)$"), _owner),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+of\s+(?:the\s+)?(?P<attribute>\w+)\s+{_VALUE}"), _adjective),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+{_NONE}$"), lambda m: m.condition("empty")),
    (_form(rf"{_S}\s+{_BE}(?P<not>\s+no)\s+(?P<attribute>[\w ]+)$"), _without),
    (_form(rf"{_S}\s+(?:do(?:es)?)(?P<not>\s+not|n't)\s+exist"),
     lambda m: m.condition("not empty")),
    (_form(rf"{_S}\s+exists?$"), lambda m: m.condition("not empty")),
    (_form(rf"{_S}\s+(?:has|have|had|returned|returns|gives|gave)\s+(?:an?\s+|the\s+)?(?P<attribute>[a-z]\w*)"
           r"\s+(?:code\s+)?(?:of\s+)?(?P<value>\d+)$"), _adjective),
    (_form(rf"{_S}\s+(?:has|have|with)\s+(?:an?\s+|the\s+)?(?P<attribute>[a-z]\w*)\s+"
           rf"(?:of|equal to|set to|being)\s+{_VALUE}$"), _of_value),
    (_form(rf"{_S}\s+(?:has|have|with)\s+(?:an?\s+|the\s+)?(?P<attribute>\w+)\s+"
           r"(?:of\s+|equal to\s+|set to\s+)?(?P<value>⟦\d+⟧)"), _adjective),
    (_form(rf"{_S}\s+(?:has|have|with)\s+(?:an?\s+|the\s+)?(?P<value>⟦\d+⟧|[\w-]+)\s+"
           rf"(?P<attribute>\w+)$"), _adjective),
    (_form(r"^(?:has|have|having|with)\s+(?:an?\s+|the\s+)?(?P<value>⟦\d+⟧|[\w-]+)\s+"
           r"(?P<attribute>\w+)$"), _adjective),
    (_form(rf"{_S}\s+(?:has|have|had)\s+(?:an?|any|some)\s+(?P<attribute>[a-z]\w*)$"),
     lambda m: m.condition("not empty", attribute=m.match.group("attribute").lower())),
    (_form(rf"{_S}\s+(?:equals|matches|says)\s+{_VALUE}$"), lambda m: m.condition("==", m.value)),
    (_form(rf"{_S}\s+(?:do(?:es)?|did)(?P<not>\s+not|n't|n’t)\s+(?P<verb>[a-z]+)\b"), _verb),
    (_form(rf"{_S}\s+{_BE}{_NOT}\s+(?:equal to\s+|set to\s+|called\s+|named\s+|in\s+)?{_VALUE}$"),
     _plain_is),
    (_form(rf"{_S}['’]s{_NOT}\s+{_VALUE}$"), _plain_is),
    (_form(rf"{_S}\s+(?P<verb>[a-z]+s)$"), _verb),
)  # fmt: skip


def _symbol(symbol: str) -> Operator:
    found: dict[str, Operator] = {
        ">=": ">=", "<=": "<=", "==": "==", "!=": "!=", ">": ">", "<": "<", "=": "==",
    }  # fmt: skip
    return found[symbol]
