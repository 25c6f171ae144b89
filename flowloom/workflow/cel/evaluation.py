"""Evaluate expressions on plain JSON values: JSON in, JSON out."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pydantic import JsonValue

from flowloom.errors import ExpressionError
from flowloom.workflow.cel.ast import Call, Const, Node, decode, descend
from flowloom.workflow.cel.library import FAILURES, compile_text, dynamic_environment, parse_text
from flowloom.workflow.cel.map_literals import with_dynamic_maps
from flowloom.workflow.cel.problems import Scope, explain, syntax_problem
from flowloom.workflow.cel.references import references_in
from flowloom.workflow.cel.tokens import is_variable_name, plain_path
from flowloom.workflow.templates import LiteralPart, Template

if TYPE_CHECKING:
    from cel_expr_python import cel

__all__ = ["evaluate", "render"]

_Keys: TypeAlias = tuple[str, ...]
_CACHED = 4096
_MAX_RANGE = 100_000
_ABSENT = object()
_STATUS = re.compile(r"^[A-Z_]+: ")


def evaluate(text: str, values: Mapping[str, JsonValue]) -> JsonValue:
    """Evaluate an expression.

    Args:
        text: the expression.
        values: the value of each variable. Nothing else can be named.

    Returns:
        JSON data: timestamps as RFC 3339 strings, durations as ``"3.5s"``, bytes as base64.

    Raises:
        ExpressionError: the expression is wrong or fails on these values, or its value is no
            JSON (not a number, infinite, an optional, a type).
    """
    path = plain_path(text.strip())
    if path is not None and (found := _walk(path, values)) is not _ABSENT:
        return found
    names = frozenset(name for name in values if is_variable_name(name))
    expression, used = _compiled(text, names)
    data = _needed(values, used)
    if _has_nul(data):
        raise ExpressionError(
            f"{_shorten(text)!r} uses a text with a NUL character, which CEL would cut there.",
            hint="Remove the character first; it is a sign of binary data.",
        )
    try:
        value = expression.eval(data=data)
        failed = _is_error(value)
        plain = value.plain_value()
    except FAILURES as error:
        raise ExpressionError(_failure(text, str(error)), hint=_advice(str(error))) from error
    if failed:
        raise ExpressionError(_failure(text, str(plain)), hint=_advice(str(plain)))
    return _json(plain, text)


def _needed(values: Mapping[str, JsonValue], paths: Sequence[_Keys]) -> dict[str, JsonValue]:
    """Return the part of the values that the paths lead to: CEL copies all that it is given."""
    found: dict[str, Any] = {}
    for path in paths:
        source: Any = values
        target = found
        for depth, key in enumerate(path):
            if not isinstance(source, Mapping) or key not in source:
                break
            source = cast(Mapping[str, Any], source)[key]
            if depth + 1 < len(path) and isinstance(source, Mapping):
                target = target.setdefault(key, {})
            else:
                target[key] = source
                break
    return found


def _walk(path: tuple[str | int, ...], values: Mapping[str, JsonValue]) -> Any:
    """Follow a plain path in Python: no conversion, and the order of keys is kept."""
    current: Any = values
    for part in path:
        if isinstance(part, str) and isinstance(current, Mapping):
            current = cast(Mapping[str, Any], current).get(part, _ABSENT)
        elif isinstance(part, int) and isinstance(current, list) and part < len(current):
            current = cast(list[Any], current)[part]
        else:
            return _ABSENT
    return current


@lru_cache(maxsize=_CACHED)
def _compiled(text: str, names: frozenset[str]) -> tuple[cel.Expression, tuple[_Keys, ...]]:
    compiled = compile_text(dynamic_environment(names), text)
    if isinstance(compiled, list) and (loose := with_dynamic_maps(text)) != text:
        again = compile_text(dynamic_environment(names), loose)
        compiled = compiled if isinstance(again, list) else again
    if isinstance(compiled, list):
        raw = compiled[0]
        parsed = parse_text(text)
        offset = raw.column - 1 if raw.line == 1 else -1
        if isinstance(parsed, list):
            problem = syntax_problem(parsed[0], offset, text)
        else:
            problem = explain(raw, offset, decode(parsed), Scope(tuple(sorted(names)), _no_fields))
        raise ExpressionError(
            f"{_shorten(text)!r}: {problem.message}", column=problem.column, hint=problem.hint
        )
    root = decode(compiled)
    _refuse_large_ranges(root, text)
    return compiled, _paths_used(root, names)


def _paths_used(root: Node, names: frozenset[str]) -> tuple[_Keys, ...]:
    """Return the keys that lead to what is used, none of them inside another's value."""
    found: dict[_Keys, None] = {}
    for reference in references_in(root, names):
        keys = takewhile(lambda part: isinstance(part, str), reference.path)
        found[(reference.root, *map(str, keys))] = None
    return tuple(
        path for path in found if not any(path[:length] in found for length in range(1, len(path)))
    )


