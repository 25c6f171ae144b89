"""What checking one expression tells: its type, the variables it uses, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flowloom.workflow.cel.ast import Node
from flowloom.workflow.schema_types import JsonSchema, schema_in_words

__all__ = [
    "Checked",
    "ExpressionProblem",
    "Path",
    "ProblemKind",
    "Reference",
    "ResultType",
]

ProblemKind: TypeAlias = Literal["syntax", "unknown_name", "unknown_field", "type", "other"]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """One thing that is wrong with an expression.

    Attributes:
        kind: what sort of mistake it is.
        message: plain English; names the thing and what exists nearest.
        column: 1-based offset in the expression (line breaks count as one), 0 if unknown.
        candidates: names that exist and are near to the wrong one, best first.
        hint: what to write instead, if it is known.
        name: the wrong name, field or operator.
    """

    kind: ProblemKind
    message: str
    column: int = 0
    candidates: tuple[str, ...] = ()
    hint: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a variable with the constant path that is selected from it.

    ``steps.a.output.items[0].name`` has the root ``steps`` and the path
    ``("a", "output", "items", 0, "name")``; the path ends before an index that is no literal.

    Attributes:
        root: the variable.
        path: constant selections, property names and list indices.
        column: 1-based offset of the variable in the expression.
        guarded_at: the positions in ``path`` whose presence is tested before they are used,
            by ``has()``, ``in`` or optional selection (``.?``). In ``has(steps.a.output)`` only
            position 1 is tested: the test itself fails when ``steps.a`` is absent.
        bound: it stands inside the body of a comprehension, where it may be evaluated many
            times or never.
    """

    root: str
    path: Path
    column: int
    guarded_at: frozenset[int] = frozenset()
    bound: bool = False

    @property
    def guarded(self) -> bool:
        """Whether the presence of the first path element is tested (``steps.<here>``)."""
        return 0 in self.guarded_at

    @property
    def text(self) -> str:
        """The reference as one would write it."""
        parts = (
            f"[{part}]"
            if isinstance(part, int)
            else f".{part}"
            if part.isidentifier()
            else f"[{part!r}]"
            for part in self.path
        )
        return self.root + "".join(parts)


@dataclass(frozen=True, slots=True)
class ResultType:
    """The type of an expression, as a JSON Schema.

    Attributes:
        schema: the schema; ``{}`` when nothing is known (dynamic).
        exact: the schema is a source schema itself (a plain selection path), so that
            ``enum``, ``format`` and ``required`` hold; else it was derived from CEL's type.
    """

    schema: JsonSchema = field(default_factory=dict[str, object])
    exact: bool = False

    @property
    def text(self) -> str:
        """The type in words, such as ``list of string``."""
        return schema_in_words(self.schema)

    def as_schema(self) -> JsonSchema:
        """Return the JSON Schema of the values that the expression gives."""
        return self.schema

    @property
    def is_dynamic(self) -> bool:
        """Whether nothing is known about the type."""
        return not self.schema


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of checking one expression; it is right if there are no ``problems``.

    Attributes:
        text: the expression.
        result: its type; dynamic if it has problems.
        references: every use of a variable, in the order of the text; empty when the text
            cannot be parsed (then ``problems`` has a ``syntax`` entry).
        present_if_true: paths (with their root) that surely exist when the expression is true.
        present_if_false: the same when it is false.
        constant: the expression names no variable.
        functions: functions and operators that it calls, such as ``size`` and ``_+_``.
        tree: its syntax tree if it is right; None for a plain path, whose one reference says all.
    """

    text: str
    result: ResultType
    references: tuple[Reference, ...] = ()
    problems: tuple[ExpressionProblem, ...] = ()
    present_if_true: frozenset[Path] = frozenset()
    present_if_false: frozenset[Path] = frozenset()
    constant: bool = False
    functions: frozenset[str] = frozenset()
    tree: Node | None = field(default=None, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
