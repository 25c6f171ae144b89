"""What the verifier finds: diagnostics, and the verdict over them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from flowloom.workflow.path import Path, format_path

__all__ = ["Diagnostic", "Mender", "Severity", "Verdict"]

Severity: TypeAlias = Literal["error", "warning", "note"]
Mender: TypeAlias = Literal["rule", "retriever", "generator", "planner", "person"]


class Diagnostic(BaseModel):
    """One finding.

    Attributes:
        code: stable code such as ``FL201``; see docs/diagnostics.md.
        path: place in the document, such as ``steps[0].with.text``.
        line, column: 1-based place in the file, 0 where no file stands behind the document.
        message: names the thing and lists what exists nearest.
        hint: the next step.
        candidates: what could stand there instead, best first.
        mender: who can mend it.
        step: id of the step it belongs to, if any.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    path: str
    message: str
    hint: str = ""
    candidates: tuple[str, ...] = ()
    mender: Mender = "generator"
    step: str = ""
    line: int = 0
    column: int = 0

    @classmethod
    def at(
        cls, path: Path, code: str, severity: Severity, message: str, **more: object
    ) -> Diagnostic:
        """Make a diagnostic for a path given as a tuple."""
        fields = {"code": code, "severity": severity, "message": message, **more}
        return cls.model_validate({"path": format_path(path), **fields})

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two diagnostics the same finding, whatever line they stand on."""
        return (self.code, self.path, self.message)


class Verdict(BaseModel):
    """The outcome of a full verification of exactly one document.

    Attributes:
        content_hash: hash of the document that was checked.
        diagnostics: all findings, errors first, then by place.
    """

    model_config = ConfigDict(frozen=True)

    content_hash: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that make the workflow invalid."""
        return tuple(item for item in self.diagnostics if item.severity == "error")

    @property
    def valid(self) -> bool:
        """Whether no error was found."""
        return not self.errors
