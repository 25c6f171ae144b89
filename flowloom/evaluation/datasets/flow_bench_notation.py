"""Flow-Bench's Python-like notation to and from workflow documents.

Source: Flow-Bench, IBM, arXiv 2505.11646. A flow is assignments of calls, ``if``/``elif``/``else``,
``for``, ``while`` and ``user_task("…")`` for what a person does (an ``ask`` step here).
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from flowloom.errors import DocumentError

__all__ = ["USER_TASK", "parse_flow", "sequence_of", "workflow_from"]

USER_TASK = "user_task"
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "==",
    ast.IsNot: "!=",
    ast.In: "in",
}
_NONE_NAMES = frozenset({"Null", "null", "none", "NULL"})
_STEP_OUTPUT = re.compile(r"\bsteps\.([A-Za-z_]\w*)\.output\b")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_WORDS = {"null": "None", "true": "True", "false": "False"}


def parse_flow(text: str) -> ast.Module:
    """Return the syntax tree of a flow; ``Null`` and its like are ``None``.

    Raises:
        DocumentError: the text is not in the notation.
    """
    try:
        tree = ast.parse(text.strip() + "\n")
    except SyntaxError as error:
        raise DocumentError(
            f"The flow is not in the notation: {error.msg}.", line=error.lineno or 0
        ) from None
    return ast.fix_missing_locations(_NoneNames().visit(tree))


class _NoneNames(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(None) if node.id in _NONE_NAMES else node


def workflow_from(text: str) -> dict[str, Any]:
    """Return the workflow document, as plain data, of a flow that is not empty."""
    reader = _Reader()
    steps = reader.block(parse_flow(text).body, {})
    workflow: dict[str, Any] = {"name": "flow"}
    if reader.inputs:
        workflow["inputs"] = {name: {} for name in sorted(reader.inputs)}
    return {**workflow, "steps": steps}


class _Reader:
    """Turns statements into steps; ``names`` gives the expression that a variable stands for."""

    def __init__(self) -> None:
        self.inputs: set[str] = set()
        self._ids: set[str] = set()

    def block(self, body: list[ast.stmt], names: dict[str, str]) -> list[dict[str, Any]]:
        return [self._step(statement, names) for statement in body]

    def _step(self, statement: ast.stmt, names: dict[str, str]) -> dict[str, Any]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                return self._call(name, call, names)
            case ast.Expr(value=ast.Call() as call):
                return self._call("step", call, names)
            case ast.For(target=ast.Name(id=name), iter=items, body=body):
                step_id = self._free(f"each_{name}")
                loop = {"id": step_id, "for_each": self._cel(items, names), "as": name}
                inner = {**names, name: name}
                return {**loop, "do": self.block(body, inner)}
            case ast.While(test=test, body=body):
                step_id = self._free("repeat")
                return {
                    "id": step_id,
                    "while": self._cel(test, names),
                    "do": self.block(body, names),
                }
            case ast.If():
                return self._if(statement, names)
            case _:
                raise DocumentError(f"The notation has no {ast.unparse(statement)!r}.")

    def _call(self, name: str, call: ast.Call, names: dict[str, str]) -> dict[str, Any]:
        step_id = self._free(name)
        names[name] = f"steps.{step_id}.output"
        function = ast.unparse(call.func)
        if function != USER_TASK:
            return {"id": step_id, "uses": function}
        words = ast.literal_eval(call.args[0]) if call.args else ""
        return {"id": step_id, "ask": str(words)}

    def _if(self, statement: ast.If, names: dict[str, str]) -> dict[str, Any]:
        step: dict[str, Any] = {"id": self._free("check")}
        step["if"] = self._cel(statement.test, names)
        step["then"] = self.block(statement.body, names)
        rest = statement.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            branch = rest[0]
            condition = self._cel(branch.test, names)
            step.setdefault("elif", []).append(
                {"if": condition, "then": self.block(branch.body, names)}
            )
            rest = branch.orelse
        if rest:
            step["else"] = self.block(rest, names)
        return step

    def _free(self, wish: str) -> str:
        step_id = wish
        number = 2
        while step_id in self._ids:
            step_id, number = f"{wish}_{number}", number + 1
        self._ids.add(step_id)
        return step_id

    def _cel(self, node: ast.expr, names: dict[str, str]) -> str:
        match node:
            case ast.Name(id=name):
                if name not in names:
                    self.inputs.add(name)
                return names.get(name, f"inputs.{name}")
            case ast.Attribute(value=value, attr=attr):
                return f"{self._cel(value, names)}.{attr}"
            case ast.Constant(value=value):
                return json.dumps(value, ensure_ascii=False)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"!({self._cel(operand, names)})"
            case ast.BoolOp(op=op, values=values):
                sign = " && " if isinstance(op, ast.And) else " || "
                return "(" + sign.join(self._cel(value, names) for value in values) + ")"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(left, op, right, names)
            case ast.Call(func=ast.Name(id="len"), args=[value]):
                return f"size({self._cel(value, names)})"
            case _:
                raise DocumentError(f"The notation has no expression {ast.unparse(node)!r}.")

    def _compare(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr, names: dict[str, str]
    ) -> str:
        one, other = self._cel(left, names), self._cel(right, names)
        if isinstance(op, ast.NotIn):
            return f"!({one} in {other})"
        return f"{one} {_COMPARE[type(op)]} {other}"


def sequence_of(workflow: dict[str, Any]) -> str:
    """Return a workflow document as text in the notation.

    Raises:
        DocumentError: a step kind or an expression has no counterpart in the notation.
    """
    return "\n".join(_lines(workflow.get("steps", []), "")) + "\n"


def _lines(steps: list[dict[str, Any]], indent: str) -> list[str]:
    lines: list[str] = []
    for step in steps:
        lines += _step_lines(step, indent)
    return lines or [f"{indent}pass"]


def _step_lines(step: dict[str, Any], indent: str) -> list[str]:
    if "uses" in step:
        return [f"{indent}{step['id']} = {step['uses']}()"]
    if "ask" in step:
        return [
            f"{indent}{step['id']} = {USER_TASK}({json.dumps(step['ask'], ensure_ascii=False)})"
        ]
    if "for_each" in step:
        head = f"for {step.get('as', 'item')} in {_python(step['for_each'])}:"
        return [indent + head, *_lines(step["do"], indent + "  ")]
    if "while" in step:
        return [f"{indent}while {_python(step['while'])}:", *_lines(step["do"], indent + "  ")]
    if "if" in step:
        return _if_lines(step, indent)
    raise DocumentError(f"The notation has no counterpart for the step {step.get('id')!r}.")


def _if_lines(step: dict[str, Any], indent: str) -> list[str]:
    lines = [f"{indent}if {_python(step['if'])}:", *_lines(step["then"], indent + "  ")]
    for branch in step.get("elif", []):
        lines += [f"{indent}elif {_python(branch['if'])}:", *_lines(branch["then"], indent + "  ")]
    if step.get("else"):
        lines += [f"{indent}else:", *_lines(step["else"], indent + "  ")]
    return lines


def _python(expression: str) -> str:
    """Return a CEL expression of the subset that the notation has, in Python's words."""
    text = expression.strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2].strip()
    strings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        strings.append(match.group())
        return f"\x00{len(strings) - 1}\x00"

    text = _STEP_OUTPUT.sub(r"\1", _STRING.sub(keep, text)).replace("inputs.", "")
    text = re.sub(r"!(?!=)", " not ", text).replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"\bsize\(", "len(", text)
    text = re.sub(r"\b(null|true|false)\b", lambda found: _WORDS[found.group()], text)
    text = re.sub(r"([\w.]+)\.contains\((\x00\d+\x00)\)", r"\2 in \1", text)
    text = re.sub(r"\x00(\d+)\x00", lambda found: strings[int(found.group(1))], text).strip()
    try:
        return ast.unparse(ast.parse(text, mode="eval"))
    except SyntaxError:
        raise DocumentError(f"The notation has no expression {expression!r}.") from None
