"""``${{ expression }}`` inside texts.

A string that is one ``${{ }}`` and nothing else keeps the expression's type; otherwise the values
become part of the text. ``$${{`` is a literal ``${{``. An expression ends at the first ``}}`` that
stands neither inside a CEL string or comment nor inside open braces (``{'a': {'b': 1}}``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pydantic import JsonValue

from flowloom.errors import ExpressionError
from flowloom.workflow.cel.tokens import tokens

__all__ = [
    "ExpressionPart",
    "LiteralPart",
    "Template",
    "bare_expression",
    "parse_template",
    "templates_in",
]

_OPEN, _CLOSE, _ESCAPED = "${{", "}}", "$${{"


@dataclass(frozen=True, slots=True)
class LiteralPart:
    """Text that stands as it is (escapes already resolved)."""

    text: str


@dataclass(frozen=True, slots=True)
class ExpressionPart:
    """One expression without its ``${{ }}``; ``column`` is its 0-based offset in the string."""

    text: str
    column: int


Part: TypeAlias = LiteralPart | ExpressionPart


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed string; ``str()`` gives it back (spaces next to the braces become one)."""

    parts: tuple[Part, ...]

    @property
    def is_expression(self) -> bool:
        """Whether the whole string is one expression, which keeps its type."""
        return len(self.parts) == 1 and isinstance(self.parts[0], ExpressionPart)

    @property
    def is_literal(self) -> bool:
        """Whether there is no expression in it."""
        return not self.expressions

    @property
    def expressions(self) -> tuple[ExpressionPart, ...]:
        """The expressions in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, ExpressionPart))

    @property
    def literal(self) -> str:
        """The text of a template without expressions."""
        return "".join(part.text for part in self.parts if isinstance(part, LiteralPart))

    def __str__(self) -> str:
        text = ""
        for part in self.parts:
            if isinstance(part, LiteralPart):
                text += part.text.replace(_OPEN, _ESCAPED)
            elif text.endswith("$"):  # else this would read as an escape
                bare = text.rstrip("$")
                dollars = text[len(bare) :]
                text = f"{bare}{_OPEN} '{dollars}' {_CLOSE}{_OPEN} {part.text} {_CLOSE}"
            else:
                text += f"{_OPEN} {part.text} {_CLOSE}"
        return text


@lru_cache(maxsize=4096)
def parse_template(text: str) -> Template:
    """Parse a string that may hold expressions.

    Raises:
        ExpressionError: a ``${{`` is not closed or has no expression in it; ``column`` is
            1-based in ``text``.
    """
    parts: list[Part] = []
    literal = ""
    position = 0
    while (start := text.find(_OPEN, position)) >= 0:
        literal += text[position:start]
        if literal.endswith("$") and start > position and text[start - 1] == "$":
            literal, position = literal[:-1] + _OPEN, start + len(_OPEN)
            continue
        if literal:
            parts.append(LiteralPart(literal))
            literal = ""
        end = _closing(text, start)
        parts.append(_expression(text, start, end))
        position = end + len(_CLOSE)
    literal += text[position:]
    if literal or not parts:
        parts.append(LiteralPart(literal))
    return Template(tuple(parts))


def _closing(text: str, start: int) -> int:
    """Return the offset of the ``}}`` that closes the ``${{`` at ``start``."""
    depth = 0
    for token in tokens(text, start + len(_OPEN)):
        if token.kind != "operator":
            continue
        if token.text == "{":
            depth += 1
        elif token.text == "}" and depth:
            depth -= 1
        elif token.text == "}" and text.startswith(_CLOSE, token.start):
            return token.start
    raise ExpressionError(
        f"'${{{{' is not closed: {_shorten(text[start:])!r}.",
        column=start + 1,
        hint="Close it with '}}'; write '$${{' for a literal '${{'.",
    )


def _expression(text: str, start: int, end: int) -> ExpressionPart:
    inner = text[start + len(_OPEN) : end]
    stripped = inner.strip()
    if not stripped:
        raise ExpressionError(
            "'${{ }}' has no expression in it.",
            column=start + 1,
            hint="Write an expression between the braces, or '$${{' for a literal '${{'.",
        )
    return ExpressionPart(stripped, start + len(_OPEN) + len(inner) - len(inner.lstrip()))


def _shorten(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def bare_expression(text: str) -> str:
    """Return the expression of a field that is one (``if``, ``for_each``), braces removed.

    Raises:
        ExpressionError: there is text beside the ``${{ }}``, or it is not closed.
    """
    stripped = text.strip()
    if not stripped.startswith(_OPEN):
        return stripped
    template = parse_template(stripped)
    part = template.parts[0]
    if len(template.parts) == 1 and isinstance(part, ExpressionPart):
        return part.text
    raise ExpressionError(
        f"{_shorten(stripped)!r} mixes text and '${{{{ }}}}' where one expression is expected.",
        column=1,
        hint="Write the expression alone, without '${{ }}'.",
    )


def templates_in(
    value: JsonValue, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Template]]:
    """Yield every string inside nested data that holds ``${{``, parsed, with its path.

    Raises:
        ExpressionError: one of them cannot be parsed.
    """
    if isinstance(value, str):
        if _OPEN in value:
            yield path, parse_template(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from templates_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from templates_in(item, (*path, index))
