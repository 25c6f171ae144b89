"""Every error that flowloom raises on purpose.

    FlowloomError
    ├── UserError            the caller can mend it: input, configuration, files (exit code 2)
    │   ├── DocumentError    a workflow document cannot be read
    │   ├── ExpressionError  a CEL expression or a ``${{ }}`` template is wrong
    │   ├── EditError        a change does not fit the workflow it is applied to
    │   ├── CatalogError     a component source cannot be read
    │   ├── ConfigError      a setting is wrong or missing
    │   ├── StorageError     a file or directory cannot be read or written
    │   ├── NotFound         a thread, version or saved workflow does not exist
    │   ├── Conflict         another run or another change came first
    │   └── MissingExtra     an optional package is not installed
    └── RunError             the run failed although the input was fine (exit code 1)
        ├── ModelError       the language model's server failed or answered nonsense
        ├── IndexFault       the vector index is damaged and could not be rebuilt
        ├── ComponentError   a component failed while it ran
        └── BudgetExceeded   attempts, tokens or seconds are spent

A message names the thing, lists what exists nearest and says what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BudgetExceeded",
    "CatalogError",
    "ComponentError",
    "ConfigError",
    "Conflict",
    "DocumentError",
    "EditError",
    "ExpressionError",
    "FlowloomError",
    "IndexFault",
    "MissingExtra",
    "ModelError",
    "NotFound",
    "RunError",
    "StorageError",
    "UserError",
    "nearest",
]


class FlowloomError(Exception):
    """Root of all errors raised on purpose; ``hint`` says what to do next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """Stable name of the error's kind, such as ``not_found``."""
        name = type(self).__name__
        return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UserError(FlowloomError):
    """The caller can mend it."""

    exit_code = 2


class RunError(FlowloomError):
    """The run failed although the input was fine."""


class DocumentError(UserError):
    """A workflow document cannot be read; ``line`` and ``column`` are 1-based, 0 if unknown."""

    def __init__(
        self, message: str, *, line: int = 0, column: int = 0, path: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column
        self.path = path


class ExpressionError(UserError):
    """An expression is wrong; ``column`` is 1-based within the expression, 0 if unknown."""

    def __init__(self, message: str, *, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.column = column


class EditError(UserError):
    """A change does not fit the workflow it is applied to."""


class CatalogError(UserError):
    """A component source cannot be read."""


class ConfigError(UserError):
    """A setting is wrong or missing."""


class StorageError(UserError):
    """A file or directory cannot be read or written."""


class NotFound(UserError):
    """A thread, a version or a saved workflow does not exist."""


class Conflict(UserError):
    """Another run or another change came first."""


class MissingExtra(UserError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"The package {package!r} is not installed.",
            hint=f"Install it with: pip install 'flowloom[{extra}]'",
        )


class ModelError(RunError):
    """The language model's server failed or answered nonsense."""


class IndexFault(RunError):
    """The vector index is damaged and could not be rebuilt."""


class ComponentError(RunError):
    """A component failed while it ran."""


class BudgetExceeded(RunError):
    """Attempts, tokens or seconds are spent."""


def nearest(name: str, known: Iterable[str], limit: int = 3) -> str:
    """Return a sentence that lists what exists nearest to ``name``, or what exists at all."""
    names = list(known)
    close = get_close_matches(name, names, n=limit, cutoff=0.5)
    if close:
        return "Nearest: " + ", ".join(repr(item) for item in close) + "."
    if not names:
        return ""
    shown = ", ".join(repr(item) for item in sorted(names)[:8])
    return f"Known: {shown}{', …' if len(names) > 8 else ''}."
