"""The service documents that come with flowloom: every operation builds its documented request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flowloom.catalog import sources
from flowloom.catalog.component import Component, OpenApiRun
from flowloom.catalog.openapi import read_openapi
from flowloom.catalog.openapi_request import build_request
from flowloom.catalog.source_text import read_source
from tests.catalog.service_requests import CONNECTIONS, HEADERS, REQUESTS

DOCUMENTS = sorted((Path(sources.__file__).parent / "services").glob("*.yaml"))
COMPONENTS = {component.id: component for component in sources.service_components()}
FORM = "application/x-www-form-urlencoded"


def _examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in DOCUMENTS:
        source = read_source(path)
        components = read_openapi(source, path.parent).components
        for component in components:
            run = _run(component)
            operation = source.data["paths"][run.path][run.method.lower()]
            found[component.id] = operation["x-flowloom-example"]
    return found


def _run(component: Component) -> OpenApiRun:
    assert isinstance(component.run, OpenApiRun)
    return component.run


EXAMPLES = _examples()


def test_every_operation_has_an_expected_request_and_an_example() -> None:
    assert set(REQUESTS) == set(COMPONENTS) == set(EXAMPLES)
    assert len(REQUESTS) >= 100


@pytest.mark.parametrize("component_id", REQUESTS)
def test_request_is_what_the_service_documents(component_id: str) -> None:
    service = component_id.partition(".")[0]
    connection = CONNECTIONS.get(service, {"token": "t0ken"})
    method, url, body = REQUESTS[component_id]
    headers = dict(HEADERS.get(service, {"Authorization": "Bearer t0ken"}))
    if body is not None:
        headers["Content-Type"] = FORM if isinstance(body, str) else "application/json"

    request = build_request(COMPONENTS[component_id], EXAMPLES[component_id], connection)

    assert (request.method, request.url) == (method, url)
    sent = request.headers if "Accept" in headers else _without_accept(request.headers)
    assert sent == headers
    if isinstance(body, str):
        assert request.body == body.encode()
    else:
        assert (json.loads(request.body) if request.body else None) == body


def _without_accept(headers: dict[str, str]) -> dict[str, str]:
    assert headers.get("Accept", "application/json") == "application/json"
    return {name: value for name, value in headers.items() if name != "Accept"}


@pytest.mark.parametrize("component_id", REQUESTS)
def test_example_fits_the_inputs(component_id: str) -> None:
    component = COMPONENTS[component_id]
    Draft202012Validator.check_schema(component.input)
    Draft202012Validator.check_schema(component.output)
    Draft202012Validator(component.input).validate(EXAMPLES[component_id])


@pytest.mark.parametrize("component_id", REQUESTS)
def test_component_says_what_people_need(component_id: str) -> None:
    component = COMPONENTS[component_id]
    assert component.title
    assert component.description.endswith(".")
    assert component.keywords
    assert component.provider
    assert component.output
    assert component.connection is not None or component.provider == "Open-Meteo"


def test_searches_by_post_only_read_and_deleting_is_destructive() -> None:
    for component in COMPONENTS.values():
        run = _run(component)
        if run.method == "GET":
            assert component.effect == "read"
        if run.method == "DELETE":
            assert component.effect == "destructive"
    reading = {"jira.issues.search", "notion.databases.query", "notion.search"}
    destroying = {"slack.chat.delete", "telegram.delete_message", "sheets.values.clear"}
    assert {COMPONENTS[name].effect for name in reading} == {"read"}
    assert {COMPONENTS[name].effect for name in destroying} == {"destructive"}


def test_issue_list_can_be_type_checked() -> None:
    output = COMPONENTS["github.issues.list"].output
    assert output["type"] == "array"
    issue = output["items"]["properties"]
    assert issue["number"]["type"] == "integer"
    assert issue["labels"]["items"]["properties"]["name"] == {"type": "string"}
    assert issue["user"]["properties"]["login"] == {"type": "string"}


def test_default_of_a_required_parameter_is_sent() -> None:
    component = COMPONENTS["sheets.values.append"]
    assert component.required == ("spreadsheetId", "range", "values")
    inputs = {"spreadsheetId": "s", "range": "A:A", "values": [[1]]}
    url = build_request(component, inputs, {"token": "t"}).url
    assert url.endswith("/values/A%3AA:append?valueInputOption=USER_ENTERED")


def test_builtin_catalog_has_services_and_functions() -> None:
    catalog = sources.builtin_catalog()
    assert len(catalog) >= 80 + len(COMPONENTS)
    assert set(COMPONENTS) <= set(catalog.ids)
    assert all(component.run is not None for component in catalog)
