"""How a running workflow's expressions get their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from pydantic import JsonValue

from flowloom.errors import ExpressionError
from flowloom.workflow.cel.evaluation import evaluate, render
from flowloom.workflow.interpreter.effects import StepFailed
from flowloom.workflow.path import Path
from flowloom.workflow.templates import bare_expression, parse_template

__all__ = ["CelEvaluator", "Evaluator", "Values", "filled"]

Values = Mapping[str, Any]
"""What expressions may name: ``inputs``, ``trigger``, ``steps``, ``run`` and loop variables."""


class Evaluator(Protocol):
    """Gives expressions their values; each method raises ``StepFailed`` where there is none."""

    def expression(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of a field that is one expression (``switch``, ``collect``)."""
        ...

    def holds(self, text: str, values: Values, path: Path) -> bool:
        """Return whether a condition is true."""
        ...

    def items(self, text: str, values: Values, path: Path) -> list[Any]:
        """Return the items that a loop goes over."""
        ...

    def text(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of a string that may hold ``${{ }}``."""
        ...


class CelEvaluator:
    """Evaluates expressions as the language says."""

    def expression(self, text: str, values: Values, path: Path) -> JsonValue:
        """Return the value of one expression."""
        try:
            return evaluate(bare_expression(text), values)
        except ExpressionError as error:
            raise StepFailed("expression", str(error), path=path) from error

    def holds(self, text: str, values: Values, path: Path) -> bool:
        """Return whether a condition is true; only a bool can be."""
        value = self.expression(text, values, path)
        if isinstance(value, bool):
            return value
        raise StepFailed(
            "expression", f"{text!r} is not true or false but {value!r:.60}.", path=path
        )

    def items(self, text: str, values: Values, path: Path) -> list[JsonValue]:
        """Return the items of a list."""
        value = self.expression(text, values, path)
        if isinstance(value, list):
            return value
        raise StepFailed("expression", f"{text!r} is no list but {value!r:.60}.", path=path)

    def text(self, text: str, values: Values, path: Path) -> JsonValue:
        """Return the value of a template."""
        try:
            template = parse_template(text)
            return template.literal if template.is_literal else render(template, values)
        except ExpressionError as error:
            raise StepFailed("expression", str(error), path=path) from error


def filled(evaluator: Evaluator, value: Any, values: Values, path: Path) -> Any:
    """Return nested data with every string in it given its value."""
    if isinstance(value, str):
        return evaluator.text(value, values, path) if "${{" in value else value
    if isinstance(value, dict):
        return {
            key: filled(evaluator, item, values, (*path, key))
            for key, item in cast(dict[str, Any], value).items()
        }
    if isinstance(value, list | tuple):
        listed = cast(list[Any], value)
        return [filled(evaluator, item, values, (*path, i)) for i, item in enumerate(listed)]
    return value
