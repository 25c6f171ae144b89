"""Compiler messages in plain English, with the names that exist nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from flowloom.errors import nearest
from flowloom.workflow.cel.ast import Call, Const, Ident, Node, Select, descend
from flowloom.workflow.cel.library import FUNCTIONS, RawProblem
from flowloom.workflow.cel.references import chain_of
from flowloom.workflow.cel.results import ExpressionProblem, Reference

__all__ = ["Scope", "explain", "syntax_problem", "type_in_words"]

_ALIASES = {
    "abs": "math.abs",
    "average": "avg",
    "ceil": "math.ceil",
    "concat": "+",
    "default": "orValue",
    "find": "filter",
    "float": "double",
    "floor": "math.floor",
    "includes": "contains",
    "len": "size",
    "length": "size",
    "lower": "lowerAscii",
    "max": "math.greatest",
    "min": "math.least",
    "parseInt": "int",
    "round": "math.round",
    "some": "exists",
    "str": "string",
    "strip": "trim",
    "toLowerCase": "lowerAscii",
    "toString": "string",
    "toUpperCase": "upperAscii",
    "upper": "upperAscii",
}
_OPERATORS = {"@in": "in", "_?_:_": "?:", "_[_]": "[]", "_[?_]": "[?]", "-_": "-", "!_": "!"}
_LOGICAL = ("_&&_", "_||_", "!_")
_NUMBERS = ("integer", "number")


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be named: variables, and the fields of an object type by its CEL name."""

    variables: tuple[str, ...]
    fields: Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Site:
    """One raw problem with the tree it stands in; ``offset`` is 0-based, -1 if unknown."""

    raw: str
    offset: int
    root: Node
    scope: Scope

    def find(self, kind: type[Select] | type[Call]) -> Any:
        return next((n for n in descend(self.root) if self._is(n, kind)), None)

    def _is(self, node: Node, kind: type[Node]) -> bool:
        return isinstance(node, kind) and node.position == self.offset


def explain(raw: RawProblem, offset: int, root: Node, scope: Scope) -> ExpressionProblem:
    """Return a problem for one message about names or types."""
    site = _Site(raw.message, offset, root, scope)
    for pattern, make in _READERS:
        match = pattern.match(raw.message)
        if match is not None:
            return make(site, match)
    return ExpressionProblem("other", f"{raw.message}.", offset + 1)


def _unknown_name(site: _Site, match: re.Match[str]) -> ExpressionProblem:
    name = match.group(1)
    call = site.find(Call)
    if call is not None and _called(call, name):
        return _unknown_function(name, site.offset)
    variable = name.removeprefix(".").split(".")[0]
    positions = [
        node.position
        for node in descend(site.root)
        if isinstance(node, Ident) and node.name == variable and node.position <= site.offset
    ]
    column = max(positions, default=site.offset) + 1
    return ExpressionProblem(
        "unknown_name",
        f"There is no variable {variable!r} here. {nearest(variable, site.scope.variables)}",
        column,
        _near(variable, site.scope.variables),
        name=variable,
    )


def _called(call: Call, name: str) -> bool:
    bare = name.rpartition(".")[2]
    return call.function in (name, bare)


def _unknown_function(name: str, offset: int) -> ExpressionProblem:
    bare = name.rpartition(".")[2]
    candidates = _near(name, FUNCTIONS) or _near(bare, FUNCTIONS)
    if bare in _ALIASES:
        rest = [item for item in candidates if item != _ALIASES[bare]]
        candidates = (_ALIASES[bare], *rest)[:3]
    hint = "Use the variable run.started_at for the time." if bare in ("now", "today") else ""
    shown = ", ".join(repr(item) for item in candidates)
    message = f"There is no function {name!r}." + (f" Nearest: {shown}." if shown else "")
    column = max(offset - len(bare), 0) + 1
    return ExpressionProblem("unknown_name", message, column, candidates, hint, name)


def _unknown_field(site: _Site, match: re.Match[str]) -> ExpressionProblem:
    return _no_field(site, match.group(1), match.group(2))


def _no_field(site: _Site, field: str, message_type: str) -> ExpressionProblem:
    names = site.scope.fields(message_type)
    node = site.find(Select) or site.find(Call)
    owner, selected, shift = _selection(node)
    if isinstance(node, Select) and node.test and (chain := chain_of(node.operand)):
        # has( is placed at its bracket; the field stands behind the operand.
        shift = chain.variable.position + len(owner) + 1 - site.offset
    field = selected or names.get(field, field)
    known = list(names.values())
    what = f"{owner or 'The object'} has no field {field!r}."
    if owner == "steps":
        what = f"There is no step {field!r}."
    return ExpressionProblem(
        "unknown_field",
        f"{what} {nearest(field, known) or 'It has no fields.'}",
        site.offset + shift + 1,
        _near(field, known),
        name=field,
    )


