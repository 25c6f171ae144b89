"""Expressions in words, as far as their form is a common one; else the expression itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowloom.errors import ExpressionError
from flowloom.workflow.templates import bare_expression
from flowloom.workflow.tree import one_line

__all__ = ["expression_in_words", "reference_in_words"]

_REFERENCE = r"[A-Za-z_]\w*(?:\.\??[A-Za-z_]\w*|\[\"[^\"]+\"\])*"
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?|true|false|null|" + _REFERENCE + r")"
_SIZE = re.compile(
    rf"^(?:size\((?P<of>{_REFERENCE})\)|(?P<on>{_REFERENCE}?)\.size\(\))\s*(?P<sign>==|!=|>=|<=|>"
    rf"|<)\s*(?P<count>\d+)$"
)
_COMPARED = re.compile(
    rf"^(?P<left>{_REFERENCE})\s*(?P<sign>==|!=|>=|<=|>|<)\s*(?P<right>{_VALUE})$"
)
_METHOD = re.compile(
    rf"^(?P<of>{_REFERENCE})\.(?P<name>contains|startsWith|endsWith)\((?P<value>{_VALUE})\)$"
)
_IN = re.compile(rf"^(?P<item>{_VALUE})\s+in\s+(?P<of>{_REFERENCE})$")
_HAS = re.compile(rf"^has\((?P<of>{_REFERENCE})\)$")
_BARE = re.compile(rf"^(?P<not>!?)\(?(?P<of>{_REFERENCE})\)?$")
_MAPPED = re.compile(
    rf"^(?P<of>{_REFERENCE})\.map\((?P<item>\w+),\s*(?P=item)\.(?P<field>[\w.]+)\)(?:\.join\(.*\))?$"
)
_SIGNS = {"==": "is", "!=": "is not", ">": "is more than", "<": "is less than",
          ">=": "is at least", "<=": "is at most"}  # fmt: skip
_COUNTS = {"==": "exactly", ">": "more than", "<": "fewer than", ">=": "at least",
           "<=": "at most", "!=": "not exactly"}  # fmt: skip
_METHODS = {"contains": "contains", "startsWith": "begins with", "endsWith": "ends with"}
LIMIT = 120


def expression_in_words(text: str) -> str:
    """Return what an expression says: ``size(steps.a.output) > 5`` is "'a' gives more than 5"."""
    try:
        plain = bare_expression(text).strip()
    except ExpressionError:
        return f"`{one_line(text, LIMIT)}`"
    for sign, word in (("||", " or "), ("&&", " and ")):
        parts = _split(plain, sign)
        if len(parts) > 1:
            return word.join(expression_in_words(part) for part in parts)
    for read in _FORMS:
        found = read(plain)
        if found is not None:
            return found
    return f"`{one_line(plain, LIMIT)}`"


def _split(text: str, sign: str) -> list[str]:
    """Cut at a sign that stands outside of brackets and quotes."""
    parts, depth, start, quote = [], 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif depth == 0 and text.startswith(sign, index):
            parts.append(text[start:index].strip())
            start = index + len(sign)
    return [*parts, text[start:].strip()]


def _size(text: str) -> str | None:
    match = _SIZE.match(text)
    if match is None:
        return None
    of, sign, count = reference_in_words(match["of"] or match["on"]), match["sign"], match["count"]
    if (sign, count) in {("==", "0"), ("<", "1"), ("<=", "0")}:
        return f"{of} is empty"
    if (sign, count) in {("!=", "0"), (">", "0"), (">=", "1")}:
        return f"{of} is not empty"
    return f"{of} has {_COUNTS[sign]} {count} items"


def _compared(text: str) -> str | None:
    match = _COMPARED.match(text)
    if match is None:
        return None
    left, sign, right = reference_in_words(match["left"]), match["sign"], match["right"]
    if right in ("true", "false") and sign in ("==", "!="):
        holds = (right == "true") == (sign == "==")
        return f"{left} {'holds' if holds else 'does not hold'}"
    return f"{left} {_SIGNS[sign]} {_value(right)}"


def _method(text: str) -> str | None:
    negated = text.startswith("!")
    match = _METHOD.match(text.removeprefix("!"))
    if match is None:
        return None
    found = f"{_METHODS[match['name']]} {_value(match['value'])}"
    return f"{reference_in_words(match['of'])} {'not: ' if negated else ''}{found}"


def _member(text: str) -> str | None:
    match = _IN.match(text)
    return match and f"{_value(match['item'])} is in {reference_in_words(match['of'])}"


def _has(text: str) -> str | None:
    match = _HAS.match(text)
    return match and f"there is {reference_in_words(match['of'])}"


def _mapped(text: str) -> str | None:
    match = _MAPPED.match(text)
    return match and f"the {match['field']} of each item of {reference_in_words(match['of'])}"


def _bare(text: str) -> str | None:
    match = _BARE.match(text)
    if match is None or text in ("true", "false", "null"):
        return None
    of = reference_in_words(match["of"])
    if "." not in match["of"] or match["of"].endswith(".output"):
        return f"not {of}" if match["not"] else of
    return f"{of} does not hold" if match["not"] else of


_FORMS: tuple[Callable[[str], str | None], ...] = (
    _size, _compared, _method, _member, _has, _mapped, _bare
)  # fmt: skip


def _value(text: str) -> str:
    return reference_in_words(text) if text[0].isalpha() and text not in _WORDS else text


_WORDS = ("true", "false", "null")


def reference_in_words(text: str) -> str:
    """Return ``steps.list.output.title`` as "the title of 'list'"."""
    parts = [part.lstrip("?") for part in text.split(".")]
    match parts:
        case ["steps", step, "output"]:
            return f"the result of {step!r}"
        case ["steps", step, "output", *fields]:
            return f"the {'.'.join(fields)} of {step!r}"
        case ["trigger", "output"]:
            return "what started the run"
        case ["trigger", "output", *fields]:
            return f"the {'.'.join(fields)} of what started the run"
        case ["inputs", *fields]:
            return f"the input {'.'.join(fields)!r}"
        case [item]:
            return f"the {item}"
        case [item, *fields]:
            return f"the {'.'.join(fields)} of the {item}"
        case _:
            return text
