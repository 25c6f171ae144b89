"""What validation against JSON Schemas alone catches: the language's, and the components'."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from benchmarks.fault_model import Sample
from flowloom.catalog.component import Component
from flowloom.workflow.json_schema import workflow_schema

__all__ = ["schema_errors"]

FORMATS = FormatChecker()
"""Those formats that ``jsonschema`` checks without further packages (e-mail, date, regex, …)."""


@cache
def _language() -> Draft202012Validator:
    return Draft202012Validator(workflow_schema(), format_checker=FORMATS)


def _inputs_of(component: Component) -> Draft202012Validator:
    return Draft202012Validator(component.input, format_checker=FORMATS)


def schema_errors(sample: Sample) -> list[str]:
    """Return what the JSON Schemas say of a document; expressions stand for any value."""
    found = [str(error.json_path) for error in _language().iter_errors(sample.data)]
    return [*found, *_of_inputs(sample)]


def _of_inputs(sample: Sample) -> Iterator[str]:
    for use in sample.uses:
        validator = _inputs_of(use.component)
        given: Any = use.data.get("with", {})
        for error in validator.iter_errors(given):
            if "${{" not in str(error.instance) or error.validator == "required":
                yield f"{use.path} {error.json_path} {error.validator}"
