"""The one place that touches ``cel-expr-python``: environments, compiling, its errors.

The language is standard CEL with the extensions strings, lists, sets, math, optional, regex,
encoders (``base64``), bindings (``cel.bind``) and two-variable comprehensions, and two functions
of its own, ``sum(list)`` and ``avg(list)``, also written ``list.sum()``. There is no clock, no
environment, no network. Int and double do not mix in arithmetic or comparison.

Bounds: a text of at most ``MAX_LENGTH`` characters, nesting of 32 (the parser's) and cel-cpp's
iteration budget; ``lists.range`` is limited by ``cel.evaluation``, since it allocates outside that
budget. Memory has no other limit: a chain of ``replace`` calls can still make a very long text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cel_expr_python import cel

__all__ = [
    "FAILURES",
    "FUNCTIONS",
    "MAX_LENGTH",
    "NAMESPACES",
    "TYPE_NAMES",
    "RawProblem",
    "compile_text",
    "dynamic_environment",
    "parse_text",
    "raw_problems",
    "typed_environment",
]

MAX_LENGTH = 20_000

FAILURES = (RuntimeError, TypeError, ValueError, OverflowError)
"""What the binding raises for a wrong expression or value (pybind11 maps C++ errors to these)."""

_EXTENSIONS = (
    "strings",
    "lists",
    "sets",
    "math",
    "optional",
    "regex",
    "encoders",
    "bindings",
    "two-var-comprehensions",
)
_CONFIG = "name: flowloom\nextensions:\n" + "".join(f"  - name: {name}\n" for name in _EXTENSIONS)

NAMESPACES = frozenset(["math", "strings", "lists", "sets", "regex", "base64", "optional", "cel"])
_TYPES = "int uint double bool string bytes list map null_type type dyn optional_type google"
TYPE_NAMES = frozenset(_TYPES.split())
_FUNCTIONS = """
    all avg base64.decode base64.encode bool bytes charAt cel.bind contains distinct double
    duration dyn endsWith exists existsOne filter first flatten format getDate getDayOfMonth
    getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth
    getSeconds has hasValue indexOf int join last lastIndexOf lists.range lowerAscii map matches
    math.abs math.ceil math.floor math.greatest math.isInf math.isNaN math.least math.round
    math.sign math.sqrt math.trunc optional.none optional.of optional.ofNonZeroValue or orValue
    regex.extract regex.extractAll regex.replace replace reverse sets.contains sets.equivalent
    sets.intersects size slice sort sortBy split startsWith string substring sum timestamp
    transformList transformMap transformMapEntry trim type uint upperAscii value
"""
FUNCTIONS = tuple(_FUNCTIONS.split())
"""What can be called; ``value`` and the like are members."""


def _sum(values: Sequence[Any]) -> Any:
    for item in values:
        if isinstance(item, bool) or not isinstance(item, int | float):
            raise ValueError(f"sum needs numbers, found {type(item).__name__}")
    return sum(values)


def _avg(values: Sequence[Any]) -> float:
    if not values:
        raise ValueError("avg of an empty list")
    return _sum(values) / len(values)


@cache
def _config() -> cel.EnvConfig:
    from cel_expr_python import cel

    return cel.NewEnvConfigFromYaml(_CONFIG)


def _declaration(
    name: str, overloads: Sequence[tuple[str, cel.Type, cel.Type]], impl: Any
) -> cel.FunctionDecl:
    from cel_expr_python import cel

    made = [
        cel.Overload(
            f"{name}_{'member_' if member else ''}{tag}",
            return_type=result,
            parameters=[argument],
            is_member=member,
            impl=impl,
        )
        for tag, argument, result in overloads
        for member in (False, True)
    ]
    return cel.FunctionDecl(name, made)


@cache
def _functions(typed: bool) -> list[cel.FunctionDecl]:
    """Return ``sum`` and ``avg``: one overload to run, one per element type to check."""
    from cel_expr_python import cel

    kind = cel.Type
    if not typed:
        anything = kind.List(kind.DYN)
        return [
            _declaration("sum", [("any", anything, kind.DYN)], _sum),
            _declaration("avg", [("any", anything, kind.DOUBLE)], _avg),
        ]
    ints, doubles = kind.List(kind.INT), kind.List(kind.DOUBLE)
    return [
        _declaration("sum", [("int", ints, kind.INT), ("double", doubles, kind.DOUBLE)], None),
        _declaration("avg", [("int", ints, kind.DOUBLE), ("double", doubles, kind.DOUBLE)], None),
    ]


def typed_environment(pool: Any, variables: Mapping[str, cel.Type]) -> cel.Env:
    """Return an environment to check in; its message types come from a descriptor pool."""
    from cel_expr_python import cel

    return cel.NewEnv(pool, config=_config(), variables=variables, functions=_functions(True))


@cache
def dynamic_environment(names: frozenset[str]) -> cel.Env:
    """Return an environment to evaluate in, where every variable may hold anything."""
    from cel_expr_python import cel

    variables = dict.fromkeys(sorted(names), cel.Type.DYN)
    return cel.NewEnv(config=_config(), variables=variables, functions=_functions(False))


class RawProblem(NamedTuple):
    """One line of a compiler message; ``line`` and ``column`` are 1-based, below 1 if unknown."""

    line: int
    column: int
    message: str


_LOCATED = re.compile(r"^(?:[A-Z_]+: )?ERROR: <input>:(-?\d+):(-?\d+): (.*)$", re.MULTILINE)
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")


def raw_problems(error: BaseException) -> list[RawProblem]:
    """Split the message of a failed compilation."""
    text = str(error)
    found = [
        RawProblem(int(line), int(column), _STATUS.sub("", message))
        for line, column, message in _LOCATED.findall(text)
        if "<<nil>>" not in message
    ]
    return found or [RawProblem(0, 0, _STATUS.sub("", text))]


def compile_text(environment: cel.Env, text: str) -> cel.Expression | list[RawProblem]:
    """Parse and check a text; the problems if it is wrong."""
    return _compile(environment, text, check=True)


def parse_text(text: str) -> cel.Expression | list[RawProblem]:
    """Parse a text without looking at names and types; the problems if it cannot be parsed."""
    return _compile(dynamic_environment(frozenset()), text, check=False)


def _compile(environment: cel.Env, text: str, *, check: bool) -> cel.Expression | list[RawProblem]:
    if len(text) > MAX_LENGTH:
        return [RawProblem(0, 0, f"Syntax error: longer than {MAX_LENGTH} characters")]
    try:
        return environment.compile(text, disable_check=not check)
    except FAILURES as error:
        return raw_problems(error)