def _selection(node: Node | None) -> tuple[str, str, int]:
    """Return the text of the operand, the selected name, and where it begins."""
    match node:
        case Select():
            operand, field, shift = node.operand, node.field, 0 if node.test else 1
        case Call(arguments=(operand, Const(value=str() as field))):
            shift = 2 if node.function == "_?._" else 1
        case _:
            return "", "", 0
    chain = chain_of(operand)
    if chain is None or chain.full is None:
        return "", field, shift
    return Reference(chain.variable.name, chain.full[1:], 0).text, field, shift


def _no_select(site: _Site, match: re.Match[str]) -> ExpressionProblem:
    kind = type_in_words(match.group(1))
    owner, field, shift = _selection(site.find(Select) or site.find(Call))
    if kind.startswith("list"):
        hint = "Take one item first, such as [0], or use map(), filter() or exists()."
    elif field in ("length", "size", "count"):
        hint = "Use size(…)."
    else:
        hint = ""
    return ExpressionProblem(
        "type",
        f"{owner or 'This'} is {_article(kind)} and has no field {field!r}.",
        site.offset + shift + 1,
        hint=hint,
        name=field,
    )


def _no_range(site: _Site, match: re.Match[str]) -> ExpressionProblem:
    kind = type_in_words(match.group(1))
    hint = "Write dyn(…) around it to go through its names." if kind == "object" else ""
    return ExpressionProblem(
        "type", f"{_article(kind).capitalize()} cannot be looped over.", site.offset + 1, hint=hint
    )


def _no_overload(site: _Site, match: re.Match[str]) -> ExpressionProblem:
    function, raw_types = match.group(1), _split(match.group(2))
    kinds = [type_in_words(item) for item in raw_types]
    call = site.find(Call)
    if function in ("_[_]", "_[?_]") and kinds[0] == "object" and call is not None:
        key = call.arguments[1]
        if isinstance(key, Const) and isinstance(key.value, str):
            return _no_field(site, key.value, raw_types[0])
    name = _OPERATORS.get(function, function.strip("_"))
    message, hint = _mismatch(function, name, kinds)
    return ExpressionProblem("type", message, site.offset + 1, hint=hint, name=name)


def _mismatch(function: str, name: str, kinds: list[str]) -> tuple[str, str]:
    if function == "_?_:_":
        return _conditional(kinds)
    if function in _LOGICAL:
        wrong = next((kind for kind in kinds if kind not in ("boolean", "anything")), kinds[0])
        return f"{name!r} needs booleans, not {_article(wrong)}.", _boolean_hint(wrong)
    symbol = not name[0].isalpha() or name == "in"
    shown = f"{name!r}" if symbol else f"{name}()"
    listed = " and ".join(_article(kind) for kind in kinds) or "no argument"
    return f"{shown} does not work on {listed}.", _hint(name, kinds)


def _conditional(kinds: list[str]) -> tuple[str, str]:
    condition, *branches = kinds
    if condition not in ("boolean", "anything"):
        return (
            f"The condition before '?' must be a boolean, not {_article(condition)}.",
            _boolean_hint(condition),
        )
    listed = " and ".join(_article(kind) for kind in branches)
    hint = _hint("?:", branches) or "Write dyn(…) around one of them to allow both."
    return f"Both results of '?:' must have the same type; they are {listed}.", hint


def _boolean_hint(kind: str) -> str:
    if kind.startswith("string"):
        return "Compare it, such as … != ''."
    if kind in _NUMBERS:
        return "Compare it, such as … > 0."
    if kind.startswith(("list", "map")):
        return "Test size(…) > 0."
    return ""


def _hint(name: str, kinds: list[str]) -> str:
    if len(kinds) > 1 and "null" in kinds:
        return "This value is never null; has(…) tests whether it is there."
    flat = " ".join(kinds).replace("list of ", "").split()
    if set(flat) >= set(_NUMBERS) and len(kinds) > 1:
        return "Write a whole number as 10.0, or convert the integer with double(…)."
    if name == "+" and "string" in kinds:
        return "Convert the other value with string(…)."
    if name == "in" and kinds[-1] == "object":
        return "Use has(object.name)."
    if kinds.count("object") > 1:
        return "The objects have different fields; write dyn(…) around one of them."
    if "object" in kinds:
        return "Select one of its fields, or write dyn(…) around it."
    return ""


