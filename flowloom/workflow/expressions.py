"""CEL expressions behind one small interface: check them against JSON Schemas, evaluate them.

``ExpressionEnvironment`` checks; ``evaluate`` and ``render`` run an expression on plain JSON
values. What the language has and lacks against standard CEL is said in ``cel.library``.
"""

from __future__ import annotations

from flowloom.workflow.cel.environment import ExpressionEnvironment
from flowloom.workflow.cel.evaluation import evaluate, render
from flowloom.workflow.cel.literals import rewrite_int_literals
from flowloom.workflow.cel.results import (
    Checked,
    ExpressionProblem,
    Path,
    ProblemKind,
    Reference,
    ResultType,
)

__all__ = [
    "Checked",
    "ExpressionEnvironment",
    "ExpressionProblem",
    "Path",
    "ProblemKind",
    "Reference",
    "ResultType",
    "evaluate",
    "render",
    "rewrite_int_literals",
]
