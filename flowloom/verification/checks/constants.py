"""FL408 and FL409: expressions with one outcome, and operations that fail on any values.

The outcome of an expression that names nothing is known: it is held against the input too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flowloom.errors import ExpressionError
from flowloom.verification.checks.inputs import (
    WAIT_HINT,
    WRONG_FORMAT,
    WRONG_VALUE,
    is_wait,
    target_of,
)
from flowloom.verification.compatibility import misfit
from flowloom.verification.facts import Facts, Finding, Site
from flowloom.verification.literals import literal_problems
from flowloom.verification.registry import check, rule
from flowloom.workflow.cel.ast import Call, Const, ListNode, MapNode, Node, descend
from flowloom.workflow.cel.evaluation import evaluate

__all__: list[str] = []

CONSTANT = rule(
    "FL408",
    "note",
    "An expression that names nothing that can change.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: \"${{ 'hello ' + 'world' }}\"}}",
)
FAILS = rule(
    "FL409",
    "error",
    "A division by zero, an index that a literal does not have, a pattern that is none.",
    example="name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
    "  - {id: a, uses: demo.log, with: {text: 'n: ${{ steps.r.output.count / 0 }}'}}",
)
_DIVISIONS = {"_/_": "division by", "_%_": "remainder of a division by"}
_PATTERNS = frozenset(["matches", "regex.extract", "regex.extractAll", "regex.replace"])
"""Functions whose second operand is a regular expression."""
_MAY_FAIL = ("/", "%", "[", "matches", "regex.")
_NUMBERS = ("int", "uint", "double")


@check("site", (CONSTANT,))
def constants(_: Facts, site: Site) -> Iterator[Finding]:
    """Note inputs whose expression has one outcome, and what it is."""
    if site.role not in ("input", "output", "text") or "$" in site.text:
        return  # ${{ '$' }} writes what else were an escape.
    value = _outcome(site)
    if value is None:
        return  # Not text and no value: what it feeds says whether that may be.
    shown = json.dumps(value, ensure_ascii=False)
    yield Finding(
        code=CONSTANT,
        path=site.path,
        message=f"The expression names nothing that can change; it is always {shown:.80}.",
        hint="Write the value itself.",
        step=site.step,
        column=site.column,
    )


def _outcome(site: Site) -> Any:
    """Return what an expression always gives; None if it is not constant, or fails."""
    checked = site.checked
    if checked is None or not checked.ok or not checked.constant:
        return None
    try:
        return evaluate(site.text, {})
    except ExpressionError:
        return None  # Other checks say so.


@check("site", (WRONG_VALUE, WRONG_FORMAT))
def constant_values(facts: Facts, site: Site) -> Iterator[Finding]:
    """Report constant expressions whose value the input, or a wait, does not take."""
    if site.role not in ("input", "wait") or not site.whole:
        return
    value = _outcome(site)
    if value is None:
        return
    if site.role == "wait":
        if isinstance(value, str) and not is_wait(value):
            said = f"{value!r:.60} is neither a duration nor a time."
            yield _refused(site, WRONG_FORMAT, said, WAIT_HINT)
        return
    target = target_of(facts, site.path)
    if target is None or misfit(site.schema, target) is not None:
        return  # Where the type does not fit, that is said already.
    for problem in literal_problems(value, target):
        code = WRONG_FORMAT if problem.kind == "form" else WRONG_VALUE
        said = f"The expression always gives {value!r:.60}: {problem.message}"
        yield _refused(site, code, said, problem.hint, problem.candidates)


def _refused(
    site: Site, code: str, said: str, hint: str, candidates: tuple[str, ...] = ()
) -> Finding:
    return Finding(
        code=code,
        path=site.path,
        message=said,
        hint=hint,
        candidates=candidates,
        step=site.step,
        column=site.column,
    )


@check("site", (FAILS,))
def failing_operations(_: Facts, site: Site) -> Iterator[Finding]:
    """Report divisions by a literal zero, indices outside of literals, and bad patterns."""
    tree = site.checked.tree if site.checked else None
    if tree is None or not any(sign in site.text for sign in _MAY_FAIL):
        return
    for node in descend(tree):
        said = _failure(node) if isinstance(node, Call) else ""
        if said:
            yield Finding(
                code=FAILS,
                path=site.path,
                message=said,
                hint="Every run that gets here fails.",
                step=site.step,
                column=site.column + max(node.position, 0),
            )


def _failure(node: Call) -> str:
    if node.function in _DIVISIONS and len(node.arguments) == 2:
        divisor = _number(node.arguments[1])
        return f"A {_DIVISIONS[node.function]} zero always fails." if divisor == 0 else ""
    if node.function in _PATTERNS:
        return _bad_pattern(node.operands[1])
    return _missing_entry(*node.arguments) if node.function == "_[_]" else ""


def _bad_pattern(pattern: Node) -> str:
    """Return why a literal is no regular expression; empty if it is one, or no literal."""
    if not isinstance(pattern, Const) or not isinstance(pattern.value, str):
        return ""
    try:
        evaluate("''.matches(pattern)", {"pattern": pattern.value})
    except ExpressionError:
        return f"{pattern.value!r:.60} is no regular expression."
    return ""


def _missing_entry(operand: Node, index: Node) -> str:
    """Return why an index is in no list or map of that form; empty if it may be."""
    place: Any = index.value if isinstance(index, Const) else _number(index)
    if isinstance(place, bool) or not isinstance(place, int | str):
        return ""
    if isinstance(operand, ListNode):
        count = len(operand.items)
        inside = isinstance(place, int) and 0 <= place < count
        return "" if inside else f"There is no entry [{place!r}] in a list of {count}."
    if isinstance(operand, MapNode):
        keys = [key.value for key, _ in operand.entries if isinstance(key, Const)]
        whole = len(keys) == len(operand.entries)
        listed = ", ".join(map(repr, keys[:8])) or "none"
        return (
            f"There is no key {place!r} in it. There are: {listed}."
            if (whole and place not in keys)
            else ""
        )
    negative = isinstance(place, int) and place < 0
    return f"A list has no entry [{place}]; the first is [0]." if negative else ""


def _number(node: Node) -> float | None:
    """Return the value of a number made of literals, None if it is not one."""
    if isinstance(node, Const):
        return node.value if node.kind in _NUMBERS else None
    if not isinstance(node, Call):
        return None
    values = [_number(item) for item in node.operands]
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    match node.function, known:
        case "-_", [one]:
            return -one
        case "_+_", [one, other]:
            return one + other
        case "_-_", [one, other]:
            return one - other
        case "_*_", [one, other]:
            return one * other
        case "int" | "double", [one]:
            return one
        case _:
            return None
