"""A workflow in one form, so that two that do the same compare equal.

Names, descriptions, connections and the names of steps, inputs and loop items do not count: a step
is called by its position in reading order. Equal ways of saying one thing come out the same: a
duration in seconds, a schedule as the times at which it fires, ``core.wait`` and a ``wait`` step,
``person.ask`` and an ``ask`` step, ``#eng`` and ``eng`` as a channel, the path of a file that an
earlier step has written and that step's ``output.path``, an input left out and one given as its
default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from flowloom.errors import ExpressionError
from flowloom.evaluation.equality.expressions import Names, moment, normal_expression
from flowloom.workflow.templates import LiteralPart, bare_expression, parse_template

__all__ = ["Defaults", "normal_condition", "normal_input", "normal_workflow", "positions"]

Data: TypeAlias = dict[str, Any]
Defaults: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The default of each input, by component."""

_BLOCKS = ("then", "else", "do", "default", "try", "catch", "finally")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NUMBERS = {name: str(number) for number, name in [*enumerate(_DAYS), *enumerate(_MONTHS, 1)]}
_WRITES = re.compile(
    r"(file\.(write|append|copy|move|zip)|(csv|json|yaml|xml)\.write_file|http\.download)"
)
_WRITTEN = re.compile(r"steps\.(\w+)\.output\.path\Z")


@dataclass(frozen=True)
class _Scope:
    names: Names
    defaults: Defaults
    written: Mapping[str, Any] = field(default_factory=dict[str, Any])


def positions(workflow: Data) -> dict[str, str]:
    """Return the place of each step, such as ``s0``, by its id, in reading order."""
    found: list[str] = []

    def visit(steps: Sequence[Data]) -> None:
        for step in steps:
            found.append(str(step.get("id")))
            for block in _blocks(step):
                visit(block)

    visit(workflow.get("steps") or [])
    return {step: f"s{index}" for index, step in enumerate(found)}


def normal_workflow(
    workflow: Data, *, questions: frozenset[str] = frozenset(), defaults: Defaults | None = None
) -> Data:
    """Return a workflow in the one form; ``place`` says which step of the document each one is.

    Args:
        questions: places (``s0``) of questions whose choices are free.
        defaults: the default of each input, by component.
    """
    names = Names(steps=positions(workflow), questions=questions)
    scope = _Scope(names, defaults or {}, dict(_written(workflow.get("steps") or [])))
    out: Data = {"steps": _block(workflow.get("steps") or [], scope)}
    trigger = workflow.get("trigger")
    if trigger and trigger["uses"] != "core.manual":
        out["trigger"] = {"place": "trigger", **_call(trigger, scope)}
    if workflow.get("outputs"):
        out["outputs"] = _value(workflow["outputs"], scope)
    return out


def normal_input(name: str, value: Any, names: Names) -> Any:
    """Return the value of an input in the one form; ``name`` tells what a text stands for."""
    return _input(name, value, _Scope(names, {}))


def normal_condition(text: Any, names: Names) -> Any:
    """Return an expression, with or without ``${{ }}``, in the one form; a broken one as it is."""
    return _expression(text, _Scope(names, {}))


def _blocks(step: Data) -> list[list[Data]]:
    cases = [case.get("do") or [] for case in step.get("cases") or []]
    branches = [branch.get("then") or [] for branch in step.get("elif") or []]
    named = {key: step.get(key) or [] for key in _BLOCKS}
    first = [named.pop("then")]
    return [*first, *branches, *cases, *(step.get("parallel") or []), *named.values()]


