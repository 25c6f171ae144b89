"""One comparison as CEL, by the type of what is compared."""

from __future__ import annotations

import json
import re

from flowloom.offline.comparing.comparison import Condition, Scalar
from flowloom.offline.rendering.schemas import Typed, kind_of_schema, list_in

__all__ = ["DATE", "comparison_of", "literal_of", "weekday_test"]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\S+)?\Z")


def comparison_of(condition: Condition, value: Typed) -> str:
    """Return a comparison of a value as CEL."""
    kind = kind_of_schema(value.schema)
    left = value.expression
    match condition.operator:
        case "empty" | "not empty":
            return _emptiness(condition, value, kind)
        case "contains" | "not contains":
            found = f"{left}.contains({literal_of(condition.value)})"
            if kind not in ("string",):
                found = f"{literal_of(condition.value)} in {left}"
            if condition.operator == "contains":
                return found
            return f"!{found}" if kind == "string" else f"!({found})"
        case "starts with" | "not starts with":
            found = f"{left}.startsWith({literal_of(condition.value)})"
            return found if condition.operator == "starts with" else f"!{found}"
        case "ends with" | "not ends with":
            found = f"{left}.endsWith({literal_of(condition.value)})"
            return found if condition.operator == "ends with" else f"!{found}"
        case "true":
            return left
        case "false":
            return f"!{left}"
        case "==" | "!=" | ">" | "<" | ">=" | "<=":
            return _ordered(condition, value, kind)


def _emptiness(condition: Condition, value: Typed, kind: str) -> str:
    empty = condition.operator == "empty"
    if kind == "boolean":
        return f"!{value.expression}" if empty else value.expression
    if kind in ("integer", "number") and condition.count:
        return f"{value.expression} {'==' if empty else '>'} {'0' if kind == 'integer' else '0.0'}"
    if condition.count or kind == "array":
        found = list_in(value) or value
        return f"size({found.expression}) {'==' if empty else '>'} 0"
    nothing = '""' if kind == "string" else "null"
    return f"{value.expression} {'==' if empty else '!='} {nothing}"


def _ordered(condition: Condition, value: Typed, kind: str) -> str:
    left, number = value.expression, condition.value
    if condition.unit:
        return _age(condition, left)
    if isinstance(number, str) and DATE.match(number) and kind in ("", "string"):
        moment = number if "T" in number else f"{number}T00:00:00Z"
        return f'timestamp({left}) {condition.operator} timestamp("{moment}")'
    if kind == "array" and isinstance(number, str):
        return _among(condition, value)
    if (condition.count and kind not in ("integer", "number")) or kind == "array":
        found = list_in(value) or value
        return f"size({found.expression}) {condition.operator} {literal_of(number)}"
    if kind == "string" and condition.measure == "length":
        return f"size({left}) {condition.operator} {literal_of(number)}"
    if kind == "number" and isinstance(number, int):
        number = float(number)
    if kind == "string" and isinstance(number, int | float):
        if condition.operator in ("==", "!="):
            number = str(number)
        else:
            left, number = f"double({left})", float(number)
    if kind == "boolean" and isinstance(number, str | bool):
        holds = (condition.operator == "==") == (number not in (False, "no", "false"))
        return left if holds else f"!{left}"
    right = literal_of(_known_spelling(number, value))
    return f"{left} {condition.operator} {right}"


def _among(condition: Condition, value: Typed) -> str:
    """ "It has the label ⟦0⟧": one of its labels, or one that is called so."""
    items = value.schema.get("items") or {}
    names = [name for name in ("name", "title", "id") if name in (items.get("properties") or {})]
    found = f"{literal_of(condition.value)} in {value.expression}"
    if names:
        found = (
            f"{value.expression}.exists(entry, entry.{names[0]} == {literal_of(condition.value)})"
        )
    if condition.operator != "!=":
        return found
    return f"!{found}" if names else f"!({found})"


def weekday_test(condition: Condition) -> str:
    """Return a condition on the day of the run, in UTC, as CEL."""
    days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    left = "timestamp(run.started_at).getDayOfWeek()"
    holds = condition.operator == "=="
    if condition.value in days:
        return f"{left} {'==' if holds else '!='} {days.index(str(condition.value))}"
    inside = (condition.value == "weekend") == holds
    return f"{left} in [0, 6]" if inside else f"!({left} in [0, 6])"


def _age(condition: Condition, left: str) -> str:
    """ "older than 30 days": earlier than that long before the run."""
    hours = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}
    number = condition.value if isinstance(condition.value, int | float) else 0
    minutes = round(number * hours[condition.unit] * 60)
    span = f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
    sign = {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(condition.operator, "<")
    return f'timestamp({left}) {sign} timestamp(run.started_at) - duration("{span}")'


def _known_spelling(value: Scalar, typed: Typed) -> Scalar:
    for choice in typed.schema.get("enum", []):
        if isinstance(value, str) and isinstance(choice, str) and choice.lower() == value.lower():
            return choice
    return value


def literal_of(value: Scalar) -> str:
    """Return a literal of CEL."""
    return json.dumps(value, ensure_ascii=False)