def _split(text: str) -> list[str]:
    """Split ``int, map(string, int)`` at the outer commas."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "(<") - (char in ")>")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


_WORDS = {
    "int": "integer",
    "uint": "unsigned integer",
    "double": "number",
    "bool": "boolean",
    "string": "string",
    "bytes": "bytes",
    "null_type": "null",
    "null": "null",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "timestamp": "timestamp",
    "duration": "duration",
    "type": "type",
}


def type_in_words(text: str) -> str:
    """Return CEL's name of a type in plain words, such as ``list of string``."""
    head, _, rest = text.partition("(")
    inner = _split(rest.removesuffix(")"))
    if head == "list" and inner:
        return f"list of {type_in_words(inner[0])}"
    if head == "map" and inner:
        return f"map of {type_in_words(inner[-1])}"
    if head == "wrapper" and inner:
        return f"{type_in_words(inner[0])} or null"
    if head == "optional_type" and inner:
        return f"optional {type_in_words(inner[0])}"
    if head in _WORDS:
        return _WORDS[head]
    return "object" if "." in head else "anything"


def _article(kind: str) -> str:
    if kind in ("anything", "null", "bytes"):
        return kind
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(get_close_matches(name, list(known), n=3, cutoff=0.5))


_READERS: list[tuple[re.Pattern[str], Callable[[_Site, re.Match[str]], ExpressionProblem]]] = [
    (re.compile(r"undeclared reference to '([^']*)'"), _unknown_name),
    (re.compile(r"undefined field '(.*)' not found in struct '([^']*)'"), _unknown_field),
    (re.compile(r"expression of type '([^']*)' cannot be the operand of a select"), _no_select),
    (re.compile(r"expression of type '([^']*)' cannot be the range"), _no_range),
    (re.compile(r"found no matching overload for '([^']*)' applied to '\((.*)\)'"), _no_overload),
]

_SYNTAX: list[tuple[re.Pattern[str], str, str]] = [
    (re.compile(r"token recognition error at: '= ?"), "'=' alone is no operator", "Use '=='."),
    (re.compile(r"token recognition error at: '\|"), "'|' is no operator", "Use '||' for or."),
    (re.compile(r"token recognition error at: '&"), "'&' is no operator", "Use '&&' for and."),
    (
        re.compile(r"token recognition error at: '\$"),
        "'$' cannot stand in an expression",
        "Write the names without '${{ }}'.",
    ),
    (re.compile(r"token recognition error at: '[\"']"), "a string is not closed", ""),
    (re.compile(r".*input 'and'"), "'and' is no operator", "Use '&&'."),
    (re.compile(r".*input 'or'"), "'or' is no operator", "Use '||'."),
    (re.compile(r".*input 'is'"), "'is' is no operator", "Use '=='."),
    (re.compile(r".*'<EOF>'"), "the expression ends too early", ""),
    (re.compile(r"missing '?(\S+?)'? at"), "something is missing", ""),
    (re.compile(r"(?:mismatched|extraneous) input '(.*?)' expecting"), "unexpected {0!r}", ""),
    (re.compile(r"no viable alternative at input '(.*?)'"), "unexpected {0!r}", ""),
    (re.compile(r"token recognition error at: '(.*?)'"), "unexpected {0!r}", ""),
]
_NEGATION = re.compile(r"\s*not\s")


def syntax_problem(raw: RawProblem, offset: int, text: str) -> ExpressionProblem:
    """Return a problem for a text that cannot be parsed."""
    column = offset + 1
    if not text.strip():
        return ExpressionProblem("syntax", "The expression is empty.", column)
    if "recursion" in raw.message:
        return ExpressionProblem(
            "syntax",
            "The expression is nested more than 32 levels deep.",
            max(column, 0),
            hint="Split it over several steps.",
        )
    if _NEGATION.match(text):
        return ExpressionProblem("syntax", "'not' is no operator.", column, hint="Use '!'.")
    message = raw.message.removeprefix("Syntax error: ")
    for pattern, what, hint in _SYNTAX:
        match = pattern.match(message)
        if match is not None:
            what = what.format(*match.groups())
            return ExpressionProblem("syntax", f"Not valid CEL: {what}.", column, hint=hint)
    return ExpressionProblem("syntax", f"Not valid CEL: {message.rstrip('.')}.", column)
