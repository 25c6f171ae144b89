"""All built-in Python components: described well, covered by tests, quick to load."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from flowloom.catalog.builtin import python_components
from flowloom.catalog.component import Component, PythonRun
from flowloom.catalog.python_functions import import_target, injected_names
from flowloom.catalog.type_schema import pydantic_schema_of, schema_of
from tests.catalog.builtin_runs import CATALOG, resolved_output

ALL = pytest.mark.parametrize("component", python_components(), ids=lambda c: c.id)


def _keywords_used(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_keywords_used, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    return set(schema) | set().union(*map(_keywords_used, schema.values()), set())


def test_there_are_at_least_eighty() -> None:
    assert len(CATALOG) >= 80


@ALL
def test_target_imports(component: Component) -> None:
    assert isinstance(component.run, PythonRun)
    assert callable(import_target(component.run.target))


@ALL
def test_schemas_are_valid_and_complete(component: Component) -> None:
    Draft202012Validator.check_schema(component.input)
    Draft202012Validator.check_schema(resolved_output(component))
    assert set(component.required) <= component.inputs.keys()
    assert component.input["additionalProperties"] is False
    assert all(schema.get("description") for schema in component.inputs.values())
    assert "$ref" not in _keywords_used([component.input, component.output])


@ALL
def test_references_between_inputs_exist(component: Component) -> None:
    text = component.model_dump_json()
    named = re.findall(r'"x-(?:same-as|items-of|field-of)":"(\w+)"', text)
    assert set(named) <= component.inputs.keys()


@ALL
def test_words_are_fit_to_show(component: Component) -> None:
    assert re.fullmatch(r"[A-Z][^.]*", component.title)
    assert re.fullmatch(r"[A-Z].*[.]", component.description)
    assert len(component.description) <= 120
    assert len(set(component.keywords)) == len(component.keywords) >= 2


@ALL
def test_secrets_are_no_inputs(component: Component) -> None:
    secret = {"password", "token", "api_key", "secret", "connection", "credentials"}
    assert not secret & component.inputs.keys()
    assert isinstance(component.run, PythonRun)
    takes = "connection" in injected_names(import_target(component.run.target))
    assert takes == (component.connection is not None)


@ALL
def test_paths_addresses_and_statements_are_marked(component: Component) -> None:
    for name in component.inputs:
        if name in ("url", "directory") or (name == "path" and component.id.startswith("file.")):
            assert component.taint[name] in ("url", "path")
        if name in ("statement", "query") and component.id.startswith("sql."):
            assert component.taint[name] == "sql"


def test_titles_are_unique() -> None:
    titles = [component.title for component in CATALOG]
    assert len(titles) == len(set(titles))


def test_each_component_is_run_by_a_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_builtin_*.py"))
    run = set(re.findall(r'\b(?:run|Case)\(\s*"([a-z0-9_.]+)"', tests))
    assert set(CATALOG.ids) - run == set()


@ALL
def test_plain_reading_of_hints_agrees_with_pydantic(component: Component) -> None:
    from typing import get_type_hints

    assert isinstance(component.run, PythonRun)
    function = import_target(component.run.target)
    hints = get_type_hints(function, include_extras=True)
    for name, hint in hints.items():
        if name != "return" and name not in injected_names(function):
            assert schema_of(hint) == pydantic_schema_of(hint)


def test_loading_imports_no_heavy_package() -> None:
    code = (
        "import sys; from flowloom.catalog.builtin import python_components; python_components();"
        "print([m for m in ('httpx', 'sqlalchemy', 'feedparser', 'langchain', 'jsonschema',"
        " 'ruamel', 'markdown_it', 'cronsim', 'imaplib', 'smtplib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