def _written(steps: Sequence[Data]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for step in steps:
        inputs = step.get("with") or {}
        path = inputs.get("target", inputs.get("path"))
        if _WRITES.match(str(step.get("uses"))) and path is not None:
            found.append((step["id"], path))
        for block in _blocks(step):
            found += _written(block)
    return found


def _block(steps: Sequence[Data], scope: _Scope) -> list[Data]:
    places = scope.names.steps
    return [{"place": places[str(step.get("id"))], **_step(step, scope)} for step in steps]


def _step(step: Data, scope: _Scope) -> Data:
    if "uses" in step:
        return _same_as_step(_call(step, scope))
    if "wait" in step:
        return _wait(step["wait"], scope)
    plain = ("ask", "to", "choices", "stop", "status")
    out: Data = {key: _value(step[key], scope) for key in plain if key in step}
    for key in ("if", "switch", "while", "for_each"):
        if key in step:
            out[key] = _expression(step[key], scope)
    inner = _inside(step, scope) if "for_each" in step else scope
    out |= {key: _block(step[key], inner) for key in _BLOCKS if step.get(key)}
    return out | _branches(step, scope)


def _branches(step: Data, scope: _Scope) -> Data:
    out: Data = {}
    if step.get("elif"):
        out["elif"] = [
            {"if": _expression(item["if"], scope), "then": _block(item["then"], scope)}
            for item in step["elif"]
        ]
    if step.get("cases"):
        cases = [{"when": item["when"], "do": _block(item["do"], scope)} for item in step["cases"]]
        out["cases"] = [case for case in cases if case["do"]]
    if step.get("parallel"):
        out["parallel"] = [_block(branch, scope) for branch in step["parallel"]]
    return out


def _inside(step: Data, scope: _Scope) -> _Scope:
    name = step.get("as", "item")
    items = {**scope.names.items, name: f"item{len(scope.names.items)}"}
    return replace(scope, names=replace(scope.names, items=items))


def _call(step: Data, scope: _Scope) -> Data:
    uses = str(step["uses"]).split("@")[0]
    defaults = scope.defaults.get(uses, {})
    inputs = {
        name: _input(name, value, scope)
        for name, value in (step.get("with") or {}).items()
        if name not in defaults or value != defaults[name]
    }
    out: Data = {"uses": uses, "with": inputs}
    if step.get("retry"):
        out["retry"] = {**step["retry"]}
        if "delay" in out["retry"]:
            out["retry"]["delay"] = _seconds(out["retry"]["delay"])
    if step.get("on_error", "fail") != "fail":
        out["on_error"] = step["on_error"]
    return out


def _input(name: str, value: Any, scope: _Scope) -> Any:
    if name == "cron" and isinstance(value, str):
        return _fires(value)
    if name == "duration" and isinstance(value, str):
        return _seconds(value)
    normal = _value(value, scope)
    if name == "channel" and isinstance(normal, str):
        return normal.removeprefix("#")
    return normal


def _same_as_step(call: Data) -> Data:
    inputs = call["with"]
    match call["uses"]:
        case "core.wait":
            return {"wait": inputs.get("duration")}
        case "core.wait_until":
            return {"wait": inputs.get("time")}
        case "person.ask":
            return {"ask": inputs.get("question")}
        case "person.choose":
            return {"ask": inputs.get("question"), "choices": inputs.get("options")}
        case _:
            return call


def _wait(text: str, scope: _Scope) -> Data:
    time = re.match(r"""\s*timestamp\(\s*["'](.+)["']\s*\)\s*\Z""", _bare(text))
    if time:
        return {"wait": moment(time.group(1))}
    return {"wait": _seconds(text) if "${{" not in text else _value(text, scope)}


def _expression(text: Any, scope: _Scope) -> Any:
    if not isinstance(text, str):
        return text
    return normal_expression(_bare(text), scope.names)


def _bare(text: str) -> str:
    """Return an expression without its braces; a broken one as it is."""
    try:
        return bare_expression(text) or text
    except ExpressionError:
        return text


def _value(value: Any, scope: _Scope) -> Any:
    if isinstance(value, dict):
        return {key: _value(item, scope) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item, scope) for item in value]
    return _text(value, scope) if isinstance(value, str) else value


def _text(text: str, scope: _Scope) -> Any:
    try:
        template = parse_template(text)
    except ExpressionError:
        return text
    if template.is_literal:
        return moment(template.literal)
    if template.is_expression:
        written = _WRITTEN.match(template.expressions[0].text.strip())
        if written and written.group(1) in scope.written:
            return _value(scope.written[written.group(1)], scope)
    return "".join(
        part.text
        if isinstance(part, LiteralPart)
        else f"${{{{ {normal_expression(part.text, scope.names)} }}}}"
        for part in template.parts
    )


def _seconds(text: str) -> Any:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return text
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _fires(cron: str) -> Any:
    fields = cron.upper().split()
    if len(fields) != len(_CRON):
        return cron
    try:
        found = [_field(text, *bounds) for text, bounds in zip(fields, _CRON, strict=True)]
    except ValueError:
        return cron
    found[4] = sorted({day % 7 for day in found[4]})
    return found


def _field(text: str, low: int, high: int) -> list[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        ends = [_NUMBERS.get(end, end) for end in span.split("-")]
        if span == "*":
            first, last = low, high
        else:
            first, last = int(ends[0]), int(ends[-1])
            last = high if step and len(ends) == 1 else last
        if not low <= first <= last <= high:
            raise ValueError(f"{part!r} is outside {low} to {high}")
        found |= set(range(first, last + 1, int(step or 1)))
    return sorted(found)
