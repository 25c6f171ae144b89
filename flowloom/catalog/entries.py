"""What a source gives: components, and the entries that are wrong with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from flowloom.catalog.component import Component
from flowloom.catalog.names import problem_of_id
from flowloom.errors import CatalogError, nearest

__all__ = ["Entries", "SkippedEntry", "WrongEntry", "make_component"]


class WrongEntry(CatalogError):
    """One entry of a source cannot become a component."""


@dataclass(frozen=True)
class SkippedEntry:
    """An entry that is not a component.

    Attributes:
        source: file, address or command that holds it.
        entry: which one: its place and its id, such as ``components[3] 'crm.find'``.
        line: 1-based line in the file, 0 if it is unknown.
        reason: what is wrong with it.
        hint: what to do about it.
    """

    source: str
    entry: str
    line: int
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line else ""
        return f"{self.source}{where}, {self.entry}: {self.reason}"

    def as_error(self) -> CatalogError:
        """Return the error for a load that does not skip wrong entries."""
        hint = self.hint or "Correct the entry, or load with --skip-invalid to leave it out."
        return CatalogError(str(self), hint=hint)


@dataclass(frozen=True)
class Entries:
    """The components of one source, in its order, and what was left out."""

    components: tuple[Component, ...] = ()
    skipped: tuple[SkippedEntry, ...] = field(default=())

    @staticmethod
    def of(found: Iterable[Component | SkippedEntry]) -> Entries:
        """Sort components from wrong entries."""
        items = list(found)
        return Entries(
            components=tuple(item for item in items if isinstance(item, Component)),
            skipped=tuple(item for item in items if isinstance(item, SkippedEntry)),
        )


def make_component(fields: Mapping[str, Any]) -> Component:
    """Return the component with ``fields``.

    Raises:
        WrongEntry: a field is unknown, missing or has a wrong value.
    """
    component_id = fields.get("id")
    problem = problem_of_id(component_id) if isinstance(component_id, str) else ""
    if problem:
        raise WrongEntry(problem)
    try:
        component = Component.model_validate(dict(fields))
    except ValidationError as error:
        raise WrongEntry(_first_problem(error)) from error
    _check_schema(component.input, "input")
    _check_schema(component.output, "output")
    if component.input.get("type", "object") != "object":
        raise WrongEntry("'input' must be a JSON Schema of type 'object'")
    return component


def _check_schema(schema: Mapping[str, Any], name: str) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = ".".join([name, *(str(part) for part in error.absolute_path)])
        raise WrongEntry(f"{where!r} is not a valid JSON Schema: {error.message}") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = list(Component.model_fields) if len(problem["loc"]) == 1 else []
        return f"the key {where!r} is unknown. {nearest(where, known)}".strip()
    if problem["type"] == "missing":
        return f"the key {where!r} is missing"
    return f"{where!r} is wrong: {problem['msg']}"
