"""The rule that mends ``price > 10``: whole-number literals against doubles."""

from __future__ import annotations

import re

from flowloom.workflow.cel.ast import Call, Const, ListNode, Node, decode, descend
from flowloom.workflow.cel.environment import ExpressionEnvironment
from flowloom.workflow.cel.library import parse_text

__all__ = ["rewrite_int_literals"]

_INTEGER = re.compile(r"-?\s*\d+(?![\dxXuU.eE])")
_ARITHMETIC = frozenset({"_+_", "_-_", "_*_", "_/_", "-_", "_?_:_"})
_MIXING = _ARITHMETIC | {"_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "@in"}
_ROUNDS = 8


def rewrite_int_literals(text: str, environment: ExpressionEnvironment) -> str | None:
    """Write integer literals as doubles where the other side is a double.

    Only literals beside an operator that the check complains about change.

    Returns:
        The mended expression, which checks without problems; None if this does not mend it.
    """
    current = text
    for _ in range(_ROUNDS):
        checked = environment.check(current)
        if checked.ok:
            return current if current != text else None
        if any(problem.kind != "type" for problem in checked.problems):
            return None
        columns = {problem.column for problem in checked.problems}
        mended = _with_doubles(current, columns)
        if mended == current:
            return None
        current = mended
    return None


def _with_doubles(text: str, columns: set[int]) -> str:
    parsed = parse_text(text)
    if isinstance(parsed, list):
        return text
    places: set[int] = set()
    for node in descend(decode(parsed)):
        if isinstance(node, Call) and node.position + 1 in columns and node.function in _MIXING:
            for operand in node.operands:
                places |= _literals(operand)
    for place in sorted(places, reverse=True):
        match = _INTEGER.match(text, place)
        if match is not None:
            text = f"{text[: match.end()]}.0{text[match.end() :]}"
    return text


def _literals(node: Node) -> set[int]:
    """Return where the integer literals stand that decide the type of a node."""
    match node:
        case Const(kind="int"):
            return {node.position}
        case Call() if node.function in _ARITHMETIC:
            return {place for operand in node.operands for place in _literals(operand)}
        case ListNode():
            return {place for item in node.items for place in _literals(item)}
        case _:
            return set()
