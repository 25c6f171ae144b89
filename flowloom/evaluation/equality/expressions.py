"""Expressions in one spelling, so that two workflows can be compared.

White space, comments, kinds of quotes, the names of steps, loop items, inputs and macro variables,
and equal comparisons of a size (``size(x) > 0``, ``size(x) != 0``, ``x.size() >= 1``) come out the
same. Nothing else does: another order of operands is another expression.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flowloom.workflow.cel.tokens import tokens

__all__ = ["Names", "moment", "normal_expression", "references"]

_MACROS = frozenset(
    {"map", "filter", "all", "exists", "existsOne", "exists_one", "sortBy", "transformList"}
)
_ROOTS = frozenset({"steps", "trigger", "inputs"})
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?\Z")
_ANSWERS = {
    "affirmed": ("yes", "y", "ok", "approve", "approved", "confirm", "go", "true"),
    "denied": ("no", "n", "deny", "decline", "declined", "reject", "rejected", "cancel", "false"),
}
_ANSWER_OF = {word: answer for answer, words in _ANSWERS.items() for word in words}


@dataclass(frozen=True)
class Names:
    """How the names of one workflow are written in the comparison.

    Attributes:
        steps: the position of each step by its id, such as ``s0``.
        items: the position of each loop by the name of its item, in the present scope.
        questions: steps whose choices are free: their answers are only affirmed or denied.
    """

    steps: Mapping[str, str] = field(default_factory=dict[str, str])
    items: Mapping[str, str] = field(default_factory=dict[str, str])
    questions: frozenset[str] = frozenset()


def moment(text: str) -> str:
    """Return a date or time as one UTC spelling; any other text as it is."""
    if not _DATE.match(text):
        return text
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return text
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def normal_expression(text: str, names: Names) -> str:
    """Return an expression in the one spelling, its tokens with a space between them."""
    found = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    words = [_literal(token.kind, token.text) for token in found]
    words = _outer(_rename(_macros(words), names))
    words = _answers(words, names.questions)
    return " ".join(_size(_size_call(_truth(words))))


def references(normal: str) -> frozenset[str]:
    """Return what a normal expression refers to, such as ``steps.s0.output`` and ``each.title``."""
    words = normal.split(" ")
    found: set[str] = set()
    for index, word in enumerate(words):
        if index and words[index - 1] == ".":
            continue
        if word in _ROOTS or re.match(r"(each|item)\d+\Z", word):
            found.add(_chain(words, index))
    return frozenset(found - {"each"})


def _chain(words: Sequence[str], start: int) -> str:
    chain = [re.sub(r"^each\d+$", "each", words[start])]
    at = start + 1
    while at + 1 < len(words) and words[at] == "." and _NAME.match(words[at + 1]):
        if at + 2 < len(words) and words[at + 2] == "(":
            break
        chain.append(words[at + 1])
        at += 2
    return ".".join(chain)


def _literal(kind: str, text: str) -> str:
    if kind == "number":
        return re.sub(r"\.0+\Z", "", text)  # 20.0 only says that the other side is a double
    return _string(text) if kind == "string" else text


def _string(text: str) -> str:
    quoted = re.match(r"""(?s)(["'])(.*)\1\Z""", text)
    if quoted is None or text.startswith(('"""', "'''")):
        return text
    inner = quoted.group(2)
    if quoted.group(1) == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    return f'"{moment(inner)}"'


def _macros(words: Sequence[str]) -> list[str]:
    out = list(words)
    count = 0
    for index in range(1, len(out) - 3):
        opened = out[index] in _MACROS and out[index - 1] == "." and out[index + 1] == "("
        if not opened or not _NAME.match(out[index + 2]) or out[index + 3] != ",":
            continue
        variable = out[index + 2]
        for at in range(index + 2, _closing(out, index + 1)):
            if out[at] == variable and out[at - 1] != ".":
                out[at] = f"each{count}"
        count += 1
    return out


def _closing(words: Sequence[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return at
    return len(words)


def _rename(words: Sequence[str], names: Names) -> list[str]:
    out = list(words)
    for index, word in enumerate(words):
        if index and words[index - 1] == ".":
            continue
        if word in names.items:
            out[index] = names.items[word]
        if word not in ("steps", "inputs") or index + 2 >= len(words) or words[index + 1] != ".":
            continue
        at = index + 2 + (words[index + 2] == "?")
        if at < len(words):
            out[at] = names.steps.get(words[at], words[at]) if word == "steps" else "any"
    return out


def _outer(words: list[str]) -> list[str]:
    while words and words[0] == "(" and _closing(words, 0) == len(words) - 1:
        words = words[1:-1]
    return words


def _answers(words: list[str], questions: frozenset[str]) -> list[str]:
    if len(words) != 7 or words[0] != "steps" or words[2] not in questions:
        return words
    word = words[6].strip('"').casefold()
    answer = _ANSWER_OF.get(word, word)
    if words[5] == "!=" and answer in _ANSWERS:
        answer = next(other for other in _ANSWERS if other != answer)
        return [*words[:5], "==", f'"{answer}"']
    return [*words[:6], f'"{answer}"']


def _truth(words: list[str]) -> list[str]:
    if len(words) < 3 or words[-1] not in ("true", "false") or {"&&", "||"} & set(words):
        return words
    if words[-2] not in ("==", "!="):
        return words
    holds = (words[-1] == "true") == (words[-2] == "==")
    return words[:-2] if holds else ["!", *words[:-2]]


def _size_call(words: list[str]) -> list[str]:
    if words[-5:-2] != ["size", "(", ")"] or words[-6:-5] != ["."]:
        return words
    return ["size", "(", *words[:-6], ")", *words[-2:]]


def _size(words: list[str]) -> list[str]:
    closes = len(words) - 3
    if len(words) < 6 or words[0] != "size" or _closing(words, 1) != closes:
        return words
    sign, number = words[-2:]
    if not number.isdigit():
        return words
    bound = int(number)
    if sign in (">=", "<") and bound > 0:
        sign, bound = {">=": ">", "<": "<="}[sign], bound - 1
    if bound == 0:
        sign = {"!=": ">", "<=": "=="}.get(sign, sign)
    return [*words[:-2], sign, str(bound)]
