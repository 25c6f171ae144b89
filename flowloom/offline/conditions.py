"""Conditions in words: what is compared, how, and with what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from flowloom.offline.lexicon import FUNCTION_WORDS, NUMBERS, base_verb, singular, words_of

__all__ = ["Condition", "Operator", "Scalar", "negated", "parse_condition"]

Operator: TypeAlias = Literal[
    "==", "!=", ">", "<", ">=", "<=", "contains", "not contains", "empty", "not empty",
    "true", "false", "starts with", "ends with",
]  # fmt: skip
Scalar: TypeAlias = str | int | float | bool | None

_OPPOSITE: dict[Operator, Operator] = {
    "==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<", "contains": "not contains",
    "not contains": "contains", "empty": "not empty", "not empty": "empty", "true": "false",
    "false": "true",
}  # fmt: skip
_MEASURES = {
    "larger": "size", "bigger": "size", "smaller": "size", "longer": "length",
    "shorter": "length", "older": "age", "younger": "age",
}  # fmt: skip
_QUOTE = r"⟦(?P<quote>\d+)⟧"
_VALUE = r"(?P<value>⟦\d+⟧|-?\d+(?:[.,]\d+)?|[\w$€£%-]+(?:\s+[\w-]+){0,2})"
_COUNT = r"(?P<number>-?[$€£]?\d+(?:[.,]\d+)?|" + "|".join(NUMBERS) + ")"
_BE = r"(?:is|are|was|were|has|have|be|gets|becomes)"
_NOT = r"(?P<not>\s+not|n't|n’t)?"
_MORE = r"(?:larger|greater|more|higher|bigger|older|longer|later|above|over|exceeding)"
_LESS = r"(?:smaller|less|lower|fewer|shorter|younger|earlier|below|under)"
_NONE = r"(?:none|null|nil|empty|missing|blank|undefined|nothing|unset)"


@dataclass(frozen=True)
class Condition:
    """A comparison.

    Attributes:
        subject: nouns of what is compared, in the singular; empty for a pronoun.
        attribute: the field, in words; empty if none is said.
        operator: how; ``value`` with what. ``name`` stands for a value that only the run knows.
        count: whether the number of items is compared.
        measure: the field that a comparative implies ("larger": size).
        verbal: whether the subject's last word is a verb ("does not approve").
        guessed: whether the field's name is not said and had to be assumed.
    """

    text: str
    subject: tuple[str, ...] = ()
    attribute: str = ""
    operator: Operator = "=="
    value: Scalar = None
    name: str = ""
    count: bool = False
    plural: bool = False
    guessed: bool = False
    verbal: bool = False
    measure: str = ""


def negated(condition: Condition) -> Condition:
    """Return the condition that holds exactly where the given one does not."""
    return replace(condition, operator=_OPPOSITE[condition.operator])


def parse_condition(text: str, values: tuple[str, ...]) -> Condition | None:
    """Return the comparison that masked words say, or None.

    Args:
        values: what the masks ``⟦n⟧`` stand for.
    """
    text = re.sub(r"\s+", " ", text.strip(" ,."))
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
        return _scalar(self.match.group("value"), self.values)

    def condition(self, operator: Operator, value: Scalar = None, **more: object) -> Condition:
        subject, attribute, plural = _subject(self.match.groupdict().get("subject") or "")
        operator = _OPPOSITE[operator] if self.is_not else operator
        base = Condition(self.text, subject, attribute, operator, value, plural=plural)
        return replace(base, **more) if more else base  # pyright: ignore[reportArgumentType]


def _scalar(text: str, values: tuple[str, ...]) -> Scalar:
    if match := re.fullmatch(r"⟦(\d+)⟧", text.strip()):
        return values[int(match.group(1))]
    return _number(text) if _is_number(text) else text.strip()


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[$€£]?\d+(?:[.,]\d+)?", text.strip())) or text.lower() in NUMBERS


def _number(text: str) -> int | float:
    text = text.strip().lstrip("$€£").lower()
    if text in NUMBERS:
        return NUMBERS[text]
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", text):
        return int(text.replace(",", ""))
    return float(text.replace(",", ".")) if re.search(r"[.,]", text) else int(text)


def _subject(text: str) -> tuple[tuple[str, ...], str, bool]:
    """Return nouns, attribute and whether the noun is plural: "the team's name", "name of …"."""
    if match := re.fullmatch(r"(?:the\s+)?([\w ]+?)\s+of\s+(.+)", text.strip(), re.I):
        nouns = [word for word in words_of(match.group(2)) if word not in FUNCTION_WORDS]
        kept = [word for word in words_of(match.group(1)) if word not in FUNCTION_WORDS]
        return tuple(map(singular, nouns)), "_".join(kept), False
    if match := re.fullmatch(r"(.+?)['’]s?\s+([\w ]+)", text.strip()):
        nouns = [word for word in words_of(match.group(1)) if word not in FUNCTION_WORDS]
        return tuple(map(singular, nouns)), "_".join(words_of(match.group(2))), False
    words = words_of(text)
    nouns = [word for word in words if word not in FUNCTION_WORDS]
    if words and words[0] in {"its", "their"}:
        return (), "_".join(nouns), False
    return tuple(map(singular, nouns)), "", bool(nouns) and singular(nouns[-1]) != nouns[-1]


def _adjective(m: _Match) -> Condition | None:
    """ "has high impact", "with a severity of high": the noun is the field."""
    attribute = "_".join(words_of(m.match.group("attribute")))
    return m.condition("==", m.value, attribute=attribute)


def _number_of(m: _Match, operator: Operator) -> Condition:
    number = _number(m.match.group("number"))
    words = words_of(m.match.group(0))
    measure = next((_MEASURES[word] for word in words if word in _MEASURES), "")
    return m.condition(operator, number, measure=measure)


def _there(m: _Match, operator: Operator, number: int | float | None = None) -> Condition:
    return m.condition(operator, number, count=True, attribute="")


def _owner(m: _Match) -> Condition:
    return m.condition("==", None, attribute="owned_by", name=_last_noun(m.match.group("value")))


def _without(m: _Match) -> Condition:
    """ "has no assignee": the field is empty."""
    return m.condition("not empty", attribute="_".join(words_of(m.match.group("attribute"))))


def _last_noun(text: str) -> str:
    nouns = [word for word in words_of(text) if word not in FUNCTION_WORDS]
    return re.sub(r"\W", "_", nouns[-1]) if nouns else "value"


def _plain_is(m: _Match) -> Condition | None:
    """ "is low", "is not internal": the field is the subject's last noun, or is not said."""
    value = m.value
    if isinstance(value, str) and not m.match.group("value").startswith("⟦"):
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
    if not base_verb(verb):
        return None
    condition = m.condition("not empty", None)
    return replace(condition, subject=(*condition.subject, base_verb(verb)), verbal=True)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_S = r"^(?P<subject>.+?)"