def _has_nul(value: Any) -> bool:
    """Whether a text has a NUL in it: the binding cuts it there without a word."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return any("\0" in key or _has_nul(item) for key, item in items)
    return isinstance(value, list) and any(_has_nul(item) for item in cast(list[Any], value))


def _no_fields(_: str) -> Mapping[str, str]:
    return {}


def _refuse_large_ranges(root: Node, text: str) -> None:
    """``lists.range`` allocates at once, outside the iteration budget."""
    for node in descend(root):
        if isinstance(node, Call) and node.function.endswith("range"):
            (count,) = node.arguments or (Const(0, 0, "int", 0),)
            small = isinstance(count, Const) and abs(int(count.value)) <= _MAX_RANGE
            sized = isinstance(count, Call) and count.function == "size"
            if not small and not sized:
                raise ExpressionError(
                    f"{_shorten(text)!r}: lists.range needs a literal of at most {_MAX_RANGE} or "
                    "the size() of a list.",
                    column=node.position + 1,
                )


def _is_error(value: cel.Value) -> bool:
    from cel_expr_python import cel

    return value.type() == cel.Type.ERROR


def _failure(text: str, reason: str) -> str:
    reason = _STATUS.sub("", reason.split("\n")[0])
    if "Unable to convert function return value" in reason:
        reason = "the result is an optional or another value that has no JSON form"
    reason = reason.replace("<jump_condition>", "condition")
    return f"{_shorten(text)!r} failed: {reason.rstrip('.')}."


def _advice(reason: str) -> str:
    if "Unable to convert function return value" in reason:
        return "Say what holds when the value is absent: .orValue(…)."
    if "Key not found" in reason or "no such key" in reason:
        return "Test with has(…) first, or select with .? and .orValue(…)."
    if "No matching overload" in reason and "double" in reason and "int64" in reason:
        return "Convert the integer with double(…)."
    return ""


def _shorten(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _json(value: Any, text: str) -> JsonValue:
    """Return what CEL gave as JSON data."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            if not math.isfinite(value):
                raise ExpressionError(f"{_shorten(text)!r} gives {value}, which JSON cannot hold.")
            return value
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case datetime():
            return _timestamp(value)
        case timedelta():
            return _seconds(value)
        case list() | tuple():
            return [_json(item, text) for item in cast(list[Any], value)]
        case dict():
            items = cast(dict[Any, Any], value).items()
            keyed = {_key(key): _json(item, text) for key, item in items}
            return dict(sorted(keyed.items()))  # CEL keeps no order
        case _:
            raise ExpressionError(
                f"{_shorten(text)!r} gives {type(value).__name__}, which JSON cannot hold."
            )


def _key(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)


def _timestamp(value: datetime) -> str:
    moment = value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    text = moment.replace(tzinfo=None).isoformat(timespec="auto")
    head, dot, fraction = text.partition(".")
    return f"{head}{dot}{fraction.rstrip('0')}Z"


def _seconds(value: timedelta) -> str:
    micros = value // timedelta(microseconds=1)
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    whole, rest = divmod(micros, 1_000_000)
    fraction = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{whole}{fraction}s"


def render(template: Template, values: Mapping[str, JsonValue]) -> JsonValue:
    """Fill a template: a whole-string expression keeps its type, otherwise the text is joined.

    Raises:
        ExpressionError: an expression fails, or a value inside a text is an object, a list or
            null.
    """
    if template.is_expression:
        return evaluate(template.expressions[0].text, values)
    return "".join(
        part.text if isinstance(part, LiteralPart) else _as_text(part.text, values)
        for part in template.parts
    )


def _as_text(text: str, values: Mapping[str, JsonValue]) -> str:
    value = evaluate(text, values)
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(evaluate("string(value)", {"value": value}))
    kind = "null" if value is None else "a list" if isinstance(value, list) else "an object"
    raise ExpressionError(
        f"{_shorten(text)!r} gives {kind}, which cannot stand inside a text.",
        hint="Select a field, or join a list of strings with .join(', ').",
    )
