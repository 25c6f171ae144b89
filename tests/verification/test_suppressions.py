"""Comments that silence warnings and notes, and nothing else."""

from __future__ import annotations

import pytest

from flowloom.verification.diagnostic import Diagnostic, Severity
from flowloom.verification.suppressions import directives, without_silenced
from flowloom.workflow.document import read_document


def finding(line: int, code: str = "FL702", severity: Severity = "warning") -> Diagnostic:
    return Diagnostic(code=code, severity=severity, path="steps", message="m", line=line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name: x # flowloom: ignore FL702\n", {1: {"FL702"}}),
        ("# flowloom: ignore FL702, FL703\nname: x\n", {2: {"FL702", "FL703"}}),
        ("a: 1\n  #flowloom:ignore FL702 since it must\nb: 2\n", {3: {"FL702"}}),
        ("# flowloom: ignore FL702\na: 1 # flowloom: ignore FL703\n", {2: {"FL702", "FL703"}}),
        ("a: 'x # flowloom: ignore FL702'\n", {}),
        ("a: |\n  x # flowloom: ignore FL702\nb: 1\n", {}),
        ("a: 1 # flowloom: ignore\n", {}),
        ("a: 1 # flowloom: ignore all\n", {}),
        ('{"a": "# flowloom: ignore FL702"}', {}),
    ],
)
def test_directives(text: str, lines: dict[int, set[str]]) -> None:
    found = directives(read_document(text))
    assert {line: set(codes) for line, codes in found.items()} == lines


def test_only_that_code_on_that_line_and_never_an_error() -> None:
    document = read_document("a: 1\nb: 2 # flowloom: ignore FL702\nc: 3\n")
    other = [finding(1), finding(2, "FL703"), finding(2, severity="error")]
    mute = [finding(2), finding(2, severity="note")]
    parted = without_silenced(document, [*other, *mute])
    assert parted.kept == tuple(other)
    assert parted.silenced == tuple(mute)
