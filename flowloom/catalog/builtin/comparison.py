"""Comparing and ordering values that may be numbers, text, or numbers as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias

from flowloom.errors import ComponentError

__all__ = ["Operator", "compare", "field_value", "sort_key"]

Operator: TypeAlias = Literal[
    "equals",
    "not_equals",
    "greater_than",
    "greater_or_equal",
    "less_than",
    "less_or_equal",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "in",
    "not_in",
    "matches",
    "empty",
    "not_empty",
]


def field_value(item: Any, field: str) -> Any:
    """Return a field by name; ``a.b`` reaches into nested objects; missing is None."""
    if isinstance(item, Mapping) and field in item:
        return item[field]
    for part in field.split("."):
        if not isinstance(item, Mapping):
            return None
        item = item.get(part)
    return item


def _number(value: Any) -> Decimal | None:
    """Return a number, also one written as text; None for anything else (also booleans)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        # Decimal keeps long ids apart, which would be the same float.
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _less(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    first, second = _number(left), _number(right)
    try:
        if first is None or second is None:
            return bool(left < right)
        return first < second
    except TypeError as error:
        raise ComponentError(f"{left!r} and {right!r} have no order.") from error


def _equal(left: Any, right: Any) -> bool:
    """Texts are equal as texts (so that 007 is not 7); a text equals the number it writes."""
    if isinstance(left, bool) or isinstance(right, bool):
        return str(left).casefold() == str(right).casefold()
    if isinstance(left, str) is isinstance(right, str):
        return bool(left == right)
    first, second = _number(left), _number(right)
    return first is not None and first == second


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return str(right).casefold() in left.casefold()
    return isinstance(left, (list, dict)) and right in left


def _matches(left: Any, right: Any) -> bool:
    try:
        return left is not None and re.search(str(right), str(left)) is not None
    except re.error as error:
        raise ComponentError(f"The pattern {right!r} is no regular expression: {error}.") from error


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _equal,
    "greater_than": lambda left, right: _less(right, left),
    "less_than": _less,
    "contains": _contains,
    "starts_with": lambda left, right: str(left or "").casefold().startswith(str(right).casefold()),
    "ends_with": lambda left, right: str(left or "").casefold().endswith(str(right).casefold()),
    "in": lambda left, right: any(_equal(left, option) for option in right or ()),
    "matches": _matches,
    "empty": lambda left, _: left in (None, "", [], {}),
    "not_equals": lambda left, right: not _equal(left, right),
    "not_contains": lambda left, right: not _contains(left, right),
    "not_in": lambda left, right: not any(_equal(left, option) for option in right or ()),
    "not_empty": lambda left, _: left not in (None, "", [], {}),
    "greater_or_equal": lambda left, right: _less(right, left) or _ordered_equal(left, right),
    "less_or_equal": lambda left, right: _less(left, right) or _ordered_equal(left, right),
}


def _ordered_equal(left: Any, right: Any) -> bool:
    return left is not None and _equal(left, right)


def compare(left: Any, operator: Operator, right: Any) -> bool:
    """Return whether a value meets a condition.

    Numbers written as text compare as numbers; text is contained regardless of case; a missing
    value (None) has no order.

    Raises:
        ComponentError: the two have no order, or the pattern is no regular expression.
    """
    return _COMPARISONS[operator](left, right)


def sort_key(items: Sequence[Any], field: str) -> Callable[[Any], Any]:
    """Return the key to sort items by: numbers when all values are, else text without case."""
    if all(_number(field_value(item, field)) is not None for item in items):
        return lambda item: _number(field_value(item, field))
    return lambda item: str(field_value(item, field)).casefold()
