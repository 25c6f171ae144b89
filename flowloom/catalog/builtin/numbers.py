"""Numbers: calculate, round, read, write."""

from __future__ import annotations

import ast
import math
import operator
import random
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from flowloom.catalog.python_functions import Injected, component
from flowloom.errors import ComponentError, nearest

__all__: list[str] = []

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
}


def _evaluate(node: ast.AST, values: dict[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Name(id=name):
            raise ComponentError(f"There is no value {name!r}.", hint=nearest(name, values))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_evaluate(inner, values)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _evaluate(inner, values)
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _BINARY:
            return _BINARY[type(kind)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_evaluate(argument, values) for argument in arguments))
        case _:
            raise ComponentError(
                f"{ast.unparse(node)!r} is no arithmetic.",
                hint="Use + - * / // % **, brackets and abs, ceil, floor, max, min, round, sqrt.",
            )


@component(
    id="math.calculate",
    title="Calculate",
    keywords=["formula", "arithmetic", "add", "multiply", "percent", "compute", "sum"],
    kind="transform",
)
def calculate(formula: str, values: dict[str, float] | None = None) -> float:
    """Work out a formula such as price * quantity * 1.2, and return the number.

    Args:
        formula: numbers, names of values, + - * / // % **, brackets and the functions abs, ceil,
            floor, max, min, round and sqrt.
        values: the numbers by the name that the formula uses.
    """
    try:
        tree = ast.parse(formula.strip(), mode="eval")
        return float(_evaluate(tree.body, values or {}))
    except (SyntaxError, ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise ComponentError(f"The formula {formula!r} has no result: {error}.") from error


@component(
    id="math.round",
    title="Round a number",
    keywords=["decimals", "two decimal places", "cents"],
    kind="transform",
)
def round_number(
    number: float,
    digits: Annotated[int, Field(ge=0, le=15)] = 0,
    halves: Literal["up", "even"] = "up",
) -> float:
    """Round a number to a given number of decimal places.

    Args:
        number: the number.
        digits: how many decimal places stay.
        halves: whether 0.5 rounds away from zero (up) or to the even neighbour.
    """
    mode = ROUND_HALF_UP if halves == "up" else ROUND_HALF_EVEN
    # repr gives the shortest decimal that is this float: 2.675 rounds to 2.68, as people expect.
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-digits), rounding=mode))


@component(
    id="math.percentage",
    title="Percentage",
    keywords=["percent", "share", "ratio", "growth", "change"],
    kind="transform",
)
def percentage(part: float, whole: float) -> float:
    """Return how many percent of the whole a part is.

    Args:
        part: the part.
        whole: the whole, which is 100 percent.
    """
    if whole == 0:
        raise ComponentError("The whole is zero, so that there is no percentage.")
    return part / whole * 100


@component(
    id="math.random",
    title="Random number",
    keywords=["dice", "pick a number", "chance", "lottery"],
)
def random_number(
    minimum: int, maximum: int, *, source: Injected[random.Random | None] = None
) -> int:
    """Return a random whole number between two numbers, both included.

    Args:
        minimum: the smallest number.
        maximum: the largest number.
    """
    if minimum > maximum:
        raise ComponentError(f"The minimum {minimum} is above the maximum {maximum}.")
    return (source or random.SystemRandom()).randint(minimum, maximum)


@component(
    id="number.parse",
    title="Text to number",
    keywords=["convert", "to number", "price", "read number", "cast"],
    kind="transform",
)
def parse_number(text: str, decimal_sign: Literal[".", ","] = ".") -> float:
    """Turn a number written as text, also with currency signs and thousands, into a number.

    Args:
        text: such as 1,299.50 or € 12.
        decimal_sign: the sign before the decimals; the other one separates thousands.
    """
    thousands = "," if decimal_sign == "." else "."
    kept = text.replace(thousands, "").replace(decimal_sign, ".").replace("\u2212", "-")
    digits = "".join(letter for letter in kept if letter in "0123456789.-+eE")
    try:
        return float(digits)
    except ValueError as error:
        raise ComponentError(f"{text!r} is no number.") from error


@component(
    id="number.format",
    title="Format a number",
    keywords=["currency", "thousands", "decimals", "number to text", "money"],
    kind="transform",
)
def format_number(
    number: float,
    digits: Annotated[int, Field(ge=0, le=15)] = 2,
    thousands: Literal[",", ".", " ", ""] = ",",
    unit: str = "",
) -> str:
    """Write a number as text with thousands separated and fixed decimals.

    Args:
        number: the number.
        digits: how many decimal places are shown.
        thousands: what separates thousands; with a full stop, decimals follow a comma.
        unit: what follows the number, such as EUR or %.
    """
    plain = f"{number:,.{digits}f}"
    signs: dict[str, Any] = {",": thousands, ".": "," if thousands == "." else "."}
    return f"{plain.translate(str.maketrans(signs))} {unit}".rstrip()