_OF = r"(?:\s+of (?:it|them)|\s+(?P<subject>.+))?$"
_Reader: TypeAlias = "Callable[[_Match], Condition | None]"
_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_form(rf"^there\s+{_BE}\s+(?:more than|over)\s+{_COUNT}{_OF}"),
     lambda m: _there(m, ">", _number(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+(?:fewer|less) than\s+{_COUNT}{_OF}"),
     lambda m: _there(m, "<", _number(m.match.group("number")))),
    (_form(rf"^there\s+{_BE}\s+at least\s+{_COUNT}{_OF}"),
     lambda m: _there(m, ">=", _number(m.match.group("number")))),
    (_form(rf"^(?:there\s+{_BE}|(?:it|they|we)\s+(?:has|have|find|found))\s+(?:not any|no)\s+"
           rf"(?P<subject>.+)"), lambda m: _there(m, "empty")),
    (_form(r"^no\s+(?P<subject>.+?)(?:\s+(?:is|are|was|were|exists?|has|have)\b.*)?$"),
     lambda m: _there(m, "empty")),
    (_form(rf"^(?:more than|over|at least)\s+{_COUNT}\s+(?P<subject>.+?)"
           rf"(?:\s+(?:is|are|were|exist|has|have)\b.*)?$"),
     lambda m: _there(m, ">=" if m.text.lower().startswith("at") else ">",
                      _number(m.match.group("number")))),
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
    (_form(rf"{_S}\s+(?:has|have|with)\s+(?:an?\s+|the\s+)?(?P<attribute>\w+)\s+"
           r"(?:of\s+|equal to\s+|set to\s+)?(?P<value>⟦\d+⟧)"), _adjective),
    (_form(rf"{_S}\s+(?:has|have|with)\s+(?:an?\s+|the\s+)?(?P<value>⟦\d+⟧|[\w-]+)\s+"
           rf"(?P<attribute>\w+)$"), _adjective),
    (_form(r"^(?:has|have|having|with)\s+(?:an?\s+|the\s+)?(?P<value>⟦\d+⟧|[\w-]+)\s+"
           r"(?P<attribute>\w+)$"), _adjective),
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
