"""How a flow is compared with the expected one: pure functions over texts in the notation."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

from flowloom.evaluation.datasets.flow_bench_notation import USER_TASK, parse_flow

__all__ = ["Variant", "calls_in", "exact_match", "hallucinated", "recall"]

Variant: TypeAlias = Literal["strict", "any_task_wording", "any_condition"]


def exact_match(expected: str, found: str, variant: Variant = "strict") -> bool:
    """Return whether two flows have equal syntax trees after their variables are renamed.

    Each assignment and each loop variable gets a number in order of binding; a use gets the number
    of the newest binding before it. Names that nothing binds stay as they are.
    ``any_task_wording`` ignores the words of user tasks, ``any_condition`` the tests of ``if`` and
    ``while``.
    """
    return _normal(expected, variant) == _normal(found, variant)


def _normal(text: str, variant: Variant) -> str:
    tree = parse_flow(text)
    _Renamer(variant).block(tree.body)
    return ast.dump(tree)


class _Renamer:
    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._names: dict[str, str] = {}
        self._count = 0

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=ast.Call() as call):
                self._call(call)
                self._bind(target)
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case ast.For(target=ast.Name() as target, iter=items, body=body):
                self._use(items)
                self._bind(target)
                self.block(body)
            case ast.While(body=body):
                statement.test = self._test(statement.test)
                self.block(body)
            case ast.If(body=body, orelse=orelse):
                statement.test = self._test(statement.test)
                self.block(body)
                self.block(orelse)
            case _:
                pass

    def _bind(self, name: ast.Name) -> None:
        self._names[name.id] = f"v{self._count}"
        self._count += 1
        name.id = self._names[name.id]

    def _use(self, node: ast.AST) -> None:
        for name in ast.walk(node):
            if isinstance(name, ast.Name):
                name.id = self._names.get(name.id, name.id)

    def _test(self, test: ast.expr) -> ast.expr:
        if self._variant == "any_condition":
            return ast.Constant(True)
        self._use(test)
        return test

    def _call(self, call: ast.Call) -> None:
        if self._variant == "any_task_wording" and ast.unparse(call.func) == USER_TASK:
            call.args = []


def calls_in(text: str) -> list[str]:
    """Return the components that a flow calls, in order; user tasks are none."""
    if not text.strip():
        return []
    nodes = ast.walk(copy.deepcopy(parse_flow(text)))
    names = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    return [name for name in names if name not in (USER_TASK, "len")]


def hallucinated(text: str, catalog: Collection[str]) -> list[str]:
    """Return the calls of a flow that the catalog does not have."""
    return [name for name in calls_in(text) if name not in catalog]


def recall(expected: Iterable[str], candidates: Collection[str]) -> tuple[int, int]:
    """Return how many of the expected components were found, and how many there are."""
    wanted = set(expected)
    return len(wanted & set(candidates)), len(wanted)
